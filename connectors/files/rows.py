"""Rows of a text file, each with its line number; a row that is broken is told apart and does not take others along."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import NamedTuple

from connectors.files.dialect import Dialect
from connectors.files.lines import Lines


class TextRow(NamedTuple):
    """One row: the line it begins on, its fields, and what is wrong with it (code and reason), if anything."""

    line: int
    fields: list[str]
    code: str = ""
    reason: str = ""


def parse_rows(lines: Lines, dialect: Dialect) -> Iterator[TextRow]:
    """Yield the rows of ``lines``; blank lines are passed over.

    A quote that is opened and never properly closed would swallow the rows below it: such a row is reported by itself
    and reading goes on with the very next line (RFC 4180 knows no such thing; exports do it all the time).
    """
    reader = _reader(lines, dialect)
    while True:
        lines.recent.clear()
        start = lines.number + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _give_up(lines, start, str(error))
            reader = _reader(lines, dialect)
            continue
        if len(lines.recent) > 1 and (why := _broken_quotes(lines, dialect)):
            yield _give_up(lines, start, why)
            reader = _reader(lines, dialect)
        elif lines.broken and (why := _undecoded(lines, start)):
            yield TextRow(start, fields, "row_undecodable", why)
        elif fields and (fields[0].strip() or any(map(str.strip, fields))):
            yield TextRow(start, fields)


def _reader(lines: Lines, dialect: Dialect) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote)


def _broken_quotes(lines: Lines, dialect: Dialect) -> str:
    """Return what is wrong with the quotes of a record of several lines, an empty text where nothing is."""
    texts = [text for text, _ in lines.recent]
    try:
        list(csv.reader(texts, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True))
    except csv.Error as error:
        return str(error)
    return ""


def _give_up(lines: Lines, start: int, why: str) -> TextRow:
    text = lines.recent[0][0].rstrip("\r\n") if lines.recent else ""
    lines.give_back(1)
    return TextRow(start, [text], "row_unreadable", f"the quotes of this line do not close properly ({why})")


def _undecoded(lines: Lines, start: int) -> str:
    bad = [lines.broken.pop(number) for number in range(start, lines.number + 1) if number in lines.broken]
    return f"not valid {lines.encoding.name}: {bad[0]}" if bad else ""
