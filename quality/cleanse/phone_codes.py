"""Reason codes of the telephone cleanser."""

from __future__ import annotations

from quality.cleanse.contract import Code
from schemas.types import Severity

INVALID = Code("phone_invalid", Severity.ERROR, "不是有效的电话号码", "Not a valid telephone number")
LOST_DIGITS = Code(
    "phone_lost_digits",
    Severity.ERROR,
    "号码被表格存成科学计数法，位数已丢失",
    "A spreadsheet kept the number in scientific notation; digits are lost",
)
UNASSIGNED = Code(
    "phone_unassigned",
    Severity.WARNING,
    "长度可能正确，但号段不在编号计划内",
    "Possible length, but not in the country's numbering plan",
)
NO_AREA_CODE = Code("phone_no_area_code", Severity.WARNING, "座机缺少区号", "Landline without area code")
MASKED = Code("phone_masked", Severity.WARNING, "号码已脱敏，只能作弱证据", "Masked number, weak evidence only")
SUSPICIOUS = Code("phone_suspicious", Severity.WARNING, "号码像是随手编的", "Looks like a made-up number")
SHORT_NUMBER = Code("phone_short_number", Severity.WARNING, "短号或服务热线", "Short code or hotline")
OTHER_COUNTRY = Code(
    "phone_other_country",
    Severity.INFO,
    "按写法识别为其他国家的号码",
    "Read as another country's number by the way it is written",
)
PREFIX_REMOVED = Code(
    "phone_prefix_removed", Severity.INFO, "去掉了错误的国际冠码", "Malformed international prefix removed"
)
SPLIT = Code("phone_split", Severity.INFO, "一格多个号码，已拆分", "Several numbers in one cell, split")
FLOAT = Code("phone_was_float", Severity.INFO, "数字格式已还原为号码", "Restored from a spreadsheet float")
