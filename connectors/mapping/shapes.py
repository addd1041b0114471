"""What one value looks like: small predicates on a trimmed, half-width text.

Check digits: 身份证 GB 11643-1999, 统一社会信用代码 GB 32100-2015, LEI ISO 17442 (ISO 7064 MOD 97-10).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from connectors.mapping.vocabulary import characters, words

_LETTER = re.compile(r"[^\W\d_]")
_CJK = re.compile(r"[\u3400-\u9fff]")
_CJK_ONLY = re.compile(r"[\u3400-\u9fff·]+")
_EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[A-Za-z]{2,}")
_MOBILE = re.compile(r"(?:\+?0{0,2}86)?1[3-9]\d{9}(?:\.0)?")
_FORMATTED = re.compile(r"(?=.*[+()\s-])\+?[\d\s()./-]{7,24}(?:(?:x|ext\.?|转|#)\s*\d+)?", re.I)
_URL = re.compile(
    r"(?:https?://|www\.)\S+|(?:[\w-]+\.)+(?:com|cn|net|org|io|co|de|uk|fr|jp|eu|info|biz|shop)(?:/\S*)?", re.I
)
_DATE = re.compile(
    r"(?:1[89]|20)\d\d[-/.年]\s?\d{1,2}(?:[-/.月]\s?\d{1,2}日?)?月?(?:[ T].*)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d\d)(?: .*)?"
    r"|(?:1[89]|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|\d{2}年\d{1,2}月(?:\d{1,2}日)?"
    r"|(?:\d{1,2} )?[A-Za-z]{3,9}\.?(?: \d{1,2}(?:st|nd|rd|th)?)?,? \d{4}"
)
_NUMBER = re.compile(r"[-+]?\d{1,3}(?:[,\s]\d{3})+(?:\.\d+)?|[-+]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.I)
_MONEY_SIGN = re.compile(r"[¥￥$€£]|元|万|usd|rmb|cny|eur", re.I)
_POSTCODE = re.compile(r"[A-Za-z]{0,3}[- ]?[\dA-Za-z]{2,7}(?:[- ][\dA-Za-z]{2,6})?")
_CODE = re.compile(r"[A-Za-z0-9][\w.#/-]{0,39}")
_ZH_ADDRESS = re.compile(r"[省市区县州盟旗]|[路街道巷弄镇乡村号栋幢楼室座]|大厦|广场|花园|小区|园区")
_US_ADDRESS = re.compile(r"#?\d+[A-Za-z]?(?:[-/]\d+\w?)?[,.]?\s+\S.*[^\W\d_]{2}.*")
_EU_ADDRESS = re.compile(r"[^\W\d_].*[^\W\d_.][.,]?\s+\d+\s?[A-Za-z]?(?:\b.*)?")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_cn_id(text: str) -> bool:
    """18-digit Chinese resident number with a right check digit."""
    if not re.fullmatch(r"\d{17}[\dXx]", text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == text[17].upper()


def is_uscc(text: str) -> bool:
    """Chinese unified social credit code with a right check character."""
    code = text.upper()
    if not re.fullmatch(rf"[{_USCC}]{{18}}", code) or code.isdigit():
        # Codes of digits alone exist (about one in a thousand); as proof of a column they are worth nothing.
        return False
    total = sum(_USCC.index(char) * pow(3, position, 31) for position, char in enumerate(code[:17]))
    return _USCC[(31 - total % 31) % 31] == code[17]


def is_lei(text: str) -> bool:
    """Legal Entity Identifier with right check digits."""
    if not re.fullmatch(r"[0-9A-Z]{18}\d\d", text.upper()):
        return False
    return int("".join(str(int(char, 36)) for char in text)) % 97 == 1


def is_mobile(text: str) -> bool:
    """Chinese mobile number, or several in one cell."""
    parts = [re.sub(r"[\s-]", "", part) for part in re.split(r"[/、;,，|]", text) if part.strip()]
    return bool(parts) and all(_MOBILE.fullmatch(part) for part in parts)


def is_formatted_phone(text: str) -> bool:
    """Phone number with the punctuation people give it, and not a date or a plain number."""
    digits = sum(char.isdigit() for char in text)
    if (
        not 7 <= digits <= (15 if text[0] in "+(0" else 12)
        or not _FORMATTED.fullmatch(text)
        or _DATE.fullmatch(text)
        or _NUMBER.fullmatch(text)
    ):
        return False
    return text[0] in "+(0" or "(" in text or bool(re.fullmatch(r"[\d-]*\d{3}[- .]\d{3,4}[- .]\d{3,4}", text))


def is_phone_like(text: str) -> bool:
    """Anything that may have been meant as a phone number, typing errors and masks included."""
    digits = sum(char.isdigit() or char in "*Xx" for char in text)
    letters = len(_LETTER.findall(text))
    return 5 <= digits <= 40 and letters <= max(3, digits // 3) and "@" not in text


def is_date_like(text: str) -> bool:
    """Anything that may have been meant as a date, typing errors included."""
    if _DATE.fullmatch(text):
        return True
    digits = sum(char.isdigit() for char in text)
    return 4 <= digits <= 17 and len(text) <= 30 and len(_LETTER.findall(text)) <= 10 and not _NUMBER.fullmatch(text)


def is_compact_date(text: str) -> bool:
    """Eight digits, as dates are in some systems, right or with a typing error."""
    return len(text) == 8 and sum(char.isdigit() for char in text) >= 7


def is_person_zh(text: str) -> bool:
    """Chinese personal name, with or without a title word."""
    name = re.sub(r"[\s(（].*", "", text)
    if not _CJK_ONLY.fullmatch(name) or is_organization(text):
        return False
    if "·" in name:
        return len(name) <= 16
    if name[:2] in words("compound_surnames"):
        return len(name) <= 5
    titled = any(name.endswith(title) for title in words("person_titles"))
    return name[0] in characters("surnames") and (2 <= len(name) <= 3 or (titled and len(name) <= 5))


def is_person_en(text: str) -> bool:
    """Western name with a common given name in it."""
    found = [word.strip(".,") for word in text.casefold().split()]
    given = not words("given_names").isdisjoint(found)
    return given and len(found) <= 5 and is_name_like(text) and not is_organization(text)


def is_name_like(text: str) -> bool:
    """Letters in a handful of words: it may be a name."""
    if not _LETTER.search(text) or re.search(r"[@:/\\?!=]|\d{2}", text) or len(text) > 60:
        return False
    return len(text.split()) <= 6 and (not _CJK.search(text) or len(text) <= 16)


def is_organization(text: str) -> bool:
    """Name with a legal form or a word only organizations carry."""
    core = re.sub(r"[(（][^()（）]*[)）]\s*$", "", text).strip().casefold()
    if _CJK.search(core):
        ends = tuple(words("organization_zh"))
        return len(core) >= 4 and (core.endswith(ends) or "公司" in core)
    found = [word.strip(".,") for word in re.split(r"[\s,]+", core)]
    return len(found) > 1 and not words("organization_en").isdisjoint([*found[1:], *found[-1:]])


def is_address_zh(text: str) -> bool:
    """Chinese address: at least two of its level words, and not the name of a company."""
    return len(text) >= 6 and len(set(_ZH_ADDRESS.findall(text))) >= 2 and not is_organization(text)


def is_address_en(text: str) -> bool:
    """Street address as written in the west."""
    found = {word.strip(".,") for word in text.casefold().replace("-", " ").split()}
    street = not words("streets_en").isdisjoint(found) or bool(
        re.search(r"(?:str\.?|straße|strasse|gata|weg|straat)\b", text, re.I)
    )
    if not any(char.isdigit() for char in text) or len(text) < 6 or is_date_like(text):
        return False
    return street or bool(_US_ADDRESS.fullmatch(text) and len(text) > 9)


def is_place_like(text: str) -> bool:
    """Letters without digits: it may be the name of a place."""
    return bool(_LETTER.search(text)) and not re.search(r"\d{2}|@", text) and len(text) <= 60


def is_number(text: str) -> bool:
    """Number, with or without a currency sign."""
    return bool(_NUMBER.fullmatch(re.sub(r"\s+", "", _MONEY_SIGN.sub("", text)) or "x"))


def is_identity_code(text: str) -> bool:
    """Five to 24 letters and digits, digits above all."""
    core = re.sub(r"[\s.-]", "", text)
    return 5 <= len(core) <= 24 and core.isalnum() and sum(char.isdigit() for char in core) * 2 >= len(core)


def is_country(text: str) -> bool:
    """Name of a country."""
    return text.casefold() in words("countries", "names")


def is_province(text: str) -> bool:
    """Chinese province, or state code of the United States, Canada or Australia."""
    core = re.sub(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)$", "", text.casefold())
    return core in words("provinces") or core in words("states")


def is_city(text: str) -> bool:
    """Chinese city by its ending or by name."""
    return bool(re.fullmatch(r"[\u3400-\u9fff]{2,9}[市州盟]", text)) or text in words("cities")


def is_job(text: str) -> bool:
    """Title of a job."""
    if _CJK.search(text):
        return len(text) <= 12 and any(word in text for word in words("job_words") if not word.isascii())
    return not words("job_words").isdisjoint(re.split(r"\W+", text.casefold()))


SHAPES: Mapping[str, Callable[[str], bool]] = {
    "email": lambda text: _EMAIL.search(text) is not None,
    "at": lambda text: "@" in text or "＠" in text,
    "mobile": is_mobile,
    "formatted_phone": is_formatted_phone,
    "phone_like": is_phone_like,
    "date": lambda text: _DATE.fullmatch(text) is not None,
    "date_like": lambda text: is_date_like(text) or is_compact_date(text),
    "cn_id": is_cn_id,
    "uscc": is_uscc,
    "lei": is_lei,
    "identity_code": is_identity_code,
    "person_zh": is_person_zh,
    "person_en": is_person_en,
    "name_like": is_name_like,
    "organization": is_organization,
    "full_name": lambda text: is_person_zh(text) or len(re.findall(r"[^\W\d_]{2,}", text)) > 1,
    "surname_zh": lambda text: text in characters("surnames") or text in words("compound_surnames"),
    "address_zh": is_address_zh,
    "address_en": is_address_en,
    "complete_address": lambda text: re.match(r"\d+\w?,? [^\W\d_]", text) is not None and is_address_en(text),
    "european_address": lambda text: _EU_ADDRESS.fullmatch(text) is not None,
    "place_like": is_place_like,
    "area_code": lambda text: re.fullmatch(r"\d{3,9}(?:\.0)?", text) is not None,
    "country": is_country,
    "country_code": lambda text: text.casefold() in words("countries", "codes"),
    "province": is_province,
    "city": is_city,
    "postcode": lambda text: any(c.isdigit() for c in text) and _POSTCODE.fullmatch(text) is not None,
    "url": lambda text: _URL.fullmatch(text) is not None,
    "number": is_number,
    "code": lambda text: _CODE.fullmatch(text) is not None,
    "code_with_digit": lambda text: _CODE.fullmatch(text) is not None and any(c.isdigit() for c in text),
    "letters": lambda text: _LETTER.search(text) is not None,
    "gender": lambda text: text.casefold() in words("genders", "clear") or text.casefold() in words("genders", "codes"),
    "clear_gender": lambda text: text.casefold() in words("genders", "clear"),
    "salutation": lambda text: text.casefold().strip(". ") in words("salutations"),
    "suffix": lambda text: text.casefold().strip(". ") in words("suffixes"),
    "job": is_job,
    "house_number": lambda text: any(c.isdigit() for c in text) and len(text) <= 14,
    "short": lambda text: len(text) <= 40,
    "latin": lambda text: _LETTER.search(text) is not None and not _CJK.search(text),
}
"""Shape name → predicate."""
