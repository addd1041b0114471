"""What a consolidation wrote, told as events of the change feed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from cdm.store.events import Change, NewEvent, Origin, write_events

Versions = dict[str, tuple[int, str]]
"""Golden id → version and list of members."""


@dataclass(slots=True)
class Written:
    """Golden records written in one transaction, by what became of them."""

    new: Versions = field(default_factory=dict)
    changed: Versions = field(default_factory=dict)
    revived: Versions = field(default_factory=dict)
    retired: dict[str, int] = field(default_factory=dict)


def announce(
    connection: Connection,
    written: Written,
    moved: Sequence[tuple[str, str]],
    redirects: Sequence[tuple[str, str]],
    *,
    origin: Origin,
) -> None:
    """Write the events of a consolidation, ordered by what happened and by id.

    Args:
        connection: the transaction of the consolidation.
        written: what it wrote.
        moved: golden id before and after of every record that moved.
        redirects: retired id → id that took over.
        origin: what led to it.
    """
    took = _by_first((new, old) for old, new in moved)
    write_events(connection, list(_events(written, _by_first(moved), took, _by_first(redirects))), origin)


def _events(
    written: Written, gave: Mapping[str, set[str]], took: Mapping[str, set[str]], successors: Mapping[str, set[str]]
) -> Iterable[NewEvent]:
    for kind, versions in ((Change.CREATED, written.new), (Change.RESTORED, written.revived)):
        for identity, (version, members) in sorted(versions.items()):
            yield NewEvent(identity, kind, version, members, sorted(took.get(identity, ())))
    for identity, (version, members) in sorted(written.changed.items()):
        given = gave.get(identity, set())
        kind, related = (Change.SPLIT, given) if given else (Change.UPDATED, took.get(identity, set()))
        yield NewEvent(identity, kind, version, members, sorted(related))
    for identity, retired in sorted(written.retired.items()):
        heirs = sorted(successors.get(identity, ()))
        yield NewEvent(identity, Change.MERGED if heirs else Change.RETIRED, retired, "[]", heirs)


def _by_first(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
    return found
