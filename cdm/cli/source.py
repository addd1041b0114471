"""``cdm source``: register sources, see and edit their mapping, try an import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cdm.cli.console import console
from cdm.cli.options import Globals
from schemas.errors import MappingError

app = typer.Typer(help="Register sources, map their columns, try an import.", no_args_is_help=True)


@app.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the source in the hub, e.g. erp.")],
    location: Annotated[str, typer.Argument(help="File, or SQLAlchemy URL; ${NAME} is read from the environment.")],
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
    with options.open_hub() as hub:
        added = add_source(hub, request)
    for note in added.notes:
        console().print(note, markup=False)
    _show_mapping(options, name, added.spec.mapping)
    console().print(options.pick(f"下一步: cdm source preview {name}", f"Next: cdm source preview {name}"), markup=False)


def _option(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals:
        raise typer.BadParameter(f"'{word}' is not NAME=VALUE.", param_hint="--option")
    return name, value


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the registered sources."""
    from rich.table import Table

    options: Globals = context.obj
    table = Table(*options.pick("来源,连接器,位置,实体,可信度", "source,connector,location,entity,trust").split(","))
    with options.open_hub() as hub:
        for spec in hub.sources():
            entity = spec.mapping.entity if spec.mapping else "?"
            table.add_row(spec.name, spec.connector, hub.masked(spec.location), entity, str(spec.trust))
    console().print(table)


@app.command("map")
def map_(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the source.")],
    save: Annotated[Path | None, typer.Option(help="Write the mapping to a YAML file for editing.")] = None,
    load: Annotated[Path | None, typer.Option(help="Replace the mapping by an edited YAML file.")] = None,
) -> None:
    """Show a source's mapping; save it as YAML, or load an edited one."""
    from cdm.pipeline.sources import replace_mapping

    options: Globals = context.obj
    with options.open_hub() as hub:
        if load is not None:
            replace_mapping(hub, name, load)
        spec = hub.source(name)
    if save is not None:
        from schemas.mapping_file import write_mapping

        if spec.mapping is None:
            raise MappingError(f"Source '{name}' has no mapping.", remedy="Give one with --load.", source=name)
        write_mapping(save, spec.mapping)
        console().print(options.pick(f"已写入 {save}", f"Wrote {save}"), markup=False)
        return
    _show_mapping(options, name, spec.mapping)


@app.command()
def preview(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the source.")],
    rows: Annotated[int, typer.Option(min=1, max=1000, help="How many rows to show.")] = 5,
) -> None:
    """Try the import: the first rows, raw → mapped → cleansed, with findings; nothing is stored."""
    from rich.table import Table

    from cdm.pipeline.preview import preview_source

    options: Globals = context.obj
    with options.open_hub() as hub:
        records = preview_source(hub, name, rows, options.language)
    for record in records:
        headers = options.pick("列,原值,字段,标准值,发现", "column,raw,field,standard,findings").split(",")
        table = Table(*headers, title=f"{record.origin} · {record.entity}", title_justify="left")
        for line in record.lines:
            table.add_row(line.column, line.raw, line.field, line.standard, line.findings)
        console().print(table)


def _show_mapping(options: Globals, name: str, mapping: object) -> None:
    from rich.table import Table

    from schemas.mapping import Mapping

    if not isinstance(mapping, Mapping):
        return
    title = f"{name}: {mapping.entity}" + (f", key {mapping.key}" if mapping.key else "")
    table = Table(*options.pick("列,字段,置信度,依据", "column,field,confidence,why").split(","), title=title)
    for column in mapping.columns:
        targets = ", ".join(dict.fromkeys(f"{e}.{f}" for e, f in column.targets.items()))
        unmapped = options.pick("(保留为附加属性)", "(kept as extra attribute)")
        table.add_row(column.column, targets or unmapped, f"{column.confidence:.2f}" if targets else "", column.reason)
    console().print(table)
