"""``cdm source``: register sources, see and edit their mapping, try an import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cdm.cli.console import say, show_table
from cdm.cli.options import Globals

if TYPE_CHECKING:
    from schemas.mapping import Mapping

app = typer.Typer(help="Register sources, map their columns, try an import.", no_args_is_help=True)


@app.command()
def add(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Argument(help="Name of the source in the hub, e.g. erp.")],
    location: Annotated[
        str, typer.Argument(help="File, or URL of a database or server; ${NAME}: from the environment.")
    ],
    connector: Annotated[str, typer.Option(help="Connector; guessed from the location.")] = "",
    table: Annotated[str, typer.Option(help="Table of a database.")] = "",
    query: Annotated[str, typer.Option(help="SELECT to read instead of a table.")] = "",
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook; default: all that look alike.")] = "",
    key: Annotated[str, typer.Option(help="Column that identifies a record; default: proposed.")] = "",
    updated_at: Annotated[str, typer.Option(help="Column that says when a record changed; default: proposed.")] = "",
    entity: Annotated[str, typer.Option(help="Entity type of the model, mixed, or auto.")] = "auto",
    trust: Annotated[int, typer.Option(min=0, max=100, help="How far to trust it, 0 to 100.")] = 50,
    customers: Annotated[str, typer.Option(help="For activities: the source that holds the customers' keys.")] = "",
    option: Annotated[list[str] | None, typer.Option(help="Connector option NAME=VALUE; may be repeated.")] = None,
) -> None:
    """Register a source and propose the mapping of its columns."""
    from cdm.pipeline.sources import NewSource, add_source

    options: Globals = context.obj
    given = {"table": table, "query": query, "sheet": sheet, "key": key, "updated_at": updated_at}
    extra = dict(_option(word) for word in option or ())
    request = NewSource(
        name=name,
        location=location,
        connector=connector,
        options={k: v for k, v in given.items() if v} | extra,
        entity=entity,
        trust=trust,
        customers=customers,
    )
    with options.open_hub(create=True) as hub:
        added = add_source(hub, request)
    for note in added.notes:
        say(note)
    _show_mapping(options, name, added.spec.mapping)
    following = options.command(f"source preview {name}")
    say(options.pick(f"下一步：{following}", f"Next: {following}"))


def _option(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals:
        raise typer.BadParameter(f"'{word}' is not NAME=VALUE.", param_hint="--option")
    return name, value


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the registered sources."""
    from cdm.pipeline.sources import masked_location

    options: Globals = context.obj
    with options.open_hub() as hub:
        specs = hub.sources()
    if not specs:
        say(options.pick("还没有来源。", "There is no source yet."))
        return
    names = options.pick("来源,连接器,位置,实体,可信度,计划", "source,connector,location,entity,trust,schedule")
    headers = names.split(",")
    rows = [
        (s.name, s.connector, masked_location(s), s.mapping.entity if s.mapping else "?", str(s.trust), s.schedule)
        for s in specs
    ]
    show_table(headers, rows)


@app.command("map")
def map_(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the source.")],
    save: Annotated[Path | None, typer.Option(help="Write the mapping to a YAML file for editing.")] = None,
    load: Annotated[Path | None, typer.Option(help="Replace the mapping by an edited YAML file.")] = None,
) -> None:
    """Show a source's mapping; save it as YAML, or load an edited one."""
    from cdm.pipeline.sources import mapping_of, replace_mapping

    options: Globals = context.obj
    with options.open_hub() as hub:
        spec = hub.source(name) if load is None else replace_mapping(hub, name, load)
    if save is not None:
        from schemas.mapping_file import write_mapping

        write_mapping(save, mapping_of(spec))
        say(options.pick(f"已写入 {save}", f"Wrote {save}"))
        return
    _show_mapping(options, name, spec.mapping)
    if load is not None:
        command = f"cdm ingest {name} --full"
        say(options.pick(f"应用到已入库的记录：{command}", f"To apply it to records ingested before: {command}"))


@app.command()
def schedule(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the source.")],
    when: Annotated[str, typer.Argument(help="Five cron fields ('0 * * * *') or an interval (15m, 2h); '' for none.")],
) -> None:
    """Say how often a source is read besides the nightly run; 'cdm flows serve' reads it when it starts."""
    from cdm.pipeline.schedule import schedule_source

    options: Globals = context.obj
    with options.open_hub() as hub:
        schedule_source(hub, name, when)
    told = options.pick(f"{name}：{when}", f"{name}: {when}") if when else options.pick("已取消计划", "no schedule")
    say(told)


@app.command()
def preview(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the source.")],
    rows: Annotated[int, typer.Option(min=1, max=1000, help="How many rows to show.")] = 5,
) -> None:
    """Try the import: the first rows, raw → mapped → cleansed, with findings; nothing is stored."""
    from cdm.pipeline.preview import preview_source

    options: Globals = context.obj
    with options.open_hub() as hub:
        records = preview_source(hub, name, rows, options.language)
    if not records:
        say(options.pick("来源没有数据行。", "The source has no rows."))
    headers = options.pick("列,原值,字段,标准值,发现", "column,raw,field,standard,findings").split(",")
    for record in records:
        lines = [(line.column, line.raw, line.field, line.standard, line.findings) for line in record.lines]
        show_table(headers, lines, title=f"{record.origin} · {record.entity}", whole=0)


def _show_mapping(options: Globals, name: str, mapping: Mapping | None) -> None:
    if mapping is None:
        return
    title = f"{name}: {mapping.entity}"
    if mapping.key:
        title += options.pick(f"，主键列 {mapping.key}", f", key {mapping.key}")
    else:
        title += options.pick("，无主键列：按内容区分各行", ", no key: rows are told apart by their content")
    if mapping.updated_at:
        title += options.pick(f"，更新时间列 {mapping.updated_at}", f", updated at {mapping.updated_at}")
    if mapping.party:
        title += options.pick("，客户列 ", ", customer ") + f"{mapping.party.column} → {mapping.party.source}"
    unmapped = options.pick("（保留为附加属性）", "(kept as extra attribute)")
    rows = []
    for column in mapping.columns:
        targets = ", ".join(dict.fromkeys(f"{e}.{f}" for e, f in column.targets.items()))
        rows.append((column.column, targets or unmapped, f"{column.confidence:.2f}" if targets else "", column.reason))
    show_table(options.pick("列,字段,置信度,依据", "column,field,confidence,why").split(","), rows, title=title)
