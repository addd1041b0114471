"""Tables of names that are one name: nicknames, surnames in several romanisations, characters that look alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa
import yaml


def _table(name: str) -> Any:
    """Read one reference table of this package."""
    return yaml.safe_load(files("matching.compare").joinpath(f"{name}.yaml").read_text("utf-8"))


@cache
def nicknames() -> dict[str, str]:
    """Return nickname → the name it stands for (``nicknames.yaml``); a name that stands for several is left out."""
    raw: dict[str, str] = _table("nicknames")
    found: dict[str, str] = {}
    ambiguous: set[str] = set()
    for name, line in raw.items():
        for short in (name, *line.split()):
            if short in found:
                ambiguous.add(short)
            found[short] = name
    return {short: name for short, name in found.items() if short not in ambiguous}


@cache
def _surnames() -> Mapping[str, tuple[int, ...]]:
    """Return spelling → numbers of the surnames it may stand for (``surnames.yaml``)."""
    raw: dict[str, str] = _table("surnames")
    found: dict[str, tuple[int, ...]] = {}
    for number, (name, line) in enumerate(raw.items()):
        for spelling in (name, *line.split()):
            found[spelling] = (*found.get(spelling, ()), number)
    return found


@cache
def surnames() -> pa.Array:
    """Return every spelling in ``surnames.yaml``."""
    return pa.array(sorted(_surnames()), pa.string())


def surnames_of(words: Iterable[str]) -> frozenset[int]:
    """Return the numbers of the surnames that any of ``words`` may spell."""
    return frozenset(number for word in words for number in _surnames().get(word, ()))


@cache
def _shapes() -> dict[int, str]:
    """Return each character of ``lookalikes.yaml`` → the first one of its line."""
    return {ord(c): line[0] for line in _table("lookalikes") for c in line}


def lookalike(name: str) -> str:
    """Return a Chinese name with each character replaced by the one that stands for its shape."""
    return name.translate(_shapes())
