"""Names of organizations part by part: brand, trade, region, branch.

``上海贝尔信息科技有限公司`` and ``贝尔科技`` may be one company; ``贝尔科技`` and
``贝尔置业`` are siblings; a branch is not its head office. Legal forms are no evidence and were left out when the name
was composed.
"""

from __future__ import annotations

import re

import numpy as np

from matching.arrays import BoolArray, IntArray, Levels
from matching.compare.levels import CLOSE, CONFLICT, NEAR, RARE, USUAL, WEAK
from matching.compare.names import compare_names
from matching.compare.parts import compatible, part, part_column, part_levels
from matching.compare.texts import compare_texts, word_frequencies
from matching.profile import Feature
from matching.statistics import Frequencies

BRAND, TRADE, REGION, BRANCH = range(4)


def compare_organizations(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare composed names.

    Args:
        feature: the column; values are brand, trade, region and branch joined by the separator.
        left, right: codes of distinct values.

    Returns:
        NEAR where brands agree and nothing known disagrees; CLOSE where the trades are worded differently or the brand
        is misspelt; WEAK for other regions and brands only somewhat alike; CONFLICT for other brands, siblings (the
        same brand in another trade) and other branches.
    """
    brands, brand = part_column(feature, "brand", lambda v: part(v, BRAND))
    trade, region, branch = (_codes(feature, which) for which in (TRADE, REGION, BRANCH))
    levels = part_levels(brands, brand[left], brand[right], compare_brands)
    same_brand = brand[left] == brand[right]
    same_trade = compatible(trade, left, right)
    contained = _contained(feature, left, right, TRADE)
    levels[~same_brand & ~same_trade & ~contained] = np.minimum(levels[~same_brand & ~same_trade & ~contained], WEAK)
    levels[same_brand] = CONFLICT
    levels[same_brand & contained] = CLOSE
    levels[same_brand & same_trade] = NEAR
    elsewhere = ~compatible(region, left, right) & ~_contained(feature, left, right, REGION)
    levels[elsewhere] = np.minimum(levels[elsewhere], WEAK)
    levels[branch[left] != branch[right]] = CONFLICT
    levels[levels < CONFLICT] = CONFLICT
    return levels


def compare_brands(brands: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare different brands: Latin ones as texts, Chinese ones as names; other numbers are other shops."""
    levels = np.minimum(compare_texts(brands, left, right), CLOSE)
    chinese = np.flatnonzero((brands.chinese[left] == 1) & (brands.chinese[right] == 1))
    levels[chinese] = np.minimum(compare_names(brands, left[chinese], right[chinese]), CLOSE)
    number = brands.derived("number", lambda v: " ".join(re.findall(r"\d+", v)))
    levels[(number[left] >= 0) & (number[right] >= 0) & (number[left] != number[right])] = CONFLICT
    return levels


def _codes(feature: Feature, which: int) -> IntArray:
    """Return the code of one part per value, -1 where it has none."""
    return part_column(feature, str(which), lambda value: part(value, which))[1]


def _contained(feature: Feature, left: IntArray, right: IntArray, which: int) -> BoolArray:
    """Tell where one wording of a part contains the other: 科技 and 信息科技."""
    codes = _codes(feature, which)
    found = np.zeros(len(left), dtype=np.bool_)
    for i in np.flatnonzero(~compatible(codes, left, right)):
        a, b = part(feature.values[left[i]], which), part(feature.values[right[i]], which)
        found[i] = a in b or b in a
    return found


def equal_names(feature: Feature) -> Levels:
    """Return the level of equality per value: RARE for a full registered name, else by how common the name is."""
    full = np.array([all(part(v, which) for which in (BRAND, TRADE, REGION)) for v in feature.values], dtype=np.bool_)
    return np.where(full, RARE, np.minimum(feature.band, USUAL)).astype(np.int8)


def measure_names(feature: Feature) -> dict[str, Frequencies]:
    """Count the words of the brands."""
    return {"brand word": word_frequencies(part_column(feature, "brand", lambda v: part(v, BRAND))[0])}


def branches(feature: Feature) -> IntArray:
    """Return the branch of each record that has one name: 0 for a head office, else a number; -1 for the others."""
    branch = _codes(feature, BRANCH) + 1
    return np.where(feature.lone >= 0, branch[np.maximum(feature.lone, 0)], -1) if len(branch) else feature.lone
