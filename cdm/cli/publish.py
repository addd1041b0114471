"""``cdm publish``: keep databases and files of others in step with the golden records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cdm.cli.console import complain, progress_bars, say, show_table
from cdm.cli.options import Globals

if TYPE_CHECKING:
    from cdm.pipeline.publish import Published

app = typer.Typer(help="Publish golden records to databases and files of others.", no_args_is_help=True)


@app.command()
def add(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Argument(help="Name of the target in the hub, e.g. warehouse.")],
    location: Annotated[
        str,
        typer.Argument(
            help="File (.parquet, .csv, .xlsx, .jsonl) or SQLAlchemy URL; ${NAME} is read from the environment."
        ),
    ],
    role: Annotated[
        Literal["viewer", "steward", "administrator"], typer.Option(help="Whose sight of personal data applies.")
    ] = "steward",
    sensitive: Annotated[
        bool, typer.Option("--sensitive", help="Publish sensitive fields too, as far as the role sees them.")
    ] = False,
    entity: Annotated[str, typer.Option(help="Only this entity type.")] = "",
    prefix: Annotated[str, typer.Option(help="What the names of tables begin with.")] = "golden",
) -> None:
    """Register a target; 'cdm publish run' writes to it."""
    from cdm.pipeline.publish import Options, add_target
    from cdm.security import Role

    options: Globals = context.obj
    language: Literal["zh", "en"] = "zh" if options.language == "zh" else "en"
    with options.open_hub() as hub:
        add_target(hub, name, location, Options(Role(role), sensitive, entity, prefix, language))
    following = options.command(f"publish run {name}")
    say(options.pick(f"下一步：{following}", f"Next: {following}"))


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the targets, and how far each has got."""
    from cdm.pipeline.publish import Options, masked

    options: Globals = context.obj
    with options.open_hub() as hub:
        found, last = hub.store.targets.list(), hub.store.events.last()
    if not found:
        say(options.pick("还没有发布目标。", "There is no target yet."))
        return
    headers = options.pick(
        "目标,位置,角色,敏感字段,已到事件,最近发布,错误", "target,location,role,sensitive,at event,published,error"
    )
    rows = []
    for one in found:
        chosen = Options.of(one.options)
        position = "" if one.position is None else f"{one.position:,} / {last:,}"
        yes = options.pick("是", "yes") if chosen.sensitive else ""
        rows.append(
            (one.name, masked(one.location), chosen.role.value, yes, position, one.published_at or "", one.error or "")
        )
    show_table(headers.split(","), rows)


@app.command()
def remove(context: typer.Context, name: Annotated[str, typer.Argument(help="Name of the target.")]) -> None:
    """Forget a target; what was published stays where it is."""
    from cdm.pipeline.publish import remove_target

    options: Globals = context.obj
    with options.open_hub() as hub:
        remove_target(hub, name)
    say(options.pick(f"已不再向 {name} 发布。", f"Nothing is published to {name} any more."))


@app.command()
def run(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Only these targets.", metavar="[NAME]...")] = None,
    full: Annotated[bool, typer.Option("--full", help="Write everything, not only what changed.")] = False,
) -> None:
    """Bring targets up to date; exit status 11 where one could not be written, after the others were."""
    from cdm.pipeline.publish import publish_all

    options: Globals = context.obj
    with options.open_hub() as hub, progress_bars(quiet=options.quiet) as progress:
        done = publish_all(hub, names or None, full=full, progress=progress)
    if not done:
        say(
            options.pick(
                "还没有发布目标：cdm publish add 名称 位置", "There is no target yet: cdm publish add NAME LOCATION"
            )
        )
    for one in done:
        if one.error is None:
            say(_said(one, options))
        else:
            complain(f"{one.target}: {one.error.message}", one.error.remedy, code=one.error.code)
    if any(one.error is not None for one in done):
        from cdm.errors import ExitCode

        raise typer.Exit(ExitCode.TARGET)


def _said(one: Published, options: Globals) -> str:
    words = {
        "full": ("全量", "everything"),
        "changes": ("仅变更", "what changed"),
        "nothing new": ("没有新内容", "nothing new"),
    }
    zh, en = words[one.how.value]
    return options.pick(
        f"{one.target}：{zh}，{one.golden:,} 条黄金记录，已到事件 {one.position:,}",
        f"{one.target}: {en}, {one.golden:,} golden records, at event {one.position:,}",
    )
