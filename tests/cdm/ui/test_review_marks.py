"""Where values differ, character by character; how a probability adds up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdm.service.review_shapes import PairStep, PairView
from cdm.service.shapes import RecordRef, Words
from cdm.ui.review.marks import marked, segments
from cdm.ui.review.waterfall import bars, waterfall
from cdm.ui.words import Words as Texts


@pytest.mark.parametrize(
    ("text", "others", "expected"),
    [
        ("王小明", ["王晓明"], "王<mark>小</mark>明"),
        ("+8613812340001", ["+8613812340010"], "+86138123400<mark>01</mark>"),
        ("wang@firma.cn", ["wang@firma.com"], "wang@firma.c<mark>n</mark>"),
        ("陈静", ["陈静", "张伟"], "陈静"),
        ("male", ["女"], "<mark>male</mark>"),
        ("<b>A&B</b>", ["<b>A&C</b>"], "&lt;b&gt;A&amp;<mark>B</mark>&lt;/b&gt;"),
        ("文三路18号", ["文三路19号", "中山路9号"], "文三路1<mark>8</mark>号"),
        ("", ["x"], ""),
        ("x", [], "x"),
    ],
)
def test_what_differs_is_marked(text: str, others: list[str], expected: str) -> None:
    said = str(marked(text, others))
    assert said.replace("<mark>", "").replace("</mark>", "") == expected.replace("<mark>", "").replace("</mark>", "")
    assert said == expected


@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=4))
def test_nothing_of_a_text_is_lost(text: str, others: list[str]) -> None:
    assert "".join(piece for piece, _ in segments(text, others)) == text


def pair(*weights: float) -> PairView:
    ref = RecordRef(source="crm", key="1")
    label = Words(zh="电话", en="Phone")
    steps = [PairStep(label=label, left="<i>", right="b", level=label, weight=weight) for weight in weights]
    return PairView(one="a", other="b", left=ref, right=ref, probability=0.5, prior=-10.0, steps=steps, sentences=[])


def test_the_bars_lead_from_the_start_to_the_total() -> None:
    found = list(bars(pair(6.0, 0.0, -1.5), Texts("en")))
    assert [(one.begin, one.end) for one in found] == [(0, -10), (-10, -4), (-4, -5.5), (0, -5.5)]
    assert [one.name for one in found] == ["Start (any two records)", "Phone", "Phone", "Total"]


def test_values_in_the_waterfall_are_escaped() -> None:
    said = str(waterfall(pair(6.0), Texts("zh")))
    assert "&lt;i&gt;" in said
    assert "<i>" not in said
    assert "合计" in said
