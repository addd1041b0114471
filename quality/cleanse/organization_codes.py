"""Reason codes about names of organizations."""

from __future__ import annotations

from quality.cleanse.contract import Code
from schemas.types import Severity

FORM_WRITTEN_OUT = Code("legal_form", Severity.INFO, "组织形式已规范", "Legal form put into standard writing")
CONTACT_SPLIT = Code("contact_split", Severity.INFO, "联系人已从名称中分出", "Contact person split off the name")
REMARK_SPLIT = Code("remark_split", Severity.INFO, "备注已从内容中分出", "Remark split off")
TO_SIMPLIFIED = Code(
    "traditional_to_simplified", Severity.INFO, "繁体已转为简体", "Traditional characters written in simplified"
)
NOT_A_NAME = Code("not_an_organization_name", Severity.ERROR, "不是单位名称", "Not the name of an organization")
NO_ORGANIZATION = Code(
    "no_organization", Severity.INFO, "个人或散客，不是单位", "A private person or walk-in customer, no organization"
)
PERSON_AS_ORGANIZATION = Code(
    "person_as_organization", Severity.WARNING, "像是人名，不是单位名称", "Looks like a person, not an organization"
)
