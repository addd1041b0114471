"""``cdm match``: clusters for whole Parquet files, on this machine or on Apache Spark."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cdm.cli.console import progress_bars, say
from cdm.cli.options import Globals


def match(
    context: typer.Context,
    *,
    location: Annotated[
        str, typer.Argument(metavar="INPUT", help="Parquet file or folder of Parquet files; also s3:// or hdfs://.")
    ],
    out: Annotated[
        Path,
        typer.Option("--out", help="Parquet to write: the rows with their cluster; links and review go beside it."),
    ],
    model: Annotated[
        Path | None, typer.Option("--model", help="Model file to apply; without it one is learned from the input.")
    ] = None,
    save_model: Annotated[Path | None, typer.Option("--save-model", help="File to keep the learned model in.")] = None,
    runner: Annotated[str, typer.Option(help="local or spark.")] = "local",
    master: Annotated[str, typer.Option(help="Spark master: local[2], spark://host:7077, yarn, k8s://….")] = "local[*]",
    conf: Annotated[list[str] | None, typer.Option("--conf", help="Spark setting NAME=VALUE; may be repeated.")] = None,
    entity: Annotated[str, typer.Option(help="person, organization or auto.")] = "auto",
    map_file: Annotated[
        Path | None, typer.Option("--map", help="Mapping file (YAML) instead of the proposed one.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option("--ignore", help="Column to leave out; may be repeated.")] = None,
) -> None:
    """Find the records of the same customer in Parquet files of any size."""
    from cdm.pipeline.match import MatchRequest, run_match

    options: Globals = context.obj
    request = MatchRequest(
        location=location,
        out=out,
        model=model,
        save_model=save_model,
        runner=runner,
        master=master,
        conf=_settings(conf or []),
        entity=entity,
        map_file=map_file,
        ignore=tuple(ignore or ()),
    )
    with progress_bars(quiet=options.quiet) as progress:
        outcome = run_match(request, progress)
    for note in outcome.notes:
        say(note.text(options.language))
    figures = (f"{outcome.records:,}", f"{outcome.customers:,}", f"{outcome.links:,}", f"{outcome.review:,}")
    say(
        options.pick(
            "{} 条记录 → {} 个客户；关联 {} 条，待审核 {} 对。已写入 {}、{}、{}",
            "{} records → {} customers; {} links, {} pairs to review. Wrote {}, {}, {}",
        ).format(*figures, out, request.links, request.review)
    )


def _settings(given: list[str]) -> dict[str, str]:
    """Read NAME=VALUE."""
    for text in given:
        if "=" not in text:
            raise typer.BadParameter(f"'{text}' is not NAME=VALUE.", param_hint="--conf")
    return dict(text.split("=", 1) for text in given)
