"""``cdm runs``: the jobs of the hub, and what a steward does about one that is held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from cdm.cli.console import progress_bars, say, show_table
from cdm.cli.options import Globals

if TYPE_CHECKING:
    from cdm.store import Run

app = typer.Typer(help="List the runs of jobs; release or reject one that is held.", invoke_without_command=True)
Number = Annotated[int, typer.Argument(help="Number of the run, as 'cdm runs' lists it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the audit trail.")]


@app.callback()
def runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 20,
    held: Annotated[bool, typer.Option("--held", help="Only those that wait to be released or rejected.")] = False,
) -> None:
    """List the latest runs of jobs: what is under way or was cut off, what ended how, and what is held and why."""
    if context.invoked_subcommand is not None:
        return
    from cdm.store.runs import HELD

    options: Globals = context.obj
    with options.open_hub() as hub:
        found = hub.store.runs.list(limit, status=HELD if held else None)
    names = options.pick(
        "编号,任务,来源,开始,结束,状态,流程,结果", "run,job,source,started,ended,status,flow run,figures"
    )
    show_table(names.split(","), [_cells(one, options) for one in found])


@app.command()
def release(context: typer.Context, run: Number, reason: Reason = "") -> None:
    """Let a run through that is held: what it read goes live and is merged."""
    from cdm.pipeline.held import release_run
    from cdm.pipeline.hub import current_user

    options: Globals = context.obj
    with options.open_hub() as hub, progress_bars(quiet=options.quiet) as progress:
        released = release_run(hub, run, current_user(), reason, progress)
    if released.reading is not None:
        say(released.reading.text(options.language))
    say(options.pick(f"运行 {run} 已放行并生效。", f"Run {run} is released and live."))


@app.command()
def reject(context: typer.Context, run: Number, reason: Reason = "") -> None:
    """Refuse a run that is held: what it read is forgotten, and the next one is judged anew."""
    from cdm.pipeline.held import reject_run
    from cdm.pipeline.hub import current_user

    options: Globals = context.obj
    with options.open_hub() as hub:
        reject_run(hub, run, current_user(), reason)
    say(options.pick(f"运行 {run} 已拒绝，数据保持原样。", f"Run {run} is rejected; everything stays as it was."))


def _cells(one: Run, options: Globals) -> tuple[str, ...]:
    from cdm.pipeline.gates import breaches_of, told

    why = told(breaches_of(one.stats), options.language)
    figures = why or _figures(one.stats)
    return (
        str(one.id),
        one.kind,
        one.source or "",
        one.started_at,
        one.finished_at or "",
        one.status,
        one.flow_run or "",
        figures,
    )


def _figures(stats: Mapping[str, object]) -> str:
    """Return the plain figures of a run, or of the entity types it consolidated."""
    own = [f"{name} {value}" for name, value in stats.items() if isinstance(value, int | str)]
    parts = [f"{name}: {_figures(part)}" for name, part in stats.items() if isinstance(part, dict) and "mode" in part]
    return "; ".join([", ".join(own), *parts] if own else parts)
