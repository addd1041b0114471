"""Personal data is shown so that a steward knows it again and a stranger learns little."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdm.report.figures import Shown
from cdm.report.mask import masked
from schemas.types import Privacy, SemanticType


@pytest.mark.parametrize(
    ("value", "kind", "privacy", "expected"),
    [
        ("13812345678", "phone", "personal", "138****5678"),
        ("+8613812345678", "phone", "none", "+86138****5678"),
        ("138 1234 5678", "phone", "personal", "138 **** 5678"),
        ("１３８１２３４５６７８", "phone", "personal", "１３８****５６７８"),
        ("13812345678.0", "phone", "personal", "138****5678.0"),
        ("021-65432100", "phone", "personal", "021-****2100"),
        ("手机:13812345678 座机:0571-88123456", "phone", "personal", "手机:138****5678 座机:0571-****3456"),
        ("17312345643 0574-12345684", "phone", "personal", "173****5643 0574-****5684"),
        ("13912345678/15887654321", "phone", "personal", "139****5678/158****4321"),
        ("1.38E+10", "phone", "personal", "1.38E+10"),
        ("无", "phone", "personal", "无"),
        ("xiaoming@163.com", "email", "none", "x***@163.com"),
        ("a@b.com;CC@d.com", "email", "personal", "a***@b.com;C***@d.com"),
        ("110101199003071234", "national_id", "none", "110*************34"),
        ("1985-02-13", "date", "personal", "1985-**-**"),
        ("13/02/85", "date", "personal", "**/**/**"),
        ("2019-05-01", "date", "none", "2019-05-01"),
        ("文三路18号3栋201室", "address", "personal", "文三路**号*栋***室"),
        ("wxid_12345", "identifier", "personal", "wx******45"),
        ("91440106091655984M", "tax_id", "none", "91440106091655984M"),
        ("张伟", "person_name", "personal", "张伟"),
        ("回头打 13812345678 或 a.b@c.cn", "text", "personal", "回头打 138****5678 或 a***@c.cn"),
        ("佛教", "category", "sensitive", "**"),
        ("", "phone", "personal", ""),
    ],
)
def test_masking(value: str, kind: str, privacy: str, expected: str) -> None:
    assert masked(Shown(value, SemanticType(kind), Privacy(privacy))) == expected


@given(st.from_regex(r"\+?\d{7,15}", fullmatch=True))
def test_at_least_three_digits_of_every_phone_are_hidden(number: str) -> None:
    shown = masked(Shown(number, SemanticType.PHONE))
    assert len(shown) == len(number)
    assert shown.count("*") >= 3
    assert shown[-4:] == number[-4:]
