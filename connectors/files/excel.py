"""Workbooks: ``.xlsx .xlsm .xls .xlsb .ods``, read by calamine.

Cells come as the values they hold (formulas as their last result, error cells as null), dates of both date systems as
ISO 8601. A sheet is held in memory as a whole; records are yielded in pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from connectors.contract import Cursor, Dataset, Page
from connectors.errors import HeaderMissing, OptionsInvalid, PartMissing, SourceEmpty, did_you_mean
from connectors.files.merges import Region, ods_merges, xlsb_merges
from connectors.files.sheet import SheetTable, read_sheet
from connectors.files.sniff import EXTENSIONS, Content
from connectors.files.workbook import check_workbook, open_workbook
from connectors.location import fingerprint, open_file_path, resumes
from connectors.options import option
from connectors.pages import take_sample, widen
from connectors.text import text_table

RELATED_SHARE = 0.5
"""A sheet is read along with the largest one if it shares this part of its headers."""


@dataclass(frozen=True, slots=True)
class ExcelOptions:
    """How to read a workbook."""

    sheet: str | None = option("Sheet to read, by name; default: the largest, and those with the same headers")
    header_row: int | None = option("Row of the header, counted from 1 as in Excel; default: found")
    header: str = option("'none' where the sheet has no header: columns are called 'column 1' …", "auto")


@dataclass(frozen=True, slots=True)
class _Plan:
    """The tables to read, the union of their columns, and what was decided."""

    tables: tuple[SheetTable, ...]
    columns: tuple[str, ...]
    notes: tuple[str, ...]


class ExcelConnector:
    """Reads the customer table of a workbook; see :class:`ExcelOptions`."""

    def __init__(self, location: str, options: ExcelOptions | None = None) -> None:
        self.location = location
        self.options = options or ExcelOptions()
        self._checked: tuple[dict[str, object], Content] | None = None
        if self.options.header not in ("auto", "none"):
            raise OptionsInvalid(f"Option 'header' is '{self.options.header}'.", remedy="Give 'auto' or 'none'.")
        if self.options.header_row is not None and self.options.header_row < 1:
            raise OptionsInvalid(f"Option 'header_row' is {self.options.header_row}.", remedy="Rows count from 1.")

    def describe(self, sample_rows: int = 1000) -> Dataset:
        """Look at the workbook: columns, a sample, the number of records, which sheets are read and which not."""
        path, content = self._check()
        plan = self._plan(path, content)
        sample, _ = take_sample(_pages(path, plan, None, max(1, sample_rows)), plan.columns, sample_rows)
        rows = sum(table.rows for table in plan.tables)
        return Dataset(plan.columns, sample, rows, notes=plan.notes)

    def read(self, cursor: Cursor | None = None, page_size: int = 10_000) -> Iterator[Page]:
        """Yield the records sheet by sheet; a page never spans two sheets."""
        path, content = self._check()
        yield from _pages(path, self._plan(path, content), cursor if resumes(cursor, path) else None, page_size)

    def _check(self) -> tuple[Path, Content]:
        """Look at a file's content once, as long as it stays the same."""
        path = open_file_path(self.location)
        state = fingerprint(path)
        if self._checked is None or self._checked[0] != state:
            self._checked = state, check_workbook(path)
        return path, self._checked[1]

    def _plan(self, path: Path, content: Content) -> _Plan:
        notes = []
        if path.suffix.casefold() not in EXTENSIONS[content]:
            notes.append(f"the name ends in '{path.suffix}', the content is {content.value} and is read as such")
        tables = self._tables(path, content, notes)
        with_header = [table for table in tables if table.columns]
        bare = [table for table in tables if not table.columns]
        if max((t.rows for t in bare), default=0) > max((t.rows for t in with_header), default=-1):
            raise _no_header(path, bare, self.options.header_row)
        notes.extend(f"sheet '{table.name}' left out: no row of it looks like a header" for table in bare)
        chosen = _choose(with_header, notes)
        columns = tuple(dict.fromkeys(name for table in chosen for name in table.columns))
        for table in chosen:
            prefix = f"sheet '{table.name}': " if len(chosen) > 1 else ""
            notes.extend(prefix + note for note in table.notes)
        return _Plan(tuple(chosen), columns, tuple(notes))

    def _tables(self, path: Path, content: Content, notes: list[str]) -> list[SheetTable]:
        """Return the visible sheets that hold anything (or the one asked for) as tables."""
        with open_workbook(path, content) as workbook:
            names = self._sheet_names(
                path, [(m.name, str(m.visible), str(m.typ)) for m in workbook.sheets_metadata], notes
            )
            merges = _other_merges(path, content)
            tables = []
            for name in names:
                sheet = workbook.get_sheet_by_name(name)
                regions = sheet.merged_cell_ranges or merges.get(name, [])
                table = read_sheet(sheet, regions, self.options.header_row, self.options.header == "auto")
                if table is not None:
                    tables.append(table)
        if not tables:
            raise SourceEmpty(f"The workbook '{path}' holds no data.", remedy="Export it again.", file=str(path))
        return tables

    def _sheet_names(self, path: Path, sheets: Sequence[tuple[str, str, str]], notes: list[str]) -> list[str]:
        if self.options.sheet is not None:
            names = [name for name, _, _ in sheets]
            if self.options.sheet not in names:
                raise PartMissing(
                    f"The workbook '{path}' has no sheet '{self.options.sheet}'.",
                    remedy=did_you_mean(self.options.sheet, names),
                    file=str(path),
                    sheet=self.options.sheet,
                )
            return [self.options.sheet]
        worksheets = [(name, seen) for name, seen, kind in sheets if kind.endswith("WorkSheet")]
        hidden = [name for name, seen in worksheets if not seen.endswith(".Visible")]
        notes.extend(f"sheet '{name}' left out: it is hidden" for name in hidden)
        return [name for name, _ in worksheets if name not in hidden]


def _other_merges(path: Path, content: Content) -> dict[str, list[Region]]:
    if content is Content.ODS:
        return ods_merges(path)
    return xlsb_merges(path) if content is Content.XLSB else {}


def _choose(tables: Sequence[SheetTable], notes: list[str]) -> list[SheetTable]:
    """Return the largest table and those that share its headers, in workbook order."""
    largest = max(tables, key=lambda table: table.rows)
    chosen = []
    for table in tables:
        shared = len(set(table.columns) & set(largest.columns)) / len(table.columns)
        if table is largest or (shared >= RELATED_SHARE and table.rows):
            chosen.append(table)
        else:
            why = "its headers differ" if table.rows else "it has no data"
            notes.append(f"sheet '{table.name}' ({table.rows} rows) left out: {why}; choose it with the option 'sheet'")
    if len(chosen) > 1:
        notes.insert(0, "sheets read together: " + ", ".join(f"'{t.name}' ({t.rows} rows)" for t in chosen))
    return chosen


def _no_header(path: Path, tables: Sequence[SheetTable], header_row: int | None) -> HeaderMissing:
    sheets = ", ".join(f"'{table.name}'" for table in tables)
    what = "No row looks like a header" if header_row is None else f"There is no row {header_row}"
    return HeaderMissing(
        f"{what} in '{path}' (sheet {sheets}).",
        remedy="Add a row of column names, or give the option header_row=N, or header=none.",
        file=str(path),
    )


def _pages(path: Path, plan: _Plan, cursor: Cursor | None, page_size: int) -> Iterator[Page]:
    start_sheet, start_row = (str(cursor["sheet"]), cursor["row"]) if cursor else (plan.tables[0].name, 0)
    state = fingerprint(path)
    names = [table.name for table in plan.tables]
    for table in plan.tables[names.index(start_sheet) if start_sheet in names else 0 :]:
        rows = table.data()
        if table.name == start_sheet:
            rows = (item for item in rows if item[0] >= int(str(start_row)))
        while batch := list(islice(rows, page_size)):
            records = [[cells[i] for i in table.positions] for _, cells in batch]
            origins = [f"{path.name}#{table.name}!{index + 1}" for index, _ in batch]
            position = {"file": state, "sheet": table.name, "row": batch[-1][0] + 1}
            yield Page(widen(text_table(table.columns, records), plan.columns), origins, position)
