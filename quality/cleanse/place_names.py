"""The semantic types ``province``, ``city`` and ``district``: one level of an address in its own column."""

from __future__ import annotations

from quality.cleanse import address_codes as codes
from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.divisions import Division, divisions
from quality.cleanse.letter_case import capitalize_name
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.places import state_code
from quality.cleanse.text import fold, has_han, is_cjk_native, simplify

_EDGES = " ,;.。，；、"


def clean_province(value: str, country: str) -> Cleansed:
    """Standardise a province or state: 江苏 → 江苏省, 內蒙 → 内蒙古自治区, California → CA, nsw → NSW.

    Args:
        value: the text as typed.
        country: ISO 3166 alpha-2 code; decides between states of the same code.
    """
    text, found = _prepare(value, country)
    if not text:
        return Cleansed((), codes=tuple(found))
    if not has_han(text) and (code := state_code(text, country)):
        return Cleansed((code,))
    return _finish(text, found, "province")


def clean_city(value: str, country: str) -> Cleansed:
    """Standardise a city: 上海 → 上海市, 襄樊 → 襄阳市, LONDON → London. Misspellings stay as they are."""
    text, found = _prepare(value, country)
    return _finish(text, found, "city") if text else Cleansed((), codes=tuple(found))


def clean_district(value: str, country: str) -> Cleansed:
    """Standardise a district or county: 浦东 → 浦东新区, 昆山 → 昆山市, where the name leaves no choice."""
    text, found = _prepare(value, country)
    return _finish(text, found, "district") if text else Cleansed((), codes=tuple(found))


def _prepare(value: str, country: str) -> tuple[str, list[Code]]:
    folded = fold(value)
    if is_placeholder(folded):
        return "", [PLACEHOLDER]
    text = folded.strip(_EDGES) or folded
    if not has_han(text) or is_cjk_native(text) or country == "JP":
        return text, []
    simplified = simplify(text)
    return simplified.replace(" ", ""), [codes.TO_SIMPLIFIED] if simplified != text else []


def _finish(text: str, found: list[Code], level: str) -> Cleansed:
    if has_han(text):
        return _chinese(text, found, level)
    if text.islower() or (text.isupper() and len(text) > 3):
        cased = capitalize_name(text)
        found += [codes.RECASED] if cased != text else []
        text = cased
    return Cleansed((text,), codes=tuple(found))


def _chinese(text: str, found: list[Code], level: str) -> Cleansed:
    """Complete the name where all places of this level that are called so have the same full name."""
    index = divisions()
    names = {name for d in (*index.full.get(text, ()), *index.short.get(text, ())) if (name := _level(d, level))}
    if len(names) != 1 or text in names:
        return Cleansed((text,), codes=tuple(found))
    name = names.pop()
    found.append(codes.COMPLETED if name.startswith(text[:2]) else codes.RENAMED)
    return Cleansed((name,), codes=tuple(found))


def _level(division: Division, level: str) -> str:
    """The division's name if it is of this level; a county-level city counts as a city, too."""
    if level == "province":
        return division.province if not division.city or division.city == division.province else ""
    if level == "district":
        return division.district
    if division.district:
        return division.district if division.district.endswith("市") else ""
    return division.city
