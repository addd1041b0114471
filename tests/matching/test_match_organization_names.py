"""Names of organizations: words that are left over, numerals that count, trades that are reworded."""

from __future__ import annotations

import pytest

from matching.compare.brands import alike, numbers
from matching.compare.characters import numerals, undoubled
from matching.compare.contacts import own_host
from matching.compare.organizations import reworded
from matching.normal import sort_of, website


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("manufacturing", "mfg", True),
        ("barrow", "t", False),
        ("tom", "t", True),
        ("kettering", "ketering", True),
        ("rose", "ose", True),
        ("fox", "box", False),
        ("118", "121", False),
        ("day", "dairy", False),
    ],
)
def test_words_are_alike(one: str, other: str, expected: bool) -> None:
    assert alike(one, other) is alike(other, one) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("第十二中", "第12中"), ("一号", "1号"), ("三一重工", "三一重工"), ("第一百零三", "第103")]
)
def test_numerals_that_count_are_figures(text: str, expected: str) -> None:
    assert numerals(text) == expected


def test_numbers_in_words_do_not_count() -> None:
    assert numbers("burger barn 0118") == "118"
    assert numbers("0akw00d joinery") == numbers("三一重工") == ""
    assert undoubled("老干妈妈") == "老干妈"


@pytest.mark.parametrize(
    ("one", "other", "expected"), [("科技", "信息科技", True), ("科技", "生物科技", False), ("环境", "环境工程", True)]
)
def test_trades_are_reworded_with_filling_words_only(one: str, other: str, expected: bool) -> None:
    assert reworded(one, other) is reworded(other, one) is expected


def test_what_an_organization_is_by_its_form() -> None:
    assert [sort_of(form) for form in ("集团有限公司", "中学", "有限公司", "GmbH")] == ["集团", "中学", "", ""]


def test_sites_are_hosts_without_decoration() -> None:
    assert website("https://www.fotile.example/") == "fotile.example"
    assert own_host("shop7.taobao.com/item") is None
    assert own_host("fotile.example:8080/about") == "fotile.example"
