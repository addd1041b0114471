"""Reason codes about addresses and places."""

from __future__ import annotations

from quality.cleanse.contract import Code
from schemas.types import Severity

COMPLETED = Code("division_completed", Severity.INFO, "行政区划已补全", "Province, city or district filled in")
RENAMED = Code(
    "division_renamed", Severity.INFO, "旧行政区划已换成现名", "Former division replaced by its present name"
)
AMBIGUOUS = Code("division_ambiguous", Severity.WARNING, "行政区划不唯一", "The division exists in several places")
NO_DIVISION = Code("division_missing", Severity.WARNING, "缺少省市区", "Province, city and district are missing")
REMARK_SPLIT = Code("remark_split", Severity.INFO, "备注已从内容中分出", "Remark split off")
TO_SIMPLIFIED = Code(
    "traditional_to_simplified", Severity.INFO, "繁体已转为简体", "Traditional characters written in simplified"
)
NOT_AN_ADDRESS = Code("not_an_address", Severity.ERROR, "不是地址", "Not an address")
RECASED = Code("letter_case", Severity.INFO, "大小写已规范", "Capital and small letters put right")
