"""Folding and placeholders, which every cleanser shares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.cleanse.placeholders import is_placeholder
from quality.cleanse.text import fold, has_han, simplify


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
    assert simplify(simplify(text)) == simplify(text)
    fold(text).encode("utf-8")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ１２３", "ABC123"),
        ("（上海）", "(上海)"),
        ("张　三", "张 三"),
        ("  a \t b\n", "a b"),
        ("\ufeff张\u200b三", "张三"),
        ("ｶﾞ", "ガ"),
        ("①²℡", "①²℡"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("e\u0301", "é"),
    ],
)
def test_folding(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "simplified"),
    [
        ("張曉明", "张晓明"),
        ("臺灣", "台湾"),
        ("李乾", "李乾"),
        ("毕昇", "毕昇"),
        ("鈴木さくら", "鈴木さくら"),
        ("abc", "abc"),
    ],
)
def test_simplifying(text, simplified):
    assert simplify(text) == simplified


def test_characters():
    assert has_han("a张")
    assert not has_han("abcé")


NOTHING = """
无 暂无 待补充 测试 測試 测试1 test test123 N/A n.a. NULL null nan None - —— *** xxx XXXX 000 00-00 aaaa 某某 （无）
"""


@pytest.mark.parametrize("text", [*NOTHING.split(), "待 定", "测试 用户"])
def test_placeholders(text):
    assert is_placeholder(text)
    assert is_placeholder(f" {text} ")


@pytest.mark.parametrize(
    "text", ["张三", "Null", "Nan", "0", "1", "x", "Bar", "ABC Ltd", "Foo", "Tess", "无锡", "空军", "138****0000", "A"]
)
def test_real_values(text):
    assert not is_placeholder(text)
