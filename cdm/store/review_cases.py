"""Cases of the review queue, kept up with candidates and golden records in the transaction that changes them.

A case is everything a steward has to look at together: live golden records that candidate pairs connect, directly or
through others. It is called by its oldest source record, so that its name survives everything but that record's
leaving; any source record of the case finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, literal_column, select

from cdm.store.bulk import insert_rows, one_of
from cdm.store.chains import Chained
from cdm.store.clock import stamp
from cdm.store.documents import dump, load
from cdm.store.prepared import Prepared, among
from cdm.store.tables import candidate, crosswalk, golden, review_case, review_member, source_record

HELD = ("coincidental", "chained", "misnamed", "outvoted", "narrow", "unstable")
"""Why matching asks although much agrees, the most telling first: reason codes of explanations."""
KEPT_APART = "kept_apart"
"""The pair alone would merge, the other records of both speak against it."""
UNCERTAIN = "uncertain"
"""Nothing in particular: the evidence is in between."""
CONTRADICTED = "identifier_apart"
"""Nothing can become of it unless a steward knows better: identifiers of other records contradict every pair."""
REASONS = (*HELD, KEPT_APART, UNCERTAIN, CONTRADICTED)


@dataclass(frozen=True, slots=True)
class Edge:
    """A candidate pair between two golden records."""

    left_id: int
    right_id: int
    one: str
    other: str
    probability: float


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of one golden record."""

    oldest: int
    members: int
    entity: str
    score: float | None
    sources: frozenset[int]


def _cases(dialect: str) -> Select[Any]:
    """Select the cases that some golden records are in."""
    m = review_member.c
    return select(m.case_id).distinct().where(among(dialect, m.golden_id, "ids"))


_CASES = Prepared(_cases)
_ANY = Prepared(lambda _: select(review_case.c.id).limit(literal_column("1")))


def refresh_cases(connection: Connection, touched: Sequence[str], ends: Sequence[int], now: datetime) -> None:
    """Work out anew the cases of golden records that were written or retired, and of records with new candidates.

    Args:
        connection: the open write transaction that changed them.
        touched: golden ids, live or retired.
        ends: record ids of both ends of new candidates.
        now: when a case that was not there before is said to have come up.
    """
    if _unfilled(connection):
        c = candidate.c
        ends = [*connection.execute(select(c.left_id).union(select(c.right_id))).scalars()]
    m, k = review_member.c, crosswalk.c
    before = list(_CASES(connection, ids=list(touched)).scalars()) if touched else []
    seeds: set[str] = set()
    if before:
        seeds |= set(connection.execute(select(m.golden_id).where(one_of(connection, m.case_id, before))).scalars())
    if ends:
        seeds |= set(connection.execute(select(k.golden_id).where(one_of(connection, k.record_id, ends))).scalars())
    if not seeds:
        return
    edges = _reach(connection, seeds)
    since = _forget(connection, before, sorted(seeds | {one for e in edges for one in (e.one, e.other)}))
    _write(connection, edges, since, stamp(now))


def _unfilled(connection: Connection) -> bool:
    """Tell whether there are no cases at all, as in a hub that a former release wrote."""
    return _ANY(connection).first() is None


def incomplete(connection: Connection) -> bool:
    """Tell whether there are candidates and no cases."""
    return _unfilled(connection) and connection.execute(select(candidate.c.left_id).limit(1)).first() is not None


def _reach(connection: Connection, seeds: set[str]) -> list[Edge]:
    """Return all candidate pairs that hang together with some golden records, the strongest first."""
    edges: dict[tuple[int, int], Edge] = {}
    known: set[str] = set()
    fresh = seeds
    while fresh:
        known |= fresh
        for edge in edges_of(connection, sorted(fresh)):
            edges[edge.left_id, edge.right_id] = edge
        fresh = {one for edge in edges.values() for one in (edge.one, edge.other)} - known
    return sorted(edges.values(), key=lambda e: (-e.probability, e.left_id, e.right_id))


def edges_of(connection: Connection, golden_ids: Sequence[str]) -> Iterator[Edge]:
    """Yield the candidate pairs between any of some golden records and others; one between two of them may come twice.

    Args:
        connection: an open transaction.
        golden_ids: live golden records.
    """
    left, right, c = crosswalk.alias("l"), crosswalk.alias("r"), candidate.c
    joined = candidate.join(left, left.c.record_id == c.left_id).join(right, right.c.record_id == c.right_id)
    query = select(c.left_id, c.right_id, left.c.golden_id, right.c.golden_id, c.probability).select_from(joined)
    for side in (left, right):
        here = query.where(one_of(connection, side.c.golden_id, golden_ids), left.c.golden_id != right.c.golden_id)
        yield from (Edge(*row) for row in connection.execute(here))


def _forget(connection: Connection, cases: Sequence[int], golden_ids: Sequence[str]) -> dict[int, str]:
    """Drop cases and all others that some golden records are in; returns since when each had waited."""
    m, c = review_member.c, review_case.c
    gone = sorted({*cases, *_CASES(connection, ids=list(golden_ids)).scalars()})
    if not gone:
        return {}
    since = {
        row.id: row.since for row in connection.execute(select(c.id, c.since).where(one_of(connection, c.id, gone)))
    }
    connection.execute(delete(review_member).where(one_of(connection, m.case_id, gone)))
    connection.execute(delete(review_case).where(one_of(connection, c.id, gone)))
    return since


def _write(connection: Connection, edges: Sequence[Edge], since: Mapping[int, str], now: str) -> None:
    """Write the cases that some pairs form."""
    groups = _components(edges)
    facts = _facts(connection, [one for members, _ in groups for one in members])
    reasons = _reasons(connection, edges)
    rows = [_row(sorted(members), pairs, facts, reasons) for members, pairs in groups]
    for row in rows:
        row["since"] = since.get(row["id"], now)
    _insert(connection, review_case, rows)
    belongs = [
        {"golden_id": one, "case_id": row["id"]}
        for (members, _), row in zip(groups, rows, strict=True)
        for one in members
    ]
    _insert(connection, review_member, belongs)


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        insert_rows(connection, table, {name: [row[name] for row in rows] for name in rows[0]})


def _components(edges: Sequence[Edge]) -> list[tuple[set[str], list[Edge]]]:
    """Return the golden records and the pairs of every case."""
    number = {one: at for at, one in enumerate(dict.fromkeys(one for e in edges for one in (e.one, e.other)))}
    root = Chained((number[e.one], number[e.other]) for e in edges)
    groups: dict[int, tuple[set[str], list[Edge]]] = {}
    for edge in edges:
        members, pairs = groups.setdefault(root(number[edge.one]), (set(), []))
        members.update((edge.one, edge.other))
        pairs.append(edge)
    return list(groups.values())


def _row(
    members: Sequence[str], pairs: Sequence[Edge], facts: Mapping[str, _Facts], reasons: Mapping[tuple[int, int], str]
) -> dict[str, Any]:
    said = [reasons[pair.left_id, pair.right_id] for pair in pairs]
    # A pair that identifiers contradict waits for a steward who knows better, behind everything that is open.
    possible = [0.0 if reason == CONTRADICTED else pair.probability for pair, reason in zip(pairs, said, strict=True)]
    known = [facts[one] for one in members]
    records = sum(one.members for one in known)
    scores = [one.score for one in known if one.score is not None]
    return {
        "id": min(one.oldest for one in known),
        "entity": known[0].entity,
        "golden": dump(list(members)),
        "size": len(members),
        "records": records,
        "pairs": len(pairs),
        "probability": max(possible),
        # Uncertainty sampling weighted by how many records the answer decides about, as matching asks.
        "priority": max(4 * p * (1 - p) for p in possible) * (1 + log(records)),
        "sources": "".join(f",{one}" for one in sorted({s for k in known for s in k.sources})) + ",",
        "reason": next((one for one in said if one != CONTRADICTED), CONTRADICTED),
        "score": min(scores, default=None),
    }


def _facts(connection: Connection, golden_ids: Sequence[str]) -> dict[str, _Facts]:
    k, g, r = crosswalk.c, golden.c, source_record.c
    joined = crosswalk.join(golden, g.id == k.golden_id).join(source_record, r.id == k.record_id)
    query = select(g.id, g.entity, g.score_total, r.source_id, func.min(k.record_id), func.count())
    query = query.select_from(joined).where(one_of(connection, k.golden_id, golden_ids))
    found: dict[str, _Facts] = {}
    for one, entity, score, source, oldest, count in connection.execute(
        query.group_by(g.id, g.entity, g.score_total, r.source_id)
    ):
        before = found.get(one, _Facts(oldest, 0, entity, score, frozenset()))
        found[one] = _Facts(
            min(before.oldest, oldest), before.members + count, entity, score, before.sources | {source}
        )
    return found


def _reasons(connection: Connection, pairs: Sequence[Edge]) -> dict[tuple[int, int], str]:
    """Return why matching asks about each pair."""
    c = candidate.c
    query = select(c.left_id, c.right_id, c.explanation).where(
        one_of(connection, c.left_id, [p.left_id for p in pairs])
    )
    wanted = {(p.left_id, p.right_id) for p in pairs}
    rows = ((row, (row.left_id, row.right_id)) for row in connection.execute(query))
    return {ends: _reason(row.explanation) for row, ends in rows if ends in wanted}


def _reason(explanation: str | None) -> str:
    said = load(explanation) if explanation else {}
    codes = {one["code"] for one in said.get("reasons", ())}
    if CONTRADICTED in codes:
        return CONTRADICTED
    held = next((code for code in HELD if code in codes), None)
    return held or (KEPT_APART if said.get("verdict") == KEPT_APART else UNCERTAIN)
