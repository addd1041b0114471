"""The pages of evaluation and explanation: whole, escaped, masked, in both languages, with figures and charts."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest

from cdm.report import curves, trees
from cdm.report.evaluation import EvaluationReport, Mistake, Scores, Sweep
from cdm.report.explanation import ClusterView, ExplainedPair, HeldLink, PairExplanation
from cdm.report.figures import ComparedField, PairFigures, RecordRef, Shown
from cdm.report.html import evaluation_html, explanation_html
from matching.evaluate import (
    Stratum,
    SweepPoint,
    after_review,
    estimate_share,
    evaluate,
    evaluate_pairs,
    examined,
    reliability,
)
from matching.evaluate import sweep as swept
from schemas.model import Label
from schemas.types import SemanticType

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
VOID = {"meta", "br", "line", "rect", "circle", "path", "polyline", "polygon", "link", "img", "input", "hr"}
EVIL = '<script>alert("x")</script>'
CLUSTERS, TRUTH = np.array([0, 0, 2, 2, 4, 5]), np.array([0, 0, 2, 3, 4, 4])
EMPTY = np.empty(0, dtype=np.int64)


class Balanced(HTMLParser):
    """Checks that every tag that is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def pair() -> PairFigures:
    name, phone = SemanticType.PERSON_NAME, SemanticType.PHONE
    fields = [
        ComparedField(Label("姓名", "Name"), Shown(EVIL, name), Shown("王芳", name), Label("不同", "different"), -4.0),
        ComparedField(
            Label("电话", "Phone"),
            Shown("13812345678", phone),
            Shown("13812345678", phone),
            Label("相同", "equal"),
            17.0,
        ),
    ]
    ruled = Label("规则", "a rule")
    return PairFigures(RecordRef("crm", "1"), RecordRef("shop", EVIL), 0.999999, -9.0, fields, ruled)


def _points() -> list[SweepPoint]:
    return swept(lambda merge: CLUSTERS if merge < 0.9 else np.arange(6), TRUTH, (0.5, 0.73, 0.95))


def scores() -> Scores:
    found = examined(np.arange(6), TRUTH, np.array([0]), np.array([1]), 6)
    return Scores(
        reviewed=after_review(CLUSTERS, TRUTH, EMPTY, EMPTY),
        questions=3,
        wanted=1,
        examined=[(Label("个人", "Person"), found)],
        sweeps=[Sweep(Label("个人", "Person"), 0.73, _points())],
        asked=_points(),
        reliability=reliability(np.array([0.4, 0.96]), np.array([False, True])),
    )


def against_truth(scored: Scores | None = None) -> EvaluationReport:
    return EvaluationReport(
        NOW,
        EVIL,
        records=6,
        known=6,
        merge_at=0.73,
        whole=evaluate(CLUSTERS, TRUTH),
        by_entity=[(Label("个人", "Person"), evaluate(CLUSTERS, TRUTH))],
        scores=scored or scores(),
        false_merges=[Mistake(pair(), Label("已合并", "merged"))],
        misses=[Mistake(pair(), Label("未比较过", "never compared"))],
        false_merge_count=1,
        miss_count=1,
    )


def on_pairs() -> EvaluationReport:
    found = evaluate_pairs(np.array([0, 2]), np.array([1, 3]), np.array([True, False]), np.array([True, True]))
    return EvaluationReport(NOW, "pairs", 6, 4, 0.73, pairs=found)


def by_sample() -> EvaluationReport:
    strata = [Stratum("review", False, 40, 20, 8), Stratum("merged_sure", True, 900, 50, 50)]
    merged, waiting = estimate_share(strata[1:]), estimate_share(strata[:1])
    return EvaluationReport(NOW, "judge.xlsx", strata=strata, precision=merged, wanted=waiting)


def explained() -> ExplainedPair:
    words = [Label("判为同一客户。", "Taken for one customer."), Label(EVIL, EVIL)]
    return ExplainedPair(pair(), Label("个人", "Person"), words, Label("现在", "now"), "abc123", {"total": 1.0})


def cluster() -> ClusterView:
    refs = [RecordRef("crm", str(at)) for at in range(3)]
    rows = [(ref, [Shown("13812345678", SemanticType.PHONE)]) for ref in refs]
    links = [HeldLink(refs[0], refs[1], 20.0, 0.99999), HeldLink(refs[1], refs[2], 3.0, 0.9)]
    columns = [Label("电话", "Phone")]
    return ClusterView(NOW, "G1", Label("个人", "Person"), columns, rows, links, refs[2:], explained(), "abc123")


PAGES = {
    "truth": lambda language: evaluation_html(against_truth(), language),
    "pairs": lambda language: evaluation_html(on_pairs(), language),
    "sample": lambda language: evaluation_html(by_sample(), language),
    "pair": lambda language: explanation_html(PairExplanation(NOW, explained()), language),
    "cluster": lambda language: explanation_html(cluster(), language),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_pages_are_whole_self_contained_escaped_and_masked(page, language):
    text = page(language)
    parser = Balanced()
    parser.feed(text)
    assert parser.open == []
    assert not re.search(r"https?://|url\(|@import", text)
    assert "<script>alert" not in text
    assert "13812345678" not in text
    assert f'data-lang="{language}"' in text
    assert text == page(language)


def test_figures_and_intervals_are_shown():
    found = evaluate(CLUSTERS, TRUTH).pairwise.precision
    page = evaluation_html(against_truth(), "en")
    assert "50.00 %" in page
    assert f"{found.low * 100:.1f}–{found.high * 100:.1f} %" in page
    assert "never compared" in page
    assert "&gt; 99.99 %" in page
    assert "估计的合并精确率" in evaluation_html(by_sample(), "zh")


def test_undefined_figures_are_a_dash():
    alone = evaluate(np.arange(3), np.arange(3))
    points = swept(lambda _: np.arange(3), np.arange(3), (0.73,))
    nothing = Scores(alone, 0, 0, [], [Sweep(Label("个人", "Person"), 0.73, points)], points, [])
    report = EvaluationReport(NOW, "none", records=3, known=3, merge_at=0.73, whole=alone, scores=nothing)
    page = evaluation_html(report, "en")
    assert "nan" not in page
    assert "–</b>" in page
    assert report.to_dict()["pairwise"]["precision"]["value"] is None


def test_the_threshold_in_force_is_marked_and_labels_have_room():
    points = swept(
        lambda merge: CLUSTERS, TRUTH, (0.3, 0.4, 0.5, 0.6, 0.7, 0.73, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
    )
    drawn = curves.sweep(points, 0.73)
    assert drawn.count('class="here"') == 1
    assert ">0.73</text>" in drawn
    assert ">0.7</text>" not in drawn
    places = sorted(float(x) for x in re.findall(r'<text x="([\d.]+)" y="246.0"', drawn))
    assert min(b - a for a, b in pairwise(places)) >= curves.ROOM


def test_the_weakest_link_is_dashed_and_every_record_drawn():
    drawn = trees.tree(cluster())
    assert drawn.count("<circle") == 3
    assert drawn.count('class="link weak"') == 1
    assert "+3.0" in drawn


def test_a_change_is_told():
    then = explained()
    now = ExplainedPair(then.pair, then.entity, then.sentences, then.when, "def456", {})
    told = PairExplanation(NOW, now, then)
    assert [(one.before, one.after) for one in told.changes] == [("abc123", "def456")]
    assert "What differs" in explanation_html(told, "en")
    assert "the same as now" in explanation_html(PairExplanation(NOW, now, now), "en")
