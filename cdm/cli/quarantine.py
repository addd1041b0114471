"""``cdm quarantine``: rows that could not become records, and trying them again."""

from __future__ import annotations

from typing import Annotated

import typer

from cdm.cli.console import console
from cdm.cli.options import Globals

app = typer.Typer(help="Rows that could not become records.", no_args_is_help=True)


@app.command("list")
def list_(
    context: typer.Context,
    source: Annotated[str, typer.Option(help="Only this source.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 50,
) -> None:
    """List quarantined rows with their place and reason."""
    from rich.table import Table

    options: Globals = context.obj
    table = Table(*options.pick("来源,位置,代码,原因,内容", "source,place,code,reason,content").split(","))
    with options.open_hub() as hub:
        for row in hub.store.quarantine.list(source or None, limit):
            table.add_row(row.source, row.origin, row.code, row.reason, row.excerpt())
    console().print(table)


@app.command()
def retry(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="Name of the source; all sources when left out.")] = "",
) -> None:
    """Try quarantined rows again, after the mapping or the model was mended."""
    from cdm.pipeline.quarantine import retry_quarantine

    options: Globals = context.obj
    with options.open_hub() as hub:
        done, left = retry_quarantine(hub, source or None)
    console().print(
        options.pick(f"{done:,} 行已入库,{left:,} 行仍在隔离区", f"{done:,} rows ingested, {left:,} still in quarantine"),
        markup=False,
    )
