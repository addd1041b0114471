"""Comparisons: one file per family of values, one level per pair.

``compare_feature`` compares every distinct pair of values once, however many record pairs share it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from matching.arrays import IntArray, Levels
from matching.columns import Kind
from matching.compare.addresses import compare_addresses, equal_levels, measure_addresses
from matching.compare.contacts import compare_emails, compare_websites
from matching.compare.levels import CONFLICT, MISSING
from matching.compare.names import compare_given, compare_names, compare_pinyin
from matching.compare.numbers import compare_codes, compare_dates, compare_phones
from matching.compare.organizations import compare_organizations, equal_names, measure_names
from matching.compare.texts import compare_texts, measure_texts
from matching.profile import Feature
from matching.statistics import Frequencies

Comparison = Callable[[Feature, IntArray, IntArray], Levels]


def compare_categories(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare members of a closed vocabulary: what is not equal differs."""
    return np.full(len(left), CONFLICT, dtype=np.int8)


COMPARISONS: Mapping[Kind, Comparison] = {
    Kind.NAME: compare_names,
    Kind.GIVEN: compare_given,
    Kind.PINYIN: compare_pinyin,
    Kind.ORGANIZATION: compare_organizations,
    Kind.ADDRESS: compare_addresses,
    Kind.TEXT: compare_texts,
    Kind.EMAIL: compare_emails,
    Kind.PHONE: compare_phones,
    Kind.DATE: compare_dates,
    Kind.CODE: compare_codes,
    Kind.DIGITS: compare_codes,
    Kind.WEBSITE: compare_websites,
    Kind.CATEGORY: compare_categories,
}


MEASURES: Mapping[Kind, Callable[[Feature], dict[str, Frequencies]]] = {
    Kind.TEXT: measure_texts,
    Kind.ADDRESS: measure_addresses,
    Kind.ORGANIZATION: measure_names,
}
"""What a comparison has to know of the column's values besides how common they are."""

EQUALITY: Mapping[Kind, Callable[[Feature], Levels]] = {
    Kind.ADDRESS: equal_levels,
    Kind.ORGANIZATION: equal_names,
}
"""The level of equality of composed values, which depends on which of their parts there are."""


def measured(one: Feature) -> Feature:
    """Complete the statistics of a column in the table a model is learned from."""
    if one.kind in MEASURES:
        one.statistics.common.update(MEASURES[one.kind](one))
    return one


def comparable(one: Feature) -> Feature:
    """Give a column whose statistics are complete its levels of equality."""
    return replace(one, equal=EQUALITY[one.kind](one)) if one.kind in EQUALITY else one


def compare_feature(feature: Feature, left: IntArray, right: IntArray) -> Levels:
    """Compare one column of record pairs.

    Args:
        feature: the column.
        left, right: record numbers, shape (pairs,).

    Returns:
        One level per pair, shape (pairs,), int8; the best pair of values where records hold several.
    """
    a, b = feature.codes[left], feature.codes[right]
    known = np.flatnonzero((a >= 0) & (b >= 0))
    levels = np.full(len(left), MISSING, dtype=np.int8)
    if feature.single:
        levels[known] = _compare_values(feature, a[known], b[known])
    else:
        levels[known] = _compare_sets(feature, a[known], b[known])
    return levels


def _compare_values(feature: Feature, a: IntArray, b: IntArray) -> Levels:
    """Compare pairs of values, equal ones by how common they are, each other distinct pair once."""
    levels = np.zeros(len(a), dtype=np.int8)
    equal = a == b
    levels[equal] = feature.band[a[equal]]
    rest = np.flatnonzero(~equal)
    if not len(rest):
        return levels
    width = len(feature.values)
    keys = np.minimum(a[rest], b[rest]) * width + np.maximum(a[rest], b[rest])
    distinct, inverse = np.unique(keys, return_inverse=True)
    levels[rest] = COMPARISONS[feature.kind](feature, distinct // width, distinct % width)[inverse]
    return levels


def _compare_sets(feature: Feature, a: IntArray, b: IntArray) -> Levels:
    """Compare records with several values: the best pair counts."""
    counts = np.diff(feature.set_offsets)
    products = counts[a] * counts[b]
    pair = np.repeat(np.arange(len(a)), products)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(products) - products, products)
    i = feature.set_elements[feature.set_offsets[a[pair]] + within // counts[b[pair]]]
    j = feature.set_elements[feature.set_offsets[b[pair]] + within % counts[b[pair]]]
    levels = np.full(len(a), MISSING, dtype=np.int8)
    np.maximum.at(levels, pair, _compare_values(feature, i, j))
    return levels
