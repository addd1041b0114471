"""``cdm quarantine``: rows that could not become records, and trying them again."""

from __future__ import annotations

from typing import Annotated

import typer

from cdm.cli.console import say, show_table
from cdm.cli.options import Globals

app = typer.Typer(help="Rows that could not become records.", no_args_is_help=True)


@app.command("list")
def list_(
    context: typer.Context,
    source: Annotated[str, typer.Option(help="Only this source.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 50,
) -> None:
    """List quarantined rows with their place and reason."""
    options: Globals = context.obj
    with options.open_hub() as hub:
        rows = hub.store.quarantine.list(source or None, limit)
        total = sum(sum(c.values()) for name, c in hub.store.quarantine.count().items() if source in ("", name))
    if not rows:
        say(options.pick("隔离区为空。", "Nothing is in quarantine."))
        return
    headers = options.pick("来源,位置,代码,原因,内容", "source,place,code,reason,content").split(",")
    show_table(headers, [(row.source, row.origin, row.code, row.reason, row.excerpt()) for row in rows])
    if total > len(rows):
        say(options.pick(f"共 {total:,} 行；--limit 可显示更多。", f"{total:,} rows in all; --limit shows more."))


@app.command()
def retry(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="Name of the source; all sources when left out.")] = "",
) -> None:
    """Try quarantined rows again after the mapping was mended; a mended file is read by the next ingest."""
    from cdm.pipeline.quarantine import retry_quarantine

    options: Globals = context.obj
    with options.open_hub() as hub:
        done, left = retry_quarantine(hub, source or None)
    say(
        options.pick(
            f"{done:,} 行已入库，{left:,} 行仍在隔离区", f"{done:,} rows ingested, {left:,} still in quarantine"
        )
    )
