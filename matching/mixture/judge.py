"""How many related classes there are, and whether a class that looks related is not duplicates written badly.

Related classes are added while the likelihood pays for them. A class is counted as match after all where its pairs do
not conflict on enough identifying columns, or where the two ends of its pairs share their match neighbours: three
records of one customer, two of them written alike and one badly, look like that; relatives do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from matching.arrays import FloatArray, IntArray
from matching.compare.levels import CONFLICT
from matching.defaults import defaults, group
from matching.mixture.classes import LevelIndex, PairClass, level_counts
from matching.mixture.fit import Evidence, Mixture, Shape, fit
from matching.patterns import Patterns
from matching.profile import Feature

LEAST_SHARE = 0.08
MOST_CLOSURE = 0.3
SAMPLE = 20_000
LEAST_KNOWN = 0.05
"""A column that fewer of a class's pairs know says nothing about the class: a handful of pairs would decide."""
IDENTITY = ("name", "birth")
"""Origins of evidence that together name one person."""


@dataclass(frozen=True, eq=False)
class Verdict:
    """What a related class was found to be.

    Attributes:
        related: it is related, not the same; else it counts as match.
        share: share of the identifying information its pairs conflict on.
        closure: share of the match neighbours of one end that the other end has too.
        conflicts: names of the columns its pairs conflict on.
        name: household, namesake … where it resembles one, else ``related``.
    """

    related: bool
    share: float
    closure: float
    conflicts: tuple[str, ...]
    name: str


@dataclass(frozen=True, eq=False)
class Candidates:
    """Candidate pairs as learning needs them once more: ends and patterns."""

    left: IntArray
    right: IntArray
    patterns: Patterns
    records: int


def choose(evidence: Evidence, most: int, shapes: Sequence[Shape]) -> Mixture:
    """Add related classes one by one while the likelihood gains more than their parameters cost (BIC).

    Args:
        evidence: the observations.
        most: related classes at most.
        shapes: what related classes are known to look like; each is tried besides one without a shape of its own.
    """
    best = _best(evidence, None, shapes)
    candidates = float(evidence.weight[~evidence.chance].sum())
    price = 0.5 * evidence.columns * 4 * np.log(max(candidates, 2.0))
    for _ in range(2, most + 1):
        more = _best(evidence, best, shapes)
        if more.likelihood - best.likelihood < price:
            break
        best = more
    return best


def _best(evidence: Evidence, start: Mixture | None, shapes: Sequence[Shape]) -> Mixture:
    """Return the likeliest fit with one related class more."""
    return max((fit(evidence, start, shape) for shape in (None, *shapes)), key=lambda found: found.likelihood)


def judge(mixture: Mixture, evidence: Evidence, features: Sequence[Feature], pairs: Candidates) -> list[Verdict]:
    """Judge every related class of a fitted mixture, in order."""
    index = LevelIndex.of(pairs.patterns.levels)
    posterior = mixture.posterior(index)
    chance = mixture.classes[0]
    by_chance = np.maximum(chance.marginals[:, CONFLICT], 1e-9)
    verdicts = []
    for k, one in enumerate(mixture.classes[1:-1], start=1):
        conflict = one.marginals[:, CONFLICT] / by_chance > 0.8
        share = float(evidence.information[conflict].sum() / max(evidence.information.sum(), 1e-12))
        person = _one_person(_conflicts(index, posterior[k] * pairs.patterns.counts) / by_chance, features)
        closure = _closure(posterior[-1], posterior[k], pairs)
        verdicts.append(
            Verdict(
                related=share >= LEAST_SHARE and closure < MOST_CLOSURE and not person,
                share=share,
                closure=closure,
                conflicts=tuple(f.name for f, c in zip(features, conflict, strict=True) if c),
                name=resemblance(one, chance, features),
            )
        )
    return verdicts


def _conflicts(index: LevelIndex, members: FloatArray) -> FloatArray:
    """Return how often the pairs of a class conflict, per column; NaN where too few of them know the column.

    What the class is tied to would not do: pairs that differ in city and postcode alone are too little for a class of
    relatives, one column more is tied to conflict, and which one it is may hang on a tenth of the records.
    """
    counts = level_counts(index, members)
    known = counts.sum(axis=1)
    asked = known >= LEAST_KNOWN * members.sum()
    return np.where(asked, counts[:, CONFLICT] / np.maximum(known, 1e-300), np.nan)


def _one_person(ratio: FloatArray, features: Sequence[Feature]) -> bool:
    """Tell whether a class's pairs agree on name and birth date: then they are no namesakes but moved customers."""
    known = [(group(f.name, f.kind), r) for f, r in zip(features, ratio, strict=True) if not np.isnan(r)]
    groups = {name: [r for own, r in known if own == name] for name in IDENTITY}
    return all(found and max(found) < 0.5 for found in groups.values())


def _closure(same: FloatArray, related: FloatArray, pairs: Candidates) -> float:
    """Return how much the ends of a class's pairs share their match neighbours, as the ends of matches do.

    Two figures, of which the lower counts: the mean share of neighbours in common, among pairs whose ends both have
    some; and how often the ends have any in common at all, against how often those of matches do. The second keeps a
    class of strangers from being taken for duplicates because of the few among them that are.
    """
    inverse = pairs.patterns.inverse
    match = np.flatnonzero(same[inverse] > 0.95)
    shape = (pairs.records, pairs.records)
    graph = coo_array((np.ones(len(match), np.int32), (pairs.left[match], pairs.right[match])), shape=shape)
    neighbours = (graph + graph.T).tocsr()
    common, fewer = _in_common(_sample(np.flatnonzero(related[inverse] > 0.5)), pairs, neighbours)
    usual = (_in_common(_sample(match), pairs, neighbours)[0] > 0).mean() if len(match) else 0.0
    if not (fewer > 0).any() or not usual:
        return 0.0
    share = float((common / np.maximum(fewer, 1))[fewer > 0].mean())
    return min(share, float((common > 0).mean() / usual))


def _in_common(members: IntArray, pairs: Candidates, neighbours: csr_array) -> tuple[FloatArray, IntArray]:
    """Return how many match neighbours the ends of pairs have in common, and how many the end with fewer has."""
    left, right = pairs.left[members], pairs.right[members]
    degree = np.diff(neighbours.indptr)
    common: FloatArray = (neighbours[left] * neighbours[right]).sum(axis=1)
    return common, np.minimum(degree[left], degree[right])


def _sample(members: IntArray) -> IntArray:
    """Return at most ``SAMPLE`` of the pairs, in order."""
    if len(members) <= SAMPLE:
        return members
    return np.sort(np.random.default_rng(0).choice(members, SAMPLE, replace=False))


def resemblance(one: PairClass, chance: PairClass, features: Sequence[Feature]) -> str:
    """Name a related class after the shipped kind it resembles most, by what its pairs agree and conflict on."""
    ratio = one.marginals[:, CONFLICT] / np.maximum(chance.marginals[:, CONFLICT], 1e-9)
    best, name = 0.0, "related"
    for kind in defaults().related:
        votes = [
            (0.5 - ratio[i] if f.name in kind.agree else ratio[i] - 0.5)
            for i, f in enumerate(features)
            if f.name in kind.agree or f.name in kind.differ
        ]
        both = any(f.name in kind.agree for f in features) and any(f.name in kind.differ for f in features)
        if both and np.mean(votes) > max(best, 0.15):
            best, name = float(np.mean(votes)), kind.name
    return name
