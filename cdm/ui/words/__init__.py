"""Every text a user of the workbench reads, in Chinese and English, one key per phrase (``*.yaml`` beside this file).

A file is a section; below it a phrase is a mapping with ``zh`` and ``en``, anything else a group:
``customer.values.title`` is ``values: {title: {zh: …, en: …}}`` in ``customer.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from cdm.language import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")
NAMES: Mapping[Language, str] = {"zh": "中文", "en": "English"}
"""What each language calls itself."""
TAGS: Mapping[Language, Literal["zh-CN", "en-US"]] = {"zh": "zh-CN", "en": "en-US"}
"""BCP 47 tags."""


class Words:
    """The texts in one language.

    Args:
        language: ``zh`` or ``en``.
    """

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of ``key`` with its ``{placeholders}`` filled; raises ``KeyError`` where there is none."""
        text = phrases()[key][self.language]
        return text.format(**values) if values else text

    def of(self, group: str, name: str) -> str:
        """Return the text of a value that comes from data, as it stands where the words do not know it."""
        found = phrases().get(f"{group}.{name}")
        return found[self.language] if found else name


@cache
def phrases() -> Mapping[str, Mapping[str, str]]:
    """Return all phrases: key → language → text."""
    import yaml

    found: dict[str, Mapping[str, str]] = {}
    for file in sorted(Path(__file__).parent.glob("*.yaml")):
        found.update(_flat(file.stem, yaml.safe_load(file.read_text(encoding="utf-8"))))
    return found


def _flat(prefix: str, group: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for name, content in group.items():
        key = f"{prefix}.{name}"
        if content.keys() & set(LANGUAGES):
            yield key, content
        else:
            yield from _flat(key, content)
