"""Small tables: the shipped parameters decide, the data only nudge them.

A dozen records cannot carry a mixture. What true matches, households, namesakes and siblings look like is known
beforehand (``defaults.yaml``); only chance agreement and the share of each class are drawn towards the table.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matching.arrays import FloatArray
from matching.columns import Kind
from matching.compare.levels import CLOSE, COMMON, CONFLICT, LEVELS, NEAR, RARE, USUAL, WEAK
from matching.defaults import WEAK_GROUPS, RelatedPrior, defaults, group, partial_chance, prior
from matching.mixture.classes import PairClass, independent, level_counts
from matching.mixture.fit import Evidence, Mixture, Shape, same_prior
from matching.profile import Feature

IDENTITY = frozenset({"given_name", "birth_date"})
"""Columns nobody changes by moving: who differs in all of them is another person."""
STRENGTH = 200.0
"""Pairs the shipped chance agreement is worth."""
MATCHES_PER_RECORD = 0.15
MOST = 0.1
"""Largest share of all pairs any class but chance is given beforehand."""
ROUNDS = 12
SIGN = 0.25
"""Premises share what is on their sign; they seldom write the full registered name (RARE), which one company has."""
MISTYPED = (0.02, 0.03, 0.06)
"""Share of agreeing relatives whose values are written differently: weak, close, near."""


def fit_small(evidence: Evidence, features: Sequence[Feature]) -> Mixture:
    """Fit chance agreement and class shares under the shipped parameters.

    Args:
        evidence: all pairs of the table.
        features: compared columns.

    Returns:
        Chance, the shipped related classes the columns can show, and same.
    """
    shipped = np.stack([chance_levels(f) for f in features])
    everything = np.ones(LEVELS, dtype=bool)
    same = independent("same", np.stack([same_prior(f, everything) for f in features]))
    kinds = [kind for kind in defaults().related if shows(kind, features)]
    related = [related_class(kind, features, shipped, same.marginals) for kind in kinds]
    rates = [min(kind.rate * evidence.records / evidence.pairs, MOST) for kind in kinds]
    rates.append(min(MATCHES_PER_RECORD * evidence.records / evidence.pairs, MOST))
    before = np.array([1 - sum(rates), *rates]) * (evidence.pairs + STRENGTH)
    current = Mixture((independent("chance", shipped), *related, same), before / before.sum(), -np.inf, 0)
    for step in range(ROUNDS):
        weights = current.posterior(evidence.index) * evidence.weight
        counts = level_counts(evidence.index, weights[0]) + STRENGTH * shipped
        chance = independent("chance", counts / counts.sum(axis=1, keepdims=True))
        total = weights.sum(axis=1) + before
        current = Mixture((chance, *related, same), total / total.sum(), 0.0, step + 1)
    return current


def chance_levels(feature: Feature) -> FloatArray:
    """Return the shipped level probabilities between different customers."""
    levels = np.zeros(LEVELS)
    levels[WEAK], levels[CLOSE], levels[NEAR] = partial_chance(feature.name, feature.kind)
    equal = prior(feature.name, feature.kind).chance
    levels[COMMON:] = equal * np.array([0.2, 0.7, 0.1])
    levels[CONFLICT] = 1 - levels.sum()
    return levels


def shapes(features: Sequence[Feature], same: FloatArray) -> list[Shape]:
    """Return what the shipped kinds of relatives look like that the columns can show.

    Args:
        features: compared columns.
        same: level probabilities of true matches, shape (columns, levels).
    """
    chance = np.stack([chance_levels(f) for f in features])
    known = IDENTITY & {f.name for f in features}
    return [
        Shape(
            related_class(kind, features, chance, same).marginals, np.array([f.name in kind.differ for f in features])
        )
        for kind in defaults().related
        if known and known <= kind.differ and any(f.name in kind.agree and tells(f) for f in features)
    ]


def tells(feature: Feature) -> bool:
    """Tell whether sharing the column makes two persons relatives: more than a surname, a town or a country."""
    return group(feature.name, feature.kind) not in WEAK_GROUPS | {"name"}


def shows(kind: RelatedPrior, features: Sequence[Feature]) -> bool:
    """Tell whether the columns can tell such pairs from others; companies have no twins and no colleagues."""
    names = {f.name for f in features}
    titles = {f.name for f in features if group(f.name, f.kind) == "name"}
    ours = not titles or bool(titles & (kind.agree.keys() | kind.differ))
    return ours and bool(names & kind.agree.keys()) and bool(names & kind.differ)


def related_class(kind: RelatedPrior, features: Sequence[Feature], chance: FloatArray, same: FloatArray) -> PairClass:
    """Build the class of one shipped kind of relatives."""
    rows = []
    for i, one in enumerate(features):
        if one.name in kind.agree:
            rows.append(_agreeing(kind.agree[one.name], one, chance[i]))
        elif one.name in kind.differ:
            rows.append(_sibling_names(chance[i]) if one.kind is Kind.ORGANIZATION else chance[i])
        else:
            rows.append(0.5 * chance[i] + 0.5 * same[i])
    return independent("related", np.stack(rows), kind.name)


def _agreeing(share: float, feature: Feature, chance: FloatArray) -> FloatArray:
    """Return levels that agree with probability ``share`` and are like chance otherwise.

    What relatives share is mistyped now and then, as what one customer says twice is.
    """
    equal = np.zeros(LEVELS)
    if feature.kind is not Kind.CATEGORY:
        equal[[WEAK, CLOSE, NEAR]] = MISTYPED
    if group(feature.name, feature.kind) == "name":
        equal[[WEAK, CLOSE]] = 0.0  # similar names make no namesakes
    bands = np.bincount(feature.band, feature.counts, minlength=LEVELS)
    bands = bands / max(bands.sum(), 1.0)
    if feature.kind is Kind.ORGANIZATION:
        bands[RARE] *= SIGN
    equal += (1 - equal.sum()) * bands
    equal[USUAL] += 1 - equal.sum()
    return np.asarray(share * equal + (1 - share) * chance)


def _sibling_names(chance: FloatArray) -> FloatArray:
    """Return the levels of sibling companies: the brand is shared, the trade is another, seldom only the region."""
    levels = chance * 0.4
    levels[WEAK] += 0.1
    levels[CONFLICT] += 0.5
    return np.asarray(levels / levels.sum())
