"""What coded values are called."""

from __future__ import annotations

import pytest

from quality.cleanse.reference_data import reference
from quality.cleanse.spoken import is_coded, spoken
from schemas.types import SemanticType


@pytest.mark.parametrize(
    ("kind", "code", "zh", "en"),
    [
        (SemanticType.GENDER, "female", "女", "Female"),
        (SemanticType.GENDER, "male", "男", "Male"),
        (SemanticType.COUNTRY, "DE", "德国", "Germany"),
        (SemanticType.INDUSTRY, "C", "C 制造业", "C Manufacturing"),
        (SemanticType.COUNTRY, "Atlantis", "Atlantis", "Atlantis"),
        (SemanticType.TEXT, "male", "male", "male"),
    ],
)
def test_codes_are_called_by_their_names(kind: SemanticType, code: str, zh: str, en: str) -> None:
    assert (spoken(kind, code, "zh"), spoken(kind, code, "en")) == (zh, en)


def test_every_country_and_industry_has_a_name() -> None:
    for kind, file in ((SemanticType.COUNTRY, "country"), (SemanticType.INDUSTRY, "industry")):
        for code in reference(file):
            assert all(spoken(kind, code, language) not in ("", code) for language in ("zh", "en")), code


def test_names_of_people_are_no_codes() -> None:
    assert is_coded(SemanticType.GENDER)
    assert not is_coded(SemanticType.PERSON_NAME)
