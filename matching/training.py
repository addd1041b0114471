"""From a table to a model, and from a table and a model to candidate pairs with their levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.arrays import distinct_sorted
from matching.blocking import Blocks, Proposed, block, choose, proposed_by, random_pairs
from matching.calibration import identity, shipped
from matching.cluster import Scored, precision_of
from matching.coincidence import coincidental
from matching.columns import MatchColumn
from matching.compare.levels import COMMON
from matching.compare.together import Comparator, comparator, swappable
from matching.constraints import pair_keys, shared_values
from matching.crowds import crowds
from matching.learn import Compared, learn, limited, resample
from matching.mixture.classes import independent
from matching.mixture.fit import Mixture
from matching.model import ColumnModel, Fitted, Model
from matching.parallel import in_parallel
from matching.patterns import PatternKeys, distinct_patterns
from matching.plan import Plan
from matching.precision import Precision
from matching.pruning import Likely, worthwhile
from matching.records import Pairs, Records, read, survey
from matching.report import Stages
from matching.rowkeys import among_equals
from matching.score import Scorer, probability
from matching.settings import MatchSettings

Candidates = npt.ArrayLike
"""Pairs of row numbers, shape (pairs, 2)."""


@dataclass(frozen=True)
class Decisions:
    """What stewards decided, as pairs of row numbers."""

    must: Pairs = ()
    cannot: Pairs = ()

    @property
    def touched(self) -> list[tuple[int, int]]:
        """Every pair a decision was taken on."""
        return [*self.must, *self.cannot]


@dataclass(frozen=True, eq=False)
class Job:
    """What one run was given besides columns or a model."""

    table: pa.Table
    identifiers: pa.Table | None
    decisions: Decisions
    candidates: Candidates | None
    settings: MatchSettings
    stages: Stages


@dataclass(frozen=True, eq=False)
class Trained:
    """A model and what was made on the way to it, so that applying it to the same table repeats nothing."""

    model: Model
    records: Records
    blocks: Blocks
    comparator: Comparator
    patterns: PatternKeys


def learned(job: Job, columns: Sequence[MatchColumn], plan: Plan | None) -> Trained:
    """Learn a model and keep what was made on the way."""
    stages, settings = job.stages, job.settings
    with stages.stage("profile"):
        records = survey(job.table, columns, job.identifiers, job.decisions.touched)
    with stages.stage("block"):
        followed: list[Proposed] = []
        if plan is None:
            plan, blocks, followed = choose(records.blocked, settings)
            blocks = decided_too(given(records, job) or blocks, records, job)
        else:
            blocks = candidates_of(records, plan, job)
    with stages.stage("compare"):
        swaps = tuple(swappable(records.features))
        compare = comparator(records.features, len(records), swaps)
        found = compare.patterns_of(blocks.pairs)
        compared = _compared(compare, blocks, found, records, settings)
    with stages.stage("learn"):
        part = limited(compared, settings)
        best, doubters = _fit(part, compare, settings)
        model = Model(
            mixture=best.mixture,
            counts_as_match=best.counts_as_match,
            columns=tuple(ColumnModel.of(one) for one in records.features),
            records=len(records),
            rows=job.table.num_rows,
            doubters=doubters,
            plan=plan,
            swaps=swaps,
            dropped=tuple(records.dropped),
            settings=settings,
            calibration=identity() if len(records) <= settings.small_table else shipped(),
        )
        scorer = Scorer(model, compare, settings)
        model = replace(model, shared=_shared(records, scorer, {}), precision=_precision(part, scorer))
    trained = Trained(model, records, blocks, compare, found)
    with stages.stage("block"):
        return _lean(trained, followed, _likely(part, model), job) if followed else trained


def _likely(compared: Compared, model: Model) -> Likely:
    """Return the pairs of some compared ones that a model takes for one customer, or would ask about."""
    patterns = distinct_patterns(compared.patterns, compared.columns)
    chance = probability(model.score(patterns.levels))[patterns.inverse]
    kept = np.flatnonzero(chance >= model.settings.review)
    return Likely(
        pairs=compared.pairs[kept],
        chance=chance[kept],
        wrong=patterns.levels[patterns.inverse[kept]] < COMMON,
        columns=tuple(one.name for one in model.columns),
    )


def _lean(trained: Trained, followed: Sequence[Proposed], likely: Likely, job: Job) -> Trained:
    """Leave out the rules that are not worth their keys, and the pairs that nothing else proposes."""
    kept = worthwhile(followed, likely, len(trained.records))
    model = replace(trained.model, plan=replace(trained.model.plan, rules=tuple(one.rule for one in kept)))
    if job.candidates is not None:
        return replace(trained, model=model)
    blocks = decided_too(proposed_by(kept), trained.records, job)
    at = np.searchsorted(trained.blocks.pairs, blocks.pairs)
    return replace(trained, model=model, blocks=blocks, patterns=trained.patterns[at])


def applied(job: Job, model: Model, *, closed: bool) -> Trained:
    """Read, block and compare a table under a model."""
    with job.stages.stage("profile"):
        records = read(job.table, model, job.identifiers, job.decisions.touched)
    with job.stages.stage("block"):
        blocks = candidates_of(records, model.plan, job)
    with job.stages.stage("compare"):
        compare = comparator(records.features, len(records), model.swaps)
        found = compare.patterns_of(blocks.pairs)
    with job.stages.stage("learn"):  # nothing but which identifiers of this table are shared
        shared = model.shared if closed else _shared(records, Scorer(model, compare, job.settings), model.shared)
    return Trained(replace(model, shared=shared) if shared != model.shared else model, records, blocks, compare, found)


def candidates_of(records: Records, plan: Plan, job: Job) -> Blocks:
    """Return the candidate pairs: those that were given, or those the plan proposes, and those stewards joined."""
    return decided_too(given(records, job) or block(records.blocked, plan), records, job)


def given(records: Records, job: Job) -> Blocks | None:
    """Return the pairs the caller wants examined, ``None`` where it is left to the plan."""
    if job.candidates is None:
        return None
    rows = np.asarray(job.candidates, dtype=np.int64).reshape(-1, 2)
    pairs = pair_keys(rows, records.groups.record_of, len(records))
    if job.decisions.touched:  # a decision sets rows apart that were given as one
        pairs = among_equals(records, pairs)
    return Blocks(pairs, {"given": len(pairs)})


def decided_too(blocks: Blocks, records: Records, job: Job) -> Blocks:
    """Add the pairs stewards joined, and those among equals a decision sets apart: equals need no key to be found."""
    if job.decisions.touched:
        equals = among_equals(records, np.empty(0, np.int64))
        blocks = replace(blocks, pairs=distinct_sorted(np.concatenate([blocks.pairs, equals])))
    must = pair_keys(job.decisions.must, records.groups.record_of, len(records))
    if not len(must):
        return blocks
    return replace(blocks, pairs=distinct_sorted(np.concatenate([blocks.pairs, must])), proposed=blocks.pairs)


def _compared(
    compare: Comparator, blocks: Blocks, found: PatternKeys, records: Records, settings: MatchSettings
) -> Compared:
    """Put together what learning looks at: candidate pairs, random pairs, and the equal rows that agree by chance."""
    sizes = records.groups.sizes
    drawn = random_pairs(blocks, len(records), settings.random_pairs, settings.seed) if len(records) else blocks.pairs
    equal = np.flatnonzero(sizes > 1)
    rows = sizes[equal]
    by_chance = coincidental(records.features, sizes, float(sizes.sum()))[equal]
    return Compared(
        pairs=blocks.pairs,
        patterns=found,
        random=drawn,
        random_patterns=compare.patterns_of(drawn),
        equal_patterns=compare.patterns(equal, equal),
        equal_weight=np.where(by_chance, rows * (rows - 1) / 2, rows - 1),
        by_chance=by_chance,
        records=len(records),
        columns=len(records.features),
        crowd=crowds(records.features, blocks.pairs, found),
    )


def _fit(compared: Compared, compare: Comparator, settings: MatchSettings) -> tuple[Fitted, tuple[Fitted, ...]]:
    """Learn from the pairs, and learn again from resampled pairs."""
    if not compare.features or not compared.records:
        empty = np.zeros((0, 7))
        classes = (independent("chance", empty), independent("same", empty))
        return Fitted(Mixture(classes, np.array([1 - 1e-6, 1e-6]), 0.0, 0), (False, True)), ()
    again = 0 if compared.records <= settings.small_table else settings.resamples
    resampled = (resample(compared, settings.seed + k) for k in range(1, 1 + again))
    best, *doubters = in_parallel(lambda one: learn(one, compare.features, settings), [compared, *resampled])
    return best, tuple(doubters)


def _precision(compared: Compared, scorer: Scorer) -> Precision:
    """Return how precise merging is on the table the model was learned from, by the threshold."""
    odds = scorer.evidence(distinct_patterns(compared.patterns, compared.columns))
    return precision_of(Scored(*compared.ends, odds, compared.records), scorer, scorer.settings)


def _shared(records: Records, scorer: Scorer, known: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the identifier values that are placeholders or shared: those known and those found here."""
    shared = {name: set(values) for name, values in known.items()}
    for one in records.identifiers:
        shared.setdefault(one.name, set()).update(shared_values(one, scorer, scorer.settings.seed))
    return {name: tuple(sorted(values)) for name, values in shared.items() if values}
