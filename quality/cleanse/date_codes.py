"""Reason codes of the date cleansers."""

from __future__ import annotations

from quality.cleanse.contract import Code
from schemas.types import Severity

INVALID = Code("date_invalid", Severity.ERROR, "不是有效的日期", "Not a valid date")
LUNAR = Code("date_lunar", Severity.ERROR, "农历日期，未换算", "Date of the lunar calendar, not converted")
ORDER_ASSUMED = Code(
    "date_order_assumed",
    Severity.WARNING,
    "日月顺序无法确定，按默认顺序理解",
    "Day and month cannot be told apart; the usual order was assumed",
)
TWO_DIGIT_YEAR = Code("date_two_digit_year", Severity.INFO, "两位年份，已补全世纪", "Two-digit year, century filled in")
PARTIAL = Code("date_partial", Severity.INFO, "日期不完整", "Only a part of the date is known")
NO_YEAR = Code("date_no_year", Severity.WARNING, "缺少年份", "The year is missing")
FROM_SERIAL = Code(
    "date_from_serial",
    Severity.INFO,
    "由表格序列号或时间戳还原",
    "Restored from a spreadsheet serial number or a timestamp",
)
SWAPPED = Code("date_swapped", Severity.WARNING, "日与月写反，已对调", "Day and month stood in each other's place")
BEFORE_1900 = Code("date_before_1900", Severity.WARNING, "早于1900年", "Before 1900")
IN_FUTURE = Code("date_in_future", Severity.WARNING, "晚于今天", "Later than today")
DEFAULT = Code(
    "date_default", Severity.WARNING, "可能是系统默认日期", "Probably a program's default rather than a real date"
)
