"""``cdm ingest``, ``cdm run``, ``cdm report``, ``cdm version``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cdm.cli.console import console, progress_bars, say
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
    _answer(sum(waiting.values()), strict=strict, held=bool(counts.held))


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
    _answer(summary.quarantined, strict=strict, held=bool(summary.held))


def _answer(quarantined: int, *, strict: bool, held: bool) -> None:
    from cdm.errors import ExitCode

    if held:
        raise typer.Exit(ExitCode.HELD)
    if strict and quarantined:
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


def version() -> None:
    """Print the version."""
    from cdm import __version__

    say(__version__)
