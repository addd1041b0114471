"""A hub with a unique value planted in every personal and sensitive field, raw column and extra attribute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from small_company import write_csv
from sqlalchemy import func, insert, select

from cdm.pipeline.hub import Hub
from cdm.pipeline.run import run_all
from cdm.pipeline.sources import NewSource, add_source
from cdm.service.masks import privacy_of
from cdm.store import SourceRecord
from cdm.store.documents import dump
from cdm.store.review_cases import refresh_cases
from cdm.store.tables import candidate
from cdm.store.tables import run as runs
from matching.explain import Explanation
from matching.explain.pair import FieldEvidence
from schemas.model import Label
from schemas.types import Privacy

MODEL = """
entity: person
fields:
  health:
    label: {zh: 健康状况, en: Health}
    type: text
    privacy: sensitive
    weight: 0
    synonyms: {zh: [健康状况], en: [health]}
"""
PERSON_HEADER = (
    "客户编号", "姓名", "出生日期", "身份证号", "手机", "邮箱", "地址", "工作单位", "职务", "微信号", "网址", "备注",
    "健康状况", "内部代号",
)  # fmt: skip
PERSONS = (
    (
        "P1", "欧阳靖雯", "1987-03-14", "110105198703148526", "13911287734", "jingwen.ouyang@canary.cn",
        "浙江省杭州市西湖区龙井路七号金丝雀苑", "金丝雀研究所", "金丝雀主任", "canary_wx_8841", "https://canary.example/oy",
        "爱喝龙井的金丝雀", "青霉素过敏金丝雀", "代号金丝雀甲",
    ),
    (
        "P2", "Quentin Vexford", "1991-11-23", "310104199111234518", "13766120958", "q.vexford@canary.example",
        "14 Canary Wharf Lane, London", "Vexford Holdings", "Chief Ornithologist", "vexford_wechat", "https://vexford.example",
        "prefers canary yellow", "carries an epinephrine pen", "codename YELLOWBIRD",
    ),
)  # fmt: skip
FIRM_HEADER = ("公司编号", "公司名称", "法定代表人", "联系人", "电话", "邮箱", "内部备忘")
FIRMS = (
    ("F1", "杭州雀鸣科技有限公司", "司马砚秋", "端木鸿儒", "0571-86654321", "duanmu@queming.cn", "雀鸣老板娘管账"),
)
TALK_HEADER = ("工单号", "客户编号", "发生时间", "渠道", "沟通内容", "客服", "录音编号")
TALKS = (("T1", "P1", "2026-03-02 10:00:00", "电话", "客户说她下周去做手术金丝雀", "慕容听雪", "录音金丝雀丙"),)


def plant(hub: Hub, folder: Path) -> None:
    """Load the planted sources and merge them; one person is in two sources."""
    again = [("C7", *PERSONS[0][1:])]
    for name, rows in (("people", PERSONS), ("club", again)):
        place = write_csv(folder / f"{name}.csv", PERSON_HEADER, rows)
        add_source(hub, NewSource(name, str(place), entity="person", options={"key": "客户编号"}))
    firms = write_csv(folder / "firms.csv", FIRM_HEADER, FIRMS)
    add_source(hub, NewSource("firms", str(firms), entity="organization", options={"key": "公司编号"}))
    talks = write_csv(folder / "talks.csv", TALK_HEADER, TALKS)
    add_source(hub, NewSource("talks", str(talks), entity="interaction", options={"key": "工单号"}, customers="people"))
    run_all(hub)
    _ask_about(hub)


def _ask_about(hub: Hub) -> None:
    """Leave both persons to a steward, with an explanation that holds every value they were compared by."""
    one, other = (hub.store.records.get("people", key) for key in ("P1", "P2"))
    fields = tuple(
        FieldEvidence(name, 0, Label("不同", "different"), _text(one, name), _text(other, name), -1.0)
        for name in one.fields
    )
    said = Explanation(
        prior=-10.0, fields=fields, related=0.0, calibration=0.0, competitor=Label("偶然", "chance"), identifiers=0.0,
        limited=0.0, ruled=0.0, total=-1.0, probability=0.33, decision="evidence", outcome="review", together=False,
        reasons=(), model="m",
    )  # fmt: skip
    row = {"left_id": one.id, "right_id": other.id, "entity": "person", "probability": 0.33, "model": "m"}
    with hub.store._database.write() as connection:
        run = connection.execute(select(func.max(runs.c.id))).scalar_one()
        connection.execute(insert(candidate).values(**row, run_id=run, explanation=dump(said.to_dict())))
        refresh_cases(connection, [], [one.id, other.id], hub.now())


def _text(record: SourceRecord, name: str) -> str | None:
    return "; ".join(_texts(record.fields[name])) if name in record.fields else None


def canaries(hub: Hub, golden_ids: Mapping[str, str]) -> dict[Privacy, dict[str, str]]:
    """Return class → value → where it was planted, of everything the planted records say, raw and standardised."""
    found: dict[Privacy, dict[str, str]] = {Privacy.PERSONAL: {}, Privacy.SENSITIVE: {}}
    for record in _records(hub, golden_ids):
        entity = hub.model[record.entity]
        mapping = hub.source(record.source).mapping
        assert mapping is not None
        fields_of = {column: field for field, cs in mapping.fields_of(record.entity).items() for column in cs}
        for column, text in record.raw.items():
            if column != mapping.key and column not in fields_of:
                found[Privacy.PERSONAL][text] = f"{record.source}: {column}"
            elif (privacy := privacy_of(entity, fields_of.get(column, "customer_no"))) is not Privacy.NONE:
                found[privacy][text] = f"{record.source}: {column}"
        for name, value in record.fields.items():
            if (privacy := privacy_of(entity, name)) is not Privacy.NONE:
                found[privacy] |= dict.fromkeys(_texts(value), f"{record.source}.{name}")
    # A part of a sensitive value (the date of birth in an identity number) may be seen where it stands by itself.
    return {one: {text: at for text, at in texts.items() if len(text) >= 4} for one, texts in found.items()}


def _records(hub: Hub, golden_ids: Mapping[str, str]) -> Iterator[SourceRecord]:
    for golden_id in golden_ids.values():
        yield from hub.store.records.of_golden(golden_id)
        yield from hub.store.activities.of_golden(golden_id)


def _texts(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
