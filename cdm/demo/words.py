"""The word lists of the demo company, read once from the YAML files beside the code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import yaml

T = TypeVar("T")

Spelled = tuple[str, str]
"""Characters and their pinyin."""


@cache
def words(name: str) -> Mapping[str, Any]:
    """Read one word list.

    Args:
        name: ``persons``, ``companies``, ``places`` or ``dirt``.
    """
    text = (Path(__file__).parent / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def spelled(name: str, entry: str) -> tuple[Spelled, ...]:
    """Return a list of ``characters pinyin`` entries as pairs."""
    pairs = (item.split() for item in words(name)[entry].split(","))
    return tuple((zh, pinyin) for zh, pinyin in pairs)


@cache
def surnames() -> tuple[tuple[Spelled, ...], tuple[int, ...]]:
    """Return the Chinese surnames with their pinyin, and their weights."""
    rows = [line.split() for line in words("persons")["surnames"].splitlines() if line.strip()]
    return tuple((zh, pinyin) for zh, pinyin, _ in rows), tuple(int(weight) for _, _, weight in rows)


@cache
def listed(name: str, entry: str) -> tuple[str, ...]:
    """Return a list whether it is written as a YAML list or as one comma-separated text."""
    value = words(name)[entry]
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else tuple(value)


@cache
def homophones() -> Mapping[str, str]:
    """Return character → the characters that sound alike and are typed for it."""
    groups = words("dirt")["homophones"]
    return {char: group.replace(char, "") for group in groups for char in group}


def chance(rng: Random, probability: float) -> bool:
    """Return True with ``probability`` (0–1)."""
    return rng.random() < probability


def weighted(rng: Random, options: Mapping[T, int]) -> T:
    """Draw one key of ``options`` by its weight."""
    keys: Sequence[T] = list(options)
    return rng.choices(keys, weights=list(options.values()))[0]
