"""``cdm demo``: a small company's customers, the whole job, and what to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cdm.cli.console import console, progress_bars
from cdm.cli.options import Globals


def demo(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(help="Folder to write into.")] = Path("demo"),
    records: Annotated[int, typer.Option(min=100, max=1_000_000, help="About how many source records.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Another seed makes another company.")] = 7,
) -> None:
    """Generate a demo company, run the whole job and show what came out."""
    from cdm.demo.run import run_demo
    from cdm.report.summary import print_run_summary

    options: Globals = context.obj
    with progress_bars(quiet=options.quiet) as progress:
        summary = run_demo(directory, records, seed, options.language, progress)
    print_run_summary(summary, options.language, console())
