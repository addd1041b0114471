"""``cdm feed`` and ``cdm audit``: what changed, in order, and proof that nothing was tampered with."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cdm.cli.console import complain, say, show_table
from cdm.cli.options import Globals

if TYPE_CHECKING:
    from cdm.store.events import Event

app = typer.Typer(help="The audit trail: who did what, chained by hashes.", no_args_is_help=True)


def feed(
    context: typer.Context,
    since: Annotated[int, typer.Option(min=0, help="Number of the last event already seen; 0 for all.")] = 0,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 1000,
    entity: Annotated[str, typer.Option(help="Only this entity type.")] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON object per line, for programs.")] = False,
) -> None:
    """Show every change of golden records since an event, in the order it became durable."""
    options: Globals = context.obj
    with options.open_hub() as hub:
        found = list(hub.store.events.since(since, limit=limit, entity=entity or None))
    if json:
        for one in found:
            sys.stdout.write(_line(one))
        return
    headers = options.pick(
        "序号,时间,变更,黄金记录,相关,变更字段,决定", "no.,at,change,golden id,related,fields,decision"
    )
    rows = [
        (
            str(one.seq),
            one.at,
            one.kind.value,
            one.golden_id,
            " ".join(one.related),
            " ".join(one.changed),
            str(one.decision_id or ""),
        )
        for one in found
    ]
    show_table(headers.split(","), rows)


@app.command("list")
def list_(context: typer.Context, limit: Annotated[int, typer.Option(min=1, help="How many.")] = 20) -> None:
    """List the newest entries."""
    options: Globals = context.obj
    with options.open_hub() as hub:
        found = hub.store.audit.list(limit=limit)
    headers = options.pick("序号,时间,由谁,做了什么,对象", "no.,at,by,action,subject")
    show_table(headers.split(","), [(str(one.seq), one.at, one.actor, one.action, one.subject) for one in found])


@app.command()
def verify(
    context: typer.Context,
    head: Annotated[str, typer.Option(help="A hash noted earlier; it must still be in the trail.")] = "",
) -> None:
    """Check that no entry was edited, removed or reordered; exit status 8 where one was."""
    from cdm.errors import ExitCode

    options: Globals = context.obj
    with options.open_hub() as hub:
        proof = hub.store.audit.verify(head or None)
    if proof.sound:
        say(
            options.pick(
                f"完整：{proof.entries} 条。末条哈希 {proof.head}（请另处保存）",
                f"Whole: {proof.entries} entries. Head {proof.head} (note it elsewhere)",
            )
        )
        return
    words = {"edited": "被修改", "missing": "缺失", "cut off": "被截断", "head unknown": "不含给出的哈希"}
    words["feed altered"] = "所封存的变更流被修改"
    where = f" {proof.broken_at}" if proof.broken_at else ""
    complain(
        options.pick(
            f"审计记录{where} {words[proof.why]}。", f"The audit trail is not whole: entry{where} {proof.why}."
        ),
        options.pick("从备份恢复并查明原因。", "Restore a backup and find out who did it."),
    )
    raise typer.Exit(ExitCode.UNSOUND)


def _line(one: Event) -> str:
    import orjson

    return orjson.dumps(one).decode() + "\n"
