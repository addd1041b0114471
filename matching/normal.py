"""The form in which values are compared: case, accents and punctuation gone, one function per kind.

Cleansing has made values standard before they come here; this only takes away what no comparison should see, and it
makes columns usable that were never cleansed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from matching.columns import KINDS, Kind, MatchColumn
from matching.letters import latin_letters
from matching.sound import has_cjk, syllables
from schemas.types import SemanticType

EMPTY = frozenset({"", "nan", "none", "null", "na", "n a", "n/a", "unknown", "无", "未知", "不详"})
SEPARATOR = "\ufdd0"
"""Stands between the parts of a composed value; no text holds this code point, and it is no blank to be stripped."""

SAMPLE = 5_000
"""Values that are looked at to tell what a column holds."""
_NOT_WORD = re.compile(r"[^\w]+")
_NOT_ALNUM = re.compile(r"[^0-9a-z]+")
_SPACE = re.compile(r"\s+")
_EXTENSION = re.compile(r"(;|ext|转|分机|(?<=\d{7})x).*$")
_CORPORATE = re.compile(r"公司|合伙|工商户|独资|合作社|会社|회사")
_LETTER = re.compile(r"(?<=\d)[^\W\d_](?=\d)")


def plain(text: str) -> str:
    """Fold case, width and accents, and write other alphabets in Latin letters."""
    if text.isascii():
        return text.lower().strip()
    folded = unicodedata.normalize("NFKD", text.lower())
    latin = "".join(c for c in folded if not unicodedata.combining(c)).translate(latin_letters())
    return unicodedata.normalize("NFC", latin).strip()  # Hangul syllables are whole again


def words(text: str) -> str:
    """Return the words of ``text`` with single spaces."""
    return _NOT_WORD.sub(" ", text.replace("'", "").replace("_", " ")).strip()


def digits(text: str) -> str:
    """Return letters and digits, without the ``.0`` a spreadsheet adds."""
    return _NOT_ALNUM.sub("", re.sub(r"\.0*$", "", text))


def code(text: str) -> str:
    """Return letters and digits; the words of a long code stay apart."""
    if has_cjk(text):
        return words(text)
    return _NOT_ALNUM.sub("", text) if text.count(" ") <= 1 else _NOT_ALNUM.sub(" ", text).strip()


def phone(text: str) -> str:
    """Return the digits and mask signs of a phone number without its extension.

    ``+`` stays before a number with its country code; a letter typed in the place of a digit becomes ``?``.
    """
    number = _LETTER.sub("?", _EXTENSION.sub("", re.sub(r"\.0*$", "", text))).replace("＊", "*")
    return ("+" if number.startswith("+") else "") + re.sub(r"[^0-9*?]", "", number)


def date(text: str) -> str:
    """Return ``YYYYMMDD``, ``YYYYMM`` or ``YYYY``; what is no ISO date keeps its digits."""
    parts = re.fullmatch(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[t ].*)?", text)
    if parts:
        return "".join(p.zfill(2) for p in parts.groups() if p)
    return _NOT_ALNUM.sub("", re.sub(r"\.0*$", "", text))


def email(text: str) -> str:
    """Return the address without blanks."""
    return _SPACE.sub("", text)


def website(text: str) -> str:
    """Return host and path of a site as people mean it: without protocol, ``www`` and anchors."""
    return re.sub(r"^(?:https?:/*)?(?:www\d?\.)?", "", _SPACE.sub("", text)).split("#")[0].rstrip("/")


def organization(text: str) -> str:
    """Return the words of every part; without parts only the name."""
    return SEPARATOR.join(words(part) for part in text.split(SEPARATOR))


def sort_of(form: str) -> str:
    """Return what a Chinese form says an organization is, empty for companies: 中学 is no 小学, 集团 no subsidiary."""
    if "集团" in form:
        return "集团"
    return form if has_cjk(form) and not _CORPORATE.search(form) else ""


def address(text: str) -> str:
    """Return the levels of a composed address; the undivided address only where no street was found in it.

    Of a place where parcels wait for anybody only province, city, district and postcode are left.
    """
    parts = [*text.split(SEPARATOR), *[""] * 8][:8]
    if pickup_points().search(text):
        parts = [*parts[:3], "", "", "", parts[6], ""]
    found = [words(part) for part in parts]
    found[4:7] = [code(part) for part in parts[4:7]]
    if found[3]:
        found[7] = ""
    return SEPARATOR.join(found)


@cache
def pickup_points() -> re.Pattern[str]:
    """Return the words that name a place where parcels wait for anybody (``pickup_points.yaml``)."""
    names: list[str] = yaml.safe_load(files("matching").joinpath("pickup_points.yaml").read_text(encoding="utf-8"))
    return re.compile("|".join(re.escape(name) for name in names))


def pinyin(text: str) -> str:
    """Return the syllables in alphabetical order, so that neither word order nor spacing matters."""
    return " ".join(sorted(syllables(words(text))))


NORMAL: dict[Kind, Callable[[str], str]] = {
    Kind.NAME: words,
    Kind.GIVEN: words,
    Kind.PINYIN: pinyin,
    Kind.ORGANIZATION: organization,
    Kind.ADDRESS: address,
    Kind.TEXT: words,
    Kind.EMAIL: email,
    Kind.PHONE: phone,
    Kind.DATE: date,
    Kind.CODE: code,
    Kind.DIGITS: digits,
    Kind.WEBSITE: website,
    Kind.CATEGORY: words,
}


SETTLED: dict[Kind, str] = {
    **dict.fromkeys((Kind.NAME, Kind.GIVEN, Kind.TEXT, Kind.CATEGORY), r"^[a-z0-9]+( [a-z0-9]+)*$"),
    **dict.fromkeys((Kind.CODE, Kind.DIGITS, Kind.DATE), r"^[a-z0-9]+$"),
    Kind.EMAIL: r"^[!-~]+$",
    Kind.PHONE: r"^\+?[0-9]+$",
}
"""What the functions above leave as it is, in lower case: most values of most tables, which need no Python at all."""


def normalised(kind: Kind, texts: pa.Array) -> pa.Array:
    """Return the form of many texts that is compared, null where one says nothing: :func:`normalise` in bulk."""
    lower = pc.ascii_trim_whitespace(pc.ascii_lower(texts))
    if kind is Kind.DATE:
        lower = pc.replace_substring_regex(lower, r"^(\d{4})-(\d{2})-(\d{2})$", r"\1\2\3")
    settled = pc.match_substring_regex(lower, SETTLED[kind]) if kind in SETTLED else pc.is_null(texts)
    rest = pc.invert(settled)
    if pc.any(rest).as_py():
        slow = pa.array([normalise(kind, text) for text in texts.filter(rest).to_pylist()], pa.string())
        lower = pc.replace_with_mask(lower, rest, slow)
    return pc.if_else(pc.is_in(lower, value_set=pa.array(sorted(EMPTY))), pa.scalar(None, pa.string()), lower)


def normalise(kind: Kind, text: str) -> str | None:
    """Return the form of ``text`` that is compared, ``None`` where it says nothing."""
    value = NORMAL[kind](plain(text))
    return None if value.strip(SEPARATOR) in EMPTY else value


def kind_of(column: MatchColumn, values: pa.Array) -> Kind:
    """Choose how a column is compared.

    Args:
        column: its semantic type and, where the caller knows, its kind.
        values: its distinct values as they came.
    """
    if column.kind is not None:
        return column.kind
    if column.type is SemanticType.ORGANIZATION_NAME and not column.parts:
        return Kind.TEXT if _spaced(_sample(values)) else Kind.NAME
    return KINDS.get(column.type) or shape(_sample(values))


def _sample(values: pa.Array) -> list[str]:
    """Return up to ``SAMPLE`` values from all over the alphabet, plain, whatever order they came in."""
    order = pc.array_sort_indices(values).to_numpy()
    some = np.linspace(0, len(order) - 1, min(SAMPLE, len(order))).astype(np.int64)
    return [plain(text) for text in values.take(order[some]).to_pylist() if text is not None]


def shape(sample: Sequence[str]) -> Kind:
    """Choose a kind from what plain values look like: at-signs, share of digits, number of words."""
    if sum("@" in v for v in sample) > 0.5 * len(sample):
        return Kind.EMAIL
    text = "".join(sample)
    alnum = sum(c.isalnum() for c in text) or 1
    share = sum(c.isdigit() for c in text) / alnum
    if share > 0.75:
        return Kind.DIGITS
    if share > 0.25:
        return Kind.TEXT if _word_count([code(v) for v in sample]) >= 1.8 else Kind.CODE
    return Kind.TEXT if _word_count([words(v) for v in sample]) >= 1.8 else Kind.NAME


def _word_count(values: Sequence[str]) -> float:
    """Mean number of words; a long run of Chinese characters counts as several."""
    counts = [max(v.count(" ") + 1, len(v) // 4 if has_cjk(v) else 1) for v in values]
    return sum(counts) / max(len(counts), 1)


def _spaced(sample: Sequence[str]) -> bool:
    """Tell whether names are written in several words."""
    return _word_count([words(v) for v in sample]) >= 1.8
