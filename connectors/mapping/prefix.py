"""A word before every header of a table (``employer_name``, ``employer_city`` …) says whose table it is, not what a
column holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from connectors.mapping import vocabulary
from connectors.mapping.headers import read_header
from schemas.mapping import Mapping

FEWEST = 4
"""Columns from which on a word they share is no accident."""
_FIRST_WORD = re.compile(r"^\s*[^\W_]+?[\W_]+(?=\w)")


def common_word(names: Sequence[str]) -> str | None:
    """Return the word before every header, ``None`` where there is none or where readers of headers know it anyway."""
    if len(names) < FEWEST or not all(_FIRST_WORD.match(name) for name in names):
        return None
    first = {read_header(name).words[:1] for name in names}
    if len(first) != 1 or len({without(name) for name in names}) < len(names):
        return None
    word = "".join(first.pop())
    known = {w for owner in ("any", "person", "organization", "activity") for w in vocabulary.headers("owners", owner)}
    return None if not word or word in known or word in vocabulary.headers("strangers", "things") else word


def without(name: str) -> str:
    """Return a header without its first word."""
    return _FIRST_WORD.sub("", name)


def renamed(mapping: Mapping, names: Sequence[str]) -> Mapping:
    """Give the columns of a mapping their full names back."""
    full = {without(name): name for name in names}
    return replace(
        mapping,
        columns=tuple(replace(column, column=full[column.column]) for column in mapping.columns),
        key=full[mapping.key] if mapping.key else None,
        updated_at=full[mapping.updated_at] if mapping.updated_at else None,
        route=replace(mapping.route, column=full[mapping.route.column]) if mapping.route else None,
    )
