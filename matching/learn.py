"""Turn compared pairs into a fitted mixture: small tables by the shipped parameters, larger ones by the mixture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matching.arrays import BoolArray, FloatArray, IntArray, ends_of
from matching.crowds import weights
from matching.mixture.fit import Mixture, prepare
from matching.mixture.judge import Candidates, choose, judge
from matching.mixture.shipped import fit_small, shapes
from matching.model import Fitted
from matching.patterns import Observations, PatternKeys, Patterns, distinct_patterns, observe
from matching.profile import Feature
from matching.settings import MatchSettings

AT_A_TIME = 4_000_000
"""Pairs that are looked at at a time."""
DROPPED_RECORDS = 0.1
"""Share of the records a resample leaves out."""
KEPT_RANDOM = 0.5
TELLING = 2
"""Columns from which on the data show which agreements go together; a single one may be all chance or all match."""


@dataclass(frozen=True, eq=False)
class Compared:
    """Compared pairs of distinct records.

    Attributes:
        pairs, patterns: the candidate pairs and their levels, both as one integer each.
        random, random_patterns: random pairs that are no candidates.
        equal_patterns, equal_weight: of records that stand for several equal rows: the record with itself, and how many
            pairs that is worth: all pairs of rows that agree by chance, one for each further row that does not.
        by_chance: which of them agree by chance.
        records: distinct records.
        columns: compared columns.
        share: share of the records whose pairs these are; pairs of the table count by its square.
        crowd: per record the customer it seems to belong to by its name; ``None`` where each stands for itself.
    """

    pairs: IntArray
    patterns: PatternKeys
    random: IntArray
    random_patterns: PatternKeys
    equal_patterns: PatternKeys
    equal_weight: FloatArray
    by_chance: BoolArray
    records: int
    columns: int
    share: float = 1.0
    crowd: IntArray | None = None

    @cached_property
    def ends(self) -> tuple[IntArray, IntArray]:
        """The records of the candidate pairs."""
        return ends_of(self.pairs, self.records)

    @cached_property
    def random_ends(self) -> tuple[IntArray, IntArray]:
        """The records of the random pairs."""
        return ends_of(self.random, self.records)

    def among(self, kept: BoolArray) -> IntArray:
        """Return which candidate pairs have both their records among some; there may be hundreds of millions."""
        found = [np.empty(0, dtype=np.int64)]
        for start in range(0, len(self.pairs), AT_A_TIME):
            left, right = ends_of(self.pairs[start : start + AT_A_TIME], self.records)
            found.append(start + np.flatnonzero(kept[left] & kept[right]))
        return np.concatenate(found)

    def some(self, pairs: IntArray, random: IntArray) -> Compared:
        """Return a part of the pairs."""
        return replace(
            self,
            pairs=self.pairs[pairs],
            patterns=self.patterns[pairs],
            random=self.random[random],
            random_patterns=self.random_patterns[random],
        )


def learn(compared: Compared, features: Sequence[Feature], settings: MatchSettings) -> Fitted:
    """Learn without labels what same, related and chance look like.

    Args:
        compared: candidate and random pairs.
        features: their columns.
        settings: size of a small table, number of related classes.
    """
    candidates = distinct_patterns(compared.patterns, compared.columns)
    observed = _observed(compared, candidates)
    evidence = prepare(observed, features, compared.records)
    if compared.records <= settings.small_table or compared.columns < TELLING:
        small = fit_small(evidence, features)
        return Fitted(small, _match_flags(small, ()))
    mixture = choose(evidence, settings.related_classes, shapes(features, evidence.same_prior))
    pairs = Candidates(*compared.ends, candidates, compared.records)
    verdicts = judge(mixture, evidence, features, pairs)
    names = [v.name if v.related else "variant" for v in verdicts]
    like = tuple(k for k, v in enumerate(verdicts, start=1) if not v.related)
    classes = list(mixture.classes)
    for k, name in enumerate(names, start=1):
        classes[k] = replace(classes[k], name=name)
    named = replace(mixture, classes=tuple(classes))
    return Fitted(named, _match_flags(named, like))


def _observed(compared: Compared, candidates: Patterns) -> Observations:
    """Put candidate, random and equal pairs together; those of crowds count as pairs of so many customers."""
    columns, chance, copies = compared.columns, compared.by_chance, ~compared.by_chance
    customers, inside = float(compared.records), 0.0
    random, drawn = compared.random_patterns, None
    if compared.crowd is not None:
        crowd = compared.crowd
        customers = float(crowd.max(initial=-1) + 1)
        left, right = compared.ends
        each = weights(crowd, left, right)
        inside = float(each[crowd[left] == crowd[right]].sum())
        counts = np.bincount(candidates.inverse, each, minlength=len(candidates.levels))
        candidates = replace(candidates, counts=np.asarray(counts, dtype=np.float64))
        left, right = compared.random_ends
        apart = crowd[left] != crowd[right]
        random = random[apart]
        drawn = weights(crowd, left[apart], right[apart])
    present = customers * compared.share
    equal_weight = compared.equal_weight * compared.share**2
    return observe(
        candidates,
        distinct_patterns(random, columns, drawn),
        distinct_patterns(compared.equal_patterns[chance], columns, equal_weight[chance]),
        distinct_patterns(compared.equal_patterns[copies], columns, equal_weight[copies]),
        present * (present - 1) / 2 + inside,
    )


def _match_flags(mixture: Mixture, like: Sequence[int]) -> tuple[bool, ...]:
    """Tell for every class whether its pairs are one customer."""
    return tuple(c.sort == "same" or k in like for k, c in enumerate(mixture.classes))


def resample(compared: Compared, seed: int) -> Compared:
    """Leave out a tenth of the records and half of the random pairs."""
    generator = np.random.default_rng(seed)
    kept = generator.random(compared.records) >= DROPPED_RECORDS
    left, right = compared.random_ends
    half = generator.random(len(left)) < KEPT_RANDOM
    random = np.flatnonzero(half & kept[left] & kept[right])
    return replace(compared.some(compared.among(kept), random), share=compared.share * float(kept.mean()))


def limited(compared: Compared, settings: MatchSettings) -> Compared:
    """Leave learning at most ``settings.fit_pairs`` candidate pairs: those of a share of the records."""
    if len(compared.pairs) <= settings.fit_pairs:
        return compared
    share = (settings.fit_pairs / len(compared.pairs)) ** 0.5
    generator = np.random.default_rng(settings.seed)
    kept = generator.random(compared.records) < share
    random = np.arange(len(compared.random))
    return replace(compared.some(compared.among(kept), random), share=float(kept.mean()))
