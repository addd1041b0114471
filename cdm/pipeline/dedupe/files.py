"""The files a one-shot deduplication writes."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO
from uuid import UUID, uuid5

import numpy as np

from cdm.pipeline.dedupe.matched import Matched, cluster_positions
from cdm.pipeline.dedupe.request import DedupeError, DedupeOutcome, DedupeRequest
from cdm.pipeline.tables import InputTable

CLUSTERS = UUID("6f0d5f0e-5d0c-5b8e-9c7e-2f1d0a4b7c3e")
"""Namespace of one-shot golden ids: the same input gives the same ids."""
OUT_COLUMNS = ("source", "record_id", "golden_id")
REVIEW_COLUMNS = ("source_a", "record_id_a", "source_b", "record_id_b", "probability")


def write_outputs(request: DedupeRequest, tables: Sequence[InputTable], matched: Sequence[Matched]) -> DedupeOutcome:
    """Write clusters, and review pairs and report where they were asked for.

    Raises:
        DedupeError: a file cannot be written.
    """
    sources = [source for table in tables for source in table.sources]
    record_ids = [record_id for table in tables for record_id in table.record_ids]
    first = cluster_positions(matched, len(sources))
    golden_ids = _golden_ids(sources, record_ids, first)
    _write_csv(request.out, OUT_COLUMNS, zip(sources, record_ids, golden_ids, strict=True))
    pairs = list(_review_pairs(matched))
    if request.review is not None:
        rows = ((sources[a], record_ids[a], sources[b], record_ids[b], f"{p:.6f}") for a, b, p in pairs)
        _write_csv(request.review, REVIEW_COLUMNS, rows)
    if request.report is not None:
        _write_report(request, tables, matched)
    return DedupeOutcome(
        records=len(sources),
        customers=len(set(golden_ids)),
        review=len(pairs),
        notes=[note for table in tables for note in (*table.notes, *_rejected(table))],
    )


def _golden_ids(sources: Sequence[str], record_ids: Sequence[str], first: np.ndarray) -> list[str]:
    """Name each cluster after its first record; a repeated (source, record id) is told apart by its occurrence."""
    seen: Counter[tuple[str, str]] = Counter()
    names = []
    for source, record_id in zip(sources, record_ids, strict=True):
        seen[source, record_id] += 1
        names.append(f"{source}\x1f{record_id}\x1f{seen[source, record_id]}")
    ids = {int(i): str(uuid5(CLUSTERS, names[i])) for i in np.unique(first)}
    return [ids[int(i)] for i in first]


def _review_pairs(matched: Sequence[Matched]) -> Iterator[tuple[int, int, float]]:
    for one in matched:
        review, rows = one.result.review, one.records.rows
        left, right = rows[review.column("left").to_numpy()], rows[review.column("right").to_numpy()]
        yield from zip(left.tolist(), right.tolist(), review.column("probability").to_pylist(), strict=True)


def _write_report(request: DedupeRequest, tables: Sequence[InputTable], matched: Sequence[Matched]) -> None:
    from cdm.pipeline.dedupe.page import dedupe_report
    from cdm.pipeline.resolve import match_settings
    from cdm.report.figures import RecordRef
    from cdm.report.html import write_dedupe_html
    from cdm.settings import load_settings

    names = [RecordRef(s, r) for table in tables for s, r in zip(table.sources, table.record_ids, strict=True)]
    quarantined = Counter({table.name: len(table.rejects) for table in tables})
    report = dedupe_report(names, matched, match_settings(load_settings()), quarantined)
    assert request.report is not None
    try:
        write_dedupe_html(request.report, report, request.language)
    except OSError as error:
        raise _unwritable(request.report, error) from error


def _rejected(table: InputTable) -> Iterator[str]:
    for reject in table.rejects[:20]:
        yield f"{reject.origin}: {reject.reason}"
    if len(table.rejects) > 20:
        yield f"{table.name}: {len(table.rejects) - 20:,} more rows could not be read"


@contextmanager
def _whole(path: Path) -> Iterator[TextIO]:
    """Yield a text file that takes the place of ``path`` when all of it is written; a failure leaves what was there."""
    if path.exists() and not path.is_file():  # a pipe or a terminal
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    try:
        with _whole(path) as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> DedupeError:
    return DedupeError(
        f"{path} cannot be written: {error.strerror}.", remedy="Close it elsewhere, or write to another place."
    )
