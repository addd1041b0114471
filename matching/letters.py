"""Letters of other alphabets in Latin ones, so that Иван and Ivan, Łukasz and Lukasz, 김 and Gim meet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

_HANGUL = {"hangul_initial": 0x1100, "hangul_vowel": 0x1161, "hangul_final": 0x11A8}
"""First code point of each run of single Hangul letters (Unicode block Hangul Jamo)."""


@cache
def latin_letters() -> Mapping[int, str]:
    """Return the table for ``str.translate``: lower-case letters without accents, in compatibility decomposition."""
    raw = yaml.safe_load(files("matching").joinpath("letters.yaml").read_text(encoding="utf-8"))
    table = {ord(letter): text for name in ("latin", "cyrillic", "greek") for letter, text in raw[name].items()}
    for name, first in _HANGUL.items():
        table |= {first + i: text for i, text in enumerate(raw[name])}
    return table
