"""Find the divisions at the beginning of a Chinese text: full, short, former, repeated and missing levels."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quality.cleanse.divisions import Division, divisions, short_name

_GENERIC = frozenset(
    {"城区", "郊区", "矿区", "市区", "县城", "东区", "南区", "西区", "北区", "中区", "新市区", "城中区"}
)
"""District names so general that they say nothing before a province or city is known."""
_UNDECIDED = frozenset({"朝阳", "兴安", "新北", "昌江", "资阳", "连江", "金门"})
"""Short names of a city here and of a district there."""
_BETWEEN = re.compile(r"[\s,，、;；/|\-—_·.:：]+|市辖区|直辖市|省直辖县")
_NOT_A_PLACE = re.compile(
    r"[东南西北中]?[一二三四五六七八九十]?(?:大道|大街|路|街(?!道)|道|巷|弄|里|胡同|国道|线|站|桥|口|公路|高速|大厦|大楼|广场|中心|花园|"
    r"小区|新村|公寓|山庄|宾馆|酒店|饭店|大学|学院|医院|机场|港|商城|公园|镇|乡|村|屯|庄|城(?!区|市|关|厢|中|东|西|南|北)|"
    r"[A-Za-z0-9]*号)"
)
_LEVEL_WORDS = "市区县省"


@dataclass(frozen=True, slots=True)
class Located:
    """What was found at the beginning of a text."""

    place: Division | None
    """The place as far as it is certain; levels on which the candidates differ are empty."""
    rest: str
    """The text after the divisions."""
    ambiguous: bool
    renamed: bool
    written: str
    """The part of the text that was read as divisions."""


@dataclass(frozen=True, slots=True)
class _Match:
    candidates: list[Division]
    end: int
    renamed: bool


def locate(text: str, *, downwards: bool = False) -> Located:
    """Read the divisions a text begins with.

    Args:
        text: folded, simplified text without the country.
        downwards: only from the large to the small, as in names; addresses repeat levels and add larger ones later.

    Returns:
        The place, with higher levels inferred where the name is unique in China (昆山市 → 江苏省苏州市).
    """
    candidates: list[Division] | None = None
    position, renamed = 0, False
    while True:
        match = _match(text, _skip(text, position), candidates)
        if match is None or (downwards and match.candidates == candidates):
            break
        candidates, position = match.candidates, match.end
        renamed |= match.renamed
    if not candidates:
        return Located(None, text, False, False, "")
    place = _common(candidates)
    rest = text[_skip(text, position) :]
    return Located(place, rest, len(candidates) > 1 and place != candidates[0], renamed, text[:position])


def _skip(text: str, position: int) -> int:
    while found := _BETWEEN.match(text, position):
        position = found.end()
    return position


def _match(text: str, start: int, known: list[Division] | None) -> _Match | None:
    index = divisions()
    for length in range(min(index.longest, len(text) - start), 1, -1):
        name, end = text[start : start + length], start + length
        if name in index.full and not (known is None and name in _GENERIC):
            found = _narrow(index.full[name], known)
            if found:
                return _Match(found, end, _is_former(name, found))
        if name in index.short:
            match = _match_short(text, name, end, known)
            if match is not None:
                return match
    return None


def _match_short(text: str, name: str, end: int, known: list[Division] | None) -> _Match | None:
    """A name without 省/市/区: only where what follows does not make a street or building of it."""
    if _NOT_A_PLACE.match(text, end):
        return None
    found = _narrow(divisions().short[name], known)
    if known is None:
        found = _certain(name, found)
    if not found:
        return None
    if text[end : end + 1] in _LEVEL_WORDS and text[end : end + 1]:
        end += 1
    return _Match(found, end, _is_former(name, found))


def _certain(name: str, found: list[Division]) -> list[Division]:
    """Short names that stand first: provinces and cities, but not where a district of that name is as well known."""
    if name == "浦东":
        return found
    return [] if name in _UNDECIDED else [d for d in found if not d.district]


def _narrow(found: list[Division], known: list[Division] | None) -> list[Division]:
    """Candidates that agree with what is known; a repeated or higher level keeps what is known."""
    if known is None:
        return found
    deeper = [d for d in found if any(d.within(k) for k in known)]
    if deeper:
        return deeper
    return [k for k in known if any(k.within(d) for d in found)]


def _is_former(name: str, found: list[Division]) -> bool:
    stem = short_name(name)
    return not any(
        level.startswith(stem[:2]) or level == name for d in found for level in (d.province, d.city, d.district)
    )


def _common(candidates: list[Division]) -> Division:
    """The place all candidates agree on: the highest where one contains the others, else what they share."""
    for candidate in candidates:
        if all(other.within(candidate) for other in candidates):
            return candidate
    first = candidates[0]
    province = first.province if all(d.province == first.province for d in candidates) else ""
    city = first.city if all(d.city == first.city for d in candidates) else ""
    district = first.district if all(d.district == first.district for d in candidates) else ""
    return Division(province, city, district)
