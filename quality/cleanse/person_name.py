"""The semantic type ``person_name``, and its single parts ``given_name`` and ``family_name``."""

from __future__ import annotations

import re

from quality.cleanse import name_codes as codes
from quality.cleanse.chinese_name import cleanse_chinese_name
from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.letter_case import capitalize_name
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.settling import settle
from quality.cleanse.surnames import surname_of
from quality.cleanse.text import fold, has_han, is_cjk_native, simplify
from quality.cleanse.western_name import cleanse_western_name

_LONGEST = 200
_CONTACT = re.compile(r"@\w|https?:|www\.", re.IGNORECASE)
_SYMBOLS = re.compile(r"[\u2190-\u2bff\u3004\u3012\u3013\u3020\ue000-\uf8ff\U0001f000-\U0001faff]+")
_ORGANIZATION = re.compile(
    r"(?:公司|集团|事务所|合作社|研究院|委员会|股份|有限|工厂|商行|医院|大学|银行)(?:$|[^\u4e00-\u9fff])"
    r"|\b(?:ltd|llc|inc|gmbh|corp|corporation|limited|plc|pty|holdings)\b",
    re.IGNORECASE,
)
_HANGUL = re.compile(r"[\uac00-\ud7a3]+")
_KOREAN_COMPOUND = ("남궁", "황보", "제갈", "사공", "선우", "서문", "독고")
_SINGLE_TITLES = re.compile(r"(?:先生|女士|小姐|太太|老师|经理|总)$")


def clean_person_name(value: str, country: str) -> Cleansed:
    """Standardise the name of a person.

    Args:
        value: the name as typed.
        country: ISO 3166 alpha-2 code of the record; in Chinese-speaking countries a pinyin name is written
            family name first.

    Returns:
        One standard display name; parts ``family given middle pinyin title suffix remark`` as far as known. ``pinyin``
        (family, blank, given; lower case, no tones) is the same for 张晓明 and 'Xiaoming Zhang'. A name of which only
        the surname is known keeps its form of address in the standard form (张先生).
    """
    return settle(_cleanse_once, value, country)


def _cleanse_once(value: str, country: str) -> Cleansed:
    folded = fold(value)
    text = simplify(folded) if country != "JP" else folded
    if is_placeholder(folded):
        return Cleansed((), codes=(PLACEHOLDER,))
    if len(text) > _LONGEST or _CONTACT.search(text) or not any(c.isalpha() for c in text):
        return Cleansed((folded,), codes=(codes.NOT_A_NAME,))
    if _ORGANIZATION.search(text):
        return Cleansed((text,), codes=(codes.ORGANIZATION_AS_PERSON,))
    result = _cleanse(text, folded, country)
    if text != folded and result.standard and not set(result.standard[0]) <= set(folded):
        result = _with(result, codes.TO_SIMPLIFIED)
    return result


def _cleanse(text: str, folded: str, country: str) -> Cleansed:
    text = fold(_SYMBOLS.sub(" ", text))
    if not text:
        return Cleansed((folded,), codes=(codes.NOT_A_NAME,))
    if is_cjk_native(text):
        return _cleanse_native(text)
    if not has_han(text):
        return cleanse_western_name(text, country)
    if country == "JP":
        return _japanese(text)
    return cleanse_chinese_name(text, folded)


def _with(result: Cleansed, code: Code) -> Cleansed:
    return Cleansed(result.standard, result.parts, (*result.codes, code))


def _japanese(text: str) -> Cleansed:
    """Kanji with a space between the parts; without one the border is not known."""
    tokens = text.split(" ")
    parts = {"family": tokens[0], "given": tokens[1]} if len(tokens) == 2 else {}
    return Cleansed((text,), parts)


def _cleanse_native(text: str) -> Cleansed:
    """Korean and Japanese names pass; Korean ones are divided: 김|민수, 민수|김."""
    tokens = text.split(" ")
    if len(tokens) > 1 and len(tokens[-1]) == 1 < len(tokens[0]) and all(map(_HANGUL.fullmatch, tokens)):
        return Cleansed((text,), {"family": tokens[-1], "given": " ".join(tokens[:-1])})
    if _HANGUL.fullmatch(text) and 2 <= len(text) <= 4:
        cut = 2 if text.startswith(_KOREAN_COMPOUND) and len(text) > 2 else 1
        return Cleansed((text,), {"family": text[:cut], "given": text[cut:]})
    return _japanese(text)


def clean_family_name(value: str, country: str) -> Cleansed:
    """Standardise a family name that has its own column: width, case, simplified characters, a form of address.

    Args and returns: as :func:`clean_person_name`; parts: ``title``. Misspellings stay as they are.
    """
    return _clean_single(value, country)


def clean_given_name(value: str, country: str) -> Cleansed:
    """Standardise a given name that has its own column; see :func:`clean_family_name`."""
    return _clean_single(value, country)


def _clean_single(value: str, country: str) -> Cleansed:
    folded = fold(value)
    if is_placeholder(folded):
        return Cleansed((), codes=(PLACEHOLDER,))
    text = (simplify(folded) if country != "JP" else folded).strip(" ,;:，；：")
    if len(text) > _LONGEST or not any(c.isalpha() for c in text):
        return Cleansed((text or folded,), codes=(codes.NOT_A_NAME,))
    found: list[Code] = [codes.TO_SIMPLIFIED] if text != folded and has_han(text) and len(text) == len(folded) else []
    parts: dict[str, str] = {}
    if has_han(text) and not is_cjk_native(text):
        text = text.replace(" ", "") if not re.search(r"[A-Za-z]", text) else text
        title = _SINGLE_TITLES.search(text)
        if title and surname_of(text[: title.start()]) == text[: title.start()] != "":
            text, parts = text[: title.start()], {"title": title[0]}
            found.append(codes.TITLE_SPLIT)
    elif (text.isupper() and len(text) > 2) or text.islower():
        text = capitalize_name(text)
        found.append(codes.RECASED)
    return Cleansed((text,), parts, tuple(found))
