"""Values as exact text."""

# ruff: noqa: DTZ001 - values without time zone

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.text import text_column, text_table, tidy, value_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (" a ", " a "),
        (True, "TRUE"),
        (13800138000.0, "13800138000"),
        (1.1010119900307e17, "110101199003070000"),
        (1e16, "10000000000000000"),
        (1e-7, "0.0000001"),
        (0.15, "0.15"),
        (-0.0, "-0"),
        (float("nan"), None),
        (float("inf"), None),
        (110101199003070011, "110101199003070011"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.10"), "0.10"),
        (Decimal("NaN"), None),
        (dt.date(2024, 1, 2), "2024-01-02"),
        (dt.datetime(2024, 1, 2, 3, 4, 5), "2024-01-02 03:04:05"),
        (dt.datetime(2024, 1, 2, tzinfo=dt.UTC), "2024-01-02 00:00:00+00:00"),
        (dt.time(9, 30), "09:30:00"),
        (dt.timedelta(hours=36, minutes=5), "36:05:00"),
        (dt.timedelta(minutes=-5), "-0:05:00"),
        (b"\xe5\xbc\xa0", "张"),
        (b"\xff\x00", "ff00"),
        ({"城市": ["北京", 1]}, '{"城市": ["北京", 1]}'),
        (UUID(int=5), "00000000-0000-0000-0000-000000000005"),
    ],
)
def test_value_text(value: object, text: str | None) -> None:
    assert value_text(value) == text


@given(st.integers())
def test_whole_numbers_keep_every_digit(value: int) -> None:
    assert value_text(value) == str(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_come_back_from_their_text(value: float) -> None:
    text = value_text(value)
    assert text is not None and "e" not in text and not text.endswith(".0")
    assert float(text) == value


@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"])))))
def test_tidying_twice_changes_nothing_more(values: list[str | None]) -> None:
    once = text_column(values)
    assert once.type == pa.string() and len(once) == len(values)
    assert tidy(once).equals(once)


def test_lone_surrogates_do_not_stop_a_page() -> None:
    assert text_column(["a\ud800b", "c"]).to_pylist() == ["a?b", "c"]


def test_table_without_rows() -> None:
    assert text_table(["a", "b"], []).schema.names == ["a", "b"]
