"""One-shot deduplication of any tables: read, map, cleanse, match, write; no hub is needed."""

from __future__ import annotations

from cdm.pipeline.dedupe.files import write_outputs
from cdm.pipeline.dedupe.matched import Matched, cluster_positions, match_tables
from cdm.pipeline.dedupe.request import DedupeError, DedupeOutcome, DedupeRequest, check
from schemas.progress import Progress, silent

__all__ = [
    "DedupeError",
    "DedupeOutcome",
    "DedupeRequest",
    "Matched",
    "cluster_positions",
    "match_tables",
    "run_dedupe",
]


def run_dedupe(request: DedupeRequest, progress: Progress = silent) -> DedupeOutcome:
    """Carry out a request and write its files.

    Raises:
        SourceError: an input cannot be read.
        MappingError: a named column or the mapping file is wrong.
        DedupeError: the request contradicts itself or an output cannot be written.
    """
    check(request)
    tables, matched = match_tables(request, progress)
    return write_outputs(request, tables, matched)
