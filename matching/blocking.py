"""Candidate pairs: a bounded number of pairs worth comparing, out of all n(n−1)/2.

Every key, and every combination of two keys, is a blocking rule with a known price in pairs. Rules are used cheapest
first until the budget is spent; those that were used are the plan of the model. A block too large to be examined whole
(a placeholder telephone number in 100,000 rows) is examined by sorted neighbourhood: each record with the few that
stand next to it in the order of their other values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

import numpy as np

from matching.arrays import BoolArray, IntArray, KeyArray, distinct_of, distinct_sorted, places
from matching.keys import Entries, combined, entries, forms, has_words, hashed
from matching.parallel import in_parallel
from matching.plan import PROOF, VALUE, WORD, KeyForm, Plan, Rule
from matching.profile import Feature
from matching.settings import MatchSettings

RARE_WORD = 25
"""A word is a blocking key of its own where at most this many records hold it."""
TOO_COARSE = 0.02
"""Two keys whose columns agree by chance more often than this together are no rule."""
TELLING = 0.05


@dataclass
class Blocks:
    """Candidate pairs as ``left * records + right`` with left < right, in order, and how they were found.

    Attributes:
        pairs: distinct pairs.
        rules: rule → pairs it proposed.
        oversize: rule → (blocks, records in them) examined by sorted neighbourhood only.
        unexamined: rule → pairs of oversize blocks it did not propose.
        exhaustive: every possible pair is a candidate.
        proposed: the pairs without those that only a steward's decision brought up, where there are any of these.
    """

    pairs: IntArray
    rules: dict[str, int] = field(default_factory=dict)
    oversize: dict[str, tuple[int, int]] = field(default_factory=dict)
    unexamined: dict[str, int] = field(default_factory=dict)
    exhaustive: bool = False
    proposed: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def note(self, one: Proposed) -> list[IntArray]:
        """Note what a rule proposed, and return its pairs, those of whole blocks and of large ones in order each."""
        name, sizes = one.rule.name, one.oversize
        if len(sizes):
            self.oversize[name] = (len(sizes), int(sizes.sum()))
            self.unexamined[name] = int((sizes * (sizes - 1) // 2).sum()) - len(one.near)
        self.rules[name] = self.rules.get(name, 0) + len(one.whole) + len(one.near)
        return [one.whole, one.near]


@dataclass(frozen=True, eq=False)
class Blocked:
    """The distinct records of a table as blocking sees them."""

    features: Sequence[Feature]
    identifiers: Sequence[Feature]
    records: int

    def entries(self, rule: Rule, *, stable: bool = False) -> Entries | None:
        """Return the keys of one rule, ``None`` where the table lacks one of its columns."""
        parts = [found for key in rule.keys if (found := self.keyed(key, stable=stable)) is not None]
        return combined(parts, self.records) if len(parts) == len(rule.keys) else None

    def keyed(self, key: KeyForm, *, stable: bool = False) -> Entries | None:
        """Return the keys of one form of a column, made once; ``None`` where the table lacks it."""
        columns = self.identifiers if key.form == PROOF else self.features
        return next((entries(one, key.form, stable=stable) for one in columns if one.name == key.column), None)

    def keys(self, plan: Plan) -> Iterator[tuple[int, Entries]]:
        """Yield the position of every rule of a plan and its keys, made different for each rule, to be kept."""
        for position, rule in enumerate(plan.rules):
            keyed = self.entries(rule, stable=True)
            if keyed is not None:
                salt = hashed([rule.name], "rule")[0]
                yield position, Entries(keyed.rows, keyed.keys ^ salt)

    def forget(self) -> None:
        """Drop all keys: of ten million records they are gigabytes."""
        for one in (*self.features, *self.identifiers):
            one.forget("entries ")

    @cached_property
    def rank(self) -> IntArray:
        """Place of every record in the order of their values, the most telling column first."""
        columns = sorted(self.features, key=lambda f: (-f.chance, f.name))
        order = np.lexsort(tuple(f.codes for f in columns)) if columns else np.arange(self.records)
        rank = np.empty(self.records, dtype=np.int64)
        rank[order] = np.arange(self.records)
        return rank


class _Collector:
    """Distinct pairs of a growing set; sorted anew only when it has doubled, so that the work stays proportional."""

    def __init__(self) -> None:
        self.known: IntArray = np.empty(0, dtype=np.int64)
        self.fresh: list[IntArray] = []
        self.waiting = 0

    def add(self, parts: Sequence[IntArray]) -> None:
        self.fresh.extend(parts)
        self.waiting += sum(map(len, parts))
        if self.waiting > max(len(self.known) // 2, 100_000):
            self.settle()

    def settle(self) -> IntArray:
        if self.fresh:
            self.known = distinct_of([self.known, *self.fresh])
            self.fresh, self.waiting = [], 0
        return self.known


def block(table: Blocked, plan: Plan) -> Blocks:
    """Find the candidate pairs a plan proposes."""
    if table.records <= plan.exhaustive:
        return _everything(table.records)
    for key in {key for rule in plan.rules for key in rule.keys}:
        table.keyed(key)
    found = proposed_by(in_parallel(lambda rule: _follow(rule, table), plan.rules))
    table.forget()
    return found


def choose(table: Blocked, settings: MatchSettings) -> tuple[Plan, Blocks, list[Proposed]]:
    """Choose a plan for a table, and return the candidate pairs it proposes, and what each rule adds to them.

    Args:
        table: compared columns and identifiers of the distinct records.
        settings: budget, block size.

    Returns:
        At most about ``settings.pair_budget`` pairs besides those of identifiers and rare words. The plan of a small
        table examines all pairs, and has rules for larger tables.
    """
    found, collector = Blocks(np.empty(0, dtype=np.int64)), _Collector()
    used = [_follow(rule, table) for rule in _always(table, settings)]
    for one in used:
        collector.add(found.note(one))
    budget = settings.pair_budget(table.records)
    for _, rule in sorted(_priced(table, settings), key=lambda r: (r[0], r[1].name)):
        used.append(_follow(rule, table))
        collector.add(found.note(used[-1]))
        if len(collector.known) + collector.waiting > budget and len(collector.settle()) > budget:
            break
    table.forget()
    found.pairs = collector.settle()
    rules = tuple(one.rule for one in used)
    if table.records <= settings.small_table:
        return Plan(rules, settings.small_table), _everything(table.records), []
    return Plan(rules), found, used


def proposed_by(rules: Sequence[Proposed]) -> Blocks:
    """Return the candidate pairs of some rules that were followed."""
    found = Blocks(np.empty(0, dtype=np.int64))
    found.pairs = distinct_of([part for one in rules for part in found.note(one)])
    return found


def _everything(records: int) -> Blocks:
    """Return all pairs."""
    left, right = np.triu_indices(records, 1)
    return Blocks(left * records + right, {"all pairs": len(left)}, exhaustive=True)


@dataclass(frozen=True, eq=False)
class Proposed:
    """The pairs of one rule, in order, the sizes of the blocks it examined by sorted neighbourhood, and its keys."""

    rule: Rule
    whole: IntArray
    near: IntArray
    oversize: IntArray
    keys: int = 0


def _follow(rule: Rule, table: Blocked) -> Proposed:
    """Return the pairs of one rule; none where the table lacks one of its columns."""
    nothing = np.empty(0, dtype=np.int64)
    keyed = table.entries(rule)
    if keyed is None:
        return Proposed(rule, nothing, nothing, nothing)
    runs = Runs.of(keyed)
    over = runs.sizes > max(rule.largest, 1)
    if not (over.any() and rule.neighbours):
        return Proposed(rule, runs.whole(rule.largest, table.records), nothing, nothing, len(keyed.keys))
    near = runs.near(over, rule.neighbours, table)
    return Proposed(rule, runs.whole(rule.largest, table.records), near, runs.sizes[over], len(keyed.keys))


def _always(table: Blocked, settings: MatchSettings) -> list[Rule]:
    """Return the rules outside the budget: equal identifiers and rare words."""
    proofs = [KeyForm(one.name, PROOF) for one in table.identifiers]
    words = [KeyForm(one.name, WORD) for one in table.features if has_words(one)]
    return [Rule((key,), settings.largest_block, settings.neighbours) for key in proofs] + [
        Rule((key,), RARE_WORD, 0) for key in words
    ]


def _priced(table: Blocked, settings: MatchSettings) -> list[tuple[float, Rule]]:
    """Return the rules that are cheap enough: single keys, then combinations of two keys that are too dear alone."""
    dearest = settings.pairs_per_rule * table.records
    rules: list[tuple[float, Rule]] = []
    dear: list[tuple[Feature, KeyForm]] = []
    for one in table.features:
        for form in (VALUE, *forms(one)):
            key = KeyForm(one.name, form)
            rule = Rule((key,), settings.largest_block, settings.neighbours)
            price = price_of(entries(one, form).keys, settings)
            if 0 < price <= dearest:
                rules.append((price, rule))
                continue
            if form == VALUE and one.chance < TELLING:
                rules.append((3.0 * table.records, Rule((key,), 1, settings.neighbours)))
            if price > 0:
                dear.append((one, key))
    for (f, one_key), (g, other) in combinations(dear, 2):
        if f is g or f.chance * g.chance > TOO_COARSE:
            continue
        price = price_of(combined((entries(f, one_key.form), entries(g, other.form)), table.records).keys, settings)
        if 0 < price <= dearest:
            rules.append((price, Rule((one_key, other), settings.largest_block, settings.neighbours)))
    return rules


def price_of(keys: KeyArray, settings: MatchSettings) -> float:
    """Return how many pairs a rule costs."""
    sizes = np.diff(_starts(np.sort(keys))).astype(float)
    whole = sizes[(sizes > 1) & (sizes <= settings.largest_block)]
    over = sizes[sizes > settings.largest_block]
    return float((whole * (whole - 1) / 2).sum() + settings.neighbours * over.sum())


def _starts(ordered: KeyArray) -> IntArray:
    """Return where each run of equal keys begins, and the end."""
    if not len(ordered):
        return np.zeros(1, dtype=np.int64)
    return np.concatenate(([0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, [len(ordered)]))


@dataclass(frozen=True, eq=False)
class Runs:
    """Records in the order of their keys: run ``i`` is ``rows[starts[i]:starts[i] + sizes[i]]``."""

    rows: IntArray
    starts: IntArray
    sizes: IntArray

    @staticmethod
    def of(keyed: Entries) -> Runs:
        """Sort entries by key."""
        order = np.argsort(keyed.keys)
        bounds = _starts(keyed.keys[order])
        return Runs(keyed.rows[order], bounds[:-1], np.diff(bounds))

    def whole(self, largest: int, records: int) -> IntArray:
        """Return all pairs inside the blocks of up to ``largest`` records, in order."""
        found = [np.empty(0, dtype=np.int64)]
        small = (self.sizes > 1) & (self.sizes <= largest)
        for size in distinct_sorted(self.sizes[small]):
            at = self.starts[small & (self.sizes == size)]
            i, j = np.triu_indices(size, 1)
            found.append(
                _pair_keys(self.rows[(at[:, None] + i).ravel()], self.rows[(at[:, None] + j).ravel()], records)
            )
        return _in_order(found)

    def near(self, over: BoolArray, neighbours: int, table: Blocked) -> IntArray:
        """Return each record of the blocks ``over`` with the few that stand next to it, in order."""
        sizes = self.sizes[over]
        blocks = np.repeat(np.arange(len(sizes)), sizes)
        within = places(sizes)
        rows = self.rows[np.repeat(self.starts[over], sizes) + within]
        order = np.lexsort((table.rank[rows], blocks))
        blocks, rows = blocks[order], rows[order]
        found = [np.empty(0, dtype=np.int64)]
        for step in range(1, neighbours + 1):
            near = blocks[:-step] == blocks[step:]
            found.append(_pair_keys(rows[:-step][near], rows[step:][near], table.records))
        return _in_order(found)


def _in_order(found: Sequence[IntArray]) -> IntArray:
    """Return the values of some arrays, in order."""
    pairs = np.concatenate(found)
    pairs.sort()
    return pairs


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
