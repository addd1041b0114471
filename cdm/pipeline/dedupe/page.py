"""The page a one-shot deduplication can write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cdm.pipeline.hub import utc_now
from cdm.pipeline.models import model_of
from cdm.pipeline.pairs import field_label, pair_figures, shown
from cdm.report.figures import (
    ClusterFigures,
    DedupeReport,
    FieldWeights,
    LevelWeight,
    PairFigures,
    RecordRef,
    SourceFigures,
)
from schemas.model import EntityType

if TYPE_CHECKING:
    from cdm.pipeline.dedupe.matched import Matched
    from matching import MatchSettings

CLUSTERS, REVIEW, COLUMNS = 8, 12, 8
BINS = 20


def dedupe_report(
    names: Sequence[RecordRef], matched: Sequence[Matched], settings: MatchSettings, quarantined: Counter[str]
) -> DedupeReport:
    """Return what the page shows.

    Args:
        names: source and record id of every input row.
        matched: the outcome per entity type.
        settings: the thresholds that were applied.
        quarantined: rows per source that could not be read.
    """
    from cdm.settings import load_settings

    model = model_of(load_settings())
    sizes: Counter[int] = Counter()
    customers = 0
    for one in matched:
        counts = np.unique(one.result.clusters, return_counts=True)[1]
        sizes.update(counts.tolist())
        customers += len(counts)
    records = Counter(name.source for name in names)
    return DedupeReport(
        generated_at=utc_now(),
        sources=[SourceFigures(s, "", count, quarantined=quarantined[s]) for s, count in records.items()],
        customers=customers,
        merged_pairs=sum(size * (size - 1) // 2 * count for size, count in sizes.items()),
        review_pairs=sum(one.result.review.num_rows for one in matched),
        merge_at=min((one.result.report.merge_threshold for one in matched), default=settings.merge),
        review_at=settings.review,
        cluster_sizes=dict(sorted(sizes.items())),
        distribution=_distribution(matched),
        weights=[w for one in matched for w in _weights(model[one.records.entity], one)],
        clusters=[c for one in matched for c in _clusters(model[one.records.entity], one, names)],
        review=[p for one in matched for p in _review(model[one.records.entity], one, names)],
        seconds=sum(sum(one.result.report.seconds.values()) for one in matched),
    )


def _distribution(matched: Sequence[Matched]) -> list[tuple[float, float, int]]:
    odds = [one.result.links.column("probability").to_numpy() for one in matched]
    counts, edges = np.histogram(np.concatenate(odds) if odds else [], bins=BINS, range=(0, 1))
    return [(float(a), float(b), int(n)) for a, b, n in zip(edges, edges[1:], counts, strict=False)]


def _weights(entity: EntityType, one: Matched) -> Iterator[FieldWeights]:
    """Yield what the model says of each field, without the dependence between fields."""
    from matching.compare.levels import label

    classes = one.result.model.mixture.classes
    if not one.result.model.columns:
        return
    chance, same = classes[0].marginals, classes[-1].marginals
    for at, column in enumerate(one.result.model.columns):
        levels = [
            LevelWeight(label(column.kind.value, level), float(np.log2(m / u)), float(m), float(u))
            for level, (m, u) in enumerate(zip(same[at], chance[at], strict=True))
            if m > 0 and u > 0
        ]
        yield FieldWeights(entity.label, field_label(entity, column.name), levels)


def _clusters(entity: EntityType, one: Matched, names: Sequence[RecordRef]) -> Iterator[ClusterFigures]:
    """Yield the largest clusters, smallest row first where they are equal."""
    labels, counts = np.unique(one.result.clusters, return_counts=True)
    table = one.records.table
    columns = [c.name for c in one.result.model.columns][:COLUMNS]
    for label in labels[np.lexsort((labels, -counts))][:CLUSTERS]:
        rows = np.flatnonzero(one.result.clusters == label)
        if len(rows) < 2:
            return
        values = [
            (
                names[int(one.records.rows[row])],
                [shown(entity, c, table.column(c)[int(row)].as_py() or "") for c in columns],
            )
            for row in rows
        ]
        yield ClusterFigures(names[int(one.records.rows[label])].key, [field_label(entity, c) for c in columns], values)


def _review(entity: EntityType, one: Matched, names: Sequence[RecordRef]) -> Iterator[PairFigures]:
    review = one.result.review.slice(0, REVIEW)
    for left, right in zip(review.column("left").to_pylist(), review.column("right").to_pylist(), strict=True):
        explanation = one.result.explain(left, right).to_dict()
        refs = [names[int(one.records.rows[row])] for row in (left, right)]
        yield pair_figures(entity, explanation, refs[0], refs[1])
