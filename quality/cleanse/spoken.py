"""What the codes that cleansing writes are called: ``male``, ``CN`` and section ``C`` in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from quality.cleanse.reference_data import reference
from schemas.types import SemanticType

_PLACE = {"zh": 1, "en": 2}
"""Where a country's names stand in its row."""


def spoken(kind: SemanticType, code: str, language: str) -> str:
    """Say what a standardised value means to a reader.

    Args:
        kind: what the values of its field are.
        code: the standardised value.
        language: ``zh`` or ``en``.

    Returns:
        Its name: of a gender, of a country (ISO 3166-1), of an industry (GB/T 4754-2017); every other value as it is.
    """
    return _NAMES[kind](language).get(code, code) if kind in _NAMES else code


def is_coded(kind: SemanticType) -> bool:
    """Tell whether the values of a field are codes: two of them are equal or not, never similar."""
    return kind in _NAMES


@cache
def _genders(language: str) -> Mapping[str, str]:
    data = reference("gender")
    return {one: data[one][0] if language == "zh" else one.capitalize() for one in ("male", "female")}


@cache
def _countries(language: str) -> Mapping[str, str]:
    return {code: names[_PLACE[language]] for code, names in reference("country").items()}


@cache
def _industries(language: str) -> Mapping[str, str]:
    return {code: f"{code} {entry[language]}" for code, entry in reference("industry").items()}


_NAMES: Mapping[SemanticType, Callable[[str], Mapping[str, str]]] = {
    SemanticType.GENDER: _genders,
    SemanticType.COUNTRY: _countries,
    SemanticType.INDUSTRY: _industries,
}
