"""What an evaluation is asked to do."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cdm.errors import CdmError
from cdm.pipeline.dedupe import DedupeRequest


class EvaluateError(CdmError):
    """The request cannot be carried out as it was put, or what it was given cannot be used."""

    code, status, exit_code = "evaluate_request", 422, 2


@dataclass(frozen=True, slots=True)
class EvaluateRequest:
    """What to evaluate against what; see ``cdm evaluate --help``.

    Attributes:
        files: tables to match; none to evaluate the hub.
        truth: column of the files that names the true customer.
        crosswalk: file that names the true customer of every record.
        pairs: file of pairs labelled same or different.
        sample: sheet to write for a clerk to judge.
        verdicts: such a sheet, filled in.
        size: pairs in the sample.
        out: HTML page to write.
    """

    files: tuple[Path, ...] = ()
    truth: str | None = None
    crosswalk: Path | None = None
    pairs: Path | None = None
    sample: Path | None = None
    verdicts: Path | None = None
    size: int = 200
    out: Path | None = None
    id_column: str | None = None
    source_column: str | None = None
    entity: str = "auto"
    map_file: Path | None = None
    ignore: tuple[str, ...] = ()

    def matching(self) -> DedupeRequest:
        """Return the deduplication whose outcome is evaluated."""
        return DedupeRequest(
            files=self.files,
            out=Path(os.devnull),
            id_column=self.id_column,
            source_column=self.source_column,
            entity=self.entity,
            map_file=self.map_file,
            ignore=self.ignore,
            truth_column=self.truth,
        )


def check(request: EvaluateRequest) -> None:
    """Refuse a request that says too little, too much or contradicts itself, before any work is done."""
    ways = {
        "--truth": request.truth,
        "--crosswalk": request.crosswalk,
        "--pairs": request.pairs,
        "--sample": request.sample,
        "--verdicts": request.verdicts,
    }
    named = [option for option, value in ways.items() if value is not None]
    if len(named) != 1:
        said = f"{' and '.join(named)} were given" if named else "nothing to compare with was given"
        raise EvaluateError(
            f"An evaluation compares with one thing; {said}.", remedy=f"Give exactly one of {', '.join(ways)}."
        )
    if request.truth is not None and not request.files:
        raise EvaluateError(
            "--truth names a column of a file, and no file was given.",
            remedy="Name the file, or compare the hub with a file of true customers: --crosswalk FILE.",
        )
    if request.verdicts is not None and request.files:
        raise EvaluateError("--verdicts needs no other file: the sheet holds all.", remedy="Leave the files out.")
    for path in (request.out, request.sample):
        _writable(path, request)


def _writable(path: Path | None, request: EvaluateRequest) -> None:
    """Refuse an output that would overwrite an input or has no folder."""
    if path is None:
        return
    inputs = [p.resolve() for p in (*request.files, request.crosswalk, request.pairs, request.verdicts) if p]
    if path.resolve() in inputs:
        raise EvaluateError(f"{path} would be overwritten.", remedy="Give the output a name of its own.")
    if not path.parent.is_dir() or path.is_dir():
        raise EvaluateError(f"{path} cannot be written.", remedy="Name a file in a folder that exists.")
