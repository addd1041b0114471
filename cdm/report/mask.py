"""Show personal data so that a steward knows it again and a stranger learns little (GB/T 35273 去标识化展示)."""

from __future__ import annotations

import re
from collections.abc import Callable

from cdm.report.figures import Shown
from schemas.types import Privacy, SemanticType

_EMAIL = re.compile(r"([^\s@＠,;，；]+)([@＠][^\s@＠;，；]+)")
_NUMBER = re.compile(r"\d[\d\s().（）－-]{5,}\d")
_BETWEEN = re.compile(r"([\s/、,，;；|]+)")
_WHOLE = 7
"""Digits from which on a text is a whole telephone number."""
_ALWAYS = {SemanticType.PHONE, SemanticType.EMAIL, SemanticType.NATIONAL_ID}
_NAMES = {SemanticType.PERSON_NAME, SemanticType.GIVEN_NAME, SemanticType.FAMILY_NAME, SemanticType.ORGANIZATION_NAME}
_NAMED = {SemanticType.PERSON_NAME, SemanticType.FAMILY_NAME}
_LONG = 10
"""Characters from which on a sensitive value keeps five of them."""
_FORMS = {
    SemanticType.PHONE: re.compile(r"[+＋]?\d[\d\s().（）-]{6,22}\d"),
    SemanticType.EMAIL: re.compile(r"[^\s@＠,;，；]+[@＠][\w.-]+"),
    SemanticType.IDENTIFIER: re.compile(r"[\w.-]{8,}"),
    SemanticType.DATE: re.compile(r"\d{4}-\d\d-\d\d"),
}
"""What values look like that can be shown in part, by type; any other may be anything."""


def masked(shown: Shown) -> str:
    """Return the value as it may be shown.

    Phones keep their first digits and the last four (``138****0000``), e-mail addresses the first letter and the
    domain, identity numbers three digits in front and two behind, dates of birth the year, addresses everything but
    the figures. Names stay, for without them nobody can review anything. Values of the class ``none`` stay, except
    phones, e-mail addresses and identity numbers; in free text these are masked too.
    """
    text, kind = shown.value, shown.type
    if kind in _NAMES or (shown.privacy is Privacy.NONE and kind not in _ALWAYS):
        return text
    if kind is SemanticType.NATIONAL_ID or shown.privacy is Privacy.SENSITIVE:
        return _ends(text, 3, 2)
    return _BY_TYPE.get(kind, _text)(text)


def partly(shown: Shown) -> str | None:
    """Return the value as somebody may see it who sees values of its class only in part, ``None`` where not at all.

    Stricter than :func:`masked`, which shows a steward what to review: only what has the form of its type is shown in
    part, since nobody knows what stands in any other. Names keep their first character.
    """
    text, kind = shown.value.strip(), shown.type
    if shown.privacy is Privacy.SENSITIVE:
        return _ends(text, 3, 2) if len(text) >= _LONG else None
    if kind in _NAMED:
        return f"{text[:1]}**"
    form = _FORMS.get(kind)
    return masked(Shown(text, kind, shown.privacy)) if form is not None and form.fullmatch(text) else None


def _ends(text: str, front: int, back: int) -> str:
    if len(text) <= front + back:
        return "*" * len(text)
    return text[:front] + "*" * (len(text) - front - back) + text[-back:]


def _email(found: re.Match[str]) -> str:
    return f"{found[1][:1]}***{found[2]}"


def _phone(text: str) -> str:
    """Mask one number, or each of several in one cell; a number may itself be written with blanks."""
    pieces = _BETWEEN.split(text)
    if sum(len(re.findall(r"\d", piece)) >= _WHOLE for piece in pieces) < 2:
        return _one_phone(text)
    return "".join(_one_phone(piece) for piece in pieces)


def _one_phone(text: str) -> str:
    """Mask all digits but the last four and those before the last eight; separators and a spreadsheet's ``.0`` stay."""
    number = text.removesuffix(".0")
    count = sum(char.isdecimal() for char in number)
    if count < _WHOLE:
        return text
    seen, kept = 0, []
    for char in number:
        seen += char.isdecimal()
        hidden = char.isdecimal() and max(0, count - 8) < seen <= count - 4
        kept.append("*" if hidden else char)
    return "".join(kept) + text[len(number) :]


def _year_only(text: str) -> str:
    year = re.search(r"(?:19|20)\d\d", text)
    if year is None:
        return _figures(text)
    return _figures(text[: year.start()]) + year[0] + _figures(text[year.end() :])


def _text(text: str) -> str:
    return _NUMBER.sub(lambda found: _phone(found[0]), _EMAIL.sub(_email, text))


def _figures(text: str) -> str:
    return re.sub(r"\d", "*", text)


_BY_TYPE: dict[SemanticType, Callable[[str], str]] = {
    SemanticType.IDENTIFIER: lambda text: _ends(text, 2, 2),
    SemanticType.ADDRESS: _figures,
    SemanticType.STREET: _figures,
    SemanticType.HOUSE_NUMBER: _figures,
    SemanticType.DATE: _year_only,
    SemanticType.DATETIME: _year_only,
}
