"""Pairs of companies: what their names make of the other columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matching.arrays import BoolArray, IntArray, Levels, places
from matching.columns import Kind
from matching.compare.addresses import down_the_street, streetless
from matching.compare.levels import CLOSE, CONFLICT, MISSING, NEAR, RARE, WEAK
from matching.compare.organizations import local, written_whole
from matching.profile import Feature

OTHER_NAME = "short_name"
"""The column of what a company is also called."""


def settle_companies(features: Sequence[Feature], levels: Levels, left: IntArray, right: IntArray) -> None:
    """Settle what depends on the names of two companies and on another column.

    Args:
        features: the compared columns; without names of organizations nothing happens.
        levels: of the pairs, shape (pairs, columns); changed in place.
        left, right: record numbers, shape (pairs,).
    """
    for i, name in enumerate(features):
        if name.kind is Kind.ORGANIZATION:
            for k, other in enumerate(features):
                if other.extra:
                    _occasions(levels, i, k)
                elif other.kind is Kind.ADDRESS:
                    _premises(levels[:, k], other, left, right)
                    _offices(levels, (i, k), (name, other), left, right)
                elif other.name == OTHER_NAME:
                    _also_called(levels, (i, k), (name, other), left, right)


def _occasions(levels: Levels, i: int, k: int) -> None:
    """Let a column of unknown meaning say nothing where it differs under one company name.

    What it holds may belong to the company or to the occasion of which the row tells: a contract, a patent, a delivery.
    That it is another one under the same name shows that it belongs to the occasion.
    """
    levels[(levels[:, i] >= NEAR) & (levels[:, k] == CONFLICT), k] = MISSING


def _premises(level: Levels, address: Feature, left: IntArray, right: IntArray) -> None:
    """Let another house down the street be another place for a company: chains have two doors in one street."""
    a, b = address.lone[left], address.lone[right]
    rows = np.flatnonzero((level == WEAK) & (a >= 0) & (b >= 0))
    level[rows[down_the_street(address, a[rows], b[rows])]] = CONFLICT


def _offices(
    levels: Levels, at: tuple[int, int], features: tuple[Feature, Feature], left: IntArray, right: IntArray
) -> None:
    """Let another town say nothing under one full registered name that holds a region, where no street is given.

    Inside one region a registered name is one company's alone (企业名称登记管理规定); the town may be an office's.
    """
    (i, k), (name, address) = at, features
    rows = np.flatnonzero((levels[:, i] == RARE) & (levels[:, k] == CONFLICT))
    a, b, own = address.lone[left[rows]], address.lone[right[rows]], name.lone[left[rows]]
    bare = streetless(address)
    town = (a >= 0) & (b >= 0) & (own >= 0) & (bare[a] | bare[b])
    levels[rows[town & local(name)[own]], k] = MISSING


def _also_called(
    levels: Levels, at: tuple[int, int], features: tuple[Feature, Feature], left: IntArray, right: IntArray
) -> None:
    """Find the name of one company among the other names of the other, where the names themselves do not agree.

    That a company is also called so does not conflict with its name; whether the two are one is then for a steward.
    """
    (i, k), (name, other) = at, features
    rows = np.flatnonzero(levels[:, i] < CLOSE)
    called, own = written_whole(name, other)
    a, b = left[rows], right[rows]
    found = rows[_among(other, called, a, own[name.lone[b]]) | _among(other, called, b, own[name.lone[a]])]
    levels[found, k] = np.maximum(levels[found, k], NEAR)
    levels[found[levels[found, i] == CONFLICT], i] = MISSING


def _among(other: Feature, called: IntArray, holders: IntArray, wanted: IntArray) -> BoolArray:
    """Tell which records hold, among the values of a column, one with a certain code; no record holds -1."""
    sets = other.codes[holders]
    known = np.flatnonzero((sets >= 0) & (wanted >= 0))
    counts = np.diff(other.set_offsets)[sets[known]]
    row = np.repeat(known, counts)
    held = called[other.set_elements[other.set_offsets[sets[row]] + places(counts)]]
    found = np.zeros(len(holders), dtype=np.bool_)
    found[row[held == wanted[row]]] = True
    return found
