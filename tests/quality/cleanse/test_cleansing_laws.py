"""What holds for every text whatsoever: cleansing never fails, and cleansing twice is cleansing once."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quality.cleanse.codes import all_codes, describe
from quality.cleanse.column import UNSAID
from quality.cleanse.registry import cleanser_of
from schemas.model import Field, Label
from schemas.types import SemanticType, Severity

TYPES = [
    SemanticType.PHONE,
    SemanticType.EMAIL,
    SemanticType.DATE,
    SemanticType.DATETIME,
    SemanticType.NATIONAL_ID,
    SemanticType.TAX_ID,
    SemanticType.LEI,
    SemanticType.IDENTIFIER,
    SemanticType.URL,
    SemanticType.GENDER,
    SemanticType.COUNTRY,
    SemanticType.INDUSTRY,
    SemanticType.CATEGORY,
    SemanticType.MONEY,
    SemanticType.NUMBER,
    SemanticType.POSTCODE,
    SemanticType.HOUSE_NUMBER,
    SemanticType.TEXT,
]
COUNTRIES = st.sampled_from(["CN", "US", "GB", "DE", "AU", "JP", "BR", "HK", "NL", "ZZ", ""])
DIGITS = st.text(alphabet="0123456789０１２３+-() ./*xX#转,;、年月日:EeTZ@¥$元万号ABCZ", max_size=30)
ANY = st.one_of(DIGITS, st.text(max_size=40), st.from_regex(r"\A[\w.]{1,10}@[\w.]{1,12}\Z"))


def _cleanse(semantic_type):
    field = Field("value", Label("值", "Value"), semantic_type)
    return cleanser_of(field, UNSAID, date(2026, 1, 15))


@pytest.mark.parametrize("semantic_type", TYPES)
@settings(max_examples=250, deadline=None)
@given(value=ANY, country=COUNTRIES)
@example(value="\u0130", country="CN")
@example(value="1" * 5000, country="US")
@example(value="²³", country="CN")
@example(value="ῒ", country="CN")
def test_idempotent_and_total(semantic_type, value, country):
    cleanse = _cleanse(semantic_type)
    once = cleanse(value, country)
    for form in once.standard:
        assert form, "an empty text is no value"
        assert cleanse(form, country).standard == (form,)


@pytest.mark.parametrize("semantic_type", TYPES)
@given(value=ANY, country=COUNTRIES)
@settings(max_examples=50, deadline=None)
def test_nothing_vanishes_without_a_word(semantic_type, value, country):
    result = _cleanse(semantic_type)(value, country)
    if not result.standard and any(c.isalnum() for c in value):
        assert result.codes, "a value that became empty must say why"


def test_every_code_speaks_both_languages():
    codes = all_codes()
    assert len(codes) > 60
    for name, code in codes.items():
        assert name == code.name
        assert code.severity in set(Severity)
        assert describe(name, "zh") == code.zh != ""
        assert describe(name, "en") == code.en != ""
    assert describe("from_a_newer_version", "en") == "from_a_newer_version"


def test_a_code_has_one_severity_wherever_it_is_declared():
    import pkgutil
    from importlib import import_module

    import quality.cleanse
    from quality.cleanse.contract import Code

    seen = {}
    for info in pkgutil.iter_modules(quality.cleanse.__path__):
        for value in vars(import_module(f"quality.cleanse.{info.name}")).values():
            if isinstance(value, Code):
                assert seen.setdefault(value.name, value.severity) is value.severity
