"""The tokens golden records are found by, kept up with them in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from cdm.store.bulk import delete_rows, insert_rows, one_of
from cdm.store.database import Database
from cdm.store.tables import crosswalk, golden, search_token, source, source_record

_LAST = "\U0010ffff"
"""Sorts behind every character that occurs."""
_PART_OF_ID = 8
"""Characters from which on a text may be the beginning of a golden id."""


@dataclass(frozen=True, slots=True)
class Token:
    """A golden record and the token it was found by."""

    golden_id: str
    token: str


class SearchIndex:
    """The search tokens of one hub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, words: Sequence[Sequence[str]], most: int, entity: str = "") -> list[Token]:
        """Return the live golden records that have a token for every word.

        Args:
            words: per word the beginnings of tokens, any of which it stands for.
            most: tokens returned per beginning of the longest word, the shortest and first ones.
            entity: only this entity type.
        """
        if not words:
            return []
        first, *more = sorted(words, key=lambda word: -max(map(len, word)))
        found: list[Token] = []
        with self._database.read() as connection:
            t, other = search_token, search_token.alias("other")
            conditions: list[ColumnElement[bool]] = [
                exists().where(other.c.golden_id == t.c.golden_id, or_(*(_begins(other.c.token, one) for one in word)))
                for word in more
            ]
            if entity:
                conditions.append(exists().where(golden.c.id == t.c.golden_id, golden.c.entity == entity))
            for prefix in first:
                query = select(t.c.golden_id, t.c.token).where(_begins(t.c.token, prefix), *conditions)
                rows = connection.execute(query.order_by(t.c.token, t.c.golden_id).limit(most))
                found += [Token(row.golden_id, row.token) for row in rows]
        return found

    def by_key(self, text: str, most: int) -> list[str]:
        """Return the golden ids that begin so, and those of the records with such a key: ``key`` or ``source:key``."""
        r, c, g = source_record.c, crosswalk.c, golden.c
        name, _, own = text.partition(":")
        known, named = select(source.c.id), select(source.c.id).where(source.c.name == name)
        here = and_(r.source_id.in_(known), r.key == text)
        if own:
            here = or_(here, and_(r.source_id.in_(named), r.key == own))
        mine = select(c.golden_id).select_from(crosswalk.join(source_record, r.id == c.record_id)).where(here)
        begins = select(g.id).where(_begins(g.id, text.lower()), g.retired_at.is_(None))
        with self._database.read() as connection:
            found = list(connection.execute(mine.order_by(c.golden_id).limit(most)).scalars())
            if len(text) >= _PART_OF_ID:
                found += connection.execute(begins.order_by(g.id).limit(most)).scalars()
        return found

    def is_complete(self) -> bool:
        """Tell whether there are tokens, or nothing to find by them: hubs of former releases had none."""
        with self._database.read() as connection:
            some = connection.execute(select(search_token.c.golden_id).limit(1)).first()
            return some is not None or connection.execute(select(crosswalk.c.record_id).limit(1)).first() is None

    def complete(self, wanted: Mapping[str, Sequence[str]]) -> None:
        """Give golden records that have none their tokens."""
        with self._database.write() as connection:
            write_tokens(connection, wanted, new=False)


def write_tokens(connection: Connection, wanted: Mapping[str, Sequence[str]], *, new: bool) -> None:
    """Give golden records their tokens.

    Args:
        connection: an open write transaction.
        wanted: golden id → tokens; none where it is retired.
        new: none of them has tokens yet.
    """
    if not wanted:
        return
    before: set[tuple[str, str]] = set()
    t = search_token.c
    if not new:
        query = select(t.token, t.golden_id).where(one_of(connection, t.golden_id, list(wanted)))
        before = {(row.token, row.golden_id) for row in connection.execute(query)}
    after = {(token, identity) for identity, tokens in wanted.items() for token in tokens}
    delete_rows(connection, search_token, _columns(before - after))
    insert_rows(connection, search_token, _columns(after - before))


def _columns(rows: set[tuple[str, str]]) -> dict[str, list[str]]:
    ordered = sorted(rows)
    return {"token": [row[0] for row in ordered], "golden_id": [row[1] for row in ordered]}


def _begins(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """Return the condition that a text begins so; no character of ``prefix`` has a meaning of its own."""
    return and_(column >= prefix, column < prefix + _LAST)
