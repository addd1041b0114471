"""Who read sensitive values: entered in the audit trail, once per request and not again for what was just read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock

from cdm.pipeline.hub import Hub
from cdm.security import Principal, Sight
from cdm.store.audit import Act
from schemas.types import Privacy

ANEW_AFTER = timedelta(minutes=10)
"""Reading the same value again within this time is the same reading."""
REMEMBERED = 10_000


class Readings:
    """Readings of sensitive values in clear.

    Args:
        hub: the open hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._lock = Lock()
        self._known: dict[tuple[str, str, str], datetime] = {}

    def note(self, principal: Principal, read: Mapping[str, Sequence[str]], action: str = "sensitive read") -> None:
        """Enter what somebody is about to be shown; it is shown only when that is durable.

        Args:
            principal: who reads.
            read: golden id or record → the sensitive fields of it that have a value.
            action: what is done with them.

        Raises:
            StoreError: the audit trail cannot be written; nothing may be shown then.
        """
        if principal.sight(Privacy.SENSITIVE) is not Sight.CLEAR:
            return
        now = self._hub.now()
        with self._lock:
            new = {s: left for s, fields in read.items() if (left := self._new(principal.name, s, fields, now))}
        if not new:
            return
        subject = next(iter(new)) if len(new) == 1 else f"{len(new)} records"
        self._hub.store.audit.add(Act(principal.name, action, subject, {"read": new}), now)
        with self._lock:
            if len(self._known) > REMEMBERED:
                self._known.clear()
            self._known |= {(principal.name, s, field): now for s, fields in new.items() for field in fields}

    def _new(self, name: str, subject: str, fields: Sequence[str], now: datetime) -> list[str]:
        """Return the fields that were not read just before."""
        before = {field: self._known.get((name, subject, field)) for field in fields}
        return sorted(field for field, at in before.items() if at is None or now - at >= ANEW_AFTER)
