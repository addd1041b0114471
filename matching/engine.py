"""The run from table to clusters; each stage is one room of this package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from matching.arrays import BoolArray, IntArray, distinct_sorted
from matching.blocking import Blocks, block, random_pairs
from matching.cluster import Clustering, Scored, cluster
from matching.coincidence import coincidental
from matching.columns import Kind, MatchColumn
from matching.compare import profiled
from matching.compare.organizations import branches
from matching.compare.together import Comparator, comparator
from matching.constraints import Constraints, identifier_codes, pair_keys
from matching.distinct import Distinct, distinct
from matching.encode import encode
from matching.learn import Compared, learn, limited, resample
from matching.mixture.classes import independent
from matching.mixture.fit import Mixture
from matching.model import Model, expected_counts
from matching.profile import Feature, feature, select
from matching.repeats import without_repeats
from matching.report import MatchReport, Stages
from matching.result import MatchResult, link_table, review_table, row_clusters
from matching.score import Scorer, log_odds
from matching.settings import MatchSettings
from schemas.progress import Progress, silent
from schemas.types import MatchRole, SemanticType

Pairs = Sequence[tuple[int, int]]


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
) -> MatchResult:
    """Decide which rows of a table are one customer.

    Args:
        table: cleansed records, one row each; ``string`` or ``list<string>`` columns.
        columns: what to compare (see :func:`matching.columns_of`).
        identifiers: same rows; only valid values of identifier fields. Two different ones are never merged.
        source: source system of every row; only counted in the report.
        must_link, cannot_link: stewards' decisions as pairs of row numbers.
        settings: limits and thresholds.
        progress: told about stages.
        model: a model learned before from the same columns; without it one is learned from this table.

    Returns:
        Clusters, links, pairs for review, the model and a report. The partition does not depend on the order of rows.

    Raises:
        KeyError: a column is not in the table.
    """
    settings = settings or MatchSettings()
    report = MatchReport(rows=table.num_rows, merge_threshold=settings.merge, review_threshold=settings.review)
    stages = Stages(report, progress)
    with stages.stage("profile"):
        groups, features, keys = _profile(table, columns, identifiers, [*must_link, *cannot_link], report)
    if len(groups) == 0:
        return _nothing(table, groups, report)
    must = pair_keys(must_link, groups.record_of, len(groups))
    with stages.stage("block"):
        blocks = block(features, keys, len(groups), settings)
        blocks.pairs = distinct_sorted(np.concatenate([blocks.pairs, must]))
    compared, compare, chance = _compare(features, blocks, groups, settings, stages)
    with stages.stage("learn"):
        scorer = _learn(compared, compare, settings, model)
    cannot = pair_keys(cannot_link, groups.record_of, len(groups))
    with stages.stage("score"):
        scorer = replace(scorer, constraints=_constraints(keys, must, cannot, scorer))
        odds = scorer.judge(compared.levels, compared.left, compared.right)
        everyone = np.arange(len(groups))
        own = scorer(everyone, everyone)
    with stages.stage("cluster"):
        found = cluster(Scored(compared.left, compared.right, odds, len(groups)), scorer, settings)
        clusters = row_clusters(found, (own > log_odds(settings.merge)) & (~chance | scorer.proven(everyone)), groups)
        links = link_table(found, own, groups, settings)
        review = review_table(links, clusters, settings)
    _figures(report, blocks, scorer, found)
    result = MatchResult(clusters, links, review, scorer.model, report, table, groups, scorer)
    _outcome(report, result, source)
    return result


def _profile(
    table: pa.Table, columns: Sequence[MatchColumn], identifiers: pa.Table | None, decided: Pairs, report: MatchReport
) -> tuple[Distinct, list[Feature], list[Feature]]:
    """Return the distinct records, the columns worth comparing and the identifiers."""
    encoded = [encode(column, table) for column in columns]
    names = identifiers.column_names if identifiers is not None else []
    strong = [
        encode(MatchColumn(name, SemanticType.IDENTIFIER, MatchRole.IDENTIFIER, Kind.CODE), identifiers)
        for name in names
    ]
    groups = distinct([*encoded, *strong], table.num_rows, decided)
    features = [profiled(one.take(groups.first)) for one in encoded]
    kept = select(without_repeats(features))
    report.records = len(groups)
    report.columns = tuple(f.name for f in kept)
    report.dropped = tuple(f.name for f in features if f not in kept)
    return groups, kept, [feature(one.take(groups.first)) for one in strong]


def _compare(
    features: Sequence[Feature], blocks: Blocks, groups: Distinct, settings: MatchSettings, stages: Stages
) -> tuple[Compared, Comparator, BoolArray]:
    """Compare candidate pairs, random pairs, and the equal rows that agree by chance."""
    records = len(groups)
    with stages.stage("compare"):
        compare = comparator(features, records)
        left, right = blocks.pairs // records, blocks.pairs % records
        drawn = random_pairs(blocks, records, settings.random_pairs, settings.seed)
        a, b = drawn // records, drawn % records
        chance = coincidental(features, groups.sizes)
        equal = np.flatnonzero(chance & (groups.sizes > 1))
        weight = groups.sizes[equal] * (groups.sizes[equal] - 1) / 2
        levels = (compare(left, right), compare(a, b), compare(equal, equal))
        return Compared(left, right, levels[0], a, b, levels[1], records, levels[2], weight), compare, chance


def _learn(compared: Compared, compare: Comparator, settings: MatchSettings, model: Model | None) -> Scorer:
    """Learn the model, and learn it again from resampled pairs."""
    if not compare.features:
        empty = np.zeros((0, 7))
        classes = (independent("chance", empty), independent("same", empty))
        nothing = Mixture(classes, np.array([1 - 1e-6, 1e-6]), 0.0, 0)
        return Scorer(Model((), nothing, (False, True), compared.records), (), compare, settings)
    if model is not None:
        return Scorer(model, (), compare, settings)
    part = limited(compared, settings)
    learned = learn(part, compare.features, settings)
    small = compared.records <= settings.small_table
    doubters = tuple(
        learn(resample(part, settings.seed + k), compare.features, settings)
        for k in range(1, 1 + (0 if small else settings.resamples))
    )
    return Scorer(learned, doubters, compare, settings)


def _constraints(keys: Sequence[Feature], must: IntArray, cannot: IntArray, scorer: Scorer) -> Constraints:
    """Work out what may not and what must be merged."""
    codes, shared = [], {}
    for one in keys:
        found, values = identifier_codes(one, scorer, scorer.settings.seed)
        codes.append(found)
        if values:
            shared[one.name] = values
    sites = [branches(f) for f in scorer.comparator.features if f.kind is Kind.ORGANIZATION and f.parts]
    return Constraints(codes, sites, must, cannot, scorer.comparator.records, shared)


def _figures(report: MatchReport, blocks: Blocks, scorer: Scorer, found: Clustering) -> None:
    """Report what was examined and learned."""
    records = report.records
    report.pairs, report.possible = len(blocks.pairs), records * (records - 1) // 2
    report.pairs_by_rule, report.oversize = blocks.rules, blocks.oversize
    report.learned = records > scorer.settings.small_table
    report.classes = {}
    for name, count in expected_counts(scorer.model):
        report.classes[name] = report.classes.get(name, 0.0) + round(count, 1)
    if scorer.constraints is not None:
        report.shared_identifiers = scorer.constraints.shared
    report.split_components = found.split
    report.held_back = int(np.isclose(found.odds, scorer.held).sum())


def _outcome(report: MatchReport, result: MatchResult, source: pa.Array | None) -> None:
    """Report what was found."""
    sizes = np.unique(result.clusters, return_counts=True)[1]
    report.clusters, report.merged_rows = len(sizes), int(sizes[sizes > 1].sum())
    report.review = result.review.num_rows
    if source is not None:
        report.links_across = _across(result, source)


def _across(result: MatchResult, source: pa.Array) -> int:
    """Count links inside clusters whose ends come from two sources."""
    codes = source.dictionary_encode()
    if isinstance(codes, pa.ChunkedArray):
        codes = codes.combine_chunks()
    origin = codes.indices.to_numpy(zero_copy_only=False)
    left, right = result.links["left"].to_numpy(), result.links["right"].to_numpy()
    together = result.clusters[left] == result.clusters[right]
    return int((together & (origin[left] != origin[right])).sum())


def _nothing(table: pa.Table, groups: Distinct, report: MatchReport) -> MatchResult:
    """Return the result for an empty table."""
    empty = np.empty(0, dtype=np.int64)
    links = pa.table({"left": empty, "right": empty, "probability": empty * 1.0, "weight": empty * 1.0})
    blank = np.zeros((0, 7))
    nothing = Mixture((independent("chance", blank), independent("same", blank)), np.array([0.5, 0.5]), 0.0, 0)
    model = Model((), nothing, (False, True), 0)
    review = links.select(["left", "right", "probability"])
    return MatchResult(empty, links, review, model, report, table, groups)
