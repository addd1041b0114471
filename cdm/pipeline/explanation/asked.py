"""Find what was asked about — source records, golden ids, rows of a file — and explain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cdm.errors import CdmError, NotFound
from cdm.pipeline.dedupe import DedupeRequest
from cdm.pipeline.explanation.stored import stored_explanation
from cdm.pipeline.explanation.views import cluster_view, pair_view
from cdm.pipeline.hub import Hub, utc_now
from cdm.pipeline.naming import successor
from cdm.pipeline.subject import Subject, of_files, of_hub_records
from cdm.report.explanation import ClusterView, PairExplanation
from schemas.progress import Progress, silent


class ExplainError(CdmError):
    """What was asked about cannot be explained."""

    code, status, exit_code = "explain_request", 422, 2


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one word stands for: record ids, and the golden id if it is one."""

    word: str
    entity: str
    records: Sequence[int]
    golden_id: str = ""


def explain_in_files(
    request: DedupeRequest, words: Sequence[str], progress: Progress = silent
) -> PairExplanation | ClusterView:
    """Match files as ``cdm dedupe`` does and explain two of their records, or the cluster of one.

    Args:
        request: the files and how they are read.
        words: one or two records: the id, or ``source:id`` where several files have the same ids.
        progress: told about stages.

    Raises:
        NotFound: there is no such record.
        ExplainError: the two are of different entity types, or were not matched.
    """
    from cdm.pipeline.evaluation.labels import Rows

    subject = of_files(request, progress)
    known = Rows.of(subject.names)
    rows = []
    for word in words:
        if (row := known.places.get(word)) is None:
            said = "is the id of several records" if word in known.doubled else "is no record of these files"
            raise NotFound(f"'{word}' {said}.", remedy=f"Write it as in '{known.example}'.")
        rows.append(row)
    if len(rows) == 2:
        return _pair(subject, rows[0], rows[1])
    mates = [row for row, label in enumerate(subject.clusters) if label == subject.clusters[rows[0]]]
    return cluster_view(subject, mates, words[0], utc_now())


def explain_in_hub(hub: Hub, words: Sequence[str], progress: Progress = silent) -> PairExplanation | ClusterView:
    """Explain two records or golden records of a hub, or what holds one golden record together.

    Args:
        hub: the open hub.
        words: one or two of: ``source:key``, golden id (a retired one leads to its successor). Of golden records the
            two source records with the strongest link are explained.
        progress: told about stages.

    Raises:
        NotFound: there is no such record.
        ExplainError: the two are of different entity types.
    """
    asked = [_find(hub, word) for word in words]
    if len({one.entity for one in asked}) > 1:
        kinds = " and ".join(f"{one.word} is of the type {one.entity}" for one in asked)
        raise ExplainError(f"{kinds}: they are never compared.", remedy="Ask about two records of one entity type.")
    if len(asked) == 1:
        return _held(hub, asked[0], progress)
    subject, row_of = of_hub_records(hub, asked[0].entity, [r for one in asked for r in one.records], progress)
    left, right = ([row_of[r] for r in one.records if r in row_of] for one in asked)
    a, b = _strongest(subject, left, right)
    found = _pair(subject, a, b)
    record_of = {row: record for record, row in row_of.items()}
    then = stored_explanation(hub, subject, (record_of[a], a), (record_of[b], b))
    return replace(found, generated_at=hub.now(), then=then)


def _held(hub: Hub, asked: _Asked, progress: Progress) -> ClusterView:
    """Explain what holds a golden record together."""
    golden_id, records = asked.golden_id, asked.records
    if not golden_id:
        source, _, key = asked.word.partition(":")
        golden_id = hub.store.crosswalk.lookup(source, key)
        records = [one.id for one in hub.store.records.of_golden(golden_id)]
    subject, row_of = of_hub_records(hub, asked.entity, records, progress)
    return cluster_view(subject, sorted(row_of[r] for r in records if r in row_of), golden_id, hub.now())


def _find(hub: Hub, word: str) -> _Asked:
    """Return what a word stands for; raises ``NotFound``."""
    source, colon, key = word.partition(":")
    if colon:
        record = hub.store.records.get(source, key)
        if record.deleted_at is not None:
            raise NotFound(
                f"The record '{word}' was deleted at source.", remedy="Ask about a record that lives; see 'cdm lookup'."
            )
        return _Asked(word, record.entity, [record.id])
    live = successor(hub, word, "Ask about one of these, or a source record.")
    records = hub.store.records.of_golden(live)
    return _Asked(word, records[0].entity, [one.id for one in records], live)


def _strongest(subject: Subject, left: Sequence[int], right: Sequence[int]) -> tuple[int, int]:
    """Return the likeliest pair between two sets of rows."""
    import numpy as np

    a, b = (grid.ravel() for grid in np.meshgrid(left, right, indexing="ij"))
    if not len(a):
        raise NotFound("One of the two has no live source record.", remedy="Look it up with 'cdm golden show'.")
    best = int(np.argmax(subject.probability(a, b)))
    return int(a[best]), int(b[best])


def _pair(subject: Subject, left: int, right: int) -> PairExplanation:
    """Explain two rows as of now."""
    try:
        part, (a, b) = subject.places([left, right])
    except LookupError as error:
        names = " / ".join(f"{one.source}:{one.key}" for one in (subject.names[left], subject.names[right]))
        raise ExplainError(
            f"{names}: a person and an organization are never compared, nor rows that could not be read.",
            remedy="Ask about two records of one entity type.",
        ) from error
    together = bool(subject.clusters[left] == subject.clusters[right])
    said = replace(part.result.explain(a, b), together=together)
    entity = subject.model[part.records.entity]
    return PairExplanation(utc_now(), pair_view(entity, said, subject.names[left], subject.names[right]))
