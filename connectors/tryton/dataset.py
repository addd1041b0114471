"""What is asked of one Tryton model, and how a record of it becomes a flat row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

STAMPS = ("create_date", "write_date")


@dataclass(frozen=True, slots=True)
class Dataset:
    """One kind of record.

    ``children`` maps fields that hold a record's parts to their models: an edit there leaves the record's own time of
    change as it was. ``deactivable`` names the models whose inactive records Tryton hides unless asked for.
    """

    model: str
    mapping: str
    children: Mapping[str, str]
    fields: tuple[str, ...]
    deactivable: frozenset[str]
    columns: tuple[str, ...]
    row: Callable[[Mapping[str, Any]], Mapping[str, object]]
