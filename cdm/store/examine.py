"""Examine a hub database: whether the database itself and what the hub promises are whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, text

from cdm.store.database import Database

EXAMPLES = 3
_SOUND = "ok"
"""What SQLite's own check answers where it finds nothing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that holds in every hub; ``sql`` returns what breaks it."""

    name: str
    sql: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that does not hold: how often, and the first few things that break it."""

    rule: Rule
    count: int
    examples: tuple[str, ...]


DATABASE = Rule("database", "PRAGMA integrity_check", "数据库文件已损坏", "the database file is damaged")
REFERENCES = Rule(
    "references", "PRAGMA foreign_key_check", "有记录指向不存在的记录", "rows refer to others that are not there"
)


def rules(database: Database) -> Sequence[Rule]:
    """Return what is examined; PostgreSQL checks its files and references by itself whenever it reads or writes."""
    return (DATABASE, REFERENCES, *_invariants()) if database.is_sqlite else _invariants()


def examine(database: Database) -> Iterator[Breach]:
    """Yield every rule that does not hold, all seen at one moment.

    Args:
        database: a hub at the schema of this release.

    Raises:
        StoreError: the database cannot be read.
    """
    with database.read() as connection:
        for rule in rules(database):
            broken = _broken(connection, rule)
            if broken:
                yield Breach(rule, len(broken), tuple(broken[:EXAMPLES]))


def _broken(connection: Connection, rule: Rule) -> list[str]:
    rows = [" ".join(map(str, row)) for row in connection.execute(text(rule.sql))]
    return [] if rows == [_SOUND] else rows


@cache
def _invariants() -> tuple[Rule, ...]:
    import yaml

    known: dict[str, Any] = yaml.safe_load(files("cdm.store").joinpath("invariants.yaml").read_text(encoding="utf-8"))
    return tuple(Rule(name, one["sql"], one["zh"], one["en"]) for name, one in known.items())
