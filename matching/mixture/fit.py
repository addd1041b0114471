"""Learning without labels: expectation–maximisation over all n(n−1)/2 pairs of the table.

Classes are N (chance, columns dependent in a tree), R₁…R₃ (related, tied to disagree on identifying columns) and M (the
same customer, independent columns with a Dirichlet prior). Random unblocked pairs count as chance. The prior
probability of a match is estimated with the rest, not guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.arrays import BoolArray, FloatArray
from matching.columns import Kind
from matching.compare.levels import CLOSE, CONFLICT, LEVELS, NEAR
from matching.defaults import prior
from matching.mixture.classes import LevelIndex, PairClass, independent, level_counts, log_likelihood
from matching.mixture.tree import learn_parents, learn_tables
from matching.patterns import Observations
from matching.profile import Feature

PRIOR_SAME = 30.0
"""Pairs the shipped level probabilities of true matches are worth."""
PRIOR_RELATED = 5.0
PRIOR_CHANCE = 2.0
MOST_CONFLICT = 0.25
"""No column of the same customer conflicts more often than this; what does is another kind of pair."""
CONFLICT_FLOOR = 0.95
"""A related class disagrees on its conflicting columns at least this much as often as chance."""
CONFLICT_RATIO = 0.5
CONFLICT_SHARE = 0.25
"""Least share of the identifying information a related class conflicts on."""
CONFLICT_COLUMNS = 2
"""Least number of strong columns a related class conflicts on."""
STRONG = 0.05
COMPOSED = frozenset({Kind.ADDRESS, Kind.ORGANIZATION})
"""Columns that stand for several; each counts as two."""
HALF = 0.6
"""Share of a column's information that a close agreement brings, when it is asked what chance can produce."""
WARM = 4
"""Rounds before dependences are learned."""
ROUNDS = 60
SETTLED = 2e-3


@dataclass(frozen=True, eq=False)
class Mixture:
    """A fitted mixture.

    Attributes:
        classes: chance first, then related ones, same last.
        rates: share of all pairs in each class, sums to one.
        likelihood: log likelihood of the candidate pairs.
        rounds: rounds of expectation–maximisation used.
        shapes: what each related class began with.
    """

    classes: tuple[PairClass, ...]
    rates: FloatArray
    likelihood: float
    rounds: int
    shapes: tuple[Shape, ...] = ()

    def joint(self, index: LevelIndex) -> FloatArray:
        """Return ln(rate × probability) of every class and pattern, shape (classes, patterns)."""
        found = np.stack([log_likelihood(one, index) for one in self.classes])
        return found + np.log(np.maximum(self.rates, 1e-300))[:, None]

    def posterior(self, index: LevelIndex) -> FloatArray:
        """Return the probability of every class for every pattern, shape (classes, patterns)."""
        joint = self.joint(index)
        joint -= joint.max(axis=0)
        weight = np.exp(joint)
        return np.asarray(weight / weight.sum(axis=0))


@dataclass(frozen=True, eq=False)
class Shape:
    """What a related class looks like before anything is learned.

    Attributes:
        marginals: level probabilities to begin with and to be drawn towards, shape (columns, levels).
        differ: columns on which the class conflicts like chance; ``None`` where the data choose them.
    """

    marginals: FloatArray
    differ: BoolArray | None = None


@dataclass(frozen=True, eq=False)
class Evidence:
    """Observations prepared for fitting, shared by all fits on one table."""

    index: LevelIndex
    weight: FloatArray
    chance: BoolArray
    plausible: FloatArray
    pairs: float
    records: int
    same_prior: FloatArray
    information: FloatArray
    columns_in: FloatArray
    seen: BoolArray

    @property
    def columns(self) -> int:
        """Number of compared columns."""
        return len(self.index.columns)


def prepare(observed: Observations, features: Sequence[Feature], records: int) -> Evidence:
    """Derive from the observations what every fit needs."""
    index = LevelIndex.of(observed.levels)
    ones = np.ones(index.size)
    # Equal rows are one record and in no pair: what they would show counts as seen too.
    held = np.stack([np.bincount(f.band, minlength=LEVELS) > 0 for f in features])
    seen = (level_counts(index, ones) > 0) | held
    candidates = np.where(observed.chance, 0.0, observed.weight)
    comparable = level_counts(index, candidates).sum(axis=1) / max(candidates.sum(), 1.0)
    power = np.array([f.information for f in features])
    several = np.array([2.0 if f.kind in COMPOSED else 1.0 for f in features])
    agreement = ((observed.levels >= NEAR) + HALF * (observed.levels == CLOSE)) @ power
    return Evidence(
        index=index,
        weight=observed.weight,
        chance=observed.chance,
        plausible=np.where(agreement < np.log(max(observed.pairs, 2.0)) - 2, 1.0, 0.0),
        pairs=observed.pairs,
        records=records,
        same_prior=np.stack([same_prior(f, seen[i]) for i, f in enumerate(features)]),
        information=comparable * power * several,
        columns_in=several,
        seen=seen,
    )


def same_prior(feature: Feature, seen: BoolArray) -> FloatArray:
    """Return the shipped level probabilities of true matches; equality is split as records fall into its bands."""
    shipped = prior(feature.name, feature.kind)
    found = np.zeros(LEVELS)
    found[: len(shipped.partial)] = shipped.partial
    bands = np.bincount(feature.band, feature.counts, minlength=LEVELS)
    found += bands / max(bands.sum(), 1.0) * (1 - found.sum())
    found[~seen & (np.arange(LEVELS) != CONFLICT)] = 0
    return np.asarray(found / found.sum())


def fit(evidence: Evidence, start: Mixture | None = None, shape: Shape | None = None) -> Mixture:
    """Fit a mixture with one related class more than ``start`` has, one where there is no ``start``.

    Args:
        evidence: the observations.
        start: a fit to go on from.
        shape: what the new class looks like; half way between chance and same where it is not given.

    Returns:
        The fitted mixture after the likelihood has settled or ``ROUNDS`` rounds.
    """
    current = _begin(evidence, start, shape)
    shapes = current.shapes
    rates = current.rates
    parents: tuple[int, ...] = current.classes[0].parents
    for step in range(ROUNDS):
        weights, likelihood = _expect(current, evidence)
        if step >= WARM or start is not None:
            if step < 3 * WARM or step % 10 == 0:
                parents = learn_parents(evidence.index, weights[0] * evidence.plausible)
            classes = _maximise(evidence, weights, shapes, parents, current.classes[0].marginals)
        else:
            classes = _maximise(evidence, weights, shapes, None, current.classes[0].marginals)
        rates = np.maximum(weights.sum(axis=1), 0.3) / evidence.pairs
        rates = rates / rates.sum()
        moved = np.abs(np.log(rates / current.rates)).max()
        current = Mixture(classes, rates, likelihood, step + 1, shapes)
        if step > 12 and moved < SETTLED:
            break
    return current


def _begin(evidence: Evidence, start: Mixture | None, shape: Shape | None) -> Mixture:
    """Return the classes to begin with."""
    smooth = PRIOR_CHANCE * evidence.seen / np.maximum(evidence.seen.sum(axis=1, keepdims=True), 1)
    counts = level_counts(evidence.index, evidence.weight) + smooth
    chance = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-300)
    shape = shape or Shape(0.5 * chance + 0.5 * evidence.same_prior)
    if start is not None:
        fresh = independent("related", shape.marginals, f"related {len(start.classes) - 1}")
        classes = (*start.classes[:-1], fresh, start.classes[-1])
        more = max(0.05 * evidence.records / evidence.pairs, 1 / evidence.pairs)
        rates = np.concatenate([start.rates[:-1], [more], start.rates[-1:]])
        shapes = (*start.shapes, shape)
    else:
        fresh = independent("related", shape.marginals, "related 1")
        classes = (independent("chance", chance), fresh, independent("same", evidence.same_prior))
        each = min(0.1 * evidence.records / evidence.pairs, 0.05)
        rates = np.array([1.0, each, each])
        shapes = (shape,)
    rates[0] = 1 - rates[1:].sum()
    return Mixture(classes, rates, -np.inf, 0, shapes)


def _expect(current: Mixture, evidence: Evidence) -> tuple[FloatArray, float]:
    """Return the pairs each class takes of every pattern, and the log likelihood of the candidates."""
    joint = current.joint(evidence.index)
    joint[1:, evidence.chance] = -1e9
    top = joint.max(axis=0)
    share = np.exp(joint - top)
    total = share.sum(axis=0)
    likelihood = float((evidence.weight * (np.log(total) + top))[~evidence.chance].sum())
    return evidence.weight * share / total, likelihood


def _maximise(
    evidence: Evidence,
    weights: FloatArray,
    shapes: Sequence[Shape],
    parents: tuple[int, ...] | None,
    chance_before: FloatArray,
) -> tuple[PairClass, ...]:
    """Re-estimate all classes; ``parents`` is the dependence tree of chance pairs, ``None`` for independence."""
    smooth = evidence.seen / np.maximum(evidence.seen.sum(axis=1, keepdims=True), 1)
    chance = independent("chance", _marginals(evidence, weights[0], smooth, PRIOR_CHANCE))
    if parents is not None:
        tables = learn_tables(evidence.index, weights[0] * evidence.plausible, parents, chance.marginals, 1.0)
        chance = chance.with_tree(parents, tables)
    found = [chance]
    for k, shape in enumerate(shapes, start=1):
        loose = _marginals(evidence, weights[k], shape.marginals, PRIOR_RELATED)
        tied = tie(loose, chance_before, evidence) if shape.differ is None else bind(loose, chance_before, shape.differ)
        found.append(independent("related", tied, f"related {k}"))
    same = _marginals(evidence, weights[-1], evidence.same_prior, PRIOR_SAME)
    found.append(independent("same", cap(same, MOST_CONFLICT)))
    return tuple(found)


def _marginals(evidence: Evidence, weight: FloatArray, base: FloatArray, strength: float) -> FloatArray:
    """Estimate level probabilities with a Dirichlet prior of ``strength`` pairs distributed like ``base``."""
    counts = level_counts(evidence.index, weight) + strength * base
    return np.asarray(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-300))


def cap(marginals: FloatArray, most: float) -> FloatArray:
    """Lower the probability of conflict to at most ``most`` in every column."""
    found = marginals.copy()
    for row in found:
        if row[CONFLICT] > most:
            _set_conflict(row, most)
    return found


def tie(marginals: FloatArray, chance: FloatArray, evidence: Evidence) -> FloatArray:
    """Force a related class to conflict like chance on the columns where it conflicts most.

    At least ``CONFLICT_SHARE`` of the identifying information and ``CONFLICT_COLUMNS`` strong columns are forced, and
    every column that conflicts more than ``CONFLICT_RATIO`` as often as chance already.
    """
    found = marginals.copy()
    ratio = found[:, CONFLICT] / np.maximum(chance[:, CONFLICT], 1e-9)
    information = evidence.information
    total = information.sum()
    share, strong = 0.0, 0.0
    for i in np.argsort(-ratio, kind="stable"):
        if ratio[i] <= CONFLICT_RATIO and share >= CONFLICT_SHARE * total and strong >= CONFLICT_COLUMNS:
            break
        share += information[i]
        strong += evidence.columns_in[i] * (information[i] >= STRONG * total)
        floor = CONFLICT_FLOOR * chance[i, CONFLICT]
        if found[i, CONFLICT] < floor:
            _set_conflict(found[i], floor)
    return found


def bind(marginals: FloatArray, chance: FloatArray, differ: BoolArray) -> FloatArray:
    """Force a related class to conflict like chance on the columns it is known to differ in."""
    found = marginals.copy()
    for i in np.flatnonzero(differ):
        floor = CONFLICT_FLOOR * chance[i, CONFLICT]
        if found[i, CONFLICT] < floor:
            _set_conflict(found[i], floor)
    return found


def _set_conflict(row: FloatArray, value: float) -> None:
    """Set the probability of conflict and scale the other levels to make up the rest."""
    row[CONFLICT + 1 :] *= (1 - value) / max(float(row[CONFLICT + 1 :].sum()), 1e-12)
    row[CONFLICT] = value
