"""What a one-shot deduplication is asked to do, and what came out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cdm.errors import CdmError
from cdm.pipeline.prepare import ORGANIZATION, PERSON

ENTITIES = ("auto", PERSON, ORGANIZATION)


class DedupeError(CdmError):
    """The request cannot be carried out as it was put."""

    code, status, exit_code = "dedupe_request", 422, 2


@dataclass(frozen=True, slots=True)
class DedupeRequest:
    """What to deduplicate and what to write; see ``cdm dedupe --help``."""

    files: tuple[Path, ...]
    out: Path
    id_column: str | None = None
    source_column: str | None = None
    entity: str = "auto"
    map_file: Path | None = None
    ignore: tuple[str, ...] = ()
    review: Path | None = None
    report: Path | None = None
    language: str = "en"
    truth_column: str | None = None
    """Column that names the true customer; hidden from matching."""


@dataclass(frozen=True, slots=True)
class DedupeOutcome:
    """What came out, in numbers, and what the user should know."""

    records: int
    customers: int
    review: int
    notes: Sequence[str] = field(default_factory=tuple)


def check(request: DedupeRequest) -> None:
    """Refuse a request that contradicts itself, or whose outputs cannot be written, before any work is done."""
    if request.entity not in ENTITIES:
        raise DedupeError(f"'{request.entity}' is not an entity to deduplicate.", remedy=f"Use {', '.join(ENTITIES)}.")
    outputs = [p.resolve() for p in (request.out, request.review, request.report) if p is not None]
    inputs = [p.resolve() for p in (*request.files, request.map_file) if p is not None]
    for path in outputs:
        if path in inputs or outputs.count(path) > 1:
            raise DedupeError(f"{path} would be overwritten.", remedy="Give every output a name of its own.")
        if not path.parent.is_dir():
            raise DedupeError(f"The folder {path.parent} does not exist.", remedy="Make it first, or write elsewhere.")
        if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
            raise DedupeError(
                f"{path} cannot be written: it is a folder, or you may not write there.",
                remedy="Name a file in a folder of your own.",
            )
