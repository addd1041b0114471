"""``cdm dedupe``: one-shot deduplication of any table, no hub needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cdm.cli.console import progress_bars, say
from cdm.cli.options import Globals
from cdm.cli.reading import EntityType, IdColumn, Ignore, MapFile, SourceColumn


def dedupe(
    context: typer.Context,
    *,
    files: Annotated[
        list[Path], typer.Argument(help="CSV, Excel, JSON lines or Parquet; several files are several sources.")
    ],
    out: Annotated[Path, typer.Option("--out", help="CSV to write: source, record_id, golden_id.")],
    id_column: IdColumn = None,
    source_column: SourceColumn = None,
    entity: EntityType = "auto",
    map_file: MapFile = None,
    ignore: Ignore = None,
    review: Annotated[Path | None, typer.Option("--review", help="CSV of pairs to ask a steward about.")] = None,
    report: Annotated[Path | None, typer.Option("--report", help="HTML report to write.")] = None,
) -> None:
    """Find the records of the same customer in one or more tables."""
    from cdm.pipeline.dedupe import DedupeRequest, run_dedupe

    options: Globals = context.obj
    request = DedupeRequest(
        files=tuple(files),
        out=out,
        id_column=id_column,
        source_column=source_column,
        entity=entity,
        map_file=map_file,
        ignore=tuple(ignore or ()),
        review=review,
        report=report,
        language=options.language,
    )
    with progress_bars(quiet=options.quiet) as progress:
        outcome = run_dedupe(request, progress)
    for note in outcome.notes:
        say(note)
    figures = (f"{outcome.records:,}", f"{outcome.customers:,}", f"{outcome.review:,}")
    say(
        options.pick(
            "{} 条记录 → {} 个客户；待审核 {} 对。已写入 {}", "{} records → {} customers; {} pairs to review. Wrote {}"
        ).format(*figures, out)
    )
