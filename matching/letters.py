"""Letters of other alphabets in Latin ones, so that Иван and Ivan, Łukasz and Lukasz, 김 and Gim meet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_HANGUL = {"hangul_initial": 0x1100, "hangul_vowel": 0x1161, "hangul_final": 0x11A8}
"""First code point of each run of single Hangul letters (Unicode block Hangul Jamo)."""


@cache
def _tables() -> dict[str, Any]:
    """Read ``letters.yaml``."""
    raw: dict[str, Any] = yaml.safe_load(files("matching").joinpath("letters.yaml").read_text(encoding="utf-8"))
    return raw


@cache
def latin_letters() -> Mapping[int, str]:
    """Return the table for ``str.translate``: lower-case letters without accents, in compatibility decomposition."""
    return {ord(letter): text for name in ("latin", "cyrillic", "greek") for letter, text in _tables()[name].items()}


@cache
def hangul_letters() -> Mapping[int, str]:
    """Return the table for ``str.translate`` of single Hangul letters (Revised Romanization, without assimilation)."""
    return {first + i: text for name, first in _HANGUL.items() for i, text in enumerate(_tables()[name])}
