"""What stands beside an organization's name: a contact person, a branch, a region or a remark."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from quality.cleanse.chinese_name import is_titled, looks_like_name
from quality.cleanse.divisions import divisions
from quality.cleanse.reference_data import reference

_PHONE = re.compile(r"[\d+\-()\s转分机*]{5,}")
_REMARKING = re.compile(r"^(?:原名?|曾用名|已|同|见|现|未|勿|请|不|待|含|勿)[:：]?")
_CONTACT_LABEL = re.compile(r"^(?:联系人|负责人|经办人|收件人|采购|财务|业务员)[:：]?\s*(?=\S{2,})")
_WESTERN_PERSON = re.compile(r"^(?:attn\.?:?\s+|(?:mr|mrs|ms|miss|dr|prof)\.?\s+)", re.IGNORECASE)


class Beside(Enum):
    """What a piece beside a name is."""

    CONTACT = "contact"
    BRANCH = "branch"
    REGION = "region"
    REMARK = "remark"


@dataclass(frozen=True)
class _Words:
    branches: tuple[str, ...]
    notes: frozenset[str]
    regions: frozenset[str]
    trades: frozenset[str]


@cache
def organization_data() -> dict[str, Any]:
    """The data file about Chinese names of organizations."""
    data: dict[str, Any] = reference("chinese_organization")
    return data


@cache
def _words() -> _Words:
    data = organization_data()
    return _Words(
        tuple(data["branches"].split()),
        frozenset(data["notes"].split()),
        frozenset(data["region_words"].split()) | frozenset(data["countries"].split()),
        frozenset(data["trades"].split()),
    )


def is_region(text: str) -> bool:
    """Tell whether a text is the full or short name of a Chinese division, a country or a word like 华东."""
    index = divisions()
    return text in index.full or text in index.short or text in _words().regions


def classify(piece: str) -> tuple[Beside | None, str]:
    """Say what a piece in brackets or after a dash is.

    Args:
        piece: folded, simplified text.

    Returns:
        The kind (None: cannot tell) and the piece without its label.
    """
    piece = piece.strip(" :：,，.。")
    label = _CONTACT_LABEL.match(piece)
    if label and (is_titled(piece[label.end() :]) or looks_like_name(piece[label.end() :])):
        return Beside.CONTACT, piece[label.end() :]
    return next((kind for kind, applies in _TESTS if applies(piece)), None), piece


def _is_remark(piece: str) -> bool:
    return not piece or piece in _words().notes or bool(_PHONE.fullmatch(piece) or _REMARKING.match(piece))


def _is_addressed(piece: str) -> bool:
    return is_titled(piece) or bool(_WESTERN_PERSON.match(piece))


def _is_branch(piece: str) -> bool:
    return (len(piece) <= 16 and piece.endswith(_words().branches)) or (3 <= len(piece) <= 6 and piece.endswith("店"))


def _is_name(piece: str) -> bool:
    return len(piece) <= 3 and looks_like_name(piece) and piece not in _words().trades


_TESTS: tuple[tuple[Beside, Callable[[str], bool]], ...] = (
    (Beside.REMARK, _is_remark),
    (Beside.CONTACT, _is_addressed),
    (Beside.BRANCH, _is_branch),
    (Beside.REGION, is_region),
    (Beside.CONTACT, _is_name),
)
