"""What holds of every hub after every step, whatever was done to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from sqlalchemy import Table, select

from cdm.identity import assign
from cdm.pipeline.active_model import model_in_force
from cdm.pipeline.decided import decided_pairs
from cdm.pipeline.hub import Hub
from cdm.pipeline.resolve import resolve
from cdm.pipeline.scores import Scoring, findings_of
from cdm.pipeline.settle import Settling, outline, pairs_of
from cdm.store import Consolidation
from cdm.store.decisions import Decision
from cdm.store.events import GONE, Change, Event
from cdm.store.tables import (
    candidate,
    counter,
    crosswalk,
    event,
    golden,
    link,
    pending,
    review_case,
    review_member,
    source_record,
)
from cdm.survivorship import heard
from schemas.progress import silent

State = dict[str, Any]


def rows(hub: Hub, table: Table, *names: str) -> list[tuple[Any, ...]]:
    """Return some columns of a table, in their order."""
    columns = [table.c[name] for name in names]
    with hub.store._database.read() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(*columns))]


def state(hub: Hub, entity: str = "person") -> State:
    """Return everything a hub says of the customers of one type: ids, values, why, scores, members, questions."""
    live = rows(hub, golden, "id", "entity", "fields", "provenance", "score", "members", "retired_at")
    shown = {one[0]: one[2:6] for one in live if one[1] == entity and one[6] is None}
    home = rows(hub, crosswalk, "record_id", "golden_id")
    asked = rows(hub, candidate, "left_id", "right_id", "entity", "probability", "explanation")
    kept = rows(hub, link, "left_id", "right_id", "entity", "weight")
    return {
        "golden": shown,
        "crosswalk": {record: one for record, one in home if one in shown},
        "candidates": [(*one[:2], *one[3:]) for one in asked if one[2] == entity],
        "links": [(*one[:2], one[3]) for one in kept if one[2] == entity],
    }


def waiting(hub: Hub) -> set[int]:
    """Return the records that changed since the last run."""
    return {record for (record,) in rows(hub, pending, "record_id")}


def check_members(hub: Hub, entity: str = "person") -> None:
    """Every live record is in one golden record, and every golden record has its records; but for what waits."""
    found = state(hub, entity)
    records = rows(hub, source_record, "id", "entity", "deleted_at")
    live = {one for one, kind, gone in records if kind == entity and gone is None}
    home, late = found["crosswalk"], waiting(hub)
    assert live - late <= home.keys(), "a live record belongs to no golden record"
    assert home.keys() - late <= live, "a record that is gone still belongs to a golden record"
    sizes = dict.fromkeys(found["golden"], 0)
    for one in home.values():
        sizes[one] += 1
    assert {one: values[3] for one, values in found["golden"].items()} == sizes


class _Sets(dict[int, int]):
    def __call__(self, one: int) -> int:
        while self.get(one, one) != one:
            one = self[one]
        return one

    def join(self, pairs: Iterable[tuple[int, int]]) -> None:
        for a, b in pairs:
            self[max(self(a), self(b))] = min(self(a), self(b))


def check_decisions(hub: Hub, entity: str = "person") -> None:
    """What stewards said holds, also through others, also through records that are gone."""
    home = state(hub, entity)["crosswalk"]
    binding: list[Decision] = hub.store.decisions.binding(entity)
    same = _Sets()
    for one in binding:
        same.join(pair for part in one.parts for pair in pairwise(part) if one.kind.value != "different")
    together: dict[int, set[str]] = {}
    for record, one in home.items():
        together.setdefault(same(record), set()).add(one)
    assert all(len(ids) == 1 for ids in together.values()), "records said to be one customer are not"
    for one in binding:
        for a, b in one.cannot_link():
            apart = together.get(same(a), set()) & together.get(same(b), set())
            assert not apart, f"decision {one.id} keeps {a} and {b} apart, they are together"


def rebuilt(hub: Hub, entity: str = "person") -> Consolidation:
    """Make the golden state from the source records, the decisions, the ids and the model alone."""
    kind = hub.model[entity]
    batch = hub.store.records.read(kind)
    findings = findings_of(batch)
    ids = batch.index.column("record_id").to_numpy()
    model = model_in_force(hub, entity)
    assert model is not None
    result = resolve(
        kind,
        batch.fields,
        findings,
        source=batch.index.column("source").combine_chunks(),
        settings=hub.settings,
        progress=silent,
        decided=decided_pairs(hub.store.decisions.binding(entity), ids),
        model=model,
    )
    current = hub.store.crosswalk.current(entity)
    former = hub.store.crosswalk.former(entity)
    given = assign(
        ids,
        result.clusters,
        current=current,
        former=former,
        live=hub.store.crosswalk.live_ids(entity),
        mint=lambda count: [f"unknown {number}" for number in range(count)],
    )
    stated = heard(hub.store.statements.binding(entity), given.record_ids, given.golden_ids, [current, former])
    settled = Settling(kind, Scoring.of(hub))(batch, findings, given.golden_ids, stated)
    return replace(outline(kind, batch, given, pairs_of(batch, result)), golden=settled.golden)


def model_of_rebuilt(hub: Hub, entity: str = "person") -> str | None:
    """Return the version of the model a whole run would end with."""
    return rebuilt(hub, entity).model


def check_rebuilt(hub: Hub, entity: str = "person") -> None:
    """What is stored is what the sources, decisions, ids and the model make, to the byte; where nothing waits."""
    if waiting(hub) or model_in_force(hub, entity) is None:
        return
    made = rebuilt(hub, entity)
    stored = state(hub, entity)
    members = dict(zip(made.members["record_id"].to_pylist(), made.members["golden_id"].to_pylist(), strict=True))
    assert stored["crosswalk"] == members
    names = ("fields", "provenance", "score")
    found = {row["golden_id"]: tuple(row[name] for name in names) for row in made.golden.to_pylist()}
    alike(
        [(one, *values[:3]) for one, values in stored["golden"].items()], [(k, *v) for k, v in found.items()], "golden"
    )
    assert made.candidates is not None
    assert made.links is not None
    alike(stored["candidates"], [tuple(row.values()) for row in made.candidates.to_pylist()], "candidates")
    links = [tuple(row.values()) for row in made.links.to_pylist()]
    kept, found_anew = hanging_together(stored["links"]), hanging_together(links)
    alike([tuple(sorted(one)) for one in kept], [tuple(sorted(one)) for one in found_anew], "linked records")


def alike(stored: Iterable[tuple[Any, ...]], made: Iterable[tuple[Any, ...]], what: str) -> None:
    """Assert that two sets of rows are equal; show the rows that are not."""
    one, two = set(stored), set(made)
    assert one == two, f"{what}: only stored {sorted(one - two)}, only made anew {sorted(two - one)}"


def hanging_together(links: Iterable[tuple[Any, ...]]) -> set[frozenset[int]]:
    """Return the sets of linked records. Records that say the same are linked in a star or each with each, depending on
    whether there was a decision about them; it is the same set."""
    sets, found = _Sets(), dict[int, set[int]]()
    sets.join((a, b) for a, b, _ in links)
    for record in list(sets):
        found.setdefault(sets(record), {sets(record)}).add(record)
    return {frozenset(one) for one in found.values() if len(one) > 1}


@dataclass
class Copy:
    """A downstream system that knows nothing but the feed."""

    seq: int = 0
    golden: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    issued: set[str] = field(default_factory=set)

    def follow(self, hub: Hub, entity: str = "person") -> None:
        """Read what is new in the feed, without gaps, and hold no id that was issued twice."""
        for one in hub.store.events.since(self.seq):
            assert one.seq == self.seq + 1, "the feed has a gap"
            self.seq = one.seq
            if one.entity == entity:
                self._take(one)

    def _take(self, one: Event) -> None:
        held = one.golden_id in self.golden
        if one.kind is Change.CREATED:
            assert one.golden_id not in self.issued, "an id was issued twice"
            self.issued.add(one.golden_id)
        elif one.kind is Change.RESTORED:
            assert not held
            assert one.golden_id in self.issued
        else:
            assert held, "an event about an id that is no more"
        if one.kind in GONE:
            del self.golden[one.golden_id]
        else:
            self.golden[one.golden_id] = (dict(one.fields), sorted(one.members))

    def check(self, hub: Hub, entity: str = "person") -> None:
        """Be equal to the hub, and find every id that was ever issued."""
        self.follow(hub, entity)
        batch = hub.store.golden.read(hub.model[entity])
        members: dict[str, list[tuple[str, str]]] = {}
        for row in hub.store.crosswalk.table(entity).to_pylist():
            members.setdefault(row["golden_id"], []).append((row["source"], row["key"]))
        ids = batch.index["golden_id"].to_pylist()
        values = [without_blanks(one) for one in batch.fields.to_pylist()] or [{}] * len(ids)
        shown = {one: (value, sorted(members[one])) for one, value in zip(ids, values, strict=True)}
        copied = {one: (without_blanks(value), keys) for one, (value, keys) in self.golden.items()}
        assert copied == shown
        for one in self.issued:
            assert set(hub.store.crosswalk.resolve(one)) <= shown.keys()
        for one in shown:
            assert hub.store.crosswalk.resolve(one) == [one]


def without_blanks(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the values there are."""
    return {name: value for name, value in fields.items() if value not in (None, [])}


def check_feed(hub: Hub) -> None:
    """The feed's numbers run from 1 without gaps to the counter, and the audit chain is whole."""
    numbers = [seq for (seq,) in rows(hub, event, "seq")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert dict(rows(hub, counter, "name", "value")).get("event", 0) == len(numbers)
    assert hub.store.audit.verify().sound


def check_queue(hub: Hub) -> None:
    """The cases of the review queue are the components of candidates over golden records, worked out the plain way."""
    home = dict(rows(hub, crosswalk, "record_id", "golden_id"))
    number = {one: at for at, one in enumerate(sorted(set(home.values())))}
    asked = [(home[a], home[b]) for a, b in rows(hub, candidate, "left_id", "right_id")]
    sets = _Sets()
    sets.join((number[a], number[b]) for a, b in asked if a != b)
    expected: dict[int, set[str]] = {}
    for one in {end for pair in asked if pair[0] != pair[1] for end in pair}:
        expected.setdefault(sets(number[one]), set()).add(one)
    found: dict[int, set[str]] = {}
    for one, case in rows(hub, review_member, "golden_id", "case_id"):
        found.setdefault(case, set()).add(one)
    assert sorted(map(sorted, found.values())) == sorted(map(sorted, expected.values()))
    assert {one for (one,) in rows(hub, review_case, "id")} == found.keys()
    assert all(home[case] in members for case, members in found.items()), "a case is called by a record of its own"


def check_all(hub: Hub, copy: Copy | None = None) -> None:
    """Check everything that must hold now; a copy made from the whole feed unless one is given."""
    check_members(hub)
    check_decisions(hub)
    check_feed(hub)
    check_rebuilt(hub)
    check_queue(hub)
    (copy or Copy()).check(hub)
