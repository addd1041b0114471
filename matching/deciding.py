"""From candidate pairs with their levels to clusters, links, and pairs to ask about."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from matching.arrays import BoolArray, FloatArray, IntArray, ends_of
from matching.blocking import Blocks
from matching.cluster import LINK, Clustering, Scored, cluster
from matching.coincidence import coincidental
from matching.columns import Kind
from matching.compare.organizations import branches
from matching.compare.together import comparator
from matching.constraints import Constraints, identifier_codes, pair_keys
from matching.model import Model
from matching.patterns import distinct_patterns
from matching.plan import Plan
from matching.records import Records
from matching.report import tell_model, tell_pairs, tell_result
from matching.result import MatchResult, link_table, nothing, review_table, row_clusters
from matching.rowkeys import row_keys
from matching.score import FORBIDDEN, Scorer, log_odds
from matching.settings import MatchSettings
from matching.training import Decisions, Job, Trained, candidates_of

AT_A_TIME = 4_000_000
"""Pairs that are scored at a time."""
SURE = 1.0
"""Pairs so far (nats) below what is linked or asked about are not kept."""


def decide(job: Job, trained: Trained, source: pa.Array | None) -> MatchResult:
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
    return candidates_of(records, plan, job).pairs


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
        scores = scorer.decide(found, *ends_of(some, count))
        keep = scores > least
        if scorer.constraints is not None:
            keep |= np.isin(some, scorer.constraints.cannot)
        pairs.append(some[keep])
        odds.append(scores[keep])
    kept = np.concatenate(pairs)
    return Scored(*ends_of(kept, count), np.concatenate(odds), count)


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
