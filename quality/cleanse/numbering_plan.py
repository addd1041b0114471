"""Whole international numbers by the world's numbering plans, without parsing.

libphonenumber reads any text and takes its time for it. Most numbers that systems keep are E.164 already, such as
+447988913199: of those only the plan has to be asked, one regular expression per region. Whatever is not that plain is
left to the parser, so that both always say the same (a test compares them).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

_WHOLE = re.compile(r"\+[1-9][0-9]{6,14}")
_KINDS = (
    *("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost"),
    *("voip", "personal_number", "pager", "uan", "voicemail"),
)
_NOT_A_COUNTRY = "001"
"""Region of calling codes that belong to no country (satellites, international free phone)."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where a number belongs by its plan: ISO alpha-2 code (empty where no region has it), and whether it is valid."""

    region: str
    valid: bool


@dataclass(frozen=True, slots=True)
class _Region:
    name: str
    leading: re.Pattern[str] | None
    """Digits that alone make a number one of this region; without them it must be valid there."""
    valid: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Plan:
    """The plan of one calling code."""

    digits: int
    """How many digits the calling code has."""
    lengths: frozenset[int]
    trunk: re.Pattern[str] | None
    """Prefix of domestic calls, which may stand in the number by mistake: then the parser has to look."""
    regions: tuple[_Region, ...]


def assignment_of(number: str) -> Assignment | None:
    """Look a number up in its numbering plan.

    Args:
        number: a telephone number.

    Returns:
        Its region and validity; ``None`` where the number is not plain E.164 of a possible length, or begins with
        digits that only the parser understands.
    """
    if _WHOLE.fullmatch(number) is None:
        return None
    plan = _plan(number[1]) or _plan(number[1:3]) or _plan(number[1:4])
    if plan is None:
        return None
    national = number[1 + plan.digits :]
    if national[:1] in {"", "0"} or len(national) not in plan.lengths:
        return None
    if plan.trunk is not None and plan.trunk.match(national):
        return None
    for region in plan.regions:
        valid = region.valid.match(national) is not None
        if valid if region.leading is None else region.leading.match(national):
            return Assignment(region.name, valid)
    return Assignment("", False)


@cache
def _plan(code: str) -> _Plan | None:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    names = COUNTRY_CODE_TO_REGION_CODE.get(int(code), ())
    if not names or _NOT_A_COUNTRY in names:
        return None
    main: Any = PhoneMetadata.metadata_for_region(names[0])
    lengths = frozenset(main.general_desc.possible_length) - frozenset(main.general_desc.possible_length_local_only)
    trunk = main.national_prefix_for_parsing
    return _Plan(len(code), lengths, re.compile(trunk) if trunk else None, tuple(_regions(names)))


def _regions(names: tuple[str, ...]) -> Iterator[_Region]:
    from phonenumbers import PhoneMetadata

    for name in names:
        metadata: Any = PhoneMetadata.metadata_for_region(name)
        leading = metadata.leading_digits if len(names) > 1 else ""
        yield _Region(name, None if leading is None else re.compile(leading), _valid(metadata))


def _valid(metadata: Any) -> re.Pattern[str]:
    """Return the expression of all numbers that are of some kind: fixed, mobile, toll-free …"""
    shapes = [_shape(kind) for name in _KINDS if (kind := getattr(metadata, name)) is not None]
    kinds = "|".join(filter(None, shapes)) or "(?!)"
    return re.compile(rf"(?={_shape(metadata.general_desc) or '(?!)'}\Z)(?:{kinds})\Z")


def _shape(kind: Any) -> str:
    if not kind.national_number_pattern:
        return ""
    lengths = "|".join(rf"\d{{{n}}}\Z" for n in kind.possible_length if n > 0)
    bounded = f"(?={lengths})" if lengths else "(?!)" if kind.possible_length else ""
    return f"{bounded}(?:{kind.national_number_pattern})"
