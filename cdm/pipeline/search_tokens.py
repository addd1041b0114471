"""What golden records are found by when somebody types a few letters: tokens, of which any beginning is enough.

A name is found from any of its Chinese characters or words on, by how it sounds and by the initials of that; a number
by its end as well, which is stored backwards. So every search is one range of an index, on any database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import pyarrow as pa

from schemas.model import EntityType
from schemas.types import SemanticType

BACKWARDS = "~"
"""Begins tokens that are written from the end."""
LONGEST = 12
"""Characters of a name that count from any one on; longer words are cut, when stored and when asked for."""
SEVERAL = 40
"""Tokens one value has at most."""
TAIL = 3
"""Characters of the end of a number from which on it can be searched."""
NATIONAL = 6
"""Digits from which on a number may be a whole one, dialled with zeros that are not part of it: 0571 8888 0001."""
_SEPARATORS = re.compile(r"[\s\W_]+")
_PERSONS = 4
"""Chinese characters up to which a name is a person's and is found by how its later parts sound, too."""


def search_tokens(entity: EntityType, fields: pa.Table) -> pa.Array:
    """Return the tokens of golden records.

    Args:
        entity: their entity type.
        fields: golden values, one column per field.

    Returns:
        One sorted list of distinct tokens per row, ``list<string>``.
    """
    rows: list[set[str]] = [set() for _ in range(fields.num_rows)]
    for name in fields.column_names:
        make = _MAKERS.get(entity.fields[name].type) if name in entity.fields else None
        if make is None:
            continue
        for found, value in zip(rows, fields[name].to_pylist(), strict=True):
            for one in value if isinstance(value, list) else [value]:
                if one:
                    found.update(make(one))
    return pa.array([sorted(found) for found in rows], pa.list_(pa.string()))


def asked_prefixes(text: str) -> list[list[str]]:
    """Return, for every word of a question, the beginnings of tokens any of which it stands for.

    A telephone number written in groups is one word.
    """
    from matching.normal import plain

    said = plain(text)
    digits = re.sub(r"[\s()+./-]", "", said)
    words = [digits] if digits.isdigit() else said.split()
    return [found for word in words if (found := _prefixes(word))]


def _prefixes(word: str) -> list[str]:
    if "@" in word:
        return [word]
    squeezed = _SEPARATORS.sub("", word)
    found = [squeezed[:LONGEST] if _is_name(squeezed) else squeezed] if squeezed else []
    if len(squeezed) >= TAIL and squeezed.isascii() and not squeezed.isalpha():
        found.append(BACKWARDS + squeezed[::-1])
    if squeezed.isdigit() and len(national := squeezed.lstrip("0")) >= NATIONAL < len(squeezed):
        found.append(BACKWARDS + national[::-1])
    return list(dict.fromkeys(found))


def _is_name(word: str) -> bool:
    return not any(char.isdigit() for char in word)


@lru_cache(maxsize=65_536)
def _name(value: str) -> tuple[str, ...]:
    """Return a name from each of its characters (Chinese) or words on, its sound and the initials of that."""
    from matching.normal import plain
    from matching.sound import has_cjk, sound

    found: list[str] = []
    heard: list[str] = []
    for word in _SEPARATORS.split(plain(value)):
        if has_cjk(word):
            found += [word[at : at + LONGEST] for at in range(len(word))]
            heard += [sound(char) for char in word]
        elif word:
            found.append(word[:LONGEST])
    if heard:
        starts = range(len(heard)) if len(heard) <= _PERSONS else (0,)
        found += ["".join(heard[at:])[:LONGEST] for at in starts]
        found.append("".join(one[0] for one in heard)[:LONGEST])
    return tuple(found[:SEVERAL])


def _number(value: str) -> Iterator[str]:
    """Yield a number from its start and from its end on."""
    from matching.normal import plain

    squeezed = _SEPARATORS.sub("", plain(value))
    if squeezed:
        yield squeezed
        yield BACKWARDS + squeezed[::-1]


def _phone(value: str) -> Iterator[str]:
    digits = re.sub(r"\D", "", value)
    if digits:
        yield BACKWARDS + digits[::-1]


def _email(value: str) -> Iterator[str]:
    from matching.normal import plain

    whole = plain(value)
    yield whole
    yield _SEPARATORS.sub("", whole.partition("@")[0])


_MAKERS: dict[SemanticType, Callable[[str], Iterator[str] | tuple[str, ...]]] = {
    SemanticType.PERSON_NAME: _name,
    SemanticType.ORGANIZATION_NAME: _name,
    SemanticType.PHONE: _phone,
    SemanticType.EMAIL: _email,
    SemanticType.NATIONAL_ID: _number,
    SemanticType.TAX_ID: _number,
    SemanticType.LEI: _number,
    SemanticType.IDENTIFIER: _number,
}
