"""Reason codes about whole records and columns rather than single values."""

from __future__ import annotations

from quality.cleanse.contract import Code
from schemas.types import Severity

REQUIRED_MISSING = Code("required_missing", Severity.ERROR, "必填项为空", "A required field is empty")
NOT_ALLOWED = Code("not_allowed", Severity.ERROR, "不在允许的取值范围内", "Not one of the allowed values")
PATTERN_MISMATCH = Code("pattern_mismatch", Severity.ERROR, "不符合规定的格式", "Does not follow the required pattern")
FREQUENT = Code(
    "suspicious_frequent",
    Severity.INFO,
    "许多不同客户使用同一内容，可能是占位或公用",
    "Shared by many different customers; probably a placeholder or a common one",
)
SEVERAL_VALUES = Code(
    "several_values", Severity.WARNING, "一格多个值，只取第一个", "Several values in one cell, the first was taken"
)
VALUE_NOT_USED = Code(
    "value_not_used",
    Severity.INFO,
    "另一列已有内容，此值未采用",
    "Another column of the same field has a value; this one was not used",
)
PARTS_SWAPPED = Code(
    "name_parts_swapped", Severity.WARNING, "姓与名填反，已对调", "Family and given name swapped, put right"
)
PART_REPEATED = Code(
    "name_part_repeated", Severity.INFO, "名的一栏重复了姓，已去掉", "The given name repeated the family name, removed"
)
GENDER_FROM_TITLE = Code(
    "gender_from_title", Severity.INFO, "性别由称谓推断", "Gender inferred from the form of address"
)
COUNTRY_FROM_ADDRESS = Code(
    "country_from_address", Severity.INFO, "国家由地址推断", "Country inferred from the address"
)
COUNTRY_FROM_PHONE = Code(
    "country_from_phone", Severity.INFO, "国家由电话区号推断", "Country inferred from the telephone's country code"
)
CURRENCY_FROM_AMOUNT = Code("currency_from_amount", Severity.INFO, "币种由金额得出", "Currency taken from the amount")
FOREIGN_CURRENCY = Code(
    "money_foreign_currency", Severity.WARNING, "金额注明了外币", "The amount names a foreign currency"
)
BIRTH_DATE_IMPLAUSIBLE = Code(
    "birth_date_implausible", Severity.ERROR, "出生日期晚于今天", "Date of birth later than today"
)
