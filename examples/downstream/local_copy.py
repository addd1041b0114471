"""A copy of the golden records in a database of our own, brought forward page by page.

A page and the number it leads to are one transaction: whoever kills this program, and whenever, finds a copy that is
exactly as far as it says.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS customer (golden_id TEXT PRIMARY KEY, entity TEXT, version INTEGER, fields TEXT);
CREATE TABLE IF NOT EXISTS member (source TEXT, key TEXT, golden_id TEXT, PRIMARY KEY (source, key));
CREATE INDEX IF NOT EXISTS member_of ON member (golden_id);
CREATE TABLE IF NOT EXISTS former (golden_id TEXT PRIMARY KEY, kind TEXT, successors TEXT);
CREATE TABLE IF NOT EXISTS position (seq INTEGER);
"""


class LocalCopy:
    """The copy.

    Args:
        path: of its file; it is made where there is none.
    """

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.executescript(TABLES)

    def position(self) -> int:
        """Return the number of the last event the copy holds the outcome of, 0 for a new one."""
        row = self._base.execute("SELECT seq FROM position").fetchone()
        return row[0] if row else 0

    def apply(self, page: Mapping[str, Any]) -> int:
        """Take in one page; returns the number of changes that were new."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            before = self.position()  # read inside: a second program that follows may have been quicker
            changes = [one for one in page["changes"] if one["seq"] > before]
            for change in changes:
                self._take(change)
            self._base.execute("DELETE FROM position")
            self._base.execute("INSERT INTO position VALUES (?)", (max(before, page["next"]),))
            self._base.execute("COMMIT")
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        return len(changes)

    def _take(self, change: Mapping[str, Any]) -> None:
        """Take in one change.

        ``created``, ``updated``, ``split`` and ``restored`` tell how the golden record is from now on; after
        ``merged``, ``retired`` and ``erased`` it is no more (``gone``). Each tells its own golden record only: of two
        that are merged, one is updated and the other merged, in two changes.
        """
        one = change["golden_id"]
        self._base.execute("DELETE FROM member WHERE golden_id = ?", (one,))
        self._base.execute("DELETE FROM customer WHERE golden_id = ?", (one,))
        self._base.execute("DELETE FROM former WHERE golden_id = ?", (one,))
        if change["gone"]:
            # Whatever of ours refers to it (orders, contracts) now belongs to one of these, or to nobody.
            said = (one, change["kind"], json.dumps(change["related"]))
            self._base.execute("INSERT INTO former VALUES (?, ?, ?)", said)
            return
        known = {name: value for name, value in change["fields"].items() if value not in (None, [])}
        row = (one, change["entity"], change["version"], json.dumps(known, ensure_ascii=False))
        self._base.execute("INSERT INTO customer VALUES (?, ?, ?, ?)", row)
        members = [(member["source"], member["key"], one) for member in change["members"]]
        self._base.executemany("INSERT OR REPLACE INTO member VALUES (?, ?, ?)", members)

    def customers(self) -> dict[str, dict[str, Any]]:
        """Return golden id → values."""
        return {one: json.loads(fields) for one, fields in self._base.execute("SELECT golden_id, fields FROM customer")}

    def members(self) -> dict[tuple[str, str], str]:
        """Return source and key of every source record → golden id."""
        rows = self._base.execute("SELECT source, key, golden_id FROM member")
        return {(source, key): one for source, key, one in rows}

    def resolve(self, golden_id: str) -> list[str]:
        """Return where an id leads that we noted down once: itself, its successors, or nothing."""
        seen, open_, found = {golden_id}, [golden_id], set()
        while open_:
            one = open_.pop()
            if self._base.execute("SELECT 1 FROM customer WHERE golden_id = ?", (one,)).fetchone():
                found.add(one)
                continue
            row = self._base.execute("SELECT successors FROM former WHERE golden_id = ?", (one,)).fetchone()
            following = set(json.loads(row[0])) - seen if row else set()
            seen |= following
            open_ += following
        return sorted(found)

    def close(self) -> None:
        """Close the file."""
        self._base.close()
