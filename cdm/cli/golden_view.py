"""Print one golden record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from cdm.cli.options import Globals
from cdm.store import Provenance, SourceRecord
from cdm.survivorship import describe
from schemas.model import EntityType, Model

if TYPE_CHECKING:
    from rich.console import Console

    from cdm.pipeline.golden import GoldenView


def print_golden(view: GoldenView, model: Model, options: Globals, screen: Console) -> None:
    """Print values with provenance, then source records, then activities."""
    golden, entity = view.golden, model[view.golden.entity]
    if view.asked != golden.id:
        screen.print(options.pick(f"{view.asked} 已并入", f"{view.asked} is now"), markup=False)
    screen.print(f"{golden.id}  {entity.label.text(options.language)}  v{golden.version}", markup=False)
    screen.print(_values(view, entity, options))
    screen.print(_records(view.records, options.pick("来源记录", "Source records"), options))
    if view.activities:
        screen.print(_records(view.activities, options.pick("活动", "Activities"), options))
    if golden.score:
        screen.print(_score(golden.score, options), markup=False)


def _values(view: GoldenView, entity: EntityType, options: Globals) -> Table:
    table = Table(*options.pick("字段,值,来源,为何胜出", "field,value,from,why").split(","))
    for name, value in view.golden.fields.items():
        label = entity.fields[name].label.text(options.language) if name in entity.fields else name
        entries = view.golden.provenance.get(name, ())
        shown = "\n".join(value) if isinstance(value, list) else str(value)
        table.add_row(Text(label), Text(shown), Text(_origins(entries)), Text(_why(entries, options)))
    return table


def _origins(entries: Sequence[Provenance]) -> str:
    return "\n".join(dict.fromkeys(f"{entry.source} {entry.key}" for entry in entries))


def _why(entries: Sequence[Provenance], options: Globals) -> str:
    lines = []
    for entry in entries:
        lost = options.pick(f"(另有 {entry.differing} 个不同值)", f" ({entry.differing} other values)")
        lines.append(describe(entry.why, options.language) + (lost if entry.differing else ""))
    return "\n".join(dict.fromkeys(lines))


def _records(records: Sequence[SourceRecord], title: str, options: Globals) -> Table:
    table = Table(*options.pick("来源,键,版本,位置,内容", "source,key,version,place,content").split(","), title=title)
    for record in records:
        content = " · ".join(v for v in record.raw.values() if v)
        cells = (record.source, record.key, str(record.version), record.origin, content)
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _score(score: object, options: Globals) -> str:
    if not isinstance(score, dict):
        return ""
    parts = [f"{name} {value:.0f}" for name, value in score.items() if isinstance(value, int | float)]
    reasons = [str(reason) for reason in score.get("reasons", ())]
    return options.pick("质量", "quality") + ": " + ", ".join(parts + reasons)
