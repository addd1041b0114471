"""Names of organizations part by part: brand, trade, region, branch.

``上海贝尔信息科技有限公司`` and ``贝尔科技`` may be one company; ``贝尔科技`` and
``贝尔置业`` are siblings; a branch is not its head office. Legal forms are no evidence and were left out when the name
was composed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
import yaml

from matching.arrays import BoolArray, IntArray, Levels, Values
from matching.compare.brands import compare_brands, seen
from matching.compare.characters import numerals
from matching.compare.distances import edits
from matching.compare.levels import CLOSE, CONFLICT, NEAR, RARE, USUAL, WEAK
from matching.compare.parts import compatible, part, part_column, part_levels
from matching.compare.texts import word_frequencies
from matching.profile import Feature
from matching.sound import has_cjk, spoken
from matching.statistics import Frequencies

BRAND, TRADE, REGION, BRANCH, FORM = range(5)
COMPLETE = 4
"""Chinese characters of a brand that holds a region or a trade of its own."""
NATION = frozenset({"中国", "全国", "中华"})
"""Regions that hold every other."""
_DIVISION = re.compile(r"(?<=[\u4e00-\u9fff]{2})[省市区县](?=[\u4e00-\u9fff]{2,}$)")


def compare_organizations(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare composed names.

    Args:
        feature: the column; values are brand, trade, region and branch joined by the separator.
        left, right: codes of distinct values.

    Returns:
        NEAR where brands agree and nothing known disagrees; CLOSE where the trades are worded differently or the brand
        or the trade is misspelt, NEAR where region and trade make up for it; WEAK for other regions and brands only
        somewhat alike; CONFLICT for other brands, siblings (the same brand in another trade) and other branches;
        MISSING for names in two scripts of which neither sounds like the other.
    """
    brands, brand = part_column(feature, "brand", lambda v: part(v, BRAND))
    trade, region, branch = _codes(feature, TRADE), _region(feature), _branch(feature)
    levels = part_levels(brands, brand[left], brand[right], compare_brands)
    placed = _named_after_place(feature, left, right)
    same_brand = (brand[left] == brand[right]) | placed
    same_trade = compatible(trade, left, right)
    contained = _reworded(feature, left, right)
    levels[~same_brand & ~same_trade & ~contained] = np.minimum(levels[~same_brand & ~same_trade & ~contained], WEAK)
    levels[same_brand] = CONFLICT
    levels[same_brand & contained] = CLOSE
    levels[same_brand & same_trade] = NEAR
    misspelt = _trade_misspelt(feature, left, right)
    levels[misspelt] = np.maximum(levels[misspelt], CLOSE)
    here = (region[left] >= 0) & (region[left] == region[right])
    named = (trade[left] >= 0) & ((trade[left] == trade[right]) | contained)
    levels[here & named & (levels == CLOSE)] = NEAR
    elsewhere = ~compatible(region, left, right) & ~_contained(feature, left, right)
    levels[elsewhere] = np.minimum(levels[elsewhere], np.where(placed[elsewhere], CLOSE, WEAK))
    levels[branch[left] != branch[right]] = CONFLICT
    return levels


def _region(feature: Feature) -> IntArray:
    """Return the code of the region in each name; the whole country is none."""
    return part_column(feature, "region", lambda v: "" if part(v, REGION) in NATION else part(v, REGION))[1]


def _branch(feature: Feature) -> IntArray:
    """Return the code of each name's branch, -1 for a head office: 温州市分公司 and 温州分公司 are one."""
    return part_column(feature, "branch", lambda v: _DIVISION.sub("", numerals(part(v, BRANCH))))[1]


def _codes(feature: Feature, which: int) -> IntArray:
    """Return the code of one part per value, -1 where it has none."""
    return part_column(feature, str(which), lambda value: part(value, which))[1]


def _named_after_place(feature: Feature, left: IntArray, right: IntArray) -> BoolArray:
    """Tell where one brand begins with the place that is the other's region: 安康得雅 and 安康|得雅."""
    brands, placed = feature.once("placed brands", lambda: _numbered_alike(*_written(feature, (BRAND,))))
    return np.asarray((brands[left] == placed[right]) | (placed[left] == brands[right]))


def _numbered_alike(*columns: Values) -> list[IntArray]:
    """Return one code per text, equal where texts of any of the columns are."""
    codes = np.unique(np.concatenate(columns), return_inverse=True)[1]
    return np.split(codes, np.cumsum([len(one) for one in columns[:-1]]))


def _written(feature: Feature, which: Sequence[int]) -> tuple[Values, Values]:
    """Return some parts of each name as they are written together, without and with the region before them."""
    plain = np.array(["".join(part(v, one) for one in which) for v in feature.values], dtype=object)
    regions = np.array([part(v, REGION) for v in feature.values], dtype=object)
    return plain, regions + plain


def _trade_misspelt(feature: Feature, left: IntArray, right: IntArray) -> BoolArray:
    """Tell where names are one but for a character, which keeps one side's trade from being known: 泰山|玻纤, 泰山玻歼.

    The character sounds or looks like the other. What goes before it may be the brand or, on either side, have been
    taken for the region.
    """
    trade = _codes(feature, TRADE)
    found = np.zeros(len(left), dtype=np.bool_)
    rows = np.flatnonzero((trade[left] >= 0) != (trade[right] >= 0))
    plain, placed = feature.once("stems", lambda: _written(feature, (BRAND, TRADE)))
    for one, other in ((plain, plain), (placed, plain), (plain, placed)):
        a, b = one[left[rows]], other[right[rows]]
        for i in np.flatnonzero(edits(a, b) == 1):
            found[rows[i]] |= has_cjk(a[i]) and (seen(a[i]) == seen(b[i]) or spoken(a[i]) == spoken(b[i]))
    return found


def _contained(feature: Feature, left: IntArray, right: IntArray) -> BoolArray:
    """Tell where one region contains the other: 浦东 and 上海浦东."""
    return _texts_agree(feature, REGION, left, right, lambda a, b: a in b or b in a)


def _reworded(feature: Feature, left: IntArray, right: IntArray) -> BoolArray:
    """Tell where two trades differ only by words that mean little: 科技 and 信息科技, but not 生物科技."""
    return _texts_agree(feature, TRADE, left, right, reworded)


def _texts_agree(
    feature: Feature, which: int, left: IntArray, right: IntArray, agree: Callable[[str, str], bool]
) -> BoolArray:
    """Tell where two different, known wordings of a part agree."""
    codes = _codes(feature, which)
    found = np.zeros(len(left), dtype=np.bool_)
    for i in np.flatnonzero(~compatible(codes, left, right)):
        found[i] = agree(part(feature.values[left[i]], which), part(feature.values[right[i]], which))
    return found


@lru_cache(maxsize=65_536)
def reworded(one: str, other: str) -> bool:
    """Tell whether one trade is the other with nothing but filling words (``trades.yaml``) before or behind it."""
    short, long = sorted((one, other), key=len)
    if short not in long:
        return False
    before, behind = long.split(short, 1)
    return _only_filling(before) and _only_filling(behind)


def _only_filling(text: str) -> bool:
    """Tell whether a text is made of filling words, two characters each."""
    return len(text) % 2 == 0 and all(text[i : i + 2] in _filling() for i in range(0, len(text), 2))


@cache
def _filling() -> frozenset[str]:
    """Return the filling words."""
    raw = yaml.safe_load(files("matching.compare").joinpath("trades.yaml").read_text(encoding="utf-8"))
    return frozenset(raw["filling"].split())


def equal_names(feature: Feature) -> Levels:
    """Return the level of equality per value: RARE for a full registered name, else by how common the name is."""
    full = np.array([_registered(v) for v in feature.values], dtype=np.bool_)
    return np.where(full, RARE, np.minimum(feature.band, USUAL)).astype(np.int8)


def _registered(value: str) -> bool:
    """Tell whether a name is complete, so that one company only may bear it.

    In Chinese that is a region, and brand and trade behind it; a region or a trade that is not known as such is part of
    a long brand. Elsewhere the legal form says so.
    """
    if part(value, FORM):
        return True
    brand, trade = part(value, BRAND), part(value, TRADE)
    if not has_cjk(brand):
        return bool(part(value, REGION) and trade)
    return (bool(trade or part(value, REGION)) and len(brand) >= COMPLETE) or bool(trade and part(value, REGION))


def local(feature: Feature) -> BoolArray:
    """Tell which names hold a region, inside which a full registered name is one company's alone."""
    return feature.once(
        "local",
        lambda: np.array([has_cjk(r := part(v, REGION)) and r not in NATION for v in feature.values], dtype=np.bool_),
    )


def written_whole(name: Feature, other: Feature) -> tuple[IntArray, IntArray]:
    """Number what companies are also called, and their names without legal form, alike.

    Args:
        name: composed names.
        other: texts that are not composed.

    Returns:
        One code per value of ``other`` and one per value of ``name``, equal where these read the same; a last -1 for no
        name.
    """

    def make() -> tuple[IntArray, IntArray]:
        names = np.array(
            ["".join(part(v, p) for p in (REGION, BRAND, TRADE, BRANCH)) for v in name.values], dtype=object
        )
        called, own = _numbered_alike(
            *(np.array([v.replace(" ", "") for v in one], dtype=object) for one in (other.values, names))
        )
        return called, np.append(own, -1)

    return name.once(f"also {other.name}", make)


def measure_names(feature: Feature) -> dict[str, Frequencies]:
    """Count the words of the brands."""
    return {"brand word": word_frequencies(part_column(feature, "brand", lambda v: part(v, BRAND))[0])}


def branches(feature: Feature) -> IntArray:
    """Return the branch of each record that has one name: 0 for a head office, else a number; -1 for the others."""
    branch = _branch(feature) + 1
    return np.where(feature.lone >= 0, branch[np.maximum(feature.lone, 0)], -1) if len(branch) else feature.lone
