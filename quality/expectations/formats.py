"""The standard form of each semantic type, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from schemas.types import SemanticType


@dataclass(frozen=True, slots=True)
class Format:
    """The form of a value: ``pattern`` for the whole text; ``least`` and ``most``, both inclusive, for the number it
    begins with, which of a date is the year."""

    pattern: str
    least: float | None = None
    most: float | None = None


@cache
def formats() -> Mapping[SemanticType, Format]:
    """Return the form of every semantic type that has one."""
    import yaml

    text = files("quality.expectations").joinpath("formats.yaml").read_text(encoding="utf-8")
    return {SemanticType(name): Format(**form) for name, form in yaml.safe_load(text).items()}
