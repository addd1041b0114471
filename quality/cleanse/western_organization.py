"""Names of organizations in alphabetic scripts: legal form, trading name, branch, distinctive core."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

from quality.cleanse import organization_codes as codes
from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.organization_remark import Beside, classify
from quality.cleanse.reference_data import reference
from quality.cleanse.text import has_han, is_cjk_native

_TOKEN = re.compile(r"[^\s,，、]+")
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*)(?:[)\]]|$)")
_JOINED = re.compile(r"(?<=[a-zà-ÿ])(AG|GmbH|PLC|LLC|LLP|Inc|Ltd|Limited|SE|SA|Corp)(?=\.?$)")
_MARKS = re.compile(r"[\u0300-\u036f]")
_NOT_WORD = re.compile(r"[^\w&+]+|_+")
_APOSTROPHE = re.compile(r"['’‘`´]")
_DASHED = re.compile(r"^(.+?)\s+[-–—|]\s+(.+)$")
_EDGES = ' ,;:|/\\-–—_"“”*'
_LONGEST_FORM = 6
_LONGEST_SITE = 3


@dataclass(frozen=True)
class _Words:
    forms: dict[str, str]
    before: dict[str, str]
    after: dict[str, str]
    """Japanese and Korean forms, which follow the name without a blank."""
    trading_as: re.Pattern[str]
    branch: re.Pattern[str]
    branch_end: re.Pattern[str]
    regions: frozenset[str]
    notes: frozenset[str]


@cache
def _words() -> _Words:
    data = reference("western_organization")
    forms = {spelling: form for form, spellings in data["forms"].items() for spelling in spellings}
    kinds = "|".join(w.replace("-", " ") for w in data["branches"].split())
    return _Words(
        forms,
        {w: forms.get(w.lower(), w) for w in (form.replace("-", " ") for form in data["before"].split())},
        {w: form for w, form in forms.items() if has_han(w) or is_cjk_native(w)},
        re.compile(rf"[\s,;(]+(?:{data['trading_as']})[\s:.]+(.+?)\)?$", re.IGNORECASE),
        re.compile(rf"(?:^|[\s,])((?:[\w.'#]+\s+){{0,3}}(?:{kinds})(?:\s*#?\d+)?)$", re.IGNORECASE),
        re.compile(rf"(?:{kinds})(?:\s*#?\d+)?$", re.IGNORECASE),
        frozenset(w.replace("-", " ") for w in data["regions"].split()),
        frozenset(data["notes"].split()),
    )


@dataclass
class _Name:
    parts: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    sign: bool = False
    """What is written over a door rather than in a register: what stands in brackets says which of several doors."""


def cleanse_western_organization(text: str) -> Cleansed:
    """Standardise the name of an organization in an alphabetic script.

    Args:
        text: folded text.

    Returns:
        The name as it was typed, legal form in standard writing; parts ``brand form region branch contact remark``.
        ``brand`` is the name in lower case without legal form, article, accents and punctuation.
    """
    name = _Name()
    bare = _JOINED.sub(r" \1", text.strip(_EDGES)).strip(_EDGES)
    trading = _words().trading_as.search(bare)
    if trading and trading.start() >= 2:
        name.remarks.append(bare[trading.start() :].strip(_EDGES + "()"))
        bare = bare[: trading.start()].strip(_EDGES)
    name.sign = not has_legal_form(_BRACKET.sub(" ", bare))
    bare = _BRACKET.sub(lambda m: _take_bracket(name, m), bare).strip(_EDGES)
    bare = _take_dashed(name, bare)
    standard, core = _take_form(name, bare)
    region = _BRACKET.sub(" ", core).strip(_EDGES)
    name.parts["brand"] = brand_of(region or core)
    if name.remarks:
        name.parts["remark"] = "; ".join(name.remarks)
        name.codes.append(codes.REMARK_SPLIT)
    return Cleansed((standard or text,), {k: v for k, v in name.parts.items() if v}, tuple(dict.fromkeys(name.codes)))


def brand_of(text: str) -> str:
    """Fold a name to the core by which names are compared: 'The Café & Co-op' → cafe and co op."""
    folded = _APOSTROPHE.sub("", unicodedata.normalize("NFD", text.casefold()))
    folded = unicodedata.normalize("NFC", _MARKS.sub("", folded)).replace("&", " and ").replace("+", " and ")
    folded = " ".join(_NOT_WORD.sub(" ", folded.replace(".", "")).split())
    return folded.removeprefix("the ").removesuffix(" the") or folded


def has_legal_form(text: str) -> bool:
    """Tell whether a name ends or begins with a legal form."""
    bare = _JOINED.sub(r" \1", text.strip(_EDGES))
    return bool(_form_at(bare)[1] or _form_before(bare)[2])


def _take_bracket(name: _Name, match: re.Match[str]) -> str:
    content = match[1].strip()
    key = content.lower().replace(".", "")
    if f"({key})" in {"(pty)", "(p)", "(publ)", "(haftungsbeschränkt)", "(株)", "(有)", "(주)"}:
        return match[0] if match[0].endswith(")") else match[0] + ")"
    kind, bare = classify(content)
    if key in _words().regions or kind is Beside.REGION or (kind is None and name.sign and _is_site(key)):
        name.parts["region"] = content
    elif _words().branch.search(content) or kind is Beside.BRANCH:
        name.parts["branch"] = content
    elif kind is Beside.CONTACT:
        name.parts["contact"] = bare
        name.codes.append(codes.CONTACT_SPLIT)
        return ""
    else:
        name.remarks += [content] if content else []
        return ""
    return f" ({content})"


def _is_site(key: str) -> bool:
    """Tell whether a text in brackets may name a site: up to three words, none of them a note (closed, formerly)."""
    words = key.split()
    return 1 <= len(words) <= _LONGEST_SITE and key.replace(" ", "").isalpha() and _words().notes.isdisjoint(words)


def _take_dashed(name: _Name, bare: str) -> str:
    """'Acme Inc - London Branch', 'Acme Inc - Mr. Smith'; a dash before the legal form belongs to the name."""
    found = _DASHED.match(bare)
    if found is None or not _form_at(found[1])[1]:
        return bare
    kind, tail = classify(found[2])
    if kind is Beside.CONTACT:
        name.parts["contact"] = tail
        name.codes.append(codes.CONTACT_SPLIT)
    elif _words().branch.fullmatch(found[2]) or found[2].lower() in _words().regions or _form_at(found[2])[1]:
        return bare
    else:
        name.remarks.append(found[2])
    return found[1]


def _take_form(name: _Name, bare: str) -> tuple[str, str]:
    """Find the legal form; return the name in standard writing and its core."""
    bare, tail = _take_branch(name, bare)
    cut, form = _form_at(bare)
    if form:
        core = bare[:cut].strip(_EDGES)
        standard = f"{core} {form}"
    else:
        standard, core, form = _form_before(bare)
    if standard != bare:
        name.codes.append(codes.FORM_WRITTEN_OUT)
    name.parts["form"] = form
    return standard + tail, core


def _take_branch(name: _Name, bare: str) -> tuple[str, str]:
    """Take a branch that follows the legal form off; the second value is what the standard form ends with."""
    if not _words().branch_end.search(bare):
        return bare, ""
    tokens = list(_TOKEN.finditer(bare))
    for token in tokens[-1:-6:-1]:
        parent = bare[: token.start()].strip(_EDGES)
        if _form_at(parent)[1] and _words().branch.fullmatch(bare[token.start() :]):
            name.parts["branch"] = bare[token.start() :]
            return parent, f" - {name.parts['branch']}"
    return bare, ""


def _form_at(text: str) -> tuple[int, str]:
    """Position and standard writing of the longest legal form at the end; (len, '') where there is none."""
    tokens = list(_TOKEN.finditer(text))
    for count in range(min(_LONGEST_FORM, len(tokens) - 1), 0, -1):
        start = tokens[-count].start()
        key = " ".join(t[0].lower().replace(".", "") for t in tokens[-count:])
        form = _words().forms.get(key)
        if form and (len(key) > 2 or _is_written_as_form(text[start:], form)):
            return start, form
    return len(text), ""


def _is_written_as_form(text: str, form: str) -> bool:
    """Forms of two letters count as they are usually written, or in capitals, or with full stops; 'co' always."""
    return text.isupper() or "." in text or text == form.replace(".", "") or text.lower() == "co" or not text.isascii()


def _form_before(bare: str) -> tuple[str, str, str]:
    """Forms before the name: 'OOO Romashka', '株式会社日立製作所'; Japanese and Korean ones that follow it."""
    for word, form in _words().before.items():
        if not bare.startswith(word) and not (" " in word and bare.lower().startswith(word)):
            continue
        rest = bare[len(word) :]
        apart = rest[:1] in (" ", '"') or not ("a" <= word[-1].lower() <= "z" or "а" <= word[-1].lower() <= "я")
        if len(rest) > 1 and apart:
            return bare, rest.strip(_EDGES), form
    for word, form in _words().after.items():
        if bare.endswith(word) and len(bare) > len(word) + 1:
            return bare, bare[: -len(word)].strip(_EDGES), form
    return bare, bare, ""
