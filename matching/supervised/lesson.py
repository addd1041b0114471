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
    odds, levels, same = odds[used], levels[used], sound.same[used]
    losses = _losses(odds, levels, same) if len(same) >= LEAST else {}
    taken = _best(losses)
    if taken is not None:
        plain = replace(plain, correction=TRAINERS[taken](odds, levels, same))
    return Lesson(
        model=plain,
        taken=taken,
        same=int(same.sum()),
        different=int((~same).sum()),
        alike=int((~distinct).sum()),
        contradictions=contradictions,
        losses={name: float(found.mean()) for name, found in losses.items()},
    )


def _losses(odds: FloatArray, levels: Levels, same: BoolArray) -> dict[str, FloatArray]:
    """Return the log loss of every label when it was held out, for the model alone and for every trainer."""
    fold = _folds(same)
    found = {BY_MODEL: log_loss(odds, same)}
    for name, train in TRAINERS.items():
        if min(len(set(same[fold != k].tolist())) for k in range(FOLDS)) < 2 and name != "shrunken":
            continue
        held = np.zeros(len(same))
        for k in range(FOLDS):
            out = fold == k
            learned = train(odds[~out], levels[~out], same[~out])
            held[out] = log_loss(learned(odds[out], levels[out]), same[out])
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
        if name in losses and _beats(losses[name], losses[best or BY_MODEL]):
            best = name
    return best


def _beats(new: FloatArray, old: FloatArray) -> bool:
    """Tell whether losses are lower on average by more than chance would have it."""
    gain = old - new
    error = gain.std(ddof=1) / np.sqrt(len(gain))
    return bool(gain.mean() > MARGIN * error)
