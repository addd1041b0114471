"""What merging would give, worked out by the step itself; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cdm.errors import Conflict
from cdm.pipeline.active_model import active_model
from cdm.pipeline.hub import Hub
from cdm.pipeline.reconsider import reconsider
from cdm.stewardship.steps import Versions, members_of, pending
from cdm.store.contradiction import contradicted
from cdm.store.decisions import Decision, NewDecision, Verdict
from cdm.store.documents import load
from cdm.store.provenance import STATED_RECORD, entries_of


@dataclass(frozen=True, slots=True)
class Winner:
    """Where a golden value would come from and why it would win."""

    record_id: int
    """0 where a steward stated it."""
    source: str
    key: str
    why: str
    """Reason code (:mod:`cdm.survivorship.reasons`)."""
    records: int
    differing: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """The golden record that merging would give."""

    golden_id: str
    entity: str
    retired: Sequence[str]
    """Golden records that would lead to it from then on."""
    fields: Mapping[str, Any]
    winners: Mapping[str, Sequence[Winner]]
    score: float | None
    records: int
    against: Sequence[Decision] = ()
    """Decisions that would have to be withdrawn first."""


def outlook(hub: Hub, golden_ids: Sequence[str], *, expected: Versions | None = None) -> Outlook:
    """Return the golden record that merging some would give.

    Args:
        hub: the open hub.
        golden_ids: two or more live golden records.
        expected: the versions the steward saw.

    Raises:
        NotFound: an id does not exist.
        Conflict: one is retired or changed since, fewer than two are named, or nothing was matched yet.
    """
    members = members_of(hub, golden_ids, expected)
    if len(members) < 2:
        raise Conflict("One golden record alone cannot be merged.", remedy="Name two or more golden records.")
    entity = hub.store.golden.get(golden_ids[0]).entity
    model = active_model(hub, entity)
    if model is None:
        raise Conflict(f"No records of '{entity}' were matched yet.", remedy="Run 'cdm run' first.", entity=entity)
    records = sorted(record for one in members.values() for record in one)
    component = hub.store.component(entity, records)
    new = NewDecision(entity, Verdict.SAME, [records], "")
    against = contradicted(new, component.decisions)
    held = [one for one in component.decisions if one not in against]
    found = reconsider(hub, replace(component, decisions=[*held, pending(new)]), model)
    homes = dict(zip(found.assignment.record_ids.tolist(), found.assignment.golden_ids.to_pylist(), strict=True))
    golden_id = homes[records[0]]
    row = next(one for one in found.state.golden.to_pylist() if one["golden_id"] == golden_id)
    fields = load(row["fields"])
    winners = _winners(hub, load(row["provenance"]), fields)
    mine = sum(home == golden_id for home in homes.values())
    retired = [one for one in members if one != golden_id]
    return Outlook(golden_id, entity, retired, fields, winners, row["score_total"], mine, against)


def _winners(hub: Hub, provenance: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, list[Winner]]:
    entries = {name: entries_of(provenance, name) for name in fields}
    names = hub.store.records.names(sorted({entry[0] for found in entries.values() for entry in found}))
    return {name: [_winner(entry, names) for entry in found] for name, found in entries.items()}


def _winner(entry: Sequence[Any], names: Mapping[int, str]) -> Winner:
    record, _version, why, records, differing = entry
    source, _, key = names.get(record, "").partition(":") if record != STATED_RECORD else ("", "", "")
    return Winner(record, source, key, why, records, differing)
