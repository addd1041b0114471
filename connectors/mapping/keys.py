"""Find the column that identifies a row, and the one that says when it last changed."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.mapping import vocabulary
from connectors.mapping.assign import Assignment
from connectors.mapping.headers import Header, erp_readings, read_header
from connectors.mapping.profile import ColumnProfile
from schemas.types import EntityKind, MatchRole

RARE = 0.05
"""Largest share of blank or repeated keys; such rows are quarantined or keyed by their content."""


def key_column(columns: Sequence[ColumnProfile], assigned: Sequence[Assignment], owner: str = "") -> str | None:
    """Return the column that identifies a row.

    Args:
        columns: the sample's columns.
        assigned: what the columns become; a name, phone or address is not a key.
        owner: name of file, sheet or table, which often stands in the key's header (``shippers`` → ``ShipperID``).

    Returns:
        The name of a column that is filled and unique but for rare rows, or ``None``: then the content identifies.
    """
    taken = {name for one in assigned for name, c in one.chosen.items() if _is_evidence(one, c.field.name)}
    numbers = {
        name for one in assigned for name, c in one.chosen.items() if c.field.name == "customer_no" and c.header >= 0.9
    }
    ranked = [
        (max(_rank(column, owner), 3.6 if column.name in numbers else 0), column.position, column.name)
        for column in columns
        if column.name not in taken and _identifies(column)
    ]
    ranked = [entry for entry in ranked if entry[0] > 0]
    if not ranked:
        return None
    return min(ranked, key=lambda entry: (-entry[0], entry[1]))[2]


def updated_column(columns: Sequence[ColumnProfile]) -> str | None:
    """Return the column of the last change: named so, and filled with dates."""
    names = vocabulary.headers("keys", "updated")
    for column in columns:
        header = read_header(column.name)
        forms = {header.bare, "".join(_without_owner(header)), *erp_readings(header)}
        named = not forms.isdisjoint(names)
        if named and column.share("date") >= 0.9:
            return column.name
    return None


def _is_evidence(one: Assignment, field: str) -> bool:
    if one.entity.kind is EntityKind.PARTY:
        return one.entity[field].match is not MatchRole.NONE
    # An order of several lines repeats its number, though a sample need not show it.
    lines = one.confidence("product", "quantity") > 0
    return field == "party_key" or (lines and field == "transaction_no")


def _identifies(column: ColumnProfile) -> bool:
    if column.rows == 0:
        return True
    if column.filled < (1 - RARE) * column.rows or column.distinct < (1 - RARE) * column.filled:
        return False
    return column.share("code") >= 0.95 and column.share("date") < 0.5


def _rank(column: ColumnProfile, owner: str) -> float:
    """4 for a key by name, less the vaguer the header; 0 for none."""
    header = read_header(column.name)
    best, good = vocabulary.headers("keys", "best"), vocabulary.headers("keys", "good")
    own = "".join(_without_owner(header))
    last = header.words[-1] if header.words else ""
    if header.bare in good or own in good:
        return 1.5
    if header.bare in best or own in best:
        return 4 if last not in {"key", "no", "number"} else 3.8
    if last in {"id", "uid", "uuid", "guid", "编号", "编码"} or header.bare.endswith(("编号", "编码", "id")):
        return 3.5 if _names_owner(header, owner) or column.position == 0 else 3
    if last in {"key", "no", "number", "代码", "num", "code"} or header.bare.endswith(("号", "代码")):
        return 2.8 if column.position == 0 else 2
    if column.position == 0 and (header.bare in {"", "index", "symbol"} or header.bare.startswith("unnamed")):
        return 1
    return 0


def _names_owner(header: Header, owner: str) -> bool:
    words = [word for word in header.words[:-1] if len(word) > 2]
    return any(word in owner.casefold() for word in words)


def _without_owner(header: Header) -> list[str]:
    owners = {*vocabulary.headers("owners", "any"), *vocabulary.headers("owners", "organization")}
    words = list(header.words)
    while len(words) > 1 and words[0] in owners:
        words = words[1:]
    return words
