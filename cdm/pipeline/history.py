"""History for people and programs: who changed what, when and why; the hub as it was; what differs between versions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from cdm.errors import Conflict, NotFound
from cdm.pipeline.golden import GoldenView
from cdm.pipeline.hub import Hub
from cdm.pipeline.naming import source_record_named
from cdm.store import GoldenRecord, SourceRecord
from cdm.store.clock import stamp
from cdm.store.history import Moment, Past, Stay

JOB = "cdm"
"""Who changed something where no person did."""
RUN = re.compile(r"\d{1,9}")


class NoMoment(Conflict):
    """Words that are neither a time nor a run."""

    code, status, exit_code = "no_moment", 422, 2


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a golden record or a source record."""

    version: int
    at: str
    run_id: int
    what: str
    """``created``, ``updated``, ``merged`` …; of a source record ``seen``, ``changed``, ``deleted`` or ``back``."""
    who: str
    why: str
    decision_id: int | None
    changed: Sequence[str]
    """Fields whose values differ from the version before."""
    came: Sequence[str]
    """``source:key`` of source records that came."""
    left: Sequence[str]
    related: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RecordHistory:
    """Everything known of the past of one golden record or source record."""

    id: str
    """A golden id, or ``source:key``."""
    versions: Sequence[Version]
    stays: Sequence[Stay] = ()
    """Of a source record: the golden records it belonged to."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two versions."""

    id: str
    before: int
    after: int
    fields: Mapping[str, tuple[Any, Any]]
    """Field → value before, value after; ``None`` where there was none."""
    came: Sequence[str]
    left: Sequence[str]


def moment_of(hub: Hub, words: str) -> Moment:
    """Return the moment that words name.

    Args:
        hub: the open hub.
        words: number of a run (the state it left), a time (ISO 8601, UTC unless it says otherwise), or a day (its end).

    Raises:
        NoMoment: they name neither.
        NotFound: there is no such run.
        Conflict: the run has not ended.
    """
    if RUN.fullmatch(words):
        return hub.store.history.of_run(int(words))
    try:
        said = datetime.fromisoformat(words)
    except ValueError as error:
        raise NoMoment(
            f"'{words}' is neither a time nor the number of a run.",
            remedy="Write a day (2026-05-01), a time (2026-05-01T10:30) or a run's number (see 'cdm runs').",
        ) from error
    if len(words.strip()) <= len("2026-05-01"):
        said = datetime.combine(said.date(), time.max)
    return hub.store.history.at(stamp(said if said.tzinfo else said.replace(tzinfo=UTC)))


def golden_view_then(hub: Hub, golden_id: str, moment: Moment) -> GoldenView:
    """Return a golden record with its source records as they were at a moment.

    Raises:
        NotFound: it did not exist then, or its records were in several golden records or in none.
    """
    found = hub.store.history.as_of(golden_id, moment)
    if len(found) != 1:
        ids = ", ".join(one.golden_id for one in found)
        what = f"was split into {ids}" if found else "had no source record left"
        raise NotFound(
            f"At {moment.at} the golden record {golden_id} {what}.", remedy="Show one of these, or its history."
        )
    past = found[0]
    record = next(one for one in hub.store.golden.history(past.golden_id) if one.version == past.version)
    return GoldenView(golden_id, record, hub.store.records.as_of(past.members, moment.at), ())


def golden_id_then(hub: Hub, source: str, key: str, moment: Moment) -> str:
    """Return the golden id a source record had at a moment; raises ``NotFound``."""
    found = hub.store.history.home(hub.store.records.get(source, key).id, moment)
    if found is None:
        raise NotFound(
            f"The record '{key}' of '{source}' belonged to no golden record at {moment.at}.",
            remedy=f"See its history: cdm history {source}:{key}.",
            source=source,
            key=key,
        )
    return found


def history_of(hub: Hub, words: str) -> RecordHistory:
    """Return the history of a golden record (its id) or a source record (``source:key``); raises ``NotFound``."""
    named = source_record_named(hub, words)
    return _of_source(hub, words, *named) if named else _of_golden(hub, words)


def difference(hub: Hub, words: str, before: int, after: int) -> Difference:
    """Return what differs between two versions of a golden record or a source record.

    Raises:
        NotFound: there is no such record or version.
    """
    named = source_record_named(hub, words)
    versions: Sequence[GoldenRecord | SourceRecord]
    members: dict[int, set[str]] = {}
    if named:
        versions = hub.store.records.history(*named)
    else:
        versions = hub.store.golden.history(words)
        pasts = hub.store.history.versions(words)
        members = dict(zip([one.version for one in pasts], _named(hub, pasts), strict=True))
    known = {one.version: one for one in versions}
    for number in (before, after):
        if number not in known:
            raise NotFound(f"{words} has no version {number}.", remedy=f"It has versions 1 to {max(known)}.", id=words)
    old, new = known[before].fields, known[after].fields
    changed = {name: (old.get(name), new.get(name)) for name in _differing(old, new)}
    had, has = members.get(before, set()), members.get(after, set())
    return Difference(words, before, after, changed, sorted(has - had), sorted(had - has))


def _of_golden(hub: Hub, golden_id: str) -> RecordHistory:
    pasts = hub.store.history.versions(golden_id)
    values = {one.version: one.fields for one in hub.store.golden.history(golden_id)}
    members = [set[str](), *_named(hub, pasts)]
    found = []
    for place, past in enumerate(pasts):
        had, has = members[place], members[place + 1]
        who, why = _who(hub, past)
        found.append(
            Version(
                version=past.version,
                at=past.at,
                run_id=past.run_id,
                what=past.kind.value,
                who=who,
                why=why,
                decision_id=past.decision_id,
                changed=_differing(values.get(past.version - 1, {}), values[past.version]),
                came=sorted(has - had),
                left=sorted(had - has),
                related=past.related,
            )
        )
    return RecordHistory(golden_id, found)


def _of_source(hub: Hub, words: str, source: str, key: str) -> RecordHistory:
    versions = hub.store.records.history(source, key)
    found: list[Version] = []
    before: SourceRecord | None = None
    for one in versions:
        changed = _differing(before.fields if before else {}, one.fields)
        found.append(
            Version(
                one.version, one.changed_at, one.run_id, _what(before, one), source, one.origin, None, changed, (), ()
            )
        )
        before = one
    return RecordHistory(words, found, hub.store.history.stays(versions[0].id))


def _what(before: SourceRecord | None, record: SourceRecord) -> str:
    if record.deleted_at is not None:
        return "deleted"
    if before is None:
        return "seen"
    return "back" if before.deleted_at is not None else "changed"


def _who(hub: Hub, past: Past) -> tuple[str, str]:
    """Return who brought a version about, and why."""
    if past.decision_id is None:
        return JOB, past.run_kind
    decision = hub.store.statements.get(past.decision_id) or hub.store.decisions.get(past.decision_id)
    if decision.run_id == past.run_id:
        return decision.made_by, decision.reason
    return decision.withdrawn_by or "", decision.withdrawn_reason or ""


def _named(hub: Hub, pasts: Sequence[Past]) -> list[set[str]]:
    """Return the source records of every version by name."""
    names = hub.store.records.names(sorted({record for one in pasts for record in one.members}))
    return [{names[record] for record in one.members} for one in pasts]


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
