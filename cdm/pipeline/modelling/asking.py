"""Write the questions that teach the most: pairs of records side by side, a column for the verdict."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cdm.pipeline.dedupe import Matched
from cdm.pipeline.evaluation.sheet import Pair, write_pairs
from cdm.pipeline.hub import Hub
from cdm.pipeline.modelling.population import Population, model_of_entry, populations
from cdm.pipeline.modelling.verdicts import gathered, of_decisions, of_entry
from cdm.pipeline.records import Records
from cdm.pipeline.subject import Subject
from cdm.report.figures import RecordRef
from schemas.model import Label
from schemas.progress import Progress

TITLE = Label("待判定", "Questions")


def ask(hub: Hub, path: Path, progress: Progress, *, count: int, entity: str = "", language: str) -> int:
    """Write the pairs most worth asking about.

    Args:
        hub: the open hub.
        path: ``.xlsx`` or ``.csv``.
        progress: told about stages.
        count: questions in all.
        entity: entity type; empty for all that have records, which share the questions.
        language: of the headers.

    Returns:
        Questions written; pairs that were judged or decided before are not asked again.

    Raises:
        NotFound: there are no records.
        ExportError: the file cannot be written or its ending is unknown.
    """
    everyone = populations(hub, entity)
    shares = _shares(count, [one.batch.index.num_rows for one in everyone])
    parts: list[Matched] = []
    pairs: list[Pair] = []
    names: list[RecordRef] = []
    for one, share in zip(everyone, shares, strict=True):
        matched, asked = _questions(one, share, len(names), progress)
        parts.append(matched)
        pairs += asked
        names += one.names
    subject = Subject("hub", names, np.arange(len(names)), parts, hub.model, hub.settings)
    write_pairs(path, subject, pairs, language, TITLE)
    return len(pairs)


def _questions(one: Population, count: int, offset: int, progress: Progress) -> tuple[Matched, list[Pair]]:
    """Match an entity type by its active model and choose what to ask."""
    from matching.supervised import questions

    active = one.hub.store.match_models.active(one.entity.name)
    result = one.match(model_of_entry(one.hub, active) if active else None, progress)
    row = {int(record): at for at, record in enumerate(one.record_ids)}
    verdicts = gathered(of_entry(active), of_decisions(one.decisions))
    known = [(row[a], row[b]) for a, b, _ in verdicts if a in row and b in row]
    asked = questions(result, count, np.array(known, dtype=np.int64).reshape(-1, 2))
    rows = np.arange(offset, offset + len(one.names))
    sources = one.batch.index.column("source").to_pylist()
    matched = Matched(Records(one.entity.name, rows, one.batch.fields, one.findings, sources), result)
    return matched, [(q.left + offset, q.right + offset) for q in asked]


def _shares(count: int, records: list[int]) -> list[int]:
    """Divide questions between entity types by the number of their records, each at least one."""
    total = sum(records)
    found = [max(1, round(count * one / total)) for one in records]
    found[int(np.argmax(records))] += count - sum(found)
    return [max(one, 0) for one in found]
