"""Tell persons from organizations in tables that keep both, from the name as it was typed."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from quality.cleanse.chinese_name import is_titled, looks_like_name
from quality.cleanse.organization_remark import organization_data
from quality.cleanse.person_name import clean_person_name
from quality.cleanse.pinyin import parse_pinyin_name
from quality.cleanse.place_search import locate
from quality.cleanse.placeholders import is_placeholder
from quality.cleanse.reference_data import reference
from quality.cleanse.surnames import surname_of, surname_table
from quality.cleanse.text import fold, has_han, is_cjk_native, simplify
from quality.cleanse.western_organization import has_legal_form

PERSON, ORGANIZATION = "person", "organization"
_BRACKETS = re.compile(r"[(\[【].*?(?:[)\]】]|$)")
_COMPANY = re.compile(r"公司|集团|有限|股份|事务所|合作社|工作室|经营部|商行|株式会社|주식회사|有限会社|合同会社")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_TITLE = re.compile(r"^(?:mr|mrs|ms|miss|dr|prof|herr|frau|mme|m)\.?\s+\S", re.IGNORECASE)
_SUFFIX = re.compile(r",?\s+(?:jr|sr|ii|iii|ph\.?d|m\.?d)\.?$", re.IGNORECASE)
_COMMA = re.compile(r"^[^\W\d_][\w'’\- ]*,\s*[^\W\d_][\w'’\-. ]*$")
_SEPARATOR = re.compile(r"[-–—_/|\s]")
_REMEMBERED = 65536
_LONGEST = 300


@cache
def _organization_words() -> frozenset[str]:
    words: str = reference("western_organization")["words"]
    return frozenset(words.split())


@cache
def _chinese_endings() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Legal forms and branch words; words of trade."""
    data = organization_data()
    return tuple(data["forms"]) + tuple(data["branches"].split()), tuple(data["trades"].split())


def route_party(names: pa.Array | pa.ChunkedArray, tax_ids: pa.Array | pa.ChunkedArray | None = None) -> pa.Array:
    """Tell for every row whether its name is a person's or an organization's.

    Args:
        names: one name per row, as typed.
        tax_ids: the organization's tax number per row, where the table has one; a row that has one is an organization.

    Returns:
        ``person``, ``organization`` or null (no name) per row; the first column of :func:`judge_parties`.
    """
    return judge_parties(names, tax_ids).column("party").combine_chunks()


def judge_parties(names: pa.Array | pa.ChunkedArray, tax_ids: pa.Array | pa.ChunkedArray | None = None) -> pa.Table:
    """As :func:`route_party`, with ``confidence`` (0–1) beside ``party``. Every distinct name is judged once."""
    column = names.combine_chunks() if isinstance(names, pa.ChunkedArray) else names
    encoded = column.cast(pa.string()).dictionary_encode()
    judged = [judge_name(name) for name in encoded.dictionary.to_pylist()]
    party = pa.array([kind for kind, _ in judged], pa.string()).take(encoded.indices)
    confidence = pa.array([sure for _, sure in judged], pa.float64()).take(encoded.indices)
    if tax_ids is not None:
        taxed = pc.fill_null(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(tax_ids.cast(pa.string()))), 0), False)
        party = pc.if_else(taxed, ORGANIZATION, party)
        confidence = pc.if_else(taxed, 0.98, confidence)
    return pa.table({"party": party, "confidence": pc.fill_null(confidence, 0.0)})


@lru_cache(maxsize=_REMEMBERED)
def judge_name(name: str) -> tuple[str | None, float]:
    """Judge one name.

    Args:
        name: the name as typed.

    Returns:
        ``person``, ``organization`` or None where the name says nothing; and how sure that is, 0–1.
    """
    folded = fold(name[:_LONGEST])
    if is_placeholder(folded):
        return None, 0.0
    text = _BRACKETS.sub(" ", simplify(folded)).strip() or simplify(folded)
    if _COMPANY.search(text):
        return ORGANIZATION, 0.98
    if is_cjk_native(text):
        return (PERSON, 0.7) if len(text.replace(" ", "")) <= 5 else (ORGANIZATION, 0.6)
    return _judge_chinese(text) if has_han(text) else _judge_western(text)


def _judge_chinese(text: str) -> tuple[str, float]:
    forms, trades = _chinese_endings()
    solid = "".join(_HAN.findall(text))
    head = _SEPARATOR.split(text)[0] or text
    if is_titled(head) or (is_titled(solid) and len(solid) <= 6):
        return PERSON, 0.97
    if "·" in text or _is_western_order(text):
        return PERSON, 0.9
    if len(solid) >= 3 and solid.endswith(forms):
        return ORGANIZATION, 0.95
    if looks_like_name(solid) and solid == text and (len(solid) <= 3 or solid[:2] in surname_table().compound):
        return PERSON, 0.9 if solid[0] in surname_table().ranked[:150] or len(solid) == 3 else 0.75
    if len(text.replace(" ", "")) >= 4 and solid.endswith(trades):
        return ORGANIZATION, 0.9
    return _judge_by_length(text, solid)


def _is_western_order(text: str) -> bool:
    """'淑芬 雅慧 胡': two or three short words in Chinese characters."""
    tokens = text.split(" ")
    return 1 < len(tokens) <= 3 and all(_HAN.fullmatch(t) and len(t) <= 2 for t in tokens)


def _judge_by_length(text: str, solid: str) -> tuple[str, float]:
    result = clean_person_name(text, "CN")
    if result.parts.get("family") and result.parts.get("given") and len(solid) <= 4:
        return PERSON, 0.7
    if len(solid) >= 5 or (len(solid) == 4 and locate(solid).place is not None):
        return ORGANIZATION, 0.85
    if len(solid) <= 3 and (surname_of(solid) or solid[:1] in "小老阿"):
        return PERSON, 0.7
    return ORGANIZATION, 0.55


def _judge_western(text: str) -> tuple[str, float]:
    words = [w.lower() for token in text.split() if (w := token.strip(".,;:&\"'"))]
    if has_legal_form(text):
        return ORGANIZATION, 0.97
    if len(words) > 1 and not _organization_words().isdisjoint(words):
        return ORGANIZATION, 0.9
    if _TITLE.match(text) or _SUFFIX.search(text):
        return PERSON, 0.95
    return _judge_plain(text, words)


def _judge_plain(text: str, words: list[str]) -> tuple[str, float]:
    """Neither a legal form nor a title: numbers, '&' and many words speak for an organization."""
    if not words or any(c.isdigit() for c in text):
        return ORGANIZATION, 0.75
    if _COMMA.match(text):
        return PERSON, 0.85
    if "&" in text or "and" in words:
        return ORGANIZATION, 0.65
    if len(words) > 1 and parse_pinyin_name(words) is not None:
        return PERSON, 0.9
    return (PERSON, 0.75) if 2 <= len(words) <= 5 else (ORGANIZATION, 0.55)
