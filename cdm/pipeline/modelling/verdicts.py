"""What is known about pairs of records: what earlier versions learned from, decisions, and a sheet filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cdm.pipeline.evaluation.labels import LABEL, LEFT, RIGHT, Rows, column_of, read_sheet, verdict_of
from cdm.pipeline.evaluation.request import EvaluateError
from cdm.pipeline.modelling.population import Population
from cdm.store import MatchModelEntry
from cdm.store.decisions import Decision

Verdict = tuple[int, int, bool]
"""Two record ids, the smaller first, and whether they are one customer."""


def read_verdicts(path: Path, populations: Sequence[Population]) -> dict[str, list[Verdict]]:
    """Return the verdicts of a sheet by entity type; rows without a verdict are left out.

    Args:
        path: columns left, right (``source:key``) and verdict.
        populations: the records there are.

    Raises:
        EvaluateError: a column is missing, a record unknown, a verdict no verdict, or two records of different entity
            types are compared; names file, row and value.
        SourceError: the file cannot be read.
    """
    table = read_sheet(path)
    columns = [column_of(table, path, names) for names in (LEFT, RIGHT, LABEL)]
    everyone = Rows.of([name for one in populations for name in one.names])
    homes = [(one, at) for one in populations for at in range(len(one.names))]
    found: dict[str, list[Verdict]] = {}
    for number, (left, right, said) in enumerate(zip(*columns, strict=True), start=2):
        same = verdict_of(said, path, number)
        if same is None:
            continue
        (one, a), (other, b) = (homes[everyone.find(name, path, number)] for name in (left, right))
        if one.entity.name != other.entity.name:
            raise EvaluateError(
                f"{path}, row {number}: '{left}' is a {one.entity.name}, '{right}' a {other.entity.name}.",
                remedy="Compare records of one entity type.",
                file=str(path),
                row=number,
            )
        found.setdefault(one.entity.name, []).append(_ordered(int(one.record_ids[a]), int(one.record_ids[b]), same))
    return found


def of_decisions(decisions: Iterable[Decision]) -> Iterator[Verdict]:
    """Yield what binding decisions say of pairs."""
    for one in decisions:
        yield from (_ordered(a, b, True) for a, b in one.must_link())
        yield from (_ordered(a, b, False) for a, b in one.cannot_link())


def of_entry(entry: MatchModelEntry | None) -> list[Verdict]:
    """Return what a version learned from."""
    kept = entry.learned_from.get("verdicts", []) if entry is not None else []
    return [(int(a), int(b), bool(same)) for a, b, same in kept]


def gathered(*layers: Iterable[Verdict]) -> list[Verdict]:
    """Put verdicts together; what is said of a pair in a later layer replaces what was said before.

    Two verdicts on one pair in the same layer both stay: learning tells that they contradict each other.
    """
    known: dict[tuple[int, int], set[bool]] = {}
    for layer in layers:
        fresh: dict[tuple[int, int], set[bool]] = {}
        for a, b, same in layer:
            fresh.setdefault((a, b), set()).add(same)
        known |= fresh
    return sorted((a, b, same) for (a, b), said in known.items() for same in said)


def _ordered(a: int, b: int, same: bool) -> Verdict:
    return min(a, b), max(a, b), same
