"""The run from table to clusters; each stage is one room of this package.

``match`` learns a model from a table and applies it to the same table; ``train`` and ``apply`` are its two halves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.arrays import BoolArray, FloatArray, IntArray, distinct_sorted
from matching.blocking import Blocks, block, choose, random_pairs
from matching.calibration import identity, shipped
from matching.cluster import LINK, Clustering, Scored, cluster, precision_of
from matching.coincidence import coincidental
from matching.columns import Kind, MatchColumn
from matching.compare.organizations import branches
from matching.compare.together import Comparator, comparator, swappable
from matching.constraints import Constraints, identifier_codes, pair_keys, shared_values
from matching.learn import Compared, learn, limited, resample
from matching.mixture.classes import independent
from matching.mixture.fit import Mixture
from matching.model import ColumnModel, Fitted, Model
from matching.parallel import in_parallel
from matching.patterns import distinct_patterns
from matching.plan import Plan
from matching.precision import Precision
from matching.records import Pairs, Records, read, survey
from matching.report import Stages, tell_model, tell_pairs, tell_result
from matching.result import MatchResult, link_table, nothing, review_table, row_clusters
from matching.rowkeys import RowKeys, row_keys
from matching.score import FORBIDDEN, Scorer, log_odds
from matching.settings import MatchSettings
from schemas.progress import Progress, silent

AT_A_TIME = 4_000_000
"""Pairs that are scored at a time."""
SURE = 1.0
"""Pairs so far (nats) below what is linked or asked about are not kept."""
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
    patterns: IntArray


def match(
    table: pa.Table,
    columns: Sequence[MatchColumn],
    *,
    identifiers: pa.Table | None = None,
    source: pa.Array | None = None,
    must_link: Pairs = (),
    cannot_link: Pairs = (),
    settings: MatchSettings | None = None,
    progress: Progress = silent,
    model: Model | None = None,
    plan: Plan | None = None,
    candidates: Candidates | None = None,
) -> MatchResult:
    """Decide which rows of a table are one customer.

    The same as :func:`train` and then :func:`apply`, to the last bit, without doing work twice.

    Args:
        table: cleansed records, one row each; ``string`` or ``list<string>`` columns.
        columns: what to compare (see :func:`matching.columns_of`).
        identifiers: same rows; only valid values of identifier fields. Two different ones are never merged.
        source: source system of every row; only counted in the report.
        must_link, cannot_link: stewards' decisions as pairs of row numbers.
        settings: limits and thresholds.
        progress: told about stages.
        model: a model learned before; without it one is learned from this table.
        plan: blocking rules to follow instead of those the engine would choose.
        candidates: pairs of row numbers to examine instead of those the plan proposes, shape (pairs, 2).

    Returns:
        Clusters, links, pairs for review, the model and a report. The partition does not depend on the order of rows.

    Raises:
        KeyError: a column is not in the table.
    """
    if model is not None:
        return apply(
            table,
            model,
            identifiers=identifiers,
            source=source,
            must_link=must_link,
            cannot_link=cannot_link,
            settings=settings,
            progress=progress,
            candidates=candidates,
        )
    decisions = Decisions(must_link, cannot_link)
    job = Job(table, identifiers, decisions, candidates, settings or MatchSettings(), Stages(progress))
    return _decide(job, _train(job, columns, plan), source)


def train(
    table: pa.Table,
    columns: Sequence[MatchColumn],
    *,
    identifiers: pa.Table | None = None,
    must_link: Pairs = (),
    cannot_link: Pairs = (),
    settings: MatchSettings | None = None,
    progress: Progress = silent,
    plan: Plan | None = None,
    candidates: Candidates | None = None,
) -> Model:
    """Learn a model from a table without labels.

    Args:
        table, columns, identifiers, must_link, cannot_link, settings, progress, plan, candidates: as for :func:`match`.

    Returns:
        A self-contained model: with it a pair's score depends on the pair's two records alone.

    Raises:
        KeyError: a column is not in the table.
    """
    decisions = Decisions(must_link, cannot_link)
    job = Job(table, identifiers, decisions, candidates, settings or MatchSettings(), Stages(progress))
    return _train(job, columns, plan).model


def apply(
    table: pa.Table,
    model: Model,
    *,
    identifiers: pa.Table | None = None,
    source: pa.Array | None = None,
    must_link: Pairs = (),
    cannot_link: Pairs = (),
    settings: MatchSettings | None = None,
    progress: Progress = silent,
    candidates: Candidates | None = None,
    closed: bool = False,
) -> MatchResult:
    """Decide which rows of a table are one customer, by a model learned before.

    Args:
        table: any number of records with the model's columns; columns it lacks are unknown.
        model: from :func:`train`, :func:`match` or :meth:`Model.load`.
        settings: thresholds other than the model's own.
        identifiers, source, must_link, cannot_link, progress, candidates: as for :func:`match`.
        closed: rely on the identifier values the model knows to be shared, and look for no others: the rows are part of
            a table that was matched before, and too few to tell.

    Returns:
        As :func:`match`. Records that share no key of the model's plan do not influence each other.

    Raises:
        MatchModelError: the table has none of the model's columns.
    """
    decisions = Decisions(must_link, cannot_link)
    job = Job(table, identifiers, decisions, candidates, settings or model.settings, Stages(progress))
    return _decide(job, _applied(job, model, closed=closed), source)


def blocking_keys(table: pa.Table, model: Model, identifiers: pa.Table | None = None) -> RowKeys:
    """Return the blocking keys of every row, to be stored, indexed and joined on.

    Args:
        table, identifiers: as for :func:`match`.
        model: whose plan is followed.
    """
    return row_keys(read(table, model, identifiers, ()), model.plan)


def _train(job: Job, columns: Sequence[MatchColumn], plan: Plan | None) -> Trained:
    """Learn a model and keep what was made on the way."""
    stages, settings = job.stages, job.settings
    with stages.stage("profile"):
        records = survey(job.table, columns, job.identifiers, job.decisions.touched)
    with stages.stage("block"):
        if plan is None:
            plan, blocks = choose(records.blocked, settings)
        else:
            blocks = block(records.blocked, plan)
        blocks = _candidates(records, blocks, job)
    with stages.stage("compare"):
        swaps = tuple(swappable(records.features))
        compare = comparator(records.features, len(records), swaps)
        found = compare.patterns(blocks.pairs // max(len(records), 1), blocks.pairs % max(len(records), 1))
        compared = _compared(compare, blocks, found, records, settings)
    with stages.stage("learn"):
        best, doubters = _fit(compared, compare, settings)
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
        model = replace(
            model, shared=_shared(records, scorer, {}), precision=_precision(limited(compared, settings), scorer)
        )
    return Trained(model, records, blocks, compare, found)


def _applied(job: Job, model: Model, *, closed: bool) -> Trained:
    """Read, block and compare a table under a model."""
    with job.stages.stage("profile"):
        records = read(job.table, model, job.identifiers, job.decisions.touched)
    with job.stages.stage("block"):
        blocks = _candidates(records, block(records.blocked, model.plan), job)
    with job.stages.stage("compare"):
        compare = comparator(records.features, len(records), model.swaps)
        found = compare.patterns(blocks.pairs // max(len(records), 1), blocks.pairs % max(len(records), 1))
    with job.stages.stage("learn"):  # nothing but which identifiers of this table are shared
        shared = model.shared if closed else _shared(records, Scorer(model, compare, job.settings), model.shared)
    return Trained(replace(model, shared=shared) if shared != model.shared else model, records, blocks, compare, found)


def _candidates(records: Records, blocks: Blocks, job: Job) -> Blocks:
    """Add the pairs stewards joined, and put pairs that were given in the place of those that were found."""
    count, of = len(records), records.groups.record_of
    if job.candidates is not None:
        pairs = pair_keys(np.asarray(job.candidates, dtype=np.int64).reshape(-1, 2), of, count)
        blocks = Blocks(pairs, {"given": len(pairs)})
    must = pair_keys(job.decisions.must, of, count)
    if not len(must):
        return blocks
    return replace(blocks, pairs=distinct_sorted(np.concatenate([blocks.pairs, must])), proposed=blocks.pairs)


def _compared(
    compare: Comparator, blocks: Blocks, found: IntArray, records: Records, settings: MatchSettings
) -> Compared:
    """Put together what learning looks at: candidate pairs, random pairs, and the equal rows that agree by chance."""
    count, sizes = max(len(records), 1), records.groups.sizes
    drawn = random_pairs(blocks, count, settings.random_pairs, settings.seed) if len(records) else blocks.pairs
    equal = np.flatnonzero(sizes > 1)
    rows = sizes[equal]
    by_chance = coincidental(records.features, sizes, float(sizes.sum()))[equal]
    return Compared(
        left=blocks.pairs // count,
        right=blocks.pairs % count,
        patterns=found,
        random_left=drawn // count,
        random_right=drawn % count,
        random_patterns=compare.patterns(drawn // count, drawn % count),
        equal_patterns=compare.patterns(equal, equal),
        equal_weight=np.where(by_chance, rows * (rows - 1) / 2, rows - 1),
        by_chance=by_chance,
        records=len(records),
        columns=len(records.features),
    )


def _fit(compared: Compared, compare: Comparator, settings: MatchSettings) -> tuple[Fitted, tuple[Fitted, ...]]:
    """Learn from the pairs, and learn again from resampled pairs."""
    if not compare.features or not compared.records:
        empty = np.zeros((0, 7))
        classes = (independent("chance", empty), independent("same", empty))
        return Fitted(Mixture(classes, np.array([1 - 1e-6, 1e-6]), 0.0, 0), (False, True)), ()
    part = limited(compared, settings)
    again = 0 if compared.records <= settings.small_table else settings.resamples
    resampled = (resample(part, settings.seed + k) for k in range(1, 1 + again))
    best, *doubters = in_parallel(lambda one: learn(one, compare.features, settings), [part, *resampled])
    return best, tuple(doubters)


def _precision(compared: Compared, scorer: Scorer) -> Precision:
    """Return how precise merging is on the table the model was learned from, by the threshold."""
    pairs = Scored(compared.left, compared.right, scorer.evidence(compared.levels), compared.records)
    return precision_of(pairs, scorer, scorer.settings)


def _shared(records: Records, scorer: Scorer, known: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the identifier values that are placeholders or shared: those known and those found here."""
    shared = {name: set(values) for name, values in known.items()}
    for one in records.identifiers:
        shared.setdefault(one.name, set()).update(shared_values(one, scorer, scorer.settings.seed))
    return {name: tuple(sorted(values)) for name, values in shared.items() if values}


def _decide(job: Job, trained: Trained, source: pa.Array | None) -> MatchResult:
    """Score and cluster candidate pairs whose levels are known."""
    model, records, blocks = trained.model, trained.records, trained.blocks
    groups, stages, settings = records.groups, job.stages, job.settings
    report = stages.report
    tell_pairs(report, job.table.num_rows, records, blocks, settings)
    if not len(records):
        return nothing(job.table, groups, model, report)
    with stages.stage("score"):
        constraints = _constraints(records, job.decisions, model)
        scorer = Scorer(model, trained.comparator, settings, constraints)
        own, mergeable = copies(records, scorer)
        scorer = replace(scorer, unsettled=(groups.sizes > 1) & ~mergeable)
        scored = _scored(trained, scorer)
    with stages.stage("cluster"):
        found = cluster(scored, scorer, scorer.cut, settings)
        clusters = row_clusters(found, mergeable, groups)
        links = link_table(*_undecided(found, len(scored.left), blocks, scorer), own, groups, settings)
        review = review_table(links, clusters, job.decisions.cannot, settings)
    tell_model(report, scorer, found)
    result = MatchResult(
        clusters,
        links,
        review,
        model,
        report,
        job.table,
        groups,
        scorer,
        lambda: _proposed(job, records, model.plan),
        lambda: row_keys(records, model.plan),
        job.identifiers,
    )
    tell_result(report, result, source)
    return result


def _proposed(job: Job, records: Records, plan: Plan) -> IntArray:
    """Find the candidate pairs anew, so that millions of them need not be kept for those who ask afterwards."""
    return _candidates(records, block(records.blocked, plan), job).pairs


def _undecided(found: Clustering, candidates: int, blocks: Blocks, scorer: Scorer) -> tuple[Clustering, BoolArray]:
    """Return the scored pairs as they would be had no steward decided, and which of them blocking proposed.

    A decision withdrawn later falls back on these; pairs that only a decision brought up, or that were completed inside
    a component, are not proposed.
    """
    proposed = np.arange(len(found.left)) < candidates
    limits = scorer.constraints
    if limits is None or not (len(limits.must) or len(limits.cannot)):
        return found, proposed
    decided = np.flatnonzero(limits.required(found.left, found.right) | limits.forbidden(found.left, found.right))
    free = replace(scorer, constraints=limits.undecided())
    odds = found.odds.copy()
    odds[decided] = free(found.left[decided], found.right[decided])
    if len(limits.must):
        keys = found.left * limits.records + found.right
        proposed &= ~np.isin(keys, np.setdiff1d(limits.must, blocks.proposed))
    return replace(found, odds=odds), proposed


def _scored(trained: Trained, scorer: Scorer) -> Scored:
    """Score the candidate pairs, some at a time, and keep those that may be linked or asked about, or were decided."""
    count, columns = len(trained.records), len(scorer.model.columns)
    pairs, odds = [np.empty(0, dtype=np.int64)], [np.empty(0)]
    least = min(LINK, log_odds(scorer.settings.review)) - SURE
    for start in range(0, len(trained.patterns), AT_A_TIME):
        some = trained.blocks.pairs[start : start + AT_A_TIME]
        found = distinct_patterns(trained.patterns[start : start + AT_A_TIME], columns)
        scores = scorer.decide(found, some // count, some % count)
        keep = scores > least
        if scorer.constraints is not None:
            keep |= np.isin(some, scorer.constraints.cannot)
        pairs.append(some[keep])
        odds.append(scores[keep])
    kept = np.concatenate(pairs)
    return Scored(kept // count, kept % count, np.concatenate(odds), count)


def copies(records: Records, scorer: Scorer) -> tuple[FloatArray, BoolArray]:
    """Return the log odds that rows which say the same are one customer, per record, and whether they may merge."""
    sizes = records.groups.sizes
    several = np.flatnonzero(sizes > 1)
    own = np.full(len(records), FORBIDDEN)
    own[several] = scorer(several, several)
    chance = coincidental(records.features, sizes, float(scorer.model.rows))
    return own, (own > scorer.cut) & (~chance | scorer.proven(np.arange(len(records))))


def scorer_of(records: Records, model: Model, decisions: Decisions, settings: MatchSettings) -> Scorer:
    """Return what scores any pair of some records under a model."""
    compare = comparator(records.features, len(records), model.swaps)
    return Scorer(model, compare, settings, _constraints(records, decisions, model))


def _constraints(records: Records, decisions: Decisions, model: Model) -> Constraints:
    """Work out what may not and what must be merged."""
    count, of = len(records), records.groups.record_of
    return Constraints(
        identifiers={one.name: identifier_codes(one, model.shared.get(one.name, ())) for one in records.identifiers},
        branches={f.name: branches(f) for f in records.features if f.kind is Kind.ORGANIZATION and f.parts},
        must=pair_keys(decisions.must, of, count),
        cannot=pair_keys(decisions.cannot, of, count),
        records=count,
        shared=model.shared,
    )
