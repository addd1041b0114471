"""One worksheet understood as a table: header, columns, data rows, merged cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from connectors.files.header import SEARCHED_ROWS, clean_name, filled, find_header, looks_like_data, name_columns
from connectors.files.merges import Region
from connectors.text import value_text

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

HEAD_ROWS = 200
EXACT_INTEGER = 1e15
"""Excel keeps 15 significant digits of a number: from here on the last digits of an id are lost."""

Cells = list[object]


@dataclass
class SheetTable:
    """A worksheet as a table. ``positions`` are the cell positions of ``columns``; ``first`` the first data row."""

    name: str
    sheet: CalamineSheet
    first: int
    columns: tuple[str, ...] = ()
    positions: tuple[int, ...] = ()
    fills: Sequence[Region] = ()
    rows: int = 0
    notes: list[str] = field(default_factory=list)

    def data(self) -> Iterator[tuple[int, Cells]]:
        """Yield (0-based row of the sheet, all its cells) of every row that is not empty, merged cells filled."""
        fills = _Fills(self.fills)
        for index, row in enumerate(self._iterate()):
            if index < self.first:
                continue
            cells: Cells = list(row)
            empty = not any(map(filled, cells))
            fills.apply(index, cells)
            if not empty:
                yield index, cells

    def _iterate(self) -> Iterator[Sequence[object]]:
        return iter(self.sheet.iter_rows())


class _Fills:
    """Carries the value of a vertically merged region down to its lower cells, row by row."""

    def __init__(self, regions: Sequence[Region]) -> None:
        self.coming = sorted(regions, reverse=True)
        self.open: dict[int, tuple[object, int]] = {}

    def apply(self, row: int, cells: Cells) -> None:
        for column, (value, last) in list(self.open.items()):
            if row > last:
                del self.open[column]
            elif not filled(cells[column]):
                cells[column] = value
        while self.coming and self.coming[-1][0][0] <= row:
            (top, left), (bottom, _) = self.coming.pop()
            if top == row and left < len(cells):
                self.open[left] = (cells[left], bottom)


def read_sheet(
    sheet: CalamineSheet, merges: Sequence[Region], header_row: int | None, header: bool
) -> SheetTable | None:
    """Find out where the table of ``sheet`` begins and what its columns are called.

    Args:
        sheet: the worksheet.
        merges: its merged regions, in sheet coordinates.
        header_row: 1-based row of the header, where the user says it.
        header: False where the user says that there is none.

    Returns:
        The table, ``None`` where the sheet is empty. Without any row that looks like a header ``columns`` is empty and
        ``rows`` the sheet's height.
    """
    if sheet.start is None:
        return None
    left = sheet.start[1]
    merges = [((top, first - left), (end, last - left)) for (top, first), (end, last) in merges if first >= left]
    rows: list[Cells] = [list(row) for row in islice(sheet.iter_rows(), max(HEAD_ROWS, header_row or 0))]
    found = _header(rows, merges, header_row) if header else _Header(0, [""] * len(rows[0]), ["read without a header"])
    if found is None:
        return SheetTable(sheet.name, sheet, 0, rows=sheet.height)
    fills = [region for region in merges if region[0][0] >= found.first and region[1][0] > region[0][0]]
    table = SheetTable(sheet.name, sheet, found.first, fills=fills, notes=found.notes)
    _survey(table, found.labels, keep_all=not header)
    return table


@dataclass(frozen=True, slots=True)
class _Header:
    first: int
    """0-based first data row."""
    labels: Sequence[object]
    notes: list[str]


def _header(rows: list[Cells], merges: Sequence[Region], header_row: int | None) -> _Header | None:
    for (top, left), (bottom, right) in merges:
        if top == bottom and top < min(len(rows), SEARCHED_ROWS):
            rows[top][left : right + 1] = [rows[top][left]] * len(rows[top][left : right + 1])
    index = find_header(rows) if header_row is None else header_row - 1
    if index is None or index >= len(rows):
        return None
    labels = rows[index]
    if _two_rows(rows, index, merges):
        labels = _join_labels(labels, rows[index + 1])
        return _Header(index + 2, labels, [f"header found in rows {index + 1} and {index + 2}"])
    return _Header(index + 1, labels, [f"header found in row {index + 1}"] if index and header_row is None else [])


def _two_rows(rows: Sequence[Cells], index: int, merges: Sequence[Region]) -> bool:
    """Say whether the row below the header holds the lower labels of its horizontally merged cells."""
    if index + 1 >= len(rows):
        return False
    grouped = {c for (top, a), (end, b) in merges if top == end == index and b > a for c in range(a, b + 1)}
    below = {i: cell for i, cell in enumerate(rows[index + 1]) if filled(cell)}
    return bool(below) and set(below) <= grouped and not any(map(looks_like_data, below.values()))


def _join_labels(upper: Sequence[object], lower: Sequence[object]) -> list[object]:
    """Return the lower label of a group where it is told apart by itself, else both (``发票 电话``)."""
    pairs = [(clean_name(a), clean_name(b)) for a, b in zip(upper, lower, strict=True)]
    plain = [b or a for a, b in pairs]
    return [f"{a} {b}" if b and plain.count(b) > 1 else b or a for a, b in pairs]


def _survey(table: SheetTable, labels: Sequence[object], keep_all: bool) -> None:
    """Count the data rows, name the columns that have a header or data, note numbers that lost digits."""
    bare = set() if keep_all else {i for i, label in enumerate(labels) if not clean_name(label)}
    lost: dict[int, tuple[int, int, object]] = {}
    for index, cells in table.data():
        table.rows += 1
        if bare:
            bare -= {i for i in bare if filled(cells[i])}
        for i, cell in enumerate(cells):
            if type(cell) is float and abs(cell) >= EXACT_INTEGER:
                count, row, value = lost.get(i, (0, index + 1, cell))
                lost[i] = (count + 1, row, value)
    table.positions = tuple(i for i in range(len(labels)) if i not in bare)
    table.columns, remarks = name_columns([labels[i] for i in table.positions], table.positions)
    table.notes.extend(() if keep_all else remarks)
    names = dict(zip(table.positions, table.columns, strict=True))
    for i, (count, row, value) in sorted(lost.items()):
        table.notes.append(
            f"column '{names[i]}' holds {count} number(s) of more than 15 digits, whose last digits Excel has lost "
            f"(first in row {row}: {value_text(value)}); keep such ids as text in Excel"
        )
