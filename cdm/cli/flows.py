"""``cdm flows``: the nightly flow on a schedule. Prefect runs it in a program of its own, which this one turns into."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from cdm.cli.options import Globals

app = typer.Typer(help="Run the nightly flow on a schedule, under Prefect.", no_args_is_help=True)


@app.command()
def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port of Prefect's server on this machine.")] = 4200,
) -> None:
    """Run Prefect's server and all schedules on this machine, until stopped.

    All sources are read every night (CDM_NIGHTLY), and those with a schedule of their own besides (see 'cdm source
    schedule'). The server listens on 127.0.0.1 only and keeps its state beside the hub. What was missed while nothing
    ran is made up for.
    """
    options: Globals = context.obj
    if options.hub:
        from cdm.pipeline.hub import as_url

        os.environ["CDM_HUB_URL"] = as_url(options.hub)  # not among the arguments, which everybody on the machine sees
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "flows.serve", "--port", str(port)])  # noqa: S606
