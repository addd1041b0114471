"""Candidate pairs: a bounded number of pairs worth comparing, out of all n(n−1)/2.

Every key, and every combination of two keys, is a blocking rule with a known price in pairs. Rules are used cheapest
first until the budget is spent. A block too large to be examined whole (a placeholder telephone number in 100,000 rows)
is examined by sorted neighbourhood: each record with the few that stand next to it in the order of their other values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from matching.arrays import FloatArray, IntArray, distinct_sorted
from matching.keys import Key, keys_of, words_of
from matching.profile import Feature
from matching.settings import MatchSettings

RARE_WORD = 25
"""A word is a blocking key of its own where at most this many records hold it."""
TOO_COARSE = 0.02
"""Two keys whose columns agree by chance more often than this together are no rule."""
TELLING = 0.05


@dataclass(frozen=True, eq=False)
class Rule:
    """One blocking rule: records with equal codes are candidates."""

    name: str
    rows: IntArray
    codes: IntArray
    price: float
    largest: int


@dataclass
class Blocks:
    """Candidate pairs as ``left * records + right`` with left < right, in order, and how they were found.

    Attributes:
        pairs: distinct pairs.
        rules: rule → pairs it proposed.
        oversize: rule → (blocks, records in them) examined by sorted neighbourhood only.
        exhaustive: every possible pair is a candidate.
    """

    pairs: IntArray
    rules: dict[str, int] = field(default_factory=dict)
    oversize: dict[str, tuple[int, int]] = field(default_factory=dict)
    exhaustive: bool = False


class _Collector:
    """Distinct pairs of a growing set; sorted anew only when it has doubled, so that the work stays proportional."""

    def __init__(self) -> None:
        self.known: IntArray = np.empty(0, dtype=np.int64)
        self.fresh: list[IntArray] = []
        self.waiting = 0

    def add(self, pairs: IntArray) -> None:
        self.fresh.append(pairs)
        self.waiting += len(pairs)
        if self.waiting > max(len(self.known) // 2, 100_000):
            self.settle()

    def settle(self) -> IntArray:
        if self.fresh:
            self.known = distinct_sorted(np.concatenate([self.known, *self.fresh]))
            self.fresh, self.waiting = [], 0
        return self.known


def block(features: Sequence[Feature], identifiers: Sequence[Feature], records: int, settings: MatchSettings) -> Blocks:
    """Find candidate pairs.

    Args:
        features: compared columns of the distinct records.
        identifiers: columns whose equal values always make a candidate.
        records: how many there are.
        settings: budget, block size.

    Returns:
        At most about ``settings.pair_budget`` pairs besides those of identifiers and rare words.
    """
    if records <= settings.small_table:
        left, right = np.triu_indices(records, 1)
        return Blocks(left * records + right, {"all pairs": len(left)}, exhaustive=True)
    rank = _rank(features, records)
    found = Blocks(np.empty(0, dtype=np.int64))
    collector = _Collector()

    def apply(rule: Rule) -> None:
        pairs, blocks, members = pairs_of(rule, rank, records, settings.neighbours)
        collector.add(pairs)
        found.rules[rule.name] = found.rules.get(rule.name, 0) + len(pairs)
        if blocks:
            found.oversize[rule.name] = (blocks, members)

    for rule in _always(features, identifiers, settings):
        apply(rule)
    budget = settings.pair_budget(records)
    for rule in sorted(_rules(features, records, settings), key=lambda r: (r.price, r.name)):
        apply(rule)
        if len(collector.known) + collector.waiting > budget and len(collector.settle()) > budget:
            break
    found.pairs = collector.settle()
    return found


def _rank(features: Sequence[Feature], records: int) -> IntArray:
    """Order records by their values, the most telling column first."""
    columns = sorted(features, key=lambda f: (-f.chance, f.name))
    order = np.lexsort(tuple(f.codes for f in columns)) if columns else np.arange(records)
    rank = np.empty(records, dtype=np.int64)
    rank[order] = np.arange(records)
    return rank


def _always(features: Sequence[Feature], identifiers: Sequence[Feature], settings: MatchSettings) -> list[Rule]:
    """Return the rules outside the budget: equal identifiers and rare words."""
    rules = []
    for one in identifiers:
        key = next(iter(keys_of(one)))
        rules.append(Rule(f"{one.name} (identifier)", key.rows, key.codes, 0.0, settings.largest_block))
    for one in features:
        words = words_of(one)
        if words is not None:
            frequency = np.bincount(words.codes)
            keep = frequency[words.codes] <= RARE_WORD
            rules.append(Rule(f"{one.name}:rare word", words.rows[keep], words.codes[keep], 0.0, RARE_WORD))
    return rules


def _rules(features: Sequence[Feature], records: int, settings: MatchSettings) -> list[Rule]:
    """Return the rules that are cheap enough: single keys, then combinations of two keys that are too dear alone."""
    dearest = settings.pairs_per_rule * records
    keys = [key for one in features for key in keys_of(one)]
    rules, dear = [], []
    for key in keys:
        price = price_of(key.codes, settings)
        if 0 < price <= dearest:
            rules.append(Rule(key.name, key.rows, key.codes, price, settings.largest_block))
            continue
        if key.exact and key.feature.chance < TELLING:
            rules.append(Rule(f"{key.name} (neighbours)", key.rows, key.codes, 3.0 * records, 1))
        if price > 0:
            dear.append(key)
    return rules + _combined(dear, records, dearest, settings)


def _combined(keys: Sequence[Key], records: int, dearest: float, settings: MatchSettings) -> list[Rule]:
    """Return the affordable combinations of two keys of different columns."""
    rules = []
    for one, two in combinations(keys, 2):
        if one.feature is two.feature or one.feature.chance * two.feature.chance > TOO_COARSE:
            continue
        rows, codes = combine(one, two, records)
        price = price_of(codes, settings)
        if 0 < price <= dearest:
            rules.append(Rule(f"{one.name} + {two.name}", rows, codes, price, settings.largest_block))
    return rules


def combine(one: Key, two: Key, records: int) -> tuple[IntArray, IntArray]:
    """Return the records that have both keys, and a code for the pair of keys."""
    if _once(one):
        one, two = two, one
    if not _once(two):  # both columns hold several values: the first one stands for the record
        first = np.unique(two.rows, return_index=True)[1]
        two = Key(two.feature, two.label, two.rows[first], two.codes[first], two.exact)
    other = np.full(records, -1, dtype=np.int64)
    other[two.rows] = two.codes
    keep = other[one.rows] >= 0
    return one.rows[keep], one.codes[keep] * (int(two.codes.max(initial=0)) + 1) + other[one.rows[keep]]


def _once(key: Key) -> bool:
    """Tell whether every record has the key at most once."""
    return key.feature.single


def price_of(codes: IntArray, settings: MatchSettings) -> float:
    """Return how many pairs a rule costs."""
    sizes = _sizes(np.sort(codes))[1]
    whole = sizes[(sizes > 1) & (sizes <= settings.largest_block)]
    over = sizes[sizes > settings.largest_block]
    return float((whole * (whole - 1) / 2).sum() + settings.neighbours * over.sum())


def _sizes(ordered: IntArray) -> tuple[IntArray, FloatArray]:
    """Return where each run of equal codes begins and how long it is."""
    if not len(ordered):
        return np.empty(0, dtype=np.int64), np.empty(0)
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return starts, np.diff(np.concatenate((starts, [len(ordered)]))).astype(float)


def pairs_of(rule: Rule, rank: IntArray, records: int, neighbours: int) -> tuple[IntArray, int, int]:
    """Return the pairs of one rule, the number of oversize blocks and of the records in them."""
    order = np.lexsort((rank[rule.rows], rule.codes))
    codes, rows = rule.codes[order], rule.rows[order]
    starts, lengths = _sizes(codes)
    sizes = lengths.astype(np.int64)
    found: list[IntArray] = []
    whole = (sizes > 1) & (sizes <= rule.largest)
    for size in distinct_sorted(sizes[whole]):
        at = starts[whole & (sizes == size)]
        i, j = np.triu_indices(size, 1)
        found.append(_pair_keys(rows[(at[:, None] + i).ravel()], rows[(at[:, None] + j).ravel()], records))
    over = sizes > max(rule.largest, 1)
    if over.any():
        inside = np.repeat(over, sizes)
        for step in range(1, neighbours + 1):
            near = inside[:-step] & inside[step:] & (codes[:-step] == codes[step:])
            found.append(_pair_keys(rows[:-step][near], rows[step:][near], records))
    pairs = np.concatenate(found) if found else np.empty(0, dtype=np.int64)
    return pairs, int(over.sum()), int(sizes[over].sum())


def _pair_keys(a: IntArray, b: IntArray, records: int) -> IntArray:
    """Return one integer per pair, the smaller record first; a record paired with itself is left out."""
    keys = np.minimum(a, b) * records + np.maximum(a, b)
    return np.asarray(keys[a != b])


def random_pairs(blocks: Blocks, records: int, count: int, seed: int) -> IntArray:
    """Draw pairs that are no candidates, to stand for all pairs nobody looks at.

    Args:
        blocks: the candidates.
        records: number of records.
        count: pairs to draw.
        seed: of the generator; records are numbered by content, so that the draw does not depend on row order.

    Returns:
        Distinct pairs as one integer each, at most ``count``.
    """
    if blocks.exhaustive:
        return np.empty(0, dtype=np.int64)
    generator = np.random.default_rng(seed)
    a, b = generator.integers(0, records, count), generator.integers(0, records, count)
    keys = distinct_sorted(_pair_keys(a, b, records))
    at = np.minimum(np.searchsorted(blocks.pairs, keys), len(blocks.pairs) - 1)
    return keys[blocks.pairs[at] != keys] if len(blocks.pairs) else keys
