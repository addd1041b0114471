"""Tables as sheets of one Excel workbook, safe to open: every text is text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from cdm.report.text_files import cell
from schemas.model import Label

_MOST_ROWS = 1_048_575
"""Rows of a sheet below its header (limit of the file format)."""
_MOST_CHARACTERS = 32_767
"""Characters of a cell (limit of the file format)."""
_EXACT = 10**15
"""Excel keeps 15 digits of a number; longer ones (and NaN, infinity) are written as text."""
_LOOKED_AT = 200
COLUMN_LABELS = {
    "golden_id": Label("黄金编号", "Golden ID"),
    "entity": Label("实体", "Entity"),
    "source": Label("来源", "Source"),
    "key": Label("来源编号", "Source key"),
    "record_key": Label("来源编号", "Source key"),
    "record_id": Label("来源编号", "Source key"),
    "field": Label("字段", "Field"),
    "value": Label("值", "Value"),
    "reason": Label("取值理由", "Why it won"),
    "policy": Label("取值规则", "Survivorship rule"),
    "when": Label("时间", "When"),
    "quality": Label("质量评分", "Quality score"),
    "records": Label("源记录数", "Source records"),
    "differing": Label("其他不同取值数", "Other values"),
    "sources": Label("来源数", "Sources"),
    "created_at": Label("建立时间", "Created at"),
    "updated_at": Label("更新时间", "Updated at"),
    "crosswalk": Label("来源映射", "Crosswalk"),
    "provenance": Label("取值来源", "Provenance"),
    "former": Label("已停用编号", "Former IDs"),
    "kind": Label("变更", "What became of it"),
    "successors": Label("后继编号", "Successors"),
    "at": Label("时间", "When"),
    "version": Label("版本", "Version"),
    "changed_at": Label("变更时间", "Changed at"),
}
"""Headers and sheet names that are not fields of the model."""


def write_workbook(
    path: Path, tables: Sequence[tuple[str, pa.Table, Sequence[str]]], labels: Mapping[str, Label], language: str
) -> None:
    """Write tables as sheets: header frozen, filter on, columns as wide as their contents.

    A table longer than a sheet goes on in the next one; a text longer than a cell ends in ``…``.

    Args:
        path: the ``.xlsx`` file.
        tables: (name, table, header texts).
        labels: sheet names by table name, besides the known ones.
        language: ``zh`` or ``en``.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#1F3864", "font_color": "white", "valign": "vcenter"}),
        "text": book.add_format({"num_format": "@"}),
    }
    for name, table, headers in tables:
        label = labels.get(name) or COLUMN_LABELS.get(name)
        title = re.sub(r"[\[\]:*?/\\']", " ", label.text(language) if label else name)[:25]
        for part, start in enumerate(range(0, max(table.num_rows, 1), _MOST_ROWS), start=1):
            sheet = book.add_worksheet(title if part == 1 else f"{title} {part}")
            _write_sheet(sheet, table.slice(start, _MOST_ROWS), headers, formats)
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(*error.args) from error


def _write_sheet(sheet: Any, table: pa.Table, headers: Sequence[str], formats: Mapping[str, Any]) -> None:
    sheet.freeze_panes(1, 1)
    if headers:
        sheet.autofilter(0, 0, max(table.num_rows, 1), len(headers) - 1)
    for column, width in enumerate(_widths(table, headers)):
        sheet.set_column(column, column, width, formats["text"])
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, formats["head"])
    line = 1
    for batch in table.to_batches(max_chunksize=10_000):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            for column, value in enumerate(row):
                _write_cell(sheet, line, column, value)
            line += 1


def _write_cell(sheet: Any, line: int, column: int, value: object) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _EXACT:
        sheet.write_number(line, column, value)
        return
    text = cell(value)
    if len(text) > _MOST_CHARACTERS:
        text = text[: _MOST_CHARACTERS - 1] + "…"
    if text:
        sheet.write_string(line, column, text)


def _widths(table: pa.Table, headers: Sequence[str]) -> list[int]:
    """Return column widths in characters, 8 to 48, from the header and the first rows."""
    head = table.slice(0, _LOOKED_AT)
    widths = []
    for header, name in zip(headers, table.column_names, strict=True):
        texts = [header + "    ", *(cell(value) for value in head[name].to_pylist())]
        widths.append(min(48, max(8, 2 + max(_columns(text) for text in texts))))
    return widths


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
