"""The sheet a clerk judges pairs on: written with whole values, read back with verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from cdm.pipeline.evaluation.labels import UNSURE, column_of, read_sheet, verdict_of
from cdm.pipeline.evaluation.request import EvaluateError
from cdm.pipeline.subject import Subject
from cdm.report.evaluation import STRATA
from cdm.report.exports import ExportError
from cdm.report.sheet import write_workbook
from cdm.report.text_files import write_csv
from matching.evaluate import Stratum
from schemas.model import Label

VERDICT, LEFT, RIGHT, STRATUM, SIZE = "verdict", "left", "right", "stratum", "stratum_pairs"
SHEET = Label("抽样审核", "Sample")


Pair = tuple[int, int]
"""Two rows to be judged."""


@dataclass(frozen=True, slots=True)
class SampledPair:
    """Two rows to be judged, the stratum they were drawn from and the pairs it has."""

    left: int
    right: int
    stratum: int
    pairs: int


def write_sample(path: Path, subject: Subject, pairs: Sequence[SampledPair], language: str) -> None:
    """Write one row per pair: verdict to fill in, both records side by side, and last what the estimate needs.

    Values are not masked, since nobody can judge masked ones; the order gives nothing away of what the engine thought.

    Raises:
        ExportError: the file cannot be written or its ending is unknown.
    """
    columns, headers = side_by_side(subject, [(one.left, one.right) for one in pairs], language)
    columns |= {STRATUM: [list(STRATA)[p.stratum] for p in pairs], SIZE: [str(p.pairs) for p in pairs]}
    _write(path, pa.table(columns), [*headers, STRATUM, SIZE], SHEET, language)


def write_pairs(path: Path, subject: Subject, pairs: Sequence[Pair], language: str, title: Label) -> None:
    """Write one row per pair: verdict to fill in, and both records side by side, not masked.

    Raises:
        ExportError: the file cannot be written or its ending is unknown.
    """
    columns, headers = side_by_side(subject, pairs, language)
    _write(path, pa.table(columns), headers, title, language)


def _write(path: Path, table: pa.Table, headers: Sequence[str], title: Label, language: str) -> None:
    try:
        if path.suffix.lower() == ".xlsx":
            write_workbook(path, [("sample", table, headers)], {"sample": title}, language)
        elif path.suffix.lower() == ".csv":
            write_csv(path, table, headers)
        else:
            raise ExportError(f"{path.name} has no ending that names a format.", remedy="Use .xlsx or .csv.")
    except OSError as error:
        raise ExportError(
            f"{path} cannot be written: {error}.", remedy="Close it elsewhere, or write it elsewhere."
        ) from error


def side_by_side(subject: Subject, pairs: Sequence[Pair], language: str) -> tuple[dict[str, list[str]], list[str]]:
    """Return the columns and headers of a sheet of pairs: verdict, names, then every field of both records."""
    values = {row: subject.values(row) for pair in pairs for row in pair}
    fields = list(dict.fromkeys(name for found in values.values() for name in found))
    columns: dict[str, list[str]] = {VERDICT: ["" for _ in pairs]}
    headers = [VERDICT, LEFT, RIGHT]
    for side, at in ((LEFT, 0), (RIGHT, 1)):
        columns[side] = [_name(subject, pair[at]) for pair in pairs]
    for name in fields:
        for at, letter in ((0, "A"), (1, "B")):
            columns[f"{name} {letter}"] = [values[pair[at]].get(name, "") for pair in pairs]
            headers.append(f"{subject.field_label(name).text(language)} {letter}")
    return columns, headers


def _name(subject: Subject, row: int) -> str:
    one = subject.names[row]
    return f"{one.source}:{one.key}"


def read_sample(path: Path) -> list[Stratum]:
    """Return the strata with their verdicts; unsure pairs count as not asked.

    Raises:
        EvaluateError: a column, a stratum or a verdict is wrong.
    """
    table = read_sheet(path)
    verdicts, strata, sizes = (column_of(table, path, (name,)) for name in (VERDICT, STRATUM, SIZE))
    found: dict[str, Stratum] = {}
    for row, (text, name, size) in enumerate(zip(verdicts, strata, sizes, strict=True), start=2):
        if name not in STRATA or not size.isdigit():
            raise EvaluateError(
                f"{path}, row {row}: '{name}', '{size}' do not say which pairs this one was drawn from.",
                remedy="Leave the last two columns as 'cdm evaluate --sample' wrote them.",
                row=row,
            )
        verdict = None if text.lower() in UNSURE else verdict_of(text, path, row)
        one = found.get(name) or Stratum(name, name != "review", int(size))
        asked, same = one.asked + (verdict is not None), one.same + (verdict is True)
        found[name] = Stratum(name, one.merged, one.pairs, asked, same)
    return [found[name] for name in STRATA if name in found]
