"""The words by which headers and values are recognised, from the YAML files beside this module."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from schemas.header import squash

_HERE = Path(__file__).parent


@cache
def words(*keys: str) -> frozenset[str]:
    """Return one list of ``words.yaml`` as a set, lower case; a folded text is split at blanks."""
    found = _load("words.yaml")
    for key in keys:
        found = found[key]
    items = found.split() if isinstance(found, str) else found
    return frozenset(item.casefold() for item in items)


@cache
def characters(key: str) -> frozenset[str]:
    """Return the characters of one text of ``words.yaml``."""
    return frozenset(_load("words.yaml")[key])


@cache
def headers(*keys: str) -> tuple[str, ...]:
    """Return one list of ``headers.yaml``, squashed."""
    found = _load("headers.yaml")
    for key in keys:
        found = found.get(key, [])
    return tuple(squash(item) for item in found)


@cache
def short_forms() -> Mapping[str, str]:
    """Short form → full form of a word in a header."""
    return dict(_load("headers.yaml")["short_forms"])


@cache
def erp_letters() -> Mapping[str, str]:
    """Letter an ERP puts before its columns → ``upper`` or ``camel``."""
    return dict(_load("headers.yaml")["letters"])


@cache
def known_others() -> frozenset[str]:
    """Squashed headers that are known and are nothing of the model."""
    return frozenset(squash(item) for group in _load("headers.yaml")["known_others"] for item in group)


@cache
def second_meanings(entity: str) -> Mapping[str, tuple[str, ...]]:
    """Squashed header → further fields of ``entity`` it may mean."""
    found = _load("headers.yaml")["second_meanings"].get(entity, {})
    return {squash(header): tuple(fields) for header, fields in found.items()}


@cache
def silent() -> re.Pattern[str]:
    """Headers that say nothing about their column."""
    return re.compile(_load("headers.yaml")["silent"])


@cache
def _load(name: str) -> Any:
    return yaml.load((_HERE / name).read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


@cache
def words_of_route(kind: str) -> frozenset[str]:
    """Words by which a type column calls a person or an organization, lower case as written."""
    return frozenset(item.casefold() for item in _load("headers.yaml")["route"][kind])


@cache
def hints(entity: str) -> tuple[str, ...]:
    """Words in the name of a file, sheet or table that speak for ``entity``."""
    return tuple(_load("headers.yaml")["hints"].get(entity, ()))
