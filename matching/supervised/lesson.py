"""One lesson: learn from labels, try what was learned on labels held out, and take it only if it helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from matching.arrays import BoolArray, FloatArray, IntArray, Levels
from matching.correction import Correction
from matching.supervised.labels import Contradiction, Labels, reconcile
from matching.supervised.trainers import TRAINERS

if TYPE_CHECKING:
    from matching.model import Model
    from matching.result import MatchResult

FOLDS = 5
LEAST = 20
"""Labels below which nothing is learned."""
SURE = 6.0
"""Log odds beyond which a pair may stand as an anchor."""
MARGIN = 1.0
"""Standard errors by which the mean loss on held-out labels must fall for a change to be taken."""
BY_MODEL = "model"
"""The name of what was there before."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """What labels taught.

    Attributes:
        model: the corrected model, or the one before where nothing was taken.
        taken: name of the trainer whose correction was taken, ``None`` where none helped.
        same, different: labels learned from.
        alike: judged pairs whose rows say the same; nothing is to be learned from them.
        contradictions: verdicts that cannot all be true; none of them was learned from.
        losses: trainer, or ``model`` for what was before → mean log loss on held-out labels, nats; lower is better.
    """

    model: Model
    taken: str | None
    same: int
    different: int
    alike: int
    contradictions: Sequence[Contradiction]
    losses: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON-serialisable data."""
        counts = {"same": self.same, "different": self.different, "alike": self.alike}
        chains = [list(one.chain) for one in self.contradictions]
        return {**counts, "contradictions": chains, "losses": dict(self.losses), "taken": self.taken}


def learn_from(result: MatchResult, labels: Labels) -> Lesson:
    """Correct the model of a result by labels on its rows.

    What earlier labels taught is forgotten first: give all labels every time.

    Args:
        result: of matching the labelled table.
        labels: judged pairs of its rows.

    Returns:
        The lesson; its model is the same as before where fewer than ``LEAST`` labels can be used or none helps.
    """
    plain = replace(result.model, correction=Correction.none())
    sound, contradictions = reconcile(labels)
    odds, levels = result.evidence(sound.left, sound.right)
    record = result.compared().record_of
    distinct = record[sound.left] != record[sound.right]
    used = np.flatnonzero(distinct & (levels.shape[1] > 0))
    judged = _Judged(odds[used], levels[used], sound.same[used])
    same = judged.same
    taken: str | None = None
    losses: Mapping[str, FloatArray] = {}
    if len(same) >= LEAST:
        anchors = _anchors(result, 2 * len(same))
        losses = _losses(judged, anchors)
        taken = _best(losses)
        if taken is not None:
            learned = TRAINERS[taken](*judged.with_(anchors))
            plain = replace(plain, correction=replace(learned, labels=len(same)))
    if plain.correction.labels or result.model.correction.labels:
        plain = replace(plain, precision=result.precision_with(plain))
    return Lesson(
        model=plain,
        taken=taken,
        same=int(same.sum()),
        different=int((~same).sum()),
        alike=int((~distinct).sum()),
        contradictions=contradictions,
        losses={name: float(found.mean()) for name, found in losses.items()},
    )


@dataclass(frozen=True, eq=False)
class _Judged:
    """Judged pairs: log odds of the model, levels, verdicts."""

    odds: FloatArray
    levels: Levels
    same: BoolArray

    def some(self, chosen: BoolArray) -> _Judged:
        return _Judged(self.odds[chosen], self.levels[chosen], self.same[chosen])

    def with_(self, more: _Judged) -> tuple[FloatArray, Levels, BoolArray]:
        """Return both together, as a trainer takes them."""
        levels = np.vstack([self.levels, more.levels])
        return np.concatenate([self.odds, more.odds]), levels, np.concatenate([self.same, more.same])


def _anchors(result: MatchResult, count: int) -> _Judged:
    """Return candidates the model is sure of, half of each kind, as if they had been judged.

    Stewards are asked where the model is in doubt. Anchors tell a trainer what is known about all other pairs; without
    them a classifier learned from doubtful pairs alone finds likely matches among thousands of strangers.
    """
    pairs = result.compared()
    first = np.unique(pairs.record_of, return_index=True)[1]
    odds, levels = result.evidence(first[pairs.left], first[pairs.right])
    generator = np.random.default_rng(count)
    chosen = np.concatenate(
        [generator.permutation(np.flatnonzero(beyond))[: count // 2] for beyond in (odds < -SURE, odds > SURE)]
    )
    return _Judged(odds[chosen], levels[chosen], odds[chosen] > 0)


def _losses(judged: _Judged, anchors: _Judged) -> dict[str, FloatArray]:
    """Return the log loss of every label when it was held out, for the model alone and for every trainer."""
    fold = _folds(judged.same)
    found = {BY_MODEL: log_loss(judged.odds, judged.same)}
    for name, train in TRAINERS.items():
        held = np.zeros(len(fold))
        for k in range(FOLDS):
            out = judged.some(fold == k)
            learned = train(*judged.some(fold != k).with_(anchors))
            held[fold == k] = log_loss(learned(out.odds, out.levels), out.same)
        found[name] = held
    return found


def _folds(same: BoolArray) -> IntArray:
    """Deal the labels of each kind evenly to the folds; the same labels are always dealt alike."""
    fold = np.zeros(len(same), dtype=np.int64)
    generator = np.random.default_rng(len(same))
    for kind in (True, False):
        members = generator.permutation(np.flatnonzero(same == kind))
        fold[members] = np.arange(len(members)) % FOLDS
    return fold


def log_loss(odds: FloatArray, same: BoolArray) -> FloatArray:
    """Return −ln of the probability that log odds give to the verdict, shape (pairs,)."""
    return np.logaddexp(0, np.where(same, -odds, odds))


def _best(losses: Mapping[str, FloatArray]) -> str | None:
    """Return the trainer to take: each in turn must beat what was best before by the margin."""
    best: str | None = None
    for name in TRAINERS:
        if _beats(losses[name], losses[best or BY_MODEL]):
            best = name
    return best


def _beats(new: FloatArray, old: FloatArray) -> bool:
    """Tell whether losses are lower on average by more than chance would have it."""
    gain = old - new
    error = gain.std(ddof=1) / np.sqrt(len(gain))
    return bool(gain.mean() > MARGIN * error)
