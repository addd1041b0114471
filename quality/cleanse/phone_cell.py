"""What stands in a telephone cell: labels, remarks, spreadsheet floats, extensions and several numbers at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_FLOAT = re.compile(r"(\d{5,16})\.0+")
_SCIENTIFIC = re.compile(r"(\d(?:\.\d+)?)[eE]\+?0*(\d{1,2})")
_LABEL = re.compile(
    r"(?:联系电话|办公电话|公司电话|家庭电话|移动电话|固定电话|手机号码?|手机|电话号码?|电话|座机|固话|总机|宅电|办公|家庭|传真|微信同号|同微信|微信"
    r"|\b(?:telephone|tel|phone|mobile|mob|cell|fax|office|home|work|wechat|whatsapp|main|direct|ph)\b\.?"
    r"|\b[TMHOPF]\b(?=\s*[:.]))(?:\s*(?:no|number)\b\.?)?\s*[::.]?",
    re.IGNORECASE,
)
_BRACKETED_TEXT = re.compile(r"[(\[{【<][^()\[\]{}【】<>\d]*[)\]}】>]")
_EXTENSION = re.compile(
    r"\s*(?:,?\s*(?<![a-z])ext(?:ension|n)?[.:=]*|(?<=\d)\s*x(?=\s*\d)|转分机|分机号?:?|转|#)\s*(\d{1,7})\s*$",
    re.IGNORECASE,
)
_CN_EXTENSION = re.compile(r"^((?:\+?86[- ]?)?(?:\(?0\d{2,3}\)?[- ]?)?[2-9]\d{6,7})\s?-\s?(\d{1,5})$")
_CN_SERVICE_EXTENSION = re.compile(r"^([48]00[- ]?\d{3}[- ]?\d{4}|[48]00[- ]?\d{4}[- ]?\d{3})\s?-\s?(\d{1,5})$")
_SEPARATORS = re.compile(r"\s*(?:[/\\|,、;\n]|\bor\b|\band\b|或者?|&)\s*", re.IGNORECASE)
_AREA_SLASH = re.compile(r"^((?:\+?\d{1,3}[ -])?\(?\d{2,5}\)?)\s*/\s*(?=\d[\d .-]{4,})")
"""310/434-1234: what stands before the stroke is an area code, not a number of its own."""
_EXTENSION_KEPT = re.compile(r"[;,]\s*(?=ext)", re.IGNORECASE)
_MOBILES = re.compile(r"(?:1[3-9]\d{9}){2,5}")
_CN_WHOLE = re.compile(
    r"(?:\+?(?:00)?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\(?0\d{2,3}\)?[- ]?[2-9]\d{3}[- ]?\d{3,4})(?!\d)"
    r"|(?<!\d)[2-9]\d{6,7}(?!\d)"
)
_ENDING = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that should be one telephone number, and its extension."""

    text: str
    extension: str = ""


def from_float(text: str) -> tuple[str, bool]:
    """Undo what a spreadsheet does to numbers.

    Args:
        text: a folded cell.

    Returns:
        The digits where the cell is a float that still has all of them (else the text), and whether digits are
        lost for good, as in ``1.38E+10``.
    """
    if whole := _FLOAT.fullmatch(text):
        return whole[1], False
    if scientific := _SCIENTIFIC.fullmatch(text):
        digits = len(scientific[1].replace(".", ""))
        exponent = int(scientific[2])
        if digits > exponent - 1:
            return str(int(Decimal(text))), False
        return text, True
    return text, False


def without_words(text: str) -> str:
    """Take labels (手机:, Tel.) and bracketed remarks without digits (微信同号) out of a cell."""
    return re.sub(" +", " ", _LABEL.sub(" ", _BRACKETED_TEXT.sub(" ", text))).strip(" :.。")


def candidates(text: str, country: str) -> list[Candidate]:
    """Split a cell into the numbers it holds.

    Args:
        text: a folded cell without labels.
        country: ISO alpha-2 code of the record; Chinese habits (88881234-801 is an extension) apply to ``CN`` only.

    Returns:
        One candidate per number, in order. ``0571-88881234/5`` gives two: the second replaces the last digits.
    """
    found: list[Candidate] = []
    for part in _SEPARATORS.split(_EXTENSION_KEPT.sub(" ", _AREA_SLASH.sub(r"\1 ", text))):
        for piece in _by_shape(part, country):
            _append(found, piece, country)
    return found


def _append(found: list[Candidate], piece: str, country: str) -> None:
    if found and _ENDING.fullmatch(piece) and len(re.sub(r"\D", "", found[-1].text)) >= 7:
        previous = found[-1].text
        found.append(Candidate(previous[: -len(piece)] + piece))
    elif piece:
        found.append(_with_extension(piece, country))


def _with_extension(text: str, country: str) -> Candidate:
    if (match := _EXTENSION.search(text)) and len(re.sub(r"\D", "", text[: match.start()])) >= 5:
        return Candidate(text[: match.start()], match[1])
    if country == "CN" and (match := _CN_EXTENSION.match(text) or _CN_SERVICE_EXTENSION.match(text)):
        return Candidate(match[1], match[2])
    return Candidate(text)


def _by_shape(part: str, country: str) -> list[str]:
    """Split where no separator stands between two numbers."""
    compact = re.sub(r"[ -]", "", part)
    if _MOBILES.fullmatch(compact):
        return [compact[i : i + 11] for i in range(0, len(compact), 11)]
    tokens = part.split(" ")
    if len(tokens) > 1 and all(_looks_whole(token) for token in tokens):
        return tokens
    if country == "CN" and len(compact) > 15:
        whole = _CN_WHOLE.findall(part)
        if len(whole) > 1 and not re.search(r"\d", _CN_WHOLE.sub("", part)):
            return list(whole)
    return [part]


def _looks_whole(token: str) -> bool:
    digits = sum(c.isdigit() for c in token)
    return digits >= 7 and bool(re.fullmatch(r"[+(\d][\d().+*-]*", token))
