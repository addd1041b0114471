"""The tokens golden records are found by, kept up with them in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    Text,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    union_all,
)

from cdm.store.bulk import delete_rows, insert_rows
from cdm.store.database import Database
from cdm.store.prepared import Prepared, among
from cdm.store.tables import crosswalk, golden, search_token, source, source_record

_LAST = "\U0010ffff"
"""Sorts behind every character that occurs."""
_PART_OF_ID = 8
"""Characters from which on a text may be the beginning of a golden id."""
_MANY = 50_000
"""Tokens from which on so many golden records have a word that those who have it, too, are soon found one by one."""
_PROBES = 4
"""Tokens that are read in order in the time in which one golden record is asked whether it has one of them."""


@dataclass(frozen=True, slots=True)
class Token:
    """A golden record and the token it was found by."""

    golden_id: str
    token: str


def _by_key(dialect: str) -> Select[Any]:
    r, c, text, own = source_record.c, crosswalk.c, _text("text"), _text("own")
    named = select(source.c.id).where(source.c.name == _text("name"))
    here = and_(r.key.in_([text, own]), or_(r.key == text, r.source_id.in_(named)), _of_type(r.entity))
    found = crosswalk.join(source_record, r.id == c.record_id)
    # A key is found in the index of one source; each database takes one source after the other told in its own way.
    if dialect == "sqlite":
        return select(c.golden_id).select_from(found).where(r.source_id.in_(select(source.c.id)), here)
    return select(c.golden_id).select_from(found.join(source, source.c.id == r.source_id)).where(here)


def _by_id(_dialect: str) -> Select[Any]:
    g = golden.c
    begins = select(g.id).where(g.id >= _text("least"), g.id < _text("above"), g.retired_at.is_(None))
    return begins.where(_of_type(g.entity)).order_by(g.id).limit(bindparam("most"))


def _of_type(column: Column[str]) -> ColumnElement[bool]:
    """Return the condition that something is of the entity type asked for; any where that is empty."""
    entity = _text("entity")
    return or_(entity == "", column == entity)


def _text(name: str) -> BindParameter[str]:
    return bindparam(name, type_=Text)


_BY_KEY, _BY_ID = Prepared(_by_key), Prepared(_by_id)


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
            t = search_token
            conditions = _besides(connection, first, more)
            if entity:
                conditions.append(exists().where(golden.c.id == t.c.golden_id, golden.c.entity == entity))
            for prefix in first:
                query = select(t.c.golden_id, t.c.token).where(_begins(t.c.token, prefix), *conditions)
                rows = connection.execute(query.order_by(t.c.token, t.c.golden_id).limit(most))
                found += [Token(row.golden_id, row.token) for row in rows]
        return found

    def by_key(self, text: str, most: int, entity: str = "") -> list[str]:
        """Return the golden ids that begin so, and those of the records with such a key: ``key`` or ``source:key``."""
        name, _, own = text.partition(":")
        where = {"text": text, "name": name, "own": own or text, "entity": entity}
        with self._database.read() as connection:
            # Sorted here: asked for an order, SQLite would go through all golden records in it.
            found = sorted(_BY_KEY(connection, **where).scalars())[:most]
            if len(text) >= _PART_OF_ID:
                begin = text.lower()
                found += _BY_ID(connection, least=begin, above=begin + _LAST, entity=entity, most=most).scalars()
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


def _tokens_of(dialect: str) -> Select[Any]:
    t = search_token.c
    return select(t.token, t.golden_id).where(among(dialect, t.golden_id, "ids"))


_TOKENS = Prepared(_tokens_of)


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
    if not new:
        before = {(row.token, row.golden_id) for row in _TOKENS(connection, ids=list(wanted))}
    after = {(token, identity) for identity, tokens in wanted.items() for token in tokens}
    delete_rows(connection, search_token, _columns(before - after))
    insert_rows(connection, search_token, _columns(after - before))


def _columns(rows: set[tuple[str, str]]) -> dict[str, list[str]]:
    ordered = sorted(rows)
    return {"token": [row[0] for row in ordered], "golden_id": [row[1] for row in ordered]}


def _besides(connection: Connection, first: Sequence[str], more: Sequence[Sequence[str]]) -> list[ColumnElement[bool]]:
    """Return the conditions that the golden record of a token of one word has tokens of all others, too.

    PostgreSQL knows how many there are of each and plans by that. SQLite does as it is told: it asks one golden record
    after the other, or gathers all that have the other word, whichever is less to do.
    """
    t, other = search_token, search_token.alias("other")
    planned = connection.dialect.name != "sqlite"
    own = 0 if planned or not more else _count(connection, first)
    found: list[ColumnElement[bool]] = []
    for word in more:
        if planned or not _count(connection, word) < min(_MANY, own * _PROBES):
            has = or_(*(_begins(other.c.token, one) for one in word))
            found.append(exists().where(other.c.golden_id == t.c.golden_id, has))
        else:  # as an expression, so that no index of the ids is read in their order instead
            found.append((t.c.golden_id + "").in_(_tokens(word)))
    return found


def _count(connection: Connection, word: Sequence[str]) -> int:
    """Return how many tokens a word begins; up to ``_MANY`` are counted."""
    some = _tokens(word).limit(_MANY).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


def _tokens(word: Sequence[str]) -> Select[tuple[str]] | CompoundSelect[tuple[str]]:
    """Select the golden ids of all tokens that a word begins."""
    t = search_token.alias()
    each = [select(t.c.golden_id).where(_begins(t.c.token, one)) for one in word]
    return each[0] if len(each) == 1 else union_all(*each)


def _begins(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """Return the condition that a text begins so; no character of ``prefix`` has a meaning of its own."""
    return and_(column >= prefix, column < prefix + _LAST)
