"""The quick ways of reading must say what the thorough ones say."""

from __future__ import annotations

from functools import cache

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quality.cleanse.numbering_plan import assignment_of
from quality.cleanse.person_name import clean_person_name
from quality.cleanse.phone import clean_phone, read_cell
from quality.cleanse.phone_number import parse_number
from quality.cleanse.western_name import ends_western

TYPES = range(11)


@cache
def examples() -> list[str]:
    """One number of every type of every region, in E.164."""
    found = [
        phonenumbers.example_number_for_type(region, kind)
        for region in sorted(phonenumbers.SUPPORTED_REGIONS)
        for kind in TYPES
    ]
    return [phonenumbers.format_number(n, phonenumbers.PhoneNumberFormat.E164) for n in found if n is not None]


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Numbers near those that exist: an example with some digits changed, one added or one lost."""
    digits = list(draw(st.sampled_from(examples())))
    for place in draw(st.lists(st.integers(1, len(digits) - 1), max_size=4)):
        digits[place] = draw(st.sampled_from("0123456789"))
    tail = draw(st.sampled_from(["", "", "", "7", "-"]))
    return "".join(digits)[: -1 if tail == "-" else None] + tail.strip("-")


def test_most_plain_numbers_need_no_parser() -> None:
    known = [assignment_of(number) for number in examples()]
    assert sum(one is not None for one in known) > 0.9 * len(known)


@settings(deadline=None)
@given(numbers(), st.sampled_from(["CN", "US", "GB", "IT"]))
def test_the_plan_says_what_the_parser_says(number: str, country: str) -> None:
    known, parsed = assignment_of(number), parse_number(number, country)
    if known is not None:
        assert parsed is not None
        assert (parsed.text, parsed.country, not parsed.codes) == (number, known.region, known.valid)


@settings(deadline=None)
@given(st.sampled_from(["10", "21", "755", "571", "999"]), st.text("0123456789", min_size=7, max_size=8))
def test_chinese_landlines_are_judged_as_the_parser_judges_them(area: str, digits: str) -> None:
    number = f"+86{area}{digits}"
    known = assignment_of(number)
    if known is not None:
        assert known.valid == phonenumbers.is_valid_number(phonenumbers.parse(number, None))


@settings(deadline=None)
@given(numbers(), st.sampled_from(["CN", "US"]))
@example("+8613800000000", "CN")
@example("+11111111111", "US")
def test_a_whole_number_is_read_like_any_other_cell(number: str, country: str) -> None:
    assert clean_phone(number, country) == read_cell(number, country)


WORDS = ["Smith", "Wang", "LI", "van", "Jr", "Major", "DUPONT", "e", "PhD", "Sir", "and", "Ng", "Nguyen", "Kim", "ltd"]
BEFORE = ["John", "Wei", "Dr. Wei", "Mr", "J", "JEAN", "Xiao-Ming", "[VIP] Wei", "Wei/Li", "Wang Wei,", "José", "N/A"]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(BEFORE), min_size=1, max_size=2), st.sampled_from(WORDS) | st.text("aeinoxwl", max_size=6)
)
@example(["Wang Wei,"], "Major")
def test_a_name_that_ends_western_is_never_read_as_pinyin(before: list[str], word: str) -> None:
    if ends_western(word):
        assert "pinyin" not in clean_person_name(" ".join([*before, word]), "").parts


@pytest.mark.parametrize(("word", "western"), [("Smith", True), ("Wang", False), ("Jr", False), ("O'Neil", False)])
def test_which_words_end_a_western_name(word: str, western: bool) -> None:
    assert ends_western(word) is western
