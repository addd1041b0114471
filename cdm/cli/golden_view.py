"""Print one golden record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from cdm.cli.console import plain, text_table
from cdm.cli.options import Globals
from cdm.pipeline.golden import in_model_order
from cdm.store import Provenance, SourceRecord
from cdm.survivorship import describe
from schemas.model import EntityType, Model

if TYPE_CHECKING:
    from rich.console import Console

    from cdm.pipeline.golden import GoldenView
    from cdm.pipeline.profile import ActivitySummary


def print_golden(view: GoldenView, model: Model, options: Globals, screen: Console) -> None:
    """Print values with provenance, then source records, then activities."""
    golden, entity = view.golden, model[view.golden.entity]
    if view.asked != golden.id:
        screen.print(options.pick(f"{view.asked} 已并入", f"{view.asked} is now"), markup=False)
    screen.print(f"{golden.id}  {entity.label.text(options.language)}  v{golden.version}", markup=False)
    screen.print(_values(view, entity, options))
    screen.print(_records(view.records, options.pick("来源记录", "Source records"), options))
    if view.activities:
        screen.print(_summary(view.summary, model, options))
        screen.print(_timeline(view.activities, model, options))
    if golden.score:
        screen.print(_score(golden.score, entity, options), markup=False)


def _values(view: GoldenView, entity: EntityType, options: Globals) -> Table:
    rows = []
    for name, value in in_model_order(entity, view.golden.fields):
        label = entity.fields[name].label.text(options.language) if name in entity.fields else name
        entries = view.golden.provenance.get(name, ())
        text = "\n".join(value) if isinstance(value, list) else str(value)
        rows.append((label, text, _origins(entries, options), _why(entries, options)))
    return text_table(options.pick("字段,值,来源,为何胜出", "field,value,from,why").split(","), rows)


def _origins(entries: Sequence[Provenance], options: Globals) -> str:
    steward = options.pick("数据管理员", "steward")
    places = (f"{steward} {one.stated_by}" if one.stated_by else f"{one.source} {one.key}" for one in entries)
    return "\n".join(dict.fromkeys(places))


def _why(entries: Sequence[Provenance], options: Globals) -> str:
    lines = []
    for entry in entries:
        lost = options.pick(f"（另有 {entry.differing} 个不同值）", f" ({entry.differing} other values)")
        if entry.stated_by:
            lines.append(", ".join(text for text in (entry.stated_at[:10], entry.stated_reason) if text))
            continue
        lines.append(describe(entry.why, options.language) + (lost if entry.differing else ""))
    return "\n".join(dict.fromkeys(lines))


def _records(records: Sequence[SourceRecord], title: str, options: Globals) -> Table:
    headers = options.pick("来源,键,版本,位置,内容", "source,key,version,place,content").split(",")
    rows = [
        (
            r.source,
            r.key,
            str(r.version),
            r.origin,
            " · ".join(f"{name}={value}" for name, value in r.raw.items() if value),
        )
        for r in records
    ]
    return text_table(headers, rows, title=title)


def _summary(summary: Sequence[ActivitySummary], model: Model, options: Globals) -> Table:
    headers = options.pick(
        "活动,次数,首次,最近,距今天数,合计,平均,渠道", "activity,count,first,last,days ago,total,average,channels"
    ).split(",")
    rows = [
        (
            model[one.entity].label.text(options.language),
            str(one.count),
            one.first or "",
            one.last or "",
            "" if one.recency_days is None else str(one.recency_days),
            "\n".join(f"{money.total:,} {money.currency}" for money in one.turnover),
            "\n".join(f"{money.average:,} {money.currency}" for money in one.turnover),
            ", ".join(f"{name} {count}" for name, count in one.channels.items()),
        )
        for one in summary
    ]
    return text_table(headers, rows, title=options.pick("活动概况", "Activities in figures"))


def _timeline(activities: Sequence[SourceRecord], model: Model, options: Globals) -> Table:
    headers = options.pick("时间,活动,来源,键,内容", "time,activity,source,key,content").split(",")
    rows = [
        (
            str(one.fields.get("occurred_at") or ""),
            model[one.entity].label.text(options.language),
            one.source,
            one.key,
            " · ".join(f"{name}={value}" for name, value in one.raw.items() if value),
        )
        for one in activities
    ]
    return text_table(headers, rows, title=options.pick("时间线", "Timeline"))


def _score(score: object, entity: EntityType, options: Globals) -> str:
    from cdm.report.page import DIMENSIONS
    from quality.score import describe_reason

    if not isinstance(score, dict):
        return ""
    labels = {name: label.text(options.language) for name, label in DIMENSIONS.items()}
    labels["total"] = options.pick("总分", "overall")
    parts = [f"{labels.get(name, name)} {v:.0f}" for name, v in score.items() if isinstance(v, int | float)]
    reasons = [describe_reason(str(reason), entity, options.language) for reason in score.get("reasons", ())]
    quality = options.pick("质量：", "Quality: ") + ", ".join(parts)
    return plain("\n".join([quality, *(f"  · {reason}" for reason in reasons)]))
