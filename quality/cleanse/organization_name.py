"""The semantic type ``organization_name``."""

from __future__ import annotations

import re
from functools import cache

from quality.cleanse import organization_codes as codes
from quality.cleanse.chinese_name import is_titled
from quality.cleanse.chinese_organization import cleanse_chinese_organization
from quality.cleanse.contract import Cleansed
from quality.cleanse.organization_remark import organization_data
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.settling import settle
from quality.cleanse.text import fold, has_han, is_cjk_native, simplify
from quality.cleanse.western_organization import cleanse_western_organization

_LONGEST = 300
_CONTACT = re.compile(r"^\S+@\S+\.\S+$|^https?://")


@cache
def _nobody() -> frozenset[str]:
    return frozenset(organization_data()["nobody"].split())


def clean_organization_name(value: str, country: str) -> Cleansed:
    """Standardise the name of an organization.

    Args:
        value: the name as typed.
        country: ISO 3166 alpha-2 code of the record; Japanese names keep their characters.

    Returns:
        One readable name, legal form in standard writing, without contact persons and remarks; parts ``region brand
        trade form branch contact remark`` as far as known. ``brand`` is the distinctive core in lower case.
    """
    return settle(_cleanse_once, value, country)


def _cleanse_once(value: str, country: str) -> Cleansed:
    folded = fold(value)
    if is_placeholder(folded):
        return Cleansed((), codes=(PLACEHOLDER,))
    if len(folded) > _LONGEST or _CONTACT.match(folded) or not any(c.isalpha() for c in folded):
        return Cleansed((folded,), codes=(codes.NOT_A_NAME,))
    text = simplify(folded) if country != "JP" else folded
    if text in _nobody():
        return Cleansed((), codes=(codes.NO_ORGANIZATION,))
    result = _cleanse(text, country)
    found = list(result.codes)
    if text != folded:
        found.append(codes.TO_SIMPLIFIED)
    if is_titled(text):
        found.append(codes.PERSON_AS_ORGANIZATION)
    return Cleansed(result.standard, result.parts, tuple(dict.fromkeys(found)))


def _cleanse(text: str, country: str) -> Cleansed:
    if has_han(text) and not is_cjk_native(text) and country != "JP" and "株式会社" not in text:
        return cleanse_chinese_organization(text)
    return cleanse_western_organization(text)
