"""Golden records as files for people and machines: Excel, CSV, Parquet, JSON lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from cdm.report.sheet import COLUMN_LABELS, write_workbook
from cdm.report.text_files import write_csv, write_jsonl, write_parquet
from schemas.errors import CdmError
from schemas.model import EntityType


class ExportError(CdmError):
    """An export cannot be written as asked."""

    code, status, exit_code = "export_failed", 422, 2


@dataclass(frozen=True, slots=True)
class GoldenTable:
    """Golden records of one entity type.

    ``table``: one row per golden record; ``golden_id`` first, then model fields (``string`` or ``list<string>``) and
    whatever else the hub knows of the record (quality, …).
    """

    entity: EntityType
    table: pa.Table


def write_golden(
    path: Path,
    golden: Sequence[GoldenTable],
    language: str,
    *,
    crosswalk: pa.Table | None = None,
    provenance: pa.Table | None = None,
    former: pa.Table | None = None,
) -> list[Path]:
    """Write golden records; the ending of ``path`` decides the format.

    ``.xlsx``: one workbook, one sheet per entity type and one each for crosswalk and provenance; every text is
    written as text, so that no id loses a digit and nothing runs as a formula. ``.csv`` (UTF-8 with BOM, as Excel
    expects it), ``.parquet`` and ``.jsonl``: one file per table; where there is more than one, the table's name is
    put behind the file's (``golden-person.csv``).

    Args:
        path: the file to write.
        golden: the records by entity type.
        language: ``zh`` or ``en``, for headers of Excel and CSV; Parquet and JSON lines carry the field names.
        crosswalk: golden id by source record.
        provenance: where each golden value comes from.
        former: golden records that are no more, and what took over.

    Returns:
        The files written.

    Raises:
        ExportError: the ending is unknown or the file cannot be written.
    """
    tables = [(one.entity.name, one.table, headers(one, language)) for one in golden]
    for name, table in (("crosswalk", crosswalk), ("provenance", provenance), ("former", former)):
        if table is not None:
            tables.append((name, table, [_header(column, language) for column in table.column_names]))
    try:
        if path.suffix.lower() == ".xlsx":
            labels = {one.entity.name: one.entity.label for one in golden}
            write_workbook(path, tables, labels, language)
            return [path]
        return _write_files(path, tables)
    except OSError as error:
        raise ExportError(
            f"{path} cannot be written: {error.strerror or error}.",
            remedy="Close the file where it is open, or write to another place.",
            path=str(path),
        ) from error


def write_page(path: Path, page: str) -> None:
    """Write an HTML page; raises ``ExportError``."""
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise ExportError(
            f"{path} cannot be written: {error.strerror or error}.", remedy="Write to another place.", path=str(path)
        ) from error


def headers(golden: GoldenTable, language: str) -> list[str]:
    """Return the header texts of a table: the labels of the model, each one once."""
    texts: list[str] = []
    for name in golden.table.column_names:
        field = golden.entity.fields.get(name)
        text = field.label.text(language) if field else _header(name, language)
        texts.append(f"{text} ({name})" if text in texts else text)
    return texts


def _header(name: str, language: str) -> str:
    label = COLUMN_LABELS.get(name)
    return label.text(language) if label else name


_WRITERS: dict[str, Callable[[Path, pa.Table, Sequence[str]], None]] = {
    ".csv": write_csv,
    ".parquet": lambda path, table, _: write_parquet(path, table),
    ".jsonl": lambda path, table, _: write_jsonl(path, table),
}


def _write_files(path: Path, tables: Sequence[tuple[str, pa.Table, list[str]]]) -> list[Path]:
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ExportError(
            f"{path.name} has no ending that names a format.",
            remedy=f"Use .xlsx, {', '.join(_WRITERS)}.",
            path=str(path),
        )
    written = []
    for name, table, texts in tables:
        target = path if len(tables) == 1 else path.with_name(f"{path.stem}-{name}{path.suffix}")
        writer(target, table, texts)
        written.append(target)
    return written
