"""The terminal summary says everything the figures say, in the language asked for."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from cdm.report.figures import RunSummary
from cdm.report.summary import print_run_summary


def printed(summary: RunSummary, language: str) -> str:
    out = io.StringIO()
    print_run_summary(summary, language, Console(file=out, width=140, color_system=None))
    return out.getvalue()


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "zh",
            [
                "来源",
                "清洗发现",
                "质量评分",
                "自动合并的记录",
                "待审核的配对",
                "精确率",
                "接下来",
                "电子表格把电话变成了数字",
            ],
        ),
        ("en", ["Sources", "What cleansing found", "Quality scores", "Pairs waiting for review", "Precision", "Next"]),
    ],
)
def test_every_part_is_printed(summary, language, texts):
    out = printed(summary, language)
    for text in (*texts, "4,060", "10,000", "6,599", "3,401", "212", "0.9971", "6,864", "cdm golden list", "22.6 s"):
        assert text in out, text


def test_examples_are_masked_and_markup_is_harmless(summary):
    source = replace(summary.sources[0], name="[red]sales[/]")
    out = printed(replace(summary, sources=[source]), "en")
    assert "138****5678" in out
    assert "13812345678" not in out
    assert "[red]sales[/]" in out


def test_a_long_list_of_findings_is_cut_with_its_rest_counted(summary):
    many = [replace(summary.findings[0], code=f"c{n:02d}", count=100 - n, examples=[]) for n in range(20)]
    out = printed(replace(summary, findings=many), "en")
    assert "5 more" in out
    assert str(sum(100 - n for n in range(15, 20))) in out


def test_an_empty_run_prints(summary):
    out = printed(RunSummary(sources=[], golden=[], merged=0, review=0), "en")
    assert "Golden records" in out
    assert "Precision" not in out
