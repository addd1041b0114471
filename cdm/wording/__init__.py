"""Errors in the reader's language: a title by code, message and remedy by sentence.

Errors are raised in English, close to what they are about; here stands what each says in Chinese. ``titles.yaml`` has
every code in both languages. ``sentences.yaml`` has English sentences with ``{places}`` for names and figures, and the
Chinese for each. A sentence that is not known stands as it was raised: saying it in English is better than hiding it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cdm.language import Language
    from schemas.errors import CdmError

_PLACE = re.compile(r"\\\{(\w+)\\\}")


@dataclass(frozen=True, slots=True)
class Told:
    """An error as its reader understands it.

    Attributes:
        title: what kind of trouble it is; the same for every error of a code.
        message: what is wrong, with the names and figures it is about.
        remedy: what to do, empty where there is nothing to say.
    """

    title: str
    message: str
    remedy: str


def told(error: CdmError, language: Language) -> Told:
    """Say an error in a language."""
    return Told(title_of(error.code, language), sentence(error.message, language), sentence(error.remedy, language))


def title_of(code: str, language: Language) -> str:
    """Return what the errors of a code are about; the code in words where it is not known."""
    known = titles().get(code)
    return known[language] if known else code.replace("_", " ")


def sentence(text: str, language: Language) -> str:
    """Say an English sentence of an error in a language; what stands in its places is said too, where it is known."""
    if language == "en" or not text:
        return text
    for pattern, said in _sentences():
        if found := pattern.fullmatch(text):
            return said.format(**{name: sentence(value, language) for name, value in found.groupdict().items()})
    return text


def titles() -> Mapping[str, Mapping[str, str]]:
    """Return every code with its title by language."""
    found: Mapping[str, Mapping[str, str]] = _read("titles")
    return found


@cache
def _sentences() -> Sequence[tuple[re.Pattern[str], str]]:
    """Return patterns of English sentences with the Chinese of each; those with most words of their own first."""
    pairs = sorted(_read("sentences").items(), key=lambda pair: -len(re.sub(r"\{\w+\}", "", pair[0])))
    return [(_pattern(english), chinese) for english, chinese in pairs]


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(r"(?P<\1>.*?)", re.escape(english)), re.DOTALL)


@cache
def _read(name: str) -> Any:
    import yaml

    return yaml.safe_load(Path(__file__).with_name(f"{name}.yaml").read_text(encoding="utf-8"))
