"""The trial import: the first rows of a source, raw → mapped → cleansed, without storing anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import pyarrow as pa

from cdm.pipeline.hub import Hub
from cdm.pipeline.prepare import Prepared, prepare
from cdm.pipeline.sources import connector_of, mapping_of
from schemas.mapping import Mapping


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One value: where it stood, what field it became, its standard form and what was found."""

    column: str
    raw: str
    field: str
    standard: str
    findings: str


@dataclass(frozen=True, slots=True)
class PreviewRecord:
    """One row as it would arrive in the hub."""

    origin: str
    entity: str
    lines: Sequence[PreviewLine]


def preview_source(hub: Hub, name: str, rows: int, language: str) -> list[PreviewRecord]:
    """Return the first ``rows`` rows of a source as they would be stored.

    Raises:
        SourceError: the source cannot be read.
    """
    spec = hub.source(name)
    mapping = mapping_of(spec)
    page = next(iter(islice(connector_of(spec).read(None, rows), 1)), None)
    if page is None:
        return []
    raw = page.table.slice(0, rows)
    records: dict[int, PreviewRecord] = {}
    for part in prepare(raw, mapping, hub.model, country=hub.settings.country, today=hub.now().date()):
        for at, row in enumerate(part.rows.tolist()):
            lines = tuple(_lines(raw, row, mapping, part, at, language))
            records[row] = PreviewRecord(page.origins[row], part.entity, lines)
    return [records[row] for row in sorted(records)]


def _lines(raw: pa.Table, row: int, mapping: Mapping, part: Prepared, at: int, language: str) -> Iterator[PreviewLine]:
    cleansed = {name: _text(part.batch.table.column(name)[at].as_py()) for name in part.batch.table.column_names}
    found = _findings(part, at, language)
    shown = set()
    for column in mapping.columns:
        field = column.targets.get(part.entity, "")
        first = field not in shown
        shown.add(field)
        value = _text(raw.column(column.column)[row].as_py()) if column.column in raw.column_names else ""
        standard, notes = (cleansed.get(field, ""), found.get(field, "")) if first else ("″", "")
        yield PreviewLine(column.column, value, field, standard, notes)
    for field, standard in cleansed.items():
        if field not in shown and standard:
            yield PreviewLine("", "", field, standard, found.get(field, ""))


def _findings(part: Prepared, at: int, language: str) -> dict[str, str]:
    from quality.cleanse.codes import describe

    findings = part.batch.findings
    texts: dict[str, str] = {}
    for finding in findings.to_pylist():
        if finding["row"] == at:
            said = describe(finding["code"], language)
            texts[finding["field"]] = "; ".join(filter(None, (texts.get(finding["field"], ""), said)))
    return texts


def _text(value: object) -> str:
    if value is None:
        return ""
    return " | ".join(str(v) for v in value) if isinstance(value, list) else str(value)
