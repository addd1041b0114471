"""From the engine's explanations to what is shown: fields by their labels, values masked, reasons in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cdm.pipeline.pairs import field_label, pair_figures, shown
from cdm.report.explanation import NOW, ClusterView, ExplainedPair, HeldLink
from cdm.report.figures import RecordRef, Shown
from cdm.report.mask import masked
from schemas.model import EntityType, Label

if TYPE_CHECKING:
    from cdm.pipeline.subject import Subject
    from matching import Explanation

COLUMNS = 8
"""Fields shown side by side for the records of a cluster."""


def pair_view(
    entity: EntityType,
    said: Explanation,
    left: RecordRef,
    right: RecordRef,
    when: Label = NOW,
    *,
    mask: Callable[[Shown], str] = masked,
) -> ExplainedPair:
    """Return an explanation as it is shown.

    Args:
        entity: the entity type of the two records.
        said: the engine's explanation.
        left, right: the two records.
        when: as of when.
        mask: how values are shown.
    """
    from matching.explain import sentences

    def name(field: str) -> Label:
        return field_label(entity, field)

    def show(field: str, value: str) -> str:
        return mask(shown(entity, field, value))

    words = list(sentences(said, name, show))
    document: dict[str, Any] = {
        "left": {"source": left.source, "key": left.key},
        "right": {"source": right.source, "key": right.key},
        "entity": entity.name,
        "when": {"zh": when.zh, "en": when.en},
        **_masked(entity, said, mask),
        "words": {"zh": [one.zh for one in words], "en": [one.en for one in words]},
    }
    figures = pair_figures(entity, said.to_dict(), left, right, silent=True)
    return ExplainedPair(figures, entity.label, words, when, said.model, document)


def _masked(entity: EntityType, said: Explanation, mask: Callable[[Shown], str]) -> dict[str, Any]:
    """Return an explanation as data without whole personal values."""
    document = said.to_dict()
    for one in document["fields"]:
        one["label"] = {"zh": field_label(entity, one["field"]).zh, "en": field_label(entity, one["field"]).en}
    for one in [*document["fields"], *document["reasons"]]:
        field = one.get("field") or next(iter(one.get("fields", ())), "")
        for side in ("left", "right"):
            one[side] = None if one[side] is None else mask(shown(entity, field, one[side]))
    return document


def cluster_view(subject: Subject, rows: Sequence[int], title: str, now: datetime) -> ClusterView:
    """Return what holds rows together.

    Args:
        subject: records and the engine's word on them.
        rows: all rows of one cluster; of one entity type.
        title: what the cluster is called.
        now: the present time.
    """
    part, places = subject.places(rows)
    entity = subject.model[part.records.entity]
    found = part.result.explain_together(places)
    name = dict(zip(places, (subject.names[row] for row in rows), strict=True))
    links = [HeldLink(name[one.left], name[one.right], one.weight, one.probability) for one in found.links]
    weakest = None
    if found.weakest is not None:
        left, right = found.weakest.left, found.weakest.right
        said = replace(part.result.explain(left, right), together=True)
        weakest = pair_view(entity, said, name[left], name[right])
    columns = [c.name for c in part.result.model.columns if c.name in part.records.table.column_names][:COLUMNS]
    values = [
        (name[row], [shown(entity, c, part.records.table.column(c)[row].as_py() or "") for c in columns])
        for row in found.rows
    ]
    return ClusterView(
        generated_at=now,
        title=title,
        entity=entity.label,
        columns=[field_label(entity, c) for c in columns],
        rows=values,
        links=links,
        leaves=[name[row] for row in found.leaves],
        weakest=weakest,
        model=found.model,
    )
