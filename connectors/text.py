"""Values of any source as exact text in Arrow columns.

Nothing is interpreted here: 18-digit ids and phone numbers keep every digit, a number that is whole has no ``.0``,
dates are ISO 8601, booleans ``TRUE``/``FALSE``, containers JSON. Only surrounding white space is taken away and an
empty text becomes null. NUL characters, which no database text can hold, are removed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

TEXT = pa.string()


def value_text(value: object) -> str | None:  # noqa: PLR0911 - one line per kind of value
    """Return one value of a source as exact text, or ``None`` where it says nothing (null, NaN, infinity)."""
    match value:
        case None:
            return None
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float():
            return _number_text(value)
        case Decimal():
            return format(value, "f") if value.is_finite() else None
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return _duration_text(value)
        case bytes() | bytearray() | memoryview():
            return _bytes_text(bytes(value))
        case dict() | list() | tuple():
            return json.dumps(value, ensure_ascii=False, default=value_text)
        case _:
            return str(value)


def _number_text(value: float) -> str | None:
    if not math.isfinite(value):
        return None
    text = repr(value)
    if "e" in text:
        text = format(Decimal(text), "f")
    return text.removesuffix(".0")


def _duration_text(value: timedelta) -> str:
    sign, value = ("-", -value) if value < timedelta(0) else ("", value)
    minutes, seconds = divmod(value.days * 86_400 + value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02}:{seconds:02}"


def _bytes_text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()


def text_column(values: Sequence[object]) -> pa.Array:
    """Return ``values`` (one column of a page) as a tidy ``string`` array of the same length."""
    kinds = set(map(type, values))
    kinds.discard(type(None))
    if kinds - {str}:
        values = [value_text(value) for value in values]
    try:
        column = pa.array(values, TEXT)
    except UnicodeEncodeError:  # lone surrogates, which UTF-8 cannot hold
        column = pa.array([None if v is None else str(v).encode("utf-8", "replace").decode() for v in values], TEXT)
    return tidy(column)


def tidy(column: pa.Array) -> pa.Array:
    """Strip surrounding white space and NULs of a ``string`` array; empty texts become null."""
    if pc.any(pc.match_substring(column, "\0")).as_py():
        column = pc.replace_substring(column, "\0", "")
    column = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, TEXT), column)


def text_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> pa.Table:
    """Return ``rows`` (each as long as ``columns``) as a table of ``string`` columns; headers may not repeat."""
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    arrays = [text_column(column) for column in values]
    return pa.table(arrays, schema=pa.schema([(name, TEXT) for name in columns]))
