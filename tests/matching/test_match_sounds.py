"""How names sound and look, and of which letters they are: a name by itself says what it says among others."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.compare.names import seen
from matching.compare.together import letters
from matching.sound import heard

NAMES = st.lists(st.text(alphabet="abcehijkmnpqrstwyz -é李\n\ud800", max_size=9), max_size=6)
LATIN = st.lists(st.text(alphabet="abcehijkmnpqrstwyz -é李\n", max_size=9), max_size=6)


def sounds(*names: str) -> list[str | None]:
    return heard(pa.array(names, pa.string())).to_pylist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("meyer", "maier"),
        ("stephanie", "stefanie"),
        ("schmidt", "schmitt"),
        ("philipp", "filip"),
        ("knut", "nut"),
        ("bojczuk", "boichuk"),
        ("wiaczeslaw", "viacheslav"),
        ("yuliia", "julija"),
    ],
)
def test_names_that_sound_the_same(one: str, other: str) -> None:
    assert sounds(one)[0] is not None
    assert sounds(one) == sounds(other)


def test_nothing_is_heard_of_short_names_and_other_alphabets() -> None:
    assert sounds("li", "李娜", "", "anna\nmeyer", "meyer") == [None, None, None, None, sounds("maier")[0]]


@given(LATIN)
def test_names_are_heard_and_seen_one_by_one(names: list[str]) -> None:
    assert sounds(*names) == [sounds(name)[0] for name in names]
    assert seen(pa.array(names, pa.string())).to_pylist() == [seen(pa.array([n]))[0].as_py() for n in names]


@given(NAMES)
def test_letters_are_counted_in_any_order_and_blanks_are_none(names: list[str]) -> None:
    turned = [name[::-1].replace(" ", "") for name in names]
    assert letters(names).tolist() == letters(turned).tolist() == [letters([name])[0] for name in names]


def test_other_letters_are_told_apart() -> None:
    assert len(set(letters(["anna", "ann", "hannah", "李娜", "娜李娜"]).tolist())) == 5
