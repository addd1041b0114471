"""Every reason code there is, and how to say it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import quality.cleanse
from quality.cleanse.contract import Code


@cache
def all_codes() -> Mapping[str, Code]:
    """Return every reason code by its name, from all modules of this package."""
    found: dict[str, Code] = {}
    for module in sorted(info.name for info in iter_modules(quality.cleanse.__path__)):
        for value in vars(import_module(f"quality.cleanse.{module}")).values():
            if isinstance(value, Code):
                found.setdefault(value.name, value)
    return found


def describe(code: str, language: str) -> str:
    """Say what a reason code means.

    Args:
        code: the code's name, e.g. ``phone_masked``.
        language: ``zh`` or ``en``.

    Returns:
        One phrase; the code itself where it is not known (it may come from a newer version of the hub).
    """
    known = all_codes().get(code)
    if known is None:
        return code
    return known.zh if language == "zh" else known.en
