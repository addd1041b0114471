"""Personal identity numbers: the Chinese resident id (GB 11643-1999); other countries by python-stdnum."""

from __future__ import annotations

import re
from datetime import date

from quality.cleanse.cn_regions import province_of
from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.identifier import tidy_code
from quality.cleanse.numbering import check
from quality.cleanse.phone_cell import from_float
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.text import capitals
from schemas.types import Severity

INVALID = Code("id_invalid", Severity.ERROR, "不是有效的证件号码", "Not a valid identity number")
CHECK_DIGIT = Code("id_check_digit", Severity.ERROR, "证件号码校验位错误", "Wrong check digit in the identity number")
BIRTH_DATE = Code("id_birth_date", Severity.ERROR, "证件号码中的出生日期无效", "Impossible birth date in the number")
REGION = Code("id_region", Severity.ERROR, "证件号码中的地区代码无效", "Unknown region in the identity number")
LOST_DIGITS = Code(
    "id_lost_digits",
    Severity.ERROR,
    "号码被表格存成科学计数法，位数已丢失",
    "A spreadsheet kept the number in scientific notation; digits are lost",
)
MASKED = Code("id_masked", Severity.ERROR, "证件号码已脱敏", "Masked identity number")
UPGRADED = Code("id_upgraded", Severity.INFO, "15位身份证已升为18位", "Resident id of 15 digits written with 18")
OTHER_DOCUMENT = Code(
    "id_other_document",
    Severity.WARNING,
    "像是护照或通行证号码，无法校验",
    "Looks like a passport or travel permit; cannot be checked",
)
OTHER_COUNTRY = Code(
    "id_other_country", Severity.INFO, "按写法识别为其他国家的证件", "Another country's number by the way it is written"
)
NO_CHECK_DIGIT = Code(
    "id_without_check_digit",
    Severity.INFO,
    "该类证件号码没有校验位，写错也看不出来",
    "Numbers of this kind have no check digit; a typing error cannot be seen",
)
UNCHECKED = Code(
    "id_unchecked", Severity.INFO, "该国证件号码没有校验规则", "No check is known for this country's numbers"
)

_LABEL = re.compile(r"^(?:居民)?(?:身份证|证件)(?:号码?)?[::]?")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PASSPORT = re.compile(r"[A-Z]{1,3}\d{6,10}[A-Z]?(?:\(\w\))?")
_SSN = re.compile(r"\d{3}-\d{2}-\d{4}")
_FILLER = re.compile(r"0|(\d)\1+X?|12345678|123456789|1234567890\d*")


def clean_national_id(value: str, country: str) -> Cleansed:
    """Standardise a personal identity number.

    Args:
        value: the text of the cell.
        country: ISO alpha-2 code of the issuing country, as far as known.

    Returns:
        The compact number; a Chinese one of 15 digits is written with 18. ``parts`` has ``birth_date`` (ISO 8601) and
        ``gender`` where a valid number tells them. An invalid number keeps its text.
    """
    text, lost = from_float(capitals(_LABEL.sub("", tidy_code(value[:100]))))
    if is_placeholder(text) or _FILLER.fullmatch(text):
        return Cleansed((), codes=(PLACEHOLDER,) if text else ())
    if lost:
        return Cleansed((text,), codes=(LOST_DIGITS,))
    if re.search(r"\*{2,}|X{3,}", text) and any(c.isdigit() for c in text):
        return Cleansed((re.sub(r"X(?=[X*])|(?<=[X*])X(?=\d)", "*", text),), codes=(MASKED,))
    chinese = re.sub(r"[×*]$", "X", text.replace("-", ""))
    if re.fullmatch(r"\d{17}[\dX]|\d{15}", chinese) and (country == "CN" or _check_digit(chinese) == chinese[17:]):
        return _resident(chinese)
    return _foreign(text, country)


def _check_digit(number: str) -> str:
    if len(number) != 18:
        return "-"
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True)) % 11]


def _resident(number: str) -> Cleansed:
    """Check and read a Chinese resident id of 15 or 18 characters."""
    upgraded = len(number) == 15
    full = f"{number[:6]}19{number[6:]}" if upgraded else number[:17]
    errors: list[Code] = []
    if province_of("id", full) is None:
        errors.append(REGION)
    born = _birth_date(full[6:14])
    if not born:
        errors.append(BIRTH_DATE)
    if errors:
        return Cleansed((number,), codes=tuple(errors))
    check_digit = _check_digit(full + "0")
    if not upgraded and check_digit != number[17]:
        return Cleansed((number,), codes=(CHECK_DIGIT,))
    gender = "male" if int(full[16]) % 2 else "female"
    parts = {"birth_date": born, "gender": gender}
    return Cleansed((full + check_digit,), parts, (UPGRADED,) if upgraded else ())


def _birth_date(digits: str) -> str:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return ""
    return born.isoformat() if 1880 <= born.year <= 2100 else ""


def _foreign(text: str, country: str) -> Cleansed:
    """Check a number of another country, as far as its check is known."""
    issuer = "US" if country == "CN" and _SSN.fullmatch(text) else country
    checked = check("personal", text, issuer)
    if checked is None:
        if country != "CN":
            return Cleansed((text,), codes=(UNCHECKED,))
        return Cleansed((text,), codes=(OTHER_DOCUMENT if _PASSPORT.fullmatch(text) else INVALID,))
    if not checked.valid:
        document = issuer != country or _PASSPORT.fullmatch(text)
        return Cleansed((text,), codes=(OTHER_DOCUMENT if document else INVALID,))
    parts = {"birth_date": checked.birth_date, "gender": checked.gender}
    codes = ((OTHER_COUNTRY,) if issuer != country else ()) + ((NO_CHECK_DIGIT,) if issuer == "US" else ())
    return Cleansed((checked.text,), {name: text for name, text in parts.items() if text}, codes)
