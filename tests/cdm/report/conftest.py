"""Figures as a small hub would give them, with values that try to break the page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cdm.report.figures import (
    ClusterFigures,
    ComparedField,
    DedupeReport,
    FieldFigures,
    FieldWeights,
    FindingFigures,
    GoldenFigures,
    GoldenValue,
    LevelWeight,
    NextStep,
    PairFigures,
    QualityReport,
    RecordRef,
    RunSummary,
    ScoreFigures,
    Shown,
    SourceFigures,
    TruthFigures,
)
from cdm.report.page import DIMENSIONS
from schemas.model import Label
from schemas.types import Privacy, SemanticType, Severity

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
PERSON, FIRM = Label("个人", "Person"), Label("企业", "Organization")
NAME, PHONE, MAIL = Label("姓名", "Name"), Label("电话", "Phone"), Label("邮箱", "E-mail")
ADDRESS, IDENTITY = Label("地址", "Address"), Label("身份证号", "National ID")
ATTACK = '<script>alert("x")</script>'


def _name(value: str) -> Shown:
    return Shown(value, SemanticType.PERSON_NAME)


def _phone(value: str) -> Shown:
    return Shown(value, SemanticType.PHONE)


def _mail(value: str) -> Shown:
    return Shown(value, SemanticType.EMAIL)


def _address(value: str) -> Shown:
    return Shown(value, SemanticType.ADDRESS)


SOURCES = [
    SourceFigures("sales", "excel", 4060, 4060, 0, 3),
    SourceFigures("erp", "sql", 2078, 2078, 12, 0),
    SourceFigures("shop", "csv", 3862, 3862, 0, 1),
]
INFO, DOUBT, WRONG = Severity.INFO, Severity.WARNING, Severity.ERROR
FINDINGS = [
    FindingFigures(
        "phone.float",
        INFO,
        Label("电子表格把电话变成了数字", "A spreadsheet turned the phone into a number"),
        614,
        PHONE,
        [_phone("13812345678.0"), _phone("1.38E+10")],
    ),
    FindingFigures("name.title", INFO, Label("称谓已分开", "Title split off"), 402, NAME, [_name("王总")]),
    FindingFigures("email.fake", DOUBT, Label("占位内容", "Placeholder"), 187, MAIL, [_mail("test@test.com")]),
    FindingFigures(
        "id.checksum",
        WRONG,
        Label("校验位不符", "Check digit does not fit"),
        9,
        IDENTITY,
        [Shown("110101199003071234", SemanticType.NATIONAL_ID, Privacy.SENSITIVE)],
    ),
    FindingFigures("text.odd", DOUBT, Label(ATTACK, ATTACK), 2, None, [Shown(ATTACK, SemanticType.TEXT)]),
]


def _scores(zh: str, en: str, overall: float, *values: float | None) -> ScoreFigures:
    return ScoreFigures(Label(zh, en), dict(zip(DIMENSIONS, values, strict=True)), overall)


SCORES = [
    _scores("销售表", "sales", 77.1, 58.2, 91.0, 88.4, 83.0, 61.5),
    _scores("ERP", "erp", 88.0, 79.9, 96.1, 98.9, 90.2, 70.0),
    _scores("网店", "shop", 84.0, 66.0, 94.4, 92.0, 85.1, None),
    _scores("黄金记录", "Golden records", 90.4, 74.5, 97.0, 100.0, 93.3, 72.0),
]
PAIR = PairFigures(
    RecordRef("sales", "HD0002"),
    RecordRef("shop", "U20000148"),
    0.873,
    -12.4,
    [
        ComparedField(NAME, _name("刘瑶珊总"), _name("Liu Yaoshan"), Label("拼音相同", "same pinyin"), 8.1),
        ComparedField(PHONE, _phone("+8613812345678"), _phone("+8613812345678"), Label("相同", "exact"), 11.6),
        ComparedField(MAIL, _mail(""), _mail("yaoshan77@163.com"), Label("缺失", "missing"), 0.0),
        ComparedField(
            ADDRESS, _address("杭州市西湖区文三路18号"), _address("苏州市人民路9号301室"), Label("不同", "else"), -4.5
        ),
    ],
)
GOLDEN = GoldenFigures(
    "G000123",
    PERSON,
    [RecordRef("sales", "HD0001"), RecordRef("shop", "U20000777")],
    [
        GoldenValue(
            NAME, _name("王小明"), RecordRef("erp", "C1"), Label("来源最可信", "most trusted source"), "2025-11-02"
        ),
        GoldenValue(PHONE, _phone("+8613812345678"), RecordRef("sales", "HD0001"), Label("合并全部", "union")),
        GoldenValue(MAIL, _mail("xiaoming.wang@163.com"), RecordRef("shop", "U2"), Label("最近", "most recent")),
    ],
    92.0,
)


@pytest.fixture
def summary() -> RunSummary:
    return RunSummary(
        sources=SOURCES,
        golden=[(PERSON, 3622), (FIRM, 2977)],
        merged=3401,
        review=212,
        quarantined=4,
        findings=FINDINGS,
        scores=SCORES,
        quality=90.4,
        activities=[(Label("交易", "Transaction"), 6864)],
        truth=TruthFigures(0.9971, 0.9632, 4105),
        seconds={"read": 3.2, "cleanse": 8.8, "match": 6.5, "consolidate": 4.1},
        next_steps=[NextStep("cdm golden list", Label("查看黄金记录", "list golden records"))],
    )


@pytest.fixture
def quality(summary: RunSummary) -> QualityReport:
    return QualityReport(
        generated_at=NOW,
        summary=summary,
        fields=[
            FieldFigures(PERSON, NAME, {"sales": 1.0, "shop": 0.99}, 1.0),
            FieldFigures(PERSON, PHONE, {"sales": 0.92, "shop": 0.9}, 0.97),
            FieldFigures(PERSON, IDENTITY, {"sales": 0.31, "shop": None}, 0.14),
            FieldFigures(FIRM, NAME, {"sales": 1.0, "erp": 1.0, "shop": 1.0}, 1.0),
            FieldFigures(FIRM, MAIL, {"sales": 0.51, "erp": 0.62, "shop": 0.74}, 0.78),
        ],
        cluster_sizes={1: 3980, 2: 2010, 3: 480, 4: 96, 5: 21, 6: 9, 9: 1, 14: 2},
        candidates=[PAIR],
        golden_examples=[GOLDEN, GOLDEN],
    )


@pytest.fixture
def dedupe() -> DedupeReport:
    levels = [
        LevelWeight(Label("完全相同", "exact"), 12.4, 0.81, 0.00015),
        LevelWeight(Label("后八位相同", "last eight digits"), 7.1, 0.05, 0.0004),
        LevelWeight(Label("不同", "else"), -2.8, 0.14, 0.9994),
    ]
    return DedupeReport(
        generated_at=NOW,
        sources=SOURCES,
        customers=6612,
        merged_pairs=4010,
        review_pairs=212,
        merge_at=0.95,
        review_at=0.5,
        cluster_sizes={1: 3980, 2: 2010, 3: 480, 4: 96},
        distribution=[
            (place / 20, (place + 1) / 20, count)
            for place, count in enumerate(
                [9120, 812, 402, 211, 160, 120, 99, 74, 61, 50, 42, 38, 33, 30, 28, 26, 25, 31, 60, 3920]
            )
        ],
        weights=[
            FieldWeights(PERSON, NAME, levels),
            FieldWeights(PERSON, PHONE, levels),
            FieldWeights(FIRM, NAME, levels),
        ],
        clusters=[
            ClusterFigures(
                "G000123",
                [NAME, PHONE, ADDRESS],
                [
                    (
                        RecordRef("sales", "HD0001"),
                        [_name("王小明"), _phone("13812345678"), _address("杭州市文三路18号")],
                    ),
                    (RecordRef("shop", "U2"), [_name("Wang Xiaoming"), _phone("138 1234 5678"), _address("")]),
                ],
            )
        ],
        review=[PAIR],
        seconds=12.31,
    )
