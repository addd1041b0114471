"""``cdm ingest``, ``cdm run``, ``cdm report``, ``cdm runs``, ``cdm version``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cdm.cli.console import console, progress_bars, say, show_table
from cdm.cli.options import Globals


def ingest(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="Name of the source.")],
    full: Annotated[bool, typer.Option("--full", help="Read everything again, not only what changed.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Answer with exit code 7 where rows are in quarantine.")
    ] = False,
) -> None:
    """Read one source into the hub: new and changed records are stored, bad rows go to quarantine."""
    from cdm.pipeline.ingest import ingest_source

    options: Globals = context.obj
    with options.open_hub() as hub, progress_bars(quiet=options.quiet) as progress:
        counts = ingest_source(hub, source, progress, full=full)
        waiting = hub.store.quarantine.count().get(source, {})
    say(counts.text(options.language))
    _answer(sum(waiting.values()), strict=strict)


def run(
    context: typer.Context,
    full: Annotated[bool, typer.Option("--full", help="Read everything again, not only what changed.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Answer with exit code 7 where rows are in quarantine.")
    ] = False,
    relearn: Annotated[
        bool, typer.Option("--relearn", help="Learn the matching models anew; golden ids may change with them.")
    ] = False,
) -> None:
    """Do everything: ingest every source, match, consolidate, score.

    The first run learns how to match; later runs apply what was learned, so that customers keep their ids, and learn
    anew only where other fields are compared or the records have doubled (see 'cdm model').
    """
    from cdm.pipeline.run import run_all
    from cdm.report.summary import print_run_summary

    options: Globals = context.obj
    with options.open_hub() as hub, progress_bars(quiet=options.quiet) as progress:
        summary = run_all(hub, progress, full=full, relearn=relearn)
    steps = [replace(step, command=options.command(step.command)) for step in summary.next_steps]
    print_run_summary(replace(summary, next_steps=steps), options.language, console())
    _answer(summary.quarantined, strict=strict)


def _answer(quarantined: int, *, strict: bool) -> None:
    if strict and quarantined:
        from cdm.errors import ExitCode

        raise typer.Exit(ExitCode.QUARANTINED)


def report(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help="HTML file to write.")] = Path("quality.html"),
) -> None:
    """Write the data-quality report of the hub as one self-contained HTML page."""
    from cdm.pipeline.quality_report import write_quality_report

    options: Globals = context.obj
    with options.open_hub() as hub:
        write_quality_report(hub, out, options.language)
    say(options.pick(f"已写入 {out}", f"Wrote {out}"))


def runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 20,
) -> None:
    """List the latest runs of jobs: what is under way or was cut off, what ended how."""
    options: Globals = context.obj
    with options.open_hub() as hub:
        found = hub.store.runs.list(limit)
    headers = options.pick("编号,任务,来源,开始,结束,状态,结果", "run,job,source,started,ended,status,figures").split(
        ","
    )
    rows = [
        (
            str(one.id),
            one.kind,
            one.source or "",
            one.started_at,
            one.finished_at or "",
            one.status,
            _figures(one.stats),
        )
        for one in found
    ]
    show_table(headers, rows)


def _figures(stats: Mapping[str, object]) -> str:
    """Return the plain figures of a run, or of the entity types it consolidated."""
    own = [f"{name} {value}" for name, value in stats.items() if isinstance(value, int | str)]
    parts = [f"{name}: {_figures(part)}" for name, part in stats.items() if isinstance(part, dict) and "mode" in part]
    return "; ".join([", ".join(own), *parts] if own else parts)


def version() -> None:
    """Print the version."""
    from cdm import __version__

    say(__version__)
