"""A page of records on its way into the store: its columns, and which of its rows can be records at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cdm.store.documents import content_hashes, dump
from cdm.store.quarantine import KEY_REPEATED, Entry

RECORD_PAGE = pa.schema(
    [
        ("key", pa.string()),
        ("entity", pa.string()),
        ("origin", pa.string()),
        ("raw", pa.string()),
        ("fields", pa.string()),
        ("findings", pa.string()),
        ("updated_at", pa.string()),
        ("party_key", pa.string()),
        ("occurred_at", pa.string()),
    ]
)
"""A page of records: ``raw`` and ``fields`` are JSON objects, ``findings`` a JSON list (:mod:`cdm.store.documents`),
``updated_at`` and ``occurred_at`` ISO 8601 texts. ``updated_at`` may be null; ``party_key`` and ``occurred_at`` are
set for activities only and may be left out."""

LONGEST_KEY = 500
"""Longest key of a source record, in characters; longer ones cannot be indexed everywhere."""

KEY_PROBLEMS = frozenset({"key_blank", "key_too_long", "key_unprintable"})
"""Codes of rows that were read as records but have no key they could be stored under."""

_STATE = ("entity", "origin", "raw", "fields", "findings", "updated_at", "content_hash")


@dataclass(frozen=True, slots=True)
class Page:
    """The context and the rows of one page; every column is as long as the others."""

    source_id: int
    run_id: int
    now: datetime
    party_source: str | None
    columns: dict[str, list[Any]]

    @classmethod
    def of(cls, table: pa.Table, source_id: int, run_id: int, now: datetime, party_source: str | None) -> Page:
        """Return the page of a table of :data:`RECORD_PAGE`."""
        columns = {f.name: _column(table, f.name) for f in RECORD_PAGE}
        hashed = [columns[n] for n in ("entity", "updated_at", "raw", "fields", "findings", "party_key", "occurred_at")]
        lists = {name: column.to_pylist() for name, column in columns.items()}
        return cls(source_id, run_id, now, party_source, {**lists, "content_hash": content_hashes(*hashed)})

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.columns["key"])

    def state(self, rows: Sequence[int]) -> dict[str, list[Any]]:
        """Return the columns of the store that say what the given rows say."""
        return {name: [self.columns[name][row] for row in rows] for name in _STATE}

    def age(self, row: int) -> str:
        """When the source says the row was changed; empty, the oldest, where it does not say."""
        return self.columns["updated_at"][row] or ""

    def repeated(self, row: int) -> Entry:
        """Return the quarantine entry of a row whose key a later row has as well."""
        staged = {name: self.columns[name][row] for name in RECORD_PAGE.names}
        return repeated_entry(staged, self.columns["content_hash"][row])


def repeated_entry(staged: dict[str, Any], content_hash: str) -> Entry:
    """Return the quarantine entry of a standardised row that lost against a later row of the same key."""
    key = staged["key"]
    reason = f"Another row of this source has the key '{key}' too; the later row is used and this one kept aside."
    return Entry(KEY_REPEATED, key, staged["origin"], reason, staged["raw"], dump(staged), content_hash)


def usable(key: str | None) -> bool:
    """Return whether a row with this key can be a source record."""
    return _problem(key) is None


def usable_rows(page: Page) -> tuple[list[int], list[Entry]]:
    """Return the rows that have a usable key, and quarantine entries for the others."""
    rows: list[int] = []
    entries: list[Entry] = []
    for row, key in enumerate(page.columns["key"]):
        problem = _problem(key)
        if problem is None:
            rows.append(row)
        else:
            code, reason = problem
            shown = key.replace("\x00", "�")[:LONGEST_KEY] if key else None
            entries.append(Entry(code, shown, page.columns["origin"][row], reason, page.columns["raw"][row]))
    return rows, entries


def latest_rows(page: Page, rows: Sequence[int]) -> tuple[list[int], list[int]]:
    """Split rows into the latest one of each key and the rest.

    The latest is the one the source changed last; where it does not say, the one that was read last.
    """
    best: dict[str, int] = {}
    others: list[int] = []
    for row in rows:
        key = page.columns["key"][row]
        rival = best.get(key)
        if rival is None:
            best[key] = row
        elif page.age(row) >= page.age(rival):
            others.append(rival)
            best[key] = row
        else:
            others.append(row)
    return list(best.values()), others


def _problem(key: str | None) -> tuple[str, str] | None:
    if key is None or not key.strip():
        return "key_blank", "The row has no value in the key column, so it cannot be told from other rows."
    if len(key) > LONGEST_KEY:
        return "key_too_long", f"The row's key has {len(key)} characters; at most {LONGEST_KEY} are possible."
    if "\x00" in key:
        return "key_unprintable", "The row's key holds a NUL character."
    return None


def _column(table: pa.Table, name: str) -> pa.Array:
    if name not in table.column_names:
        return pa.nulls(table.num_rows, pa.string())
    column = table[name].cast(pa.string()).combine_chunks()
    if name in {"key", "raw", "fields", "findings"}:
        return column
    return pc.replace_substring(column, "\x00", "�")  # PostgreSQL's text cannot hold NUL; JSON escapes it
