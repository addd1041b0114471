"""``cdm lineage``: where a golden value comes from."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cdm.cli.console import console, plain, show_table
from cdm.cli.options import Globals

if TYPE_CHECKING:
    from cdm.pipeline.lineage import Lineage, Origin


def lineage(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="ID|SOURCE:KEY", help="Golden id, or source:key of a record of it.")],
    field: Annotated[str, typer.Argument(help="Field, by the model's name, e.g. email.")],
    json: Annotated[bool, typer.Option("--json", help="JSON, for programs.")] = False,
) -> None:
    """Trace a golden value back: source, file, sheet, row and column, what stood there, and why it won."""
    from cdm.pipeline.lineage import lineage_of
    from cdm.pipeline.naming import golden_id_named

    options: Globals = context.obj
    with options.open_hub() as hub:
        found = lineage_of(hub, golden_id_named(hub, what), field)
        entity = hub.model[found.entity]
    if json:
        import orjson

        sys.stdout.write(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    label = entity.fields[field].label.text(options.language) if field in entity.fields else field
    console().print(plain(f"{found.golden_id}  {label} ({field}) = {_text(found.value)}"), markup=False)
    for one in found.origins:
        console().print(plain("\n".join(_lines(one, options))), markup=False)
    _others(found, options)


def _lines(one: Origin, options: Globals) -> list[str]:
    from cdm.survivorship import describe

    if one.stated_by:
        by = f"{one.stated_by}, {one.stated_at[:10]}" + (f", {one.stated_reason}" if one.stated_reason else "")
        stated = options.pick(f"  由 {by} 确定（声明 {one.version}）", f"  stated by {by} (statement {one.version})")
        return ["", _text(one.value), stated]
    columns = "; ".join(f"{name} = {raw!r}" for name, raw in one.columns.items())
    if not columns:
        columns = options.pick("由该行其他列推出", "concluded from other columns of the row")
    elif one.derived_from:
        columns += options.pick(f"（{one.derived_from} 的一部分）", f" (part of {one.derived_from})")
    lost = options.pick(f"，另有 {one.differing} 个不同值", f"; {one.differing} other values") if one.differing else ""
    cleansed = _text(one.cleansed) + (f"  [{', '.join(one.findings)}]" if one.findings else "")
    return [
        "",
        _text(one.value),
        options.pick("  来源  ", "  source    ") + f"{one.source}:{one.key} v{one.version}",
        options.pick("  位置  ", "  place     ") + one.place,
        options.pick("  列    ", "  column    ") + columns,
        options.pick("  清洗后 ", "  cleansed  ") + cleansed,
        options.pick("  胜出  ", "  won as    ") + describe(one.why, options.language) + lost,
    ]


def _others(found: Lineage, options: Globals) -> None:
    if found.others:
        headers = options.pick("其他记录,位置,值", "other records,place,value").split(",")
        rows = [(f"{one.source}:{one.key}", one.place, _text(one.value)) for one in found.others]
        show_table(headers, rows)


def _text(value: object) -> str:
    return "" if value is None else "; ".join(value) if isinstance(value, list) else str(value)
