"""The trial import: the first rows of a source, raw → mapped → cleansed, without storing anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass

from cdm.pipeline.hub import Hub
from cdm.pipeline.opening import connector_of
from cdm.pipeline.prepare import Prepared, contexts_of, prepare
from cdm.pipeline.sources import mapping_of
from schemas.mapping import ColumnMapping


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
    connector = connector_of(spec, hub.settings)
    page = next(connector.read(None, rows), None)
    if page is None:
        return []
    raw, country = page.table.slice(0, rows), hub.settings.country
    contexts = contexts_of(connector.describe().sample, mapping, hub.model, country)
    records: dict[int, PreviewRecord] = {}
    for part in prepare(raw, mapping, hub.model, country=country, today=hub.now().date(), contexts=contexts):
        found = _findings(part, language)
        cleansed = part.batch.table.to_pylist()
        for at, row in enumerate(part.rows.tolist()):
            values = {name: _text(value) for name, value in cleansed[at].items()}
            lines = _lines(raw.slice(row, 1).to_pylist()[0], mapping.columns, part.entity, values, found[at])
            records[row] = PreviewRecord(page.origins[row], part.entity, [line for line in lines if _says(line)])
    return [records[row] for row in sorted(records)]


def _lines(
    raw: MappingType[str, str | None],
    columns: Sequence[ColumnMapping],
    entity: str,
    cleansed: MappingType[str, str],
    found: MappingType[str, str],
) -> Iterator[PreviewLine]:
    """Yield one line per source column, then one per field that was derived from others."""
    shown = set()
    for column in columns:
        field = column.targets.get(entity, "")
        standard, notes = ("″", "") if field in shown else (cleansed.get(field, ""), found.get(field, ""))
        yield PreviewLine(column.column, raw.get(column.column) or "", field, standard if field else "", notes)
        shown.add(field)
    for field, standard in cleansed.items():
        if field not in shown:
            yield PreviewLine("", "", field, standard, found.get(field, ""))


def _says(line: PreviewLine) -> bool:
    """Say whether a line holds anything: an empty cell without a finding need not be shown."""
    return bool(line.raw or line.findings or line.standard not in ("", "″"))


def _findings(part: Prepared, language: str) -> dict[int, dict[str, str]]:
    """Return row → field → what was found, in words."""
    from quality.cleanse.codes import describe

    texts: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for finding in part.batch.findings.to_pylist():
        said, own = describe(finding["code"], language), texts[finding["row"]]
        own[finding["field"]] = "; ".join(filter(None, (own.get(finding["field"]), said)))
    return texts


def _text(value: object) -> str:
    if value is None:
        return ""
    return " | ".join(str(v) for v in value) if isinstance(value, list) else str(value)
