"""Reading one telephone number: Chinese habits first, then the numbering plans of the world."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from quality.cleanse.cn_regions import province_of
from quality.cleanse.contract import Code
from quality.cleanse.numbering_plan import assignment_of
from quality.cleanse.phone_cell import Candidate
from quality.cleanse.phone_codes import (
    INVALID,
    MASKED,
    NO_AREA_CODE,
    OTHER_COUNTRY,
    PREFIX_REMOVED,
    SHORT_NUMBER,
    SUSPICIOUS,
    UNASSIGNED,
)
from quality.cleanse.placeholders import PLACEHOLDER
from quality.cleanse.reference_data import reference

_MASK = "*xX×＊●•✱＃#_■□?？"
_MASKED = re.compile(rf"\+?\d[\d-]{{0,8}}[{re.escape(_MASK)}][{re.escape(_MASK)}\d-]*")
_MASK_RUN = re.compile(rf"[{re.escape(_MASK)}]")
_CN_MOBILE = re.compile(
    r"(?:(?:\+|00)?86[- ]?|\(\+?86\)[- ]?)?0?"
    r"(1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9]))[- ]?(\d{4})[- ]?(\d{4})"
)
_CN_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
_CN_PREFIXED = re.compile(r"\(?(?:\+|00)?86\)?[- ]?(?=\(?0?\)?(?:10|2\d|[3-9]\d{2})\)?[- ]?\d{3,4}[- ]?\d{4}$)")
_NANP = re.compile(r"(?:\+?1[-. ]?)?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-.])[2-9]\d{2}[-. ]\d{4}")
_THREE_THREE_FOUR = re.compile(r"\(?(?![48]00)\d{3}\)?[-. ]+\d{3}[-. ]\d{4}")
"""The American way of grouping; Chinese numbers are not grouped like that, except 400 and 800."""
_JUNK_PREFIX = re.compile(r"1 ?\(11\) ?(?=[2-9]\d{2}[ -]\d{3}[ -]\d{4}$)")
_NEIGHBOURS = re.compile(r"\(?(852|853|886)\)?[- ]?\d[\d -]{6,11}")
"""Hong Kong, Macao and Taiwan, often written with the country code but without +."""
_LETTER_INSIDE = re.compile(r"\d *[A-Za-z]+ *\d")
_FAKE = re.compile(
    r"(\d)\1{4,}|1?(\d)\2{9}|1[3-9](\d)\3{8}|1[3-9]\d0{8}|0(?:10|2\d|[3-9]\d{2})(?:0{7,8}|12345678|1234567)"
)  # one digit alone, or nine times in a mobile number; a mobile or subscriber number of zeros or of 1, 2, 3 …


@dataclass(frozen=True, slots=True)
class Number:
    """One number as read: its standard form, what was found, and the country where it says so itself."""

    text: str
    codes: tuple[Code, ...] = ()
    country: str = ""


@cache
def _fakes() -> tuple[frozenset[str], frozenset[str]]:
    data = reference("phone")
    return frozenset(data["placeholders"]), frozenset(data["suspicious_endings"])


def read_chinese_mobile(text: str) -> Number | None:
    """Read a Chinese mobile number, by far the most frequent content of a telephone cell; nothing where it is not."""
    match = _CN_MOBILE.fullmatch(text)
    if match is None or not text.isascii():
        return None
    placeholders, endings = _fakes()
    ending = match[2] + match[3]
    national = match[1] + ending
    if national in placeholders or ending == "00000000" or national[2:] == ending[0] * 9:
        return Number("", (PLACEHOLDER,))
    return Number(
        "+86" + national, (SUSPICIOUS,) if ending in endings else (), "CN" if "86" in text[: match.start(1)] else ""
    )


def masked_form(text: str) -> str:
    """Return 138****0000 for a masked number however it is masked, else nothing."""
    compact = text.replace(" ", "")
    if len(compact) < 7 or not _MASKED.fullmatch(compact):
        return ""
    masked = _MASK_RUN.sub("*", compact).replace("-", "")
    if masked.count("*") < 2 or sum(c.isdigit() for c in masked) < 3:
        return ""
    return re.sub(r"^(?:\+|00)?86(?=1[3-9]\d)", "", masked)


def read_number(candidate: Candidate, country: str) -> Number | None:
    """Read one number.

    Args:
        candidate: one text of a cell.
        country: ISO alpha-2 code whose dialling habits apply to numbers without ``+``.

    Returns:
        The number, with empty text where it is a made-up one; ``None`` where the text holds no digit.
    """
    text = candidate.text.strip(" :.,;-")
    digits = re.sub(r"\D", "", text)
    if not digits:
        return None
    if masked := masked_form(text):
        return Number(masked, (MASKED,))
    bare = digits.removeprefix("86") if country == "CN" and len(digits) > 11 else digits
    if bare in _fakes()[0] or _FAKE.fullmatch(bare):
        return Number("", (PLACEHOLDER,))
    number = _read(text, country)
    if number.codes == (INVALID,) and _read(number.text, country).text != number.text:
        number = Number(text, (INVALID,))  # what is wrong as written must not become right by tidying
    if not candidate.extension:
        return number
    joint = ";ext=" if number.text.startswith("+") else "-"
    return Number(f"{number.text}{joint}{candidate.extension}", number.codes, number.country)


def _read(text: str, country: str) -> Number:
    return _read_chinese(text, re.sub(r"\D", "", text), country) or _read_anywhere(text, country)


def _read_chinese(text: str, digits: str, country: str) -> Number | None:
    """Read what is certainly Chinese; nothing where it is not."""
    plain = country == "CN" and not text.startswith(("+", "00"))
    prefix = _CN_PREFIXED.match(text) if plain or text.lstrip("(").startswith(("+86", "0086")) else None
    if plain and (mobile := read_chinese_mobile(text) or read_chinese_mobile(digits)):
        return mobile
    national = digits
    if prefix is not None:
        national = "0" + digits.removeprefix("0086").removeprefix("86").removeprefix("0")
    if (prefix or plain) and _CN_LANDLINE.fullmatch(national) and province_of("area", national):
        valid = _is_valid("+86" + national[1:])
        return Number("+86" + national[1:], () if valid else (UNASSIGNED,), "CN" if prefix else "")
    return _read_without_area(text, digits) if plain else None


def _read_without_area(text: str, digits: str) -> Number | None:
    if _NEIGHBOURS.fullmatch(text) and (number := _parsed("+" + digits, "CN")) and not number.codes:
        return number
    if len(digits) in {7, 8} and digits[0] in "23456789":
        return Number(digits, (NO_AREA_CODE,))
    if len(digits) in {5, 6} and digits[0] in "19":
        return Number(digits, (SHORT_NUMBER,))
    return None


def _read_malformed(text: str, country: str) -> Number | None:
    """Read what no numbering plan describes: letters inside, 1 (11) for +, 00 where the country dials otherwise."""
    if _LETTER_INSIDE.search(text):
        return _invalid(text)
    if (junk := _JUNK_PREFIX.match(text)) and (american := _parsed(text[junk.end() :], "US")):
        return Number(american.text, (*american.codes, PREFIX_REMOVED))
    if text.startswith("00") and (international := _parsed("+" + text[2:], country)) and not international.codes:
        return international
    return None


def _read_anywhere(text: str, country: str) -> Number:
    """Read a number by the numbering plans of the world."""
    if malformed := _read_malformed(text, country):
        return malformed
    own = None if country == "CN" and _THREE_THREE_FOUR.fullmatch(text) else _parsed(text, country)
    certain = own is not None and (not own.codes or text.startswith(("+", "00")))
    service = country == "CN" and text.startswith(("400", "800"))
    if _NANP.fullmatch(text) and not service and (country == "CN" or not certain):
        american = _parsed(text, "US")
        if american is not None and not american.codes and not (own and own.text == american.text):
            return Number(american.text, (OTHER_COUNTRY,))
    if own is not None and certain:
        return own
    if mobile := read_chinese_mobile(text):
        return Number(mobile.text, (*mobile.codes, OTHER_COUNTRY))
    return own if own is not None and country != "CN" else _invalid(text)


def _invalid(text: str) -> Number:
    compact = re.sub(r"[\s().\-]", "", text)
    return Number(compact if sum(c.isdigit() for c in compact) >= 5 else text, (INVALID,))


def _parsed(text: str, country: str) -> Number | None:
    """Read by the numbering plans; nothing where no country has numbers of that length."""
    known = assignment_of(text)
    if known is None:
        return parse_number(text, country)
    return Number(text, () if known.valid else (UNASSIGNED,), known.region)


def parse_number(text: str, country: str) -> Number | None:
    """Read a number however it is written by libphonenumber; nothing where no country has numbers of that length."""
    import phonenumbers
    from phonenumbers import ValidationResult

    explicit = text.startswith("+")
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == ValidationResult.IS_POSSIBLE_LOCAL_ONLY and not explicit:
        return Number(re.sub(r"\D", "", text), (NO_AREA_CODE,))
    if number.extension or reason != ValidationResult.IS_POSSIBLE:
        return None
    region = phonenumbers.region_code_for_number(number)
    codes = () if region and phonenumbers.is_valid_number_for_region(number, region) else (UNASSIGNED,)
    standard = f"+{number.country_code}{phonenumbers.national_significant_number(number)}"
    return Number(standard, codes, region if explicit and region and region.isalpha() else "")


def _is_valid(e164: str) -> bool:
    number = _parsed(e164, "")
    return number is not None and not number.codes
