"""Which blocking rules earn their keep: of those a table can afford, the few that find what all of them find.

Rules overlap: who shares the e-mail shares most other keys too. Every rule costs keys, which are sorted, shuffled and
stored for each record, and pairs to compare. So, once a model is learned, rules are taken greedily by the likely
matches that each adds per key and pair, until no rule adds any to speak of. What is added shrinks as more is reached
(submodular), which is where greedy choice is good (Nemhauser, Wolsey & Fisher 1978). Blocking schemes are learned the
same way from labelled pairs (Michelson & Knoblock 2006; Bilenko, Kamath & Mooney 2006) and, as here, from the matches
an unsupervised model believes in (Kejriwal & Miranker 2013).

What is reached once is not yet safe: a typo in one column must not lose a customer. A pair therefore counts again for
every column it is reached without, as much as that column goes wrong between records of one customer, or a little where
it never does: a new source may lack what all records had so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.arrays import BoolArray, FloatArray, IntArray
from matching.blocking import Proposed
from matching.plan import PROOF

SLIGHT = 2e-4
"""A rule is left out where each key or pair per record it costs brings less than this share of the likely matches."""

SELDOM = 0.02
"""How often a column is reckoned to be wrong or missing at the least: what comes next may lack what all have here."""


@dataclass(frozen=True, eq=False)
class Likely:
    """Pairs that may be one customer.

    Attributes:
        pairs: as integers, in order.
        chance: probability that each is a match.
        wrong: columns in which the two ends are not equal, shape (pairs, columns); a missing value is not equal.
        columns: names of the columns.
    """

    pairs: IntArray
    chance: FloatArray
    wrong: BoolArray
    columns: tuple[str, ...]


def worthwhile(rules: Sequence[Proposed], likely: Likely, records: int) -> list[Proposed]:
    """Return the rules worth following, in their order.

    Args:
        rules: what each rule of a plan proposed, and how many keys it took.
        likely: the pairs to be reached.
        records: how many records there are.

    Returns:
        Rules of verified identifiers always; of the others those that bring likely matches the rest does not.
    """
    certain = [all(key.form == PROOF for key in one.rule.keys) for one in rules]
    total = float(likely.chance.sum())
    if not rules or not total:
        return list(rules)
    reach, weight = _reached(rules, likely)
    columns = (None, *likely.columns)  # reached at all; reached without the first column; …
    worth = np.array([1.0, *np.maximum(likely.chance @ likely.wrong / total, SELDOM)])
    without = np.array([[all(key.column != c for key in one.rule.keys) for c in columns] for one in rules])
    cost = np.array([one.keys + len(one.whole) + len(one.near) for one in rules]) / records
    missing = worth * weight[:, None]
    waiting = list(range(len(rules)))
    while waiting:
        gain = [float(missing[reach[:, r]][:, without[r]].sum()) / max(cost[r], 1e-9) for r in waiting]
        at = max(range(len(waiting)), key=lambda i: (certain[waiting[i]], gain[i], -i))
        if not certain[waiting[at]] and gain[at] < SLIGHT * total:
            break
        best = waiting.pop(at)
        missing[np.ix_(reach[:, best], without[best])] = 0.0
    return [one for r, one in enumerate(rules) if r not in waiting]


def _reached(rules: Sequence[Proposed], likely: Likely) -> tuple[BoolArray, FloatArray]:
    """Return which rules reach a pair, each combination of rules once, and how many matches it stands for."""
    found = np.zeros((len(likely.pairs), len(rules)), dtype=np.bool_)
    for r, one in enumerate(rules):
        for pairs in (one.whole, one.near):
            at = np.minimum(np.searchsorted(likely.pairs, pairs), max(len(likely.pairs) - 1, 0))
            found[at[likely.pairs[at] == pairs], r] = True
    packed = np.packbits(found, axis=1)
    names = packed.view([("", packed.dtype)] * packed.shape[1]).ravel()
    _, first, inverse = np.unique(names, return_index=True, return_inverse=True)
    return found[first], np.bincount(inverse, likely.chance).astype(float)
