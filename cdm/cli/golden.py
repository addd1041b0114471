"""``cdm golden`` and ``cdm lookup``: read golden records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cdm.cli.console import console, say, show_table
from cdm.cli.options import Globals

app = typer.Typer(help="Show, list and export golden records.", no_args_is_help=True)

AsOf = Annotated[
    str, typer.Option(metavar="TIME|RUN", help="As it was: a day (its end), a time (UTC), or after a run's number.")
]


@app.command()
def show(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(metavar="ID|SOURCE:KEY", help="Golden id, also a retired one, or source:key of a record of it."),
    ],
    as_of: AsOf = "",
) -> None:
    """Show one golden record with the provenance of every value, its source records and its activities."""
    from cdm.cli.golden_view import print_golden
    from cdm.pipeline.golden import golden_view
    from cdm.pipeline.history import golden_view_then, moment_of
    from cdm.pipeline.naming import golden_id_named

    options: Globals = context.obj
    with options.open_hub() as hub:
        one = golden_id_named(hub, what)
        view = golden_view_then(hub, one, moment_of(hub, as_of)) if as_of else golden_view(hub, one)
        print_golden(view, hub.model, options, console())


@app.command("list")
def list_(
    context: typer.Context,
    entity: Annotated[str, typer.Option(help="Entity type, e.g. person.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 20,
    after: Annotated[str, typer.Option(help="Go on after this golden id.")] = "",
) -> None:
    """List golden records in the order of their ids."""
    from cdm.pipeline.golden import golden_list

    options: Globals = context.obj
    with options.open_hub() as hub:
        lines = list(golden_list(hub, entity, limit, after))
    if not lines:
        say(options.pick("没有黄金记录。请先运行 cdm run。", "There are no golden records; 'cdm run' makes them."))
        return
    headers = options.pick("编号,实体,名称,电话,邮箱,来源数,质量", "id,entity,name,phone,e-mail,records,quality")
    rows = [(one.id, one.entity, one.name, one.phone, one.email, str(one.sources), one.quality) for one in lines]
    show_table(headers.split(","), rows)
    if len(lines) == limit:
        say(options.pick(f"更多：--after {lines[-1].id}", f"More: --after {lines[-1].id}"))


@app.command()
def export(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="File to write: .xlsx, .csv, .parquet or .jsonl.")],
    entity: Annotated[str, typer.Option(help="Only this entity type.")] = "",
    as_of: AsOf = "",
) -> None:
    """Export golden records with crosswalk and provenance, as they are or as they were."""
    from cdm.pipeline.golden import export_golden
    from cdm.pipeline.history import moment_of

    options: Globals = context.obj
    with options.open_hub() as hub:
        moment = moment_of(hub, as_of) if as_of else None
        paths, count = export_golden(hub, out, entity, options.language, moment)
    names = ", ".join(str(path) for path in paths)
    say(options.pick(f"{count:,} 条黄金记录已写入 {names}", f"Wrote {count:,} golden records to {names}"))


def lookup(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="Name of the source.")],
    key: Annotated[str, typer.Argument(help="The record's key in that source.")],
    as_of: AsOf = "",
) -> None:
    """Print the golden id of a source record (crosswalk), of now or of then."""
    from cdm.pipeline.history import golden_id_then, moment_of

    options: Globals = context.obj
    with options.open_hub() as hub:
        say(
            golden_id_then(hub, source, key, moment_of(hub, as_of))
            if as_of
            else hub.store.crosswalk.lookup(source, key)
        )
