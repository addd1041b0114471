"""Read a header: which fields of an entity type it may name, and how surely."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rapidfuzz import fuzz, process

from connectors.mapping import vocabulary
from schemas.header import squash
from schemas.model import EntityType
from schemas.types import EntityKind

EXACT, NUMBERED, EXPANDED, BILINGUAL, OWNED, ENDING, FUZZY = 1.0, 0.97, 0.95, 0.93, 0.9, 0.78, 0.75
SECOND = 0.9
_BRACKETS = re.compile(r"[(\[{【<《].*?[)\]}】>》]")
_CJK = "\u3400-\u9fff"
_EDGES = re.compile(
    rf"(?<=[a-zß-ÿ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=\D)|(?<=\D)(?=\d)"
    rf"|(?<=[{_CJK}])(?=[^\W{_CJK}])|(?<=[^\W{_CJK}])(?=[{_CJK}])"
)


@dataclass(frozen=True, slots=True)
class Header:
    """A header taken apart.

    ``bare`` is the squashed text without brackets; ``words`` its words (camel case and scripts split, short forms
    kept); ``stem`` and ``number`` the text before a trailing number, and that number.
    """

    text: str
    bare: str
    words: tuple[str, ...]
    stem: str
    number: int | None


@cache
def read_header(text: str) -> Header:
    """Take a header apart; traditional characters are read as simplified ones."""
    folded = _simplified(unicodedata.normalize("NFKC", text)).strip(" *:")
    unbracketed = _BRACKETS.sub(" ", folded)
    if not squash(unbracketed):
        unbracketed = folded
    split = re.sub(r"[\W_]+", " ", _EDGES.sub(" ", unbracketed))
    bare = squash(unbracketed)
    found = re.fullmatch(r"(.*\D)(\d{1,2})", bare) or re.fullmatch(r"(..+)([一二三四五])", bare)
    return Header(
        text,
        bare,
        tuple(split.casefold().split()),
        found.group(1) if found else bare,
        _value(found.group(2)) if found else None,
    )


def _value(number: str) -> int:
    return int(number) if number.isdecimal() else int(unicodedata.numeric(number))


def is_silent(header: Header) -> bool:
    """True where the header says nothing, as in ``Column3``, ``字段1`` or an empty cell."""
    return vocabulary.silent().fullmatch(header.bare) is not None


def is_foreign(header: Header, entity: EntityType) -> bool:
    """True where the header names something known that is not in the model, or something else's attribute."""
    others = vocabulary.known_others()
    forms = {header.bare, header.stem, *(form for form, _ in _forms(header, "any"))}
    if not others.isdisjoint(forms):
        return True
    return _has_stranger(header, entity)


def fields_named(header: Header, entity: EntityType) -> dict[str, float]:
    """Return field → how surely the header names it (0–1); empty where it names none."""
    index = entity.by_header
    scores: dict[str, float] = {}
    for form, score in _spellings(header, entity):
        if form in index:
            scores.setdefault(index[form], score)
            break
    for form in erp_readings(header):  # FNAME is 金蝶's name as well as a given name
        if form in index:
            scores.setdefault(index[form], OWNED)
    for field in vocabulary.second_meanings(entity.name).get(header.bare, ()):
        if field in entity.fields:
            scores.setdefault(field, SECOND)
    if not scores and not is_silent(header) and not is_foreign(header, entity):
        scores = _approximate(header, index)
    return scores


def _spellings(header: Header, entity: EntityType) -> Iterator[tuple[str, float]]:
    """Yield the ways to read the header, surest first."""
    yield squash(header.text), EXACT
    yield squash(_simplified(header.text)), EXACT
    yield header.bare, EXACT
    if header.number is not None:
        yield header.stem, NUMBERED
    if len(header.words) == 2:
        yield header.words[1] + header.words[0], NUMBERED
    full = "".join(vocabulary.short_forms().get(word, word) for word in header.words)
    yield full, EXPANDED
    yield from ((squash(part), BILINGUAL) for part in re.split(r"[/、|]", _simplified(header.text)) if len(part) > 1)
    scripts = [word for word in header.words if re.match(rf"[{_CJK}]", word)]
    if scripts and len(scripts) < len(header.words):
        latin = "".join(word for word in header.words if word not in scripts)
        yield from ((part, BILINGUAL) for part in ("".join(scripts), latin) if len(part) > 1)
    if is_foreign(header, entity):
        return
    if len(header.words) > 1 and any(word.isalpha() and len(word) == 1 for word in header.words[1:]):
        yield "".join(word for word in header.words if len(word) > 1), OWNED
    owner = entity.name if entity.name in ("person", "organization") else "activity"
    yield from _forms(header, "any", owner)


def _forms(header: Header, *owners: str) -> Iterator[tuple[str, float]]:
    """Yield the header without the words that only say whose it is, one more dropped each time."""
    dropped = frozenset(word for owner in owners for word in vocabulary.headers("owners", owner))
    short = vocabulary.short_forms()
    words = list(header.words)
    if len(words) > 1 and words[0] in {letter.casefold() for letter in vocabulary.erp_letters()}:
        words = words[1:]
    yield from ((form, OWNED) for form in erp_readings(header))
    while len(words) > 1 and words[0] in dropped:
        words = words[1:]
        yield "".join(words), OWNED
        yield "".join(short.get(word, word) for word in words), OWNED
    rest = header.stem
    for owner in sorted(dropped, key=lambda word: (-len(word), word)):
        if not owner.isascii() and rest.startswith(owner) and len(rest) > len(owner):
            yield rest[len(owner) :], OWNED


def erp_readings(header: Header) -> Iterator[str]:
    """Yield the header without the letter an ERP puts before its columns."""
    if len(header.words) > 1 and header.words[0] in {letter.casefold() for letter in vocabulary.erp_letters()}:
        yield "".join(header.words[1:])
    text = squash(header.text)
    upper = header.text.strip()
    if upper.isupper() and upper[:1] == "F" and len(upper) > 3 and upper.isascii():
        yield text[1:]


def _approximate(header: Header, index: Mapping[str, str]) -> dict[str, float]:
    """Recognise a header by its ending (``主要联系手机``) or in spite of a typing error (``Adress``)."""
    general = frozenset(vocabulary.headers("general"))
    for start in range(1, len(header.words)):
        tail = "".join(vocabulary.short_forms().get(word, word) for word in header.words[start:])
        if tail in index and tail not in general and (len(tail) > 3 or not tail.isascii()):
            return {index[tail]: ENDING}
    if not header.bare.isascii():
        for start in range(1, len(header.stem) - 1):
            tail = header.stem[start:]
            if tail in index and tail not in general:
                return {index[tail]: ENDING}
        return {}
    if len(header.bare) < 6:
        return {}
    near = process.extractOne(header.bare, list(index), scorer=fuzz.ratio, score_cutoff=89)
    return {index[near[0]]: FUZZY} if near and near[0] not in general else {}


def _has_stranger(header: Header, entity: EntityType) -> bool:
    strangers = vocabulary.headers("strangers", "people")
    if entity.kind is EntityKind.PARTY:
        strangers += vocabulary.headers("strangers", "things")
    latin = {word for word in strangers if word.isascii()}
    if not latin.isdisjoint(header.words):
        return True
    return any(word in header.bare for word in strangers if not word.isascii())


def _simplified(text: str) -> str:
    if not re.search(rf"[{_CJK}]", text):
        return text
    return str(_converter().convert(text))


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
