"""Personal names in alphabetic scripts: order, titles, suffixes, particles, capitals; pinyin names among them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from quality.cleanse import name_codes as codes
from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.letter_case import capitalize_name, is_one_case
from quality.cleanse.pinyin import PinyinName, count_syllables, normal, parse_pinyin_name
from quality.cleanse.reference_data import reference

_BRACKETS = re.compile(r"\s*[(\[{【《]([^()\[\]{}【】《》]*)[)\]}】》]\s*|\s*[\"“”]([^\"“”]+)[\"“”]\s*")
_SEVERAL = re.compile(r"\s(?:and|und|et)\s|[&;|/]", re.IGNORECASE)
_KEY = re.compile(r"[.\s]")
_APOSTROPHES = str.maketrans("’‘´`", "''''")
_EDGES = " ,.;:-_/\\|*+#=<>~^`!?"
_JOINING = frozenset({"y", "e", "i"})
"""Between two family names: Ortega y Gasset."""
_CHINESE_COUNTRIES = frozenset({"CN", "HK", "TW", "MO"})


@dataclass(frozen=True)
class _Words:
    titles: Mapping[str, str]
    suffixes: Mapping[str, str]
    degrees: Mapping[str, str]
    endings: frozenset[str]
    particles: frozenset[str]
    never_first: frozenset[str]
    vietnamese: frozenset[str]
    korean: frozenset[str]
    spelled_like_pinyin: frozenset[str]


@cache
def _words() -> _Words:
    data = reference("western_name")

    def spellings(name: str) -> dict[str, str]:
        return {_KEY.sub("", s): canonical for canonical, listed in data[name].items() for s in listed}

    def words(name: str) -> frozenset[str]:
        return frozenset(data[name].split())

    suffixes, degrees = spellings("suffixes"), spellings("degrees")
    return _Words(
        spellings("titles"),
        suffixes,
        degrees,
        frozenset(suffixes) | frozenset(degrees),
        words("particles"),
        words("never_first"),
        words("vietnamese_surnames"),
        words("korean_surnames"),
        words("spelled_like_pinyin"),
    )


@dataclass
class _Name:
    """A name while it is taken apart."""

    tokens: list[str] = field(default_factory=list)
    family: list[str] | None = None
    """The family name's tokens where the spelling says which they are (comma, capitals)."""
    titles: list[str] = field(default_factory=list)
    suffix: str = ""
    remarks: list[str] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)


@lru_cache(maxsize=65536)
def _key(token: str) -> str:
    return _KEY.sub("", token.lower()).strip(",")


def cleanse_western_name(text: str, country: str) -> Cleansed:
    """Cleanse a name in an alphabetic script.

    Args:
        text: folded text with at least one letter.
        country: ISO 3166 alpha-2 code; only decides whether pinyin names are written family name first.
    """
    name = _Name()
    bare = _BRACKETS.sub(lambda m: _take_remark(name, m), text.translate(_APOSTROPHES)).strip(_EDGES)
    if not bare:
        return Cleansed((text,), codes=(codes.NOT_A_NAME,))
    if _SEVERAL.search(bare):
        return Cleansed((bare,), codes=(codes.SEVERAL_NAMES,))
    _take_words(name, bare)
    if not name.tokens and not name.family:
        return Cleansed((), codes=(codes.TITLE_ONLY,))
    pinyin = _pinyin(name)
    if pinyin is not None:
        return _pinyin_result(name, pinyin, country)
    return _western_result(name)


def _take_remark(name: _Name, match: re.Match[str]) -> str:
    remark = (match.group(1) or match.group(2) or "").strip()
    if remark:
        name.remarks.append(remark)
    return " "


def _take_words(name: _Name, bare: str) -> None:
    """Split into tokens; take titles, suffixes and degrees off both ends; read 'Family, Given' and 'FAMILY Given'."""
    groups = [_take_affixes(name, g.split()) for g in bare.split(",")]
    filled = [g for g in groups if g]
    if len(filled) >= 2:
        name.family, name.tokens = filled[0], [t for g in filled[1:] for t in g]
        name.codes.append(codes.REORDERED)
    elif filled:
        name.tokens = filled[0]
        _take_capitals(name)
    if name.titles:
        name.codes.append(codes.TITLE_SPLIT)
    if name.remarks:
        name.codes.append(codes.REMARK_SPLIT)


def _take_affixes(name: _Name, tokens: list[str]) -> list[str]:
    words = _words()
    while tokens and _key(tokens[0]) in words.titles and (len(tokens) > 1 or not _is_plain_word(tokens[0])):
        name.titles.append(words.titles[_key(tokens.pop(0))])
    while tokens and name.titles and _key(tokens[0]) in words.degrees:
        name.titles.append(words.degrees[_key(tokens.pop(0))])
    while tokens and (tokens[-1].isdigit() or _key(tokens[-1]) in words.endings):
        key = _key(tokens.pop())
        if key in words.suffixes:
            name.suffix = words.suffixes[key]
        elif key in words.degrees:
            name.titles.append(words.degrees[key])
        else:
            name.remarks.append(key)
    return tokens


def _is_plain_word(token: str) -> bool:
    """'Major', 'Don' or 'Lady' alone may be a name; 'Mr.' and 'Dr' may not."""
    return len(_key(token)) > 2 and not token.endswith(".") and _key(token) not in {"mrs", "miss", "prof"}


def _take_capitals(name: _Name) -> None:
    """'DUPONT Jean' and 'Jean DUPONT': the only words in capitals are the family name."""
    capitals = [t for t in name.tokens if len(t) > 2 and t.isupper() and t.isalpha()]
    others = [t for t in name.tokens if t not in capitals]
    if len(capitals) == 1 and others and any(len(t) > 2 and not t.isupper() and not t.islower() for t in others):
        if name.tokens[0] == capitals[0]:
            name.family, name.tokens = capitals, others
            name.codes.append(codes.REORDERED)
        elif name.tokens[-1] == capitals[0]:
            name.tokens[-1] = capitalize_name(capitals[0])
            name.codes.append(codes.RECASED)


def _pinyin(name: _Name) -> PinyinName | None:
    tokens = [*(name.family or []), *name.tokens]
    if not all(t.replace("-", "").replace("'", "").replace("’", "").isalpha() for t in tokens):
        return None
    if len(tokens) == 1 and _key(tokens[0]) in _words().spelled_like_pinyin:
        return None
    parsed = parse_pinyin_name(tokens)
    if parsed is not None and parsed.family_first and not parsed.sure and _has_western_given(tokens):
        parsed = PinyinName(normal(tokens[-1]), normal("".join(tokens[:-1])), False, True)
    if parsed is not None and name.family is not None:
        family, given = normal("".join(name.family)), normal("".join(name.tokens))
        return PinyinName(family, given, True, True) if given else None
    return parsed


def ends_western(word: str) -> bool:
    """Tell whether no name that ends in this word can be read as pinyin: it is no syllables and would not be left out.

    Args:
        word: the last word of a name.
    """
    words = _words()
    if not (word.isascii() and word.isalpha()) or _key(word) in words.endings or _key(word) in words.titles:
        return False
    return count_syllables(normal(word)) == 0


def _has_western_given(tokens: list[str]) -> bool:
    """'Dan Long': the first word is a western given name, the last one is not."""
    listed = _words().spelled_like_pinyin
    return len(tokens) > 1 and _key(tokens[0]) in listed and _key(tokens[-1]) not in listed


def _pinyin_result(name: _Name, parsed: PinyinName, country: str) -> Cleansed:
    words = _words()
    parts = {"family": parsed.family.capitalize(), "given": parsed.given.capitalize()}
    parts["pinyin"] = f"{parsed.family} {parsed.given}"
    family_first = parsed.family_first or (
        country in _CHINESE_COUNTRIES
        and parsed.sure
        and not any(_key(t) in words.spelled_like_pinyin for t in name.tokens)
    )
    order = ("family", "given") if family_first and name.family is None else ("given", "family")
    if name.family is not None:
        order = ("family", "given")
    standard = " ".join(parts[p] for p in order)
    if family_first != parsed.family_first and codes.REORDERED not in name.codes:
        name.codes.append(codes.REORDERED)
    return _finish(name, standard, parts)


def _western_result(name: _Name) -> Cleansed:
    every = [*name.tokens, *(name.family or [])]
    one_case = is_one_case(" ".join(every))
    given = _cased(name.tokens, _is_typed_flat(name.tokens) if name.family else one_case, first=True)
    family = _cased(name.family or [], _is_typed_flat(name.family or []), first=False)
    if [w.casefold() for w in (*given, *family)] == [w.casefold() for w in every] and [*given, *family] != every:
        name.codes.append(codes.RECASED)
    if name.family is None and len(given) == 1:
        return _single_result(name, given[0])
    shown = [*given, *family]
    if name.family is None:
        given, family = _split(given)
    parts = {"family": " ".join(family)}
    if given:
        parts |= {"given": given[0], "middle": " ".join(given[1:])}
    return _finish(name, " ".join(shown), parts)


def _is_typed_flat(tokens: list[str]) -> bool:
    """Before or after a comma: all capitals or all small, and more than initials."""
    return is_one_case(" ".join(tokens)) and any(len(t) > 2 for t in tokens)


def _single_result(name: _Name, word: str) -> Cleansed:
    """One word: after a title it is the family name ('Mr. Smith'); alone it may be either."""
    title = " ".join(t for t in name.titles if t in _words().titles.values())
    if not title:
        return _finish(name, word, {})
    name.codes.append(codes.FAMILY_NAME_ONLY)
    return _finish(name, f"{title} {word}", {"family": word})


def _cased(tokens: list[str], one_case: bool, *, first: bool) -> list[str]:
    words = _words()
    cased: list[str] = []
    for position, token in enumerate(tokens):
        inside = (position > 0 or not first) and position < len(tokens) - 1
        if len(token) == 1 and token.isascii() and token.isalpha():
            cased.append(token if token in words.particles and not one_case else token.upper() + ".")
        elif one_case and inside and token.lower() in words.particles:
            cased.append(token.lower())
        else:
            cased.append(capitalize_name(token) if one_case else token)
    return cased


def _split(tokens: list[str]) -> tuple[list[str], list[str]]:
    """Divide the tokens into given names (the first name first) and family name."""
    words = _words()
    first, last = tokens[0].lower(), tokens[-1].lower()
    if first in words.vietnamese and last not in words.vietnamese:
        return tokens[-1:] + tokens[1:-1], tokens[:1]
    if first in words.korean and len(tokens) == 2 and "-" in tokens[1] and last.split("-")[-1] not in words.korean:
        return tokens[1:], tokens[:1]
    start = len(tokens) - 1
    while start > 1 and tokens[start - 1] in words.particles:
        start -= 2 if tokens[start - 1] in _JOINING and start > 2 else 1
    if start == 1 and tokens[0] in words.particles and first not in words.never_first:
        start = 0
    return tokens[:start], tokens[start:]


def _finish(name: _Name, standard: str, parts: dict[str, str]) -> Cleansed:
    if name.suffix:
        standard = f"{standard} {name.suffix}"
    parts |= {"title": " ".join(name.titles), "suffix": name.suffix, "remark": "; ".join(name.remarks)}
    return Cleansed((standard,), {k: v for k, v in parts.items() if v}, tuple(dict.fromkeys(name.codes)))
