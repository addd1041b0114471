"""The pages are whole, escaped, masked, in both languages, and need nothing from outside."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from cdm.report import charts
from cdm.report.figures import DedupeReport, PairFigures, QualityReport, RunSummary
from cdm.report.html import dedupe_html, quality_html, write_dedupe_html, write_quality_html

VOID = {"meta", "br", "line", "rect", "circle", "link", "img", "input", "hr"}


class Balanced(HTMLParser):
    """Checks that every tag that is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def pages(quality: QualityReport, dedupe: DedupeReport) -> list[str]:
    return [
        page(report, language)
        for page, report in ((quality_html, quality), (dedupe_html, dedupe))
        for language in ("zh", "en")
    ]


def test_pages_are_well_formed_and_self_contained(pages):
    for page in pages:
        parser = Balanced()
        parser.feed(page)
        assert parser.open == []
        assert all(address.startswith("#") for address in parser.addresses)
        assert not re.search(r"https?://|url\(|@import", page)
        assert "default-src 'none'" in page


def test_pages_are_byte_for_byte_repeatable(quality, dedupe):
    assert quality_html(quality, "zh") == quality_html(quality, "zh")
    assert dedupe_html(dedupe, "en") == dedupe_html(dedupe, "en")


def test_values_are_escaped(pages):
    for page in pages[:2]:
        assert "&lt;script&gt;alert" in page
        assert "<script>alert" not in page


def test_field_names_in_charts_are_escaped(quality):
    from schemas.model import Label

    pair = quality.candidates[0]
    evil = replace(pair.fields[0], field=Label("<b>", "<b>"))
    drawn = charts.waterfall(replace(pair, fields=[evil]), "en")
    assert "<b>" not in drawn
    assert "&lt;b&gt;" in drawn


def test_personal_data_is_masked(pages):
    for page in pages:
        assert "138****5678" in page
        for secret in ("13812345678", "xiaoming.wang", "yaoshan77", "110101199003071234", "文三路18号"):
            assert secret not in page


def test_language_decides_what_is_shown_first_and_both_are_inside(quality, dedupe):
    for language, tag in (("zh", "zh-CN"), ("en", "en")):
        for page in (quality_html(quality, language), dedupe_html(dedupe, language)):
            assert f'<html lang="{tag}" data-lang="{language}">' in page
    page = quality_html(quality, "zh")
    assert "黄金记录质量" in page
    assert "Golden record quality" in page


def test_figures_are_on_the_page(quality, dedupe):
    page = quality_html(quality, "en")
    for figure in ("10,000", "6,599", "3,401", "99.71 %", "phone.float", "U20000148", "+11.6", "G000123", "6,864"):
        assert figure in page, figure
    page = dedupe_html(dedupe, "en")
    for figure in ("6,612", "4,010", "12.3", "9,120", "+12.4", "0.00015", "HD0001"):
        assert figure in page, figure


def test_an_empty_hub_has_a_report(quality):
    empty = RunSummary(sources=[], golden=[], merged=0, review=0)
    page = quality_html(QualityReport(generated_at=quality.generated_at, summary=empty), "en")
    assert "No golden records yet." in page
    assert "Nothing waits for review." in page


def test_a_deduplication_without_duplicates_has_a_report(dedupe):
    page = dedupe_html(replace(dedupe, clusters=[], review=[], distribution=[], weights=[], cluster_sizes={}), "zh")
    assert "没有重复记录" in page


def test_written_pages_are_utf8(tmp_path, quality, dedupe):
    write_quality_html(tmp_path / "q.html", quality, "zh")
    write_dedupe_html(tmp_path / "d.html", dedupe, "zh")
    assert "客户数据质量报告" in (tmp_path / "q.html").read_text(encoding="utf-8")
    assert "去重报告" in (tmp_path / "d.html").read_text(encoding="utf-8")


def test_waterfall_ends_at_the_sum(quality):
    pair: PairFigures = quality.candidates[0]
    total = pair.prior + sum(field.weight for field in pair.fields)
    weighing = [field for field in pair.fields if field.weight]
    assert len(weighing) < len(pair.fields)
    assert charts.waterfall(pair, "en").count("<rect") == len(weighing) + 2
    assert f">{total:+.1f}</text></svg>" in charts.waterfall(pair, "en")


def test_sizes_above_ten_share_a_column():
    drawn = charts.cluster_sizes({1: 5, 2: 3, 11: 2, 40: 4})
    assert drawn.count("<rect") == 3
    assert ">11+<" in drawn
    assert ">6<" in drawn


def test_pairs_are_coloured_by_what_happens_to_them():
    drawn = charts.probabilities([(0.0, 0.5, 9), (0.5, 0.9, 4), (0.9, 1.0, 1)], 0.5, 0.9)
    assert re.findall(r'class="(bar-\w+)"', drawn) == ["bar-quiet", "bar-warn", "bar-good"]
