"""Commands of data stewards: decide who is who, take it back, and look at what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cdm.cli.console import say, show_table
from cdm.cli.options import Globals

if TYPE_CHECKING:
    from cdm.stewardship import Outcome
    from cdm.stewardship.steps import By
    from cdm.store.decisions import Decision
    from cdm.store.deferrals import Deferral
    from cdm.store.statements import Statement

Parties = Annotated[list[str], typer.Argument(metavar="A B …", help="Golden ids, or source:key of their records.")]
Reason = Annotated[str, typer.Option(help="Why; kept with the decision.")]
Who = Annotated[str, typer.Option("--by", envvar="CDM_USER", help="Who decides; the user of this computer else.")]


def merge(context: typer.Context, parties: Parties, reason: Reason = "", by: Who = "") -> None:
    """Merge golden records: they are one customer, also in every later run."""
    from cdm.pipeline.naming import golden_id_named
    from cdm.stewardship import merge as step

    options: Globals = context.obj
    with options.open_hub() as hub:
        done = step(hub, [golden_id_named(hub, one) for one in parties], who(by, reason))
    tell(options, done, options.pick("已合并为", "Merged into"))


def separate(context: typer.Context, parties: Parties, reason: Reason = "", by: Who = "") -> None:
    """Keep golden records apart: they are different customers, and nobody is asked again."""
    from cdm.pipeline.naming import golden_id_named
    from cdm.stewardship import separate as step

    options: Globals = context.obj
    with options.open_hub() as hub:
        done = step(hub, [golden_id_named(hub, one) for one in parties], who(by, reason))
    tell(options, done, options.pick("已确认不同", "Kept apart:"))


def split(
    context: typer.Context,
    party: Annotated[str, typer.Argument(help="Golden id, or source:key of one of its records.")],
    out: Annotated[list[str], typer.Option("--out", help="source:key of a record to take out; repeat for more.")],
    reason: Reason = "",
    by: Who = "",
) -> None:
    """Take source records out of a golden record; together they become one of their own."""
    from cdm.pipeline.naming import golden_id_named
    from cdm.stewardship import split as step

    options: Globals = context.obj
    with options.open_hub() as hub:
        records = [hub.store.records.get(*source_and_key(one)).id for one in out]
        done = step(hub, golden_id_named(hub, party), [records], who(by, reason))
    tell(options, done, options.pick("已拆分为", "Split into"))


def undo(
    context: typer.Context,
    decision: Annotated[int, typer.Argument(help="Number of the decision (see 'cdm decisions').")],
    reason: Reason = "",
    by: Who = "",
) -> None:
    """Withdraw a decision; what it did is taken back. A case that was put off waits again."""
    from cdm.stewardship import undo as step

    options: Globals = context.obj
    with options.open_hub() as hub:
        if hub.store.deferrals.get(decision) is not None:
            case = hub.store.deferrals.take_back(decision, who(by, reason).name, hub.now()).case_id
            say(options.pick(f"第 {case} 组不再暂缓，重新待审", f"Case {case} is not put off any more; it waits again"))
            return
        done = step(hub, decision, who(by, reason))
    tell(
        options,
        done,
        options.pick(f"决定 {decision} 已撤销：", f"Withdrew decision {decision}; now in"),
    )


def decisions(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 20,
    entity: Annotated[str, typer.Option(help="Only this entity type.")] = "",
) -> None:
    """List what stewards decided, edited and put off, the newest first, also what was withdrawn."""
    options: Globals = context.obj
    with options.open_hub() as hub:
        found = hub.store.decisions.page(entity=entity or None, limit=limit)
        names = hub.store.records.names([record for one in found for part in one.parts for record in part])
        stated = hub.store.statements.page(entity=entity or None, limit=limit)
        put_off = [] if entity else hub.store.deferrals.page(limit=limit)
    headers = options.pick(
        "编号,实体,决定,来源记录,时间,由谁,理由,撤销", "no.,entity,decision,records,at,by,why,withdrawn"
    )
    parts = {one.id: " | ".join(" ".join(names[record] for record in part) for part in one.parts) for one in found}
    said: list[tuple[Decision | Statement | Deferral, str, str, str]] = [
        (one, one.entity, one.kind.value, parts[one.id]) for one in found
    ]
    said += [(one, one.entity, "edit", edited(one)) for one in stated]
    said += [(one, "", "later", f"case {one.case_id} until {one.until}") for one in put_off]
    rows = [
        (
            str(one.id),
            party,
            kind,
            about,
            one.made_at,
            one.made_by,
            one.reason,
            f"{one.withdrawn_by} {one.withdrawn_at}" if one.withdrawn_at else "",
        )
        for one, party, kind, about in sorted(said, key=lambda line: -line[0].id)[:limit]
    ]
    show_table(headers.split(","), rows)


def edited(one: Statement) -> str:
    """Return what a statement says, on one line."""
    values = (f"{name}={'; '.join(v) if isinstance(v, list) else v or ''}" for name, v in one.values.items())
    return " ".join([one.golden_id, *values, *([f"until {one.until}"] if one.until else [])])


def source_and_key(words: str) -> tuple[str, str]:
    """Return the two parts of ``source:key``."""
    source, colon, key = words.partition(":")
    if not colon:
        raise typer.BadParameter(f"'{words}' is no source:key, e.g. shop:U1.", param_hint="--out")
    return source, key


def who(name: str, reason: str) -> By:
    """Return who takes a step: the one named, else the user of this computer."""
    from cdm.pipeline.hub import current_user
    from cdm.stewardship.steps import By

    return By(name or current_user(), reason)


def tell(options: Globals, done: Outcome, words: str) -> None:
    """Say what a step led to, and how to take it back."""
    ids = " ".join(dict.fromkeys(done.golden_ids))
    number = done.decision.id
    say(f"{words} {ids}")
    if done.decision.binding:
        undo = options.command(f"undo {number}")
        say(options.pick(f"决定 {number}。撤销：{undo}", f"Decision {number}. To take it back: {undo}"))
