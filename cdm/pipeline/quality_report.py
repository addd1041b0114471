"""The data-quality page of a hub."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from cdm.pipeline.assess import Assessment, assess
from cdm.pipeline.golden import in_model_order
from cdm.pipeline.hub import Hub
from cdm.pipeline.pairs import pair_figures, shown
from cdm.pipeline.summary import summarize_state
from cdm.report.figures import (
    FieldFigures,
    GoldenFigures,
    GoldenValue,
    PairFigures,
    QualityReport,
    RecordRef,
    TruthFigures,
)
from cdm.store import GoldenRecord
from cdm.survivorship import REASONS
from schemas.model import EntityType, Label

CANDIDATES, EXAMPLES = 12, 3


def write_quality_report(hub: Hub, out: Path, language: str, *, truth: TruthFigures | None = None) -> None:
    """Write the page; ``truth`` adds precision and recall where they are known.

    Raises:
        ExportError: the file cannot be written.
    """
    from dataclasses import replace

    from cdm.report.exports import ExportError
    from cdm.report.html import write_quality_html

    assessments = assess(hub)
    sizes: Counter[int] = Counter()
    fields: list[FieldFigures] = []
    for one in assessments:
        sizes.update(one.cluster_sizes)
        fields += one.fields
    report = QualityReport(
        generated_at=hub.now(),
        summary=replace(summarize_state(hub, assessments), truth=truth),
        fields=fields,
        cluster_sizes=dict(sorted(sizes.items())),
        candidates=list(_candidates(hub)),
        golden_examples=[figure for one in assessments for figure in _examples(hub, one)],
    )
    try:
        write_quality_html(out, report, language)
    except OSError as error:
        raise ExportError(f"{out} cannot be written: {error.strerror}.", remedy="Write to another place.") from error


def _candidates(hub: Hub) -> Iterator[PairFigures]:
    """Yield pairs from the middle of the queue's range: the most probable of each entity type."""
    for entity in hub.store.candidates.count():
        for one in hub.store.candidates.list(entity, limit=CANDIDATES // 2):
            if one.explanation:
                left, right = (RecordRef(side.source, side.key) for side in (one.left, one.right))
                yield pair_figures(hub.model[entity], one.explanation, left, right)


def _examples(hub: Hub, one: Assessment) -> Iterator[GoldenFigures]:
    """Yield golden records with the most sources among the first page of ids: they show survivorship best."""
    page = hub.store.golden.page(one.entity, limit=500).index
    order = page.sort_by([("members", "descending"), ("golden_id", "ascending")])
    for golden_id in order.column("golden_id").to_pylist()[:EXAMPLES]:
        golden = hub.store.golden.get(golden_id)
        records = [RecordRef(record.source, record.key) for record in hub.store.records.of_golden(golden_id)]
        quality = golden.score.get("total") if golden.score else None
        yield GoldenFigures(golden_id, one.entity.label, records, _values(one.entity, golden), quality)


def _values(entity: EntityType, golden: GoldenRecord) -> Sequence[GoldenValue]:
    values = []
    for name, value in in_model_order(entity, golden.fields):
        if name not in entity.fields or entity.fields[name].weight == 0:
            continue
        for entry in golden.provenance.get(name, ())[:1]:
            reason = REASONS.get(entry.why, Label(entry.why, entry.why))
            source = RecordRef(entry.source, entry.key)
            said = shown(entity, name, value)
            values.append(GoldenValue(entity.fields[name].label, said, source, reason, (entry.updated_at or "")[:10]))
    return values
