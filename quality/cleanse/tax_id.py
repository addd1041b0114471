"""Tax numbers: China's unified social credit code (GB 32100-2015), VAT numbers, and others by python-stdnum."""

from __future__ import annotations

import re

from quality.cleanse.contract import Cleansed, Code
from quality.cleanse.identifier import tidy_code
from quality.cleanse.national_id import clean_national_id
from quality.cleanse.numbering import check, check_eu_vat, is_eu_prefix
from quality.cleanse.phone_cell import from_float
from quality.cleanse.placeholders import PLACEHOLDER, is_placeholder
from quality.cleanse.text import capitals
from schemas.types import Severity

INVALID = Code("tax_id_invalid", Severity.ERROR, "不是有效的税号", "Not a valid tax number")
CHECK_DIGIT = Code(
    "tax_id_check_digit", Severity.ERROR, "统一社会信用代码校验位错误", "Wrong check digit in the social credit code"
)
LOST_DIGITS = Code(
    "tax_id_lost_digits",
    Severity.ERROR,
    "税号被表格存成科学计数法，位数已丢失",
    "A spreadsheet kept the number in scientific notation; digits are lost",
)
REPAIRED = Code(
    "tax_id_repaired",
    Severity.INFO,
    "形近字符已按校验位修正",
    "Look-alike characters (O, I, S, Z) mended, confirmed by the check digit",
)
OLD_FORM = Code(
    "tax_id_old_form", Severity.WARNING, "旧版15位或20位税号", "Old tax number of 15 or 20 characters, without check"
)
RESIDENT = Code("tax_id_is_resident_id", Severity.WARNING, "以身份证号作税号", "A resident id serves as the tax number")
OTHER_COUNTRY = Code(
    "tax_id_other_country",
    Severity.INFO,
    "按写法识别为其他国家的税号",
    "Another country's number by the way it is written",
)
UNCHECKED = Code(
    "tax_id_unchecked", Severity.INFO, "该国税号没有校验规则", "No check is known for this country's numbers"
)

_LABEL = re.compile(r"^(?:统一社会信用代码|社会信用代码|信用代码|纳税人识别号|税号|税务登记号|TAXID|VAT|EIN)[::]?")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_LOOKALIKES = str.maketrans("OISZV", "0152U")
_CREDIT_CODE = re.compile(rf"[{_ALPHABET}]{{2}}\d{{6}}[{_ALPHABET}]{{10}}")
_OLD = re.compile(r"\d{6}[0-9A-Z]{9}|\d{15}[0-9A-Z]{5}")
_EIN = re.compile(r"\d{2}-\d{7}")
_FILLER = re.compile(r"0|(\w)\1+|12345678|123456789|1234567890\d*")


def clean_tax_id(value: str, country: str) -> Cleansed:
    """Standardise a tax number.

    Args:
        value: the text of the cell.
        country: ISO alpha-2 code of the taxing country, as far as known.

    Returns:
        The compact number in upper case, VAT numbers of the European Union with their country prefix. An invalid number
        keeps its text.
    """
    text, lost = from_float(capitals(tidy_code(value[:100])))
    text = _LABEL.sub("", text)
    if is_placeholder(text) or _FILLER.fullmatch(text):
        return Cleansed((), codes=(PLACEHOLDER,) if text else ())
    if lost:
        return Cleansed((text,), codes=(LOST_DIGITS,))
    compact = text.replace("-", "")
    if len(compact) == 18 and (country == "CN" or _is_credit_code(compact)):
        return _credit_code(compact)
    if country == "CN" and _OLD.fullmatch(compact):
        return Cleansed((compact,), codes=(OLD_FORM,))
    return _foreign(text, country)


def _is_credit_code(text: str) -> bool:
    if not _CREDIT_CODE.fullmatch(text):
        return False
    total = sum(_ALPHABET.index(c) * weight for c, weight in zip(text[:17], _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31] == text[17]


def _credit_code(text: str) -> Cleansed:
    if _is_credit_code(text):
        return Cleansed((text,))
    mended = text.translate(_LOOKALIKES)
    if mended != text and _is_credit_code(mended):
        return Cleansed((mended,), codes=(REPAIRED,))
    resident = clean_national_id(text, "CN")
    if resident.parts:
        return Cleansed(resident.standard, codes=(RESIDENT,))
    return Cleansed((text,), codes=(CHECK_DIGIT if _CREDIT_CODE.fullmatch(text) else INVALID,))


def _foreign(text: str, country: str) -> Cleansed:
    """Check a number of another country, as far as its check is known."""
    codes: tuple[Code, ...] = ()
    vat = check_eu_vat(text)
    if vat is None or (not vat.valid and not is_eu_prefix(country)):
        prefix = "EL" if country == "GR" else country
        vat = check_eu_vat(prefix + text) if is_eu_prefix(prefix) else None
    elif not is_eu_prefix(country) and country != text[:2]:
        codes = (OTHER_COUNTRY,)
    if vat is None:
        issuer = "US" if country == "CN" and _EIN.fullmatch(text) else country
        vat = check("tax", text, issuer)
        codes = (OTHER_COUNTRY,) if issuer != country else ()
    if vat is None:
        return Cleansed((text,), codes=(INVALID if country == "CN" else UNCHECKED,))
    return Cleansed((vat.text if vat.valid else text,), codes=codes if vat.valid else (INVALID,))
