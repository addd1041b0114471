"""Cases that a data steward can read: tests/cases/*.yaml, one file per semantic type."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import pytest
import yaml

from quality.cleanse.category import clean_category
from quality.cleanse.country import clean_country
from quality.cleanse.date import clean_date
from quality.cleanse.date_time import clean_datetime
from quality.cleanse.email import clean_email
from quality.cleanse.free_text import clean_text
from quality.cleanse.gender import clean_gender
from quality.cleanse.house_number import clean_house_number
from quality.cleanse.identifier import clean_identifier
from quality.cleanse.industry import clean_industry
from quality.cleanse.lei import clean_lei
from quality.cleanse.money import clean_money
from quality.cleanse.national_id import clean_national_id
from quality.cleanse.number import clean_number
from quality.cleanse.phone import clean_phone
from quality.cleanse.postcode import clean_postcode
from quality.cleanse.tax_id import clean_tax_id
from quality.cleanse.url import clean_url

CASES = Path(__file__).parents[2] / "cases"
TODAY = date(2026, 1, 15)
CLEANSERS = {
    "phone": clean_phone,
    "email": clean_email,
    "date": partial(clean_date, today=TODAY),
    "datetime": partial(clean_datetime, today=TODAY),
    "national_id": clean_national_id,
    "tax_id": clean_tax_id,
    "lei": clean_lei,
    "identifier": clean_identifier,
    "url": clean_url,
    "gender": clean_gender,
    "country": clean_country,
    "industry": clean_industry,
    "category": clean_category,
    "money": clean_money,
    "number": clean_number,
    "postcode": clean_postcode,
    "house_number": clean_house_number,
    "text": clean_text,
}
OPTIONS = ("day_first", "digits", "field", "allowed")


def _cases():
    for name in CLEANSERS:
        for case in yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8")):
            country = case.get("country", "CN")
            yield pytest.param(name, case, country, id=f"{name}-{case['in'][:30]!r}-{country}")


@pytest.mark.parametrize(("name", "case", "country"), _cases())
def test_case(name, case, country):
    options = {key: case[key] for key in OPTIONS if key in case}
    cleanse = partial(CLEANSERS[name], **options)
    result = cleanse(case["in"], country)
    assert list(result.standard) == case["out"]
    assert dict(result.parts) == case.get("parts", {})
    assert [code.name for code in result.codes] == case.get("codes", [])
    for form in result.standard:
        assert cleanse(form, country).standard == (form,), "cleansing the standard form must not change it"


@pytest.mark.parametrize(("name", "least"), [("phone", 100), ("date", 80), ("email", 50), ("country", 50)])
def test_there_are_enough_cases(name, least):
    assert len(yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))) >= least
