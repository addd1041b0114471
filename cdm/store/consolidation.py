"""Writing the outcome of a consolidation in one transaction: golden records, their members, what was retired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Select, Table, delete, select

from cdm.store.announce import Written, announce
from cdm.store.bulk import AnyRow, archive, insert_rows, update_rows
from cdm.store.clock import stamp
from cdm.store.documents import AT_A_TIME, content_hashes
from cdm.store.events import Origin
from cdm.store.membership import move_members, redirect
from cdm.store.prepared import Prepared, among
from cdm.store.review_cases import refresh_cases
from cdm.store.search import write_tokens
from cdm.store.tables import candidate, golden, golden_version, link


@dataclass(frozen=True, slots=True)
class Consolidation:
    """The golden state of records of one entity type. What it does not name stays as it is."""

    entity: str
    golden: pa.Table
    """golden_id, fields, provenance (JSON texts), score (JSON text or null), score_total (0-100 or null) and tokens
    (the texts each is found by); without the last one, records are not found by anything."""
    members: pa.Table
    """record_id, golden_id: all records of each golden record in ``golden``."""
    released: Sequence[int] = ()
    """Records that belong to no golden record any more (deleted at source, or of another entity type now)."""
    retired: Sequence[str] = ()
    """Golden records that are no more."""
    redirects: Sequence[tuple[str, str]] = ()
    """Retired golden id → golden id that took over records of it."""
    candidates: pa.Table | None = None
    """left_id, right_id, probability, explanation (JSON text or null): replaces the candidates in ``scope``."""
    model: str | None = None
    """Version of the matching model that found the candidates."""
    links: pa.Table | None = None
    """left_id, right_id, weight (bits): replaces the links in ``scope``."""
    scope: Sequence[int] | None = None
    """The records whose candidates and links are replaced; all records of the entity type where ``None``."""


@dataclass(frozen=True, slots=True)
class GoldenCounts:
    """What a consolidation changed."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    revived: int = 0
    retired: int = 0
    moved: int = 0
    """Records that belong to another golden record than before."""

    def __add__(self, other: GoldenCounts) -> GoldenCounts:
        return GoldenCounts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def apply(
    connection: Connection, consolidation: Consolidation, run_id: int, now: datetime, *, decision_id: int | None = None
) -> GoldenCounts:
    """Write a consolidation and its events; only what differs from what is stored is written.

    Args:
        connection: an open write transaction.
        consolidation: the new state.
        run_id: the run that made it.
        now: the present time.
        decision_id: the steward's decision that led to it.

    Returns:
        What changed.
    """
    written = Written()
    groups = consolidation.golden.append_column("members", _members(consolidation))
    for start in range(0, groups.num_rows, AT_A_TIME):
        part = groups.slice(start, AT_A_TIME)
        _write(connection, _rows(part, consolidation.entity, run_id, now), written)
    moved = move_members(connection, consolidation.members, consolidation.released, run_id)
    # Where links are not replaced, those of a record that is gone tell the next run whom it held together.
    _drop_pairs(connection, consolidation.released, (candidate,) if consolidation.links is None else (candidate, link))
    written.retired = _retire(connection, consolidation.retired, run_id, now)
    redirect(connection, list(written.revived), consolidation.redirects, run_id)
    if consolidation.candidates is not None:
        found = {**_columns(consolidation.candidates), "run_id": run_id, "model": consolidation.model}
        _replace(connection, candidate, consolidation, found)
    if consolidation.links is not None:
        _replace(connection, link, consolidation, _columns(consolidation.links))
    refresh_cases(connection, _touched(consolidation), _ends(consolidation.candidates), now)
    announce(
        connection,
        written,
        moved,
        consolidation.redirects,
        origin=Origin(consolidation.entity, run_id, stamp(now), decision_id),
    )
    new, changed, revived = len(written.new), len(written.changed), len(written.revived)
    kept = groups.num_rows - new - changed - revived
    return GoldenCounts(new, changed, kept, revived, len(consolidation.retired), len(moved))


def _touched(consolidation: Consolidation) -> list[str]:
    """Return the golden records that were written or retired."""
    return [*consolidation.golden["golden_id"].to_pylist(), *consolidation.retired]


def _ends(pairs: pa.Table | None) -> list[int]:
    """Return the records of both ends of some pairs."""
    return [] if pairs is None else [*pairs["left_id"].to_pylist(), *pairs["right_id"].to_pylist()]


def _members(consolidation: Consolidation) -> pa.Array:
    """Return the record ids of every golden record as one JSON list, in order."""
    at = pc.index_in(consolidation.members["golden_id"], value_set=consolidation.golden["golden_id"].combine_chunks())
    position = at.to_numpy().astype(np.int64)
    records = consolidation.members["record_id"].to_numpy().astype(np.int64)
    order = np.lexsort((records, position))
    counts = np.bincount(position, minlength=consolidation.golden.num_rows)
    texts = pa.array(records[order]).cast(pa.string())
    lists = pa.ListArray.from_arrays(pa.array(np.concatenate(([0], np.cumsum(counts))).astype(np.int32)), texts)
    return pc.binary_join_element_wise("[", pc.binary_join(lists, ","), "]", "")


def _write(connection: Connection, rows: dict[str, list[Any]], written: Written) -> None:
    """Write some golden records."""
    known = _known(connection, rows["id"])
    new, revived, changed, rescored = _classify(rows, known)
    created: dict[str, list[Any]] = {"version": [1] * len(new), "created_at": [rows["changed_at"][i] for i in new]}
    lists, tokens = rows.pop("lists"), rows.pop("tokens")
    insert_rows(connection, golden, {**_pick(rows, new), **created})
    _rewrite(connection, rows, known, [*revived, *changed])
    write_tokens(connection, {rows["id"][i]: tokens[i] for i in new}, new=True)
    write_tokens(connection, {rows["id"][i]: tokens[i] for i in (*revived, *changed)}, new=False)
    columns = ("id", "score", "score_total")
    update_rows(connection, golden, "id", {name: [rows[name][i] for i in rescored] for name in columns})
    versions = {identity: row.version + 1 for identity, row in known.items()}
    written.new |= {rows["id"][i]: (1, lists[i]) for i in new}
    written.changed |= {rows["id"][i]: (versions[rows["id"][i]], lists[i]) for i in changed}
    written.revived |= {rows["id"][i]: (versions[rows["id"][i]], lists[i]) for i in revived}


def _rows(table: pa.Table, entity: str, run_id: int, now: datetime) -> dict[str, list[Any]]:
    ids = table["golden_id"].to_pylist()
    lists = table["members"].to_pylist()
    members = [text.count(",") + 1 for text in lists]
    hashed = content_hashes(table["fields"], table["provenance"], table["members"])
    count = len(ids)
    return {
        "id": ids,
        "entity": [entity] * count,
        **{name: table[name].to_pylist() for name in ("fields", "provenance", "score", "score_total")},
        "members": members,
        "lists": lists,
        "tokens": table["tokens"].to_pylist() if "tokens" in table.column_names else [()] * count,
        "content_hash": hashed,
        "run_id": [run_id] * count,
        "changed_at": [stamp(now)] * count,
        "retired_at": [None] * count,
    }


def _stored(dialect: str) -> Select[Any]:
    g = golden.c
    return select(g.id, g.version, g.content_hash, g.retired_at, g.score).where(among(dialect, g.id, "ids"))


_KNOWN = Prepared(_stored)


def _known(connection: Connection, ids: Sequence[str]) -> dict[str, AnyRow]:
    return {row.id: row for row in _KNOWN(connection, ids=list(ids))}


def _classify(rows: dict[str, list[Any]], known: dict[str, AnyRow]) -> tuple[list[int], ...]:
    """Return the positions of rows that are new, revived, changed, and changed in their score only."""
    new: list[int] = []
    revived: list[int] = []
    changed: list[int] = []
    rescored: list[int] = []
    for i, (identity, content, score) in enumerate(zip(rows["id"], rows["content_hash"], rows["score"], strict=True)):
        stored = known.get(identity)
        if stored is None:
            new.append(i)
        elif stored.retired_at is not None:
            revived.append(i)
        elif stored.content_hash != content:
            changed.append(i)
        elif stored.score != score:
            rescored.append(i)
    return new, revived, changed, rescored


def _rewrite(
    connection: Connection, rows: dict[str, list[Any]], known: dict[str, AnyRow], positions: list[int]
) -> None:
    ids = [rows["id"][i] for i in positions]
    archive(connection, golden, golden_version, ids)
    versions = [known[identity].version + 1 for identity in ids]
    update_rows(connection, golden, "id", {**_pick(rows, positions), "version": versions})


def _retire(connection: Connection, ids: Sequence[str], run_id: int, now: datetime) -> dict[str, int]:
    """Retire golden records; returns the version each ends with."""
    if not ids:
        return {}
    archive(connection, golden, golden_version, ids)
    known = _known(connection, ids)
    columns: dict[str, Sequence[Any]] = {
        "id": list(known),
        "version": [row.version + 1 for row in known.values()],
        "members": [0] * len(known),
        "run_id": [run_id] * len(known),
        "changed_at": [stamp(now)] * len(known),
        "retired_at": [stamp(now)] * len(known),
    }
    update_rows(connection, golden, "id", columns)
    write_tokens(connection, dict.fromkeys(known, ()), new=False)
    return {identity: row.version + 1 for identity, row in known.items()}


def _columns(table: pa.Table) -> dict[str, Any]:
    return {name: table[name].to_pylist() for name in table.column_names}


def _replace(connection: Connection, pairs: Table, consolidation: Consolidation, columns: dict[str, Any]) -> None:
    """Replace the pairs of one table that lie in the scope; a single value in ``columns`` stands for all rows."""
    if consolidation.scope is None:
        connection.execute(delete(pairs).where(pairs.c.entity == consolidation.entity))
    else:
        _drop_pairs(connection, consolidation.scope, (pairs,))
    count = len(columns["left_id"])
    constant = {"entity": [consolidation.entity] * count}
    values = {name: column if isinstance(column, list) else [column] * count for name, column in columns.items()}
    insert_rows(connection, pairs, {**values, **constant})


def _drop_pairs(connection: Connection, records: Sequence[int], tables: Sequence[Table]) -> None:
    """Drop the pairs one of whose ends is among some records."""
    for pairs in tables if len(records) else ():
        for end in ("left_id", "right_id"):
            _dropping(pairs, end)(connection, ids=list(records))


@cache
def _dropping(pairs: Table, end: str) -> Prepared:
    return Prepared(lambda dialect: delete(pairs).where(among(dialect, pairs.c[end], "ids")))


def _pick(rows: dict[str, list[Any]], positions: Sequence[int]) -> dict[str, list[Any]]:
    return {name: [column[i] for i in positions] for name, column in rows.items()}
