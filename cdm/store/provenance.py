"""Where the values of a golden record come from, and how the store writes that down.

The document of a golden record maps each field to an entry ``[record id, record version, why, records, differing]``, or
to a list of such entries, one per value, where values of several records are united. The entry under ``*`` stands for
every field that has none of its own, so that a golden record of one source record costs one entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ALL = "*"
"""Field name of the entry that stands for every field without one of its own."""

STATED_RECORD = 0
"""Record id of a value that no record but a steward's statement says; the version is then the statement's number."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one golden value comes from and why it won."""

    record_id: int
    version: int
    """Version of the source record that the value was taken from."""
    why: str
    """Reason code (:mod:`cdm.survivorship.reasons`)."""
    records: int
    """How many records of the golden record have a value of the field."""
    differing: int
    """How many other values lost."""
    source: str = ""
    key: str = ""
    origin: str = ""
    updated_at: str | None = None
    stated_by: str = ""
    """The steward who stated the value, where no source record says it; ``version`` is the statement's number."""
    stated_at: str = ""
    stated_reason: str = ""


def entries_of(document: Mapping[str, Any], field: str) -> Sequence[Sequence[Any]]:
    """Return the entries of one field of a provenance document, one per value (or one for all)."""
    entry = document.get(field, document.get(ALL))
    if entry is None:
        return []
    return entry if entry and isinstance(entry[0], list) else [entry]
