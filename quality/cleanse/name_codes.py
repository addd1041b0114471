"""Reason codes about personal names."""

from __future__ import annotations

from quality.cleanse.contract import Code
from schemas.types import Severity

TITLE_ONLY = Code("title_only", Severity.WARNING, "只有称谓，没有姓名", "A form of address without a name")
TITLE_SPLIT = Code("title_split", Severity.INFO, "称谓已从姓名中分出", "Form of address split off the name")
REMARK_SPLIT = Code("remark_split", Severity.INFO, "备注已从内容中分出", "Remark split off")
FAMILY_NAME_ONLY = Code("family_name_only", Severity.WARNING, "只有姓，没有名", "Family name only")
NICKNAME = Code("nickname", Severity.WARNING, "昵称，不是完整姓名", "A nickname, not a full name")
NO_SURNAME = Code("no_surname", Severity.INFO, "没有认出姓氏", "No surname recognised")
SEVERAL_NAMES = Code("several_names", Severity.WARNING, "一格内有多个姓名", "Several names in one cell")
TO_SIMPLIFIED = Code(
    "traditional_to_simplified", Severity.INFO, "繁体已转为简体", "Traditional characters written in simplified"
)
REORDERED = Code("reordered", Severity.INFO, "姓名顺序已调整", "Order of the name parts changed")
RECASED = Code("letter_case", Severity.INFO, "大小写已规范", "Capital and small letters put right")
NOT_A_NAME = Code("not_a_name", Severity.ERROR, "不是姓名", "Not a name")
ORGANIZATION_AS_PERSON = Code(
    "organization_as_person", Severity.WARNING, "像是单位名称，不是人名", "Looks like an organization, not a person"
)
UNUSUAL_NAME = Code("unusual_name", Severity.WARNING, "姓名长度不寻常", "Unusual length for a name")
