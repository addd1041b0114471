"""``cdm explain``: why two records are, or are not, one customer; what holds one customer together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cdm.cli.console import progress_bars, say
from cdm.cli.options import Globals
from cdm.cli.reading import EntityType, IdColumn, Ignore, MapFile, SourceColumn

if TYPE_CHECKING:
    from cdm.report.explanation import ClusterView, PairExplanation

Words = Annotated[
    list[str],
    typer.Argument(metavar="A [B]", help="source:key, golden id, or with --file the record's id or row number."),
]
Files = Annotated[
    list[Path] | None, typer.Option("--file", help="Match this table instead of looking into the hub; repeatable.")
]
Html = Annotated[Path | None, typer.Option("--html", help="HTML page to write, with the waterfall drawn.")]


def explain(
    context: typer.Context,
    *,
    words: Words,
    files: Files = None,
    html: Html = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the explanation as JSON.")] = False,
    id_column: IdColumn = None,
    source_column: SourceColumn = None,
    entity: EntityType = "auto",
    map_file: MapFile = None,
    ignore: Ignore = None,
) -> None:
    """Explain why two records are, or are not, one customer: what every field weighs, in bits and in words.

    For one golden id: the links that hold the customer together, and which record would leave if the weakest one were
    cut. Where an explanation was stored with a decision or a review pair, it is shown as of then and as of now.
    Personal values are masked.

    Examples:

    \b
        cdm explain erp:C0001 shop:88271
        cdm explain 0198f3a2-7c11-7d3e-a1b2-5a3c9d0e4f55
        cdm explain erp:C0001 shop:88271 --html why.html
        cdm explain 12 57 --file customers.csv
    """
    from cdm.pipeline.dedupe import DedupeRequest
    from cdm.pipeline.explanation import explain_in_files, explain_in_hub

    options: Globals = context.obj
    if len(words) > 2 or len(set(words)) < len(words):
        raise typer.BadParameter("name one record, or two different ones.", param_hint="A [B]")
    with progress_bars(quiet=options.quiet) as progress:
        if files:
            request = DedupeRequest(
                files=tuple(files),
                out=Path(),
                id_column=id_column,
                source_column=source_column,
                entity=entity,
                map_file=map_file,
                ignore=tuple(ignore or ()),
            )
            found = explain_in_files(request, words, progress)
        else:
            with options.open_hub() as hub:
                found = explain_in_hub(hub, words, progress)
    _show(found, options, html, as_json=as_json)


def _show(found: PairExplanation | ClusterView, options: Globals, html: Path | None, *, as_json: bool) -> None:
    """Print the explanation and write the page."""
    if html is not None:
        from cdm.report.exports import write_page
        from cdm.report.html import explanation_html

        write_page(html, explanation_html(found, options.language))
    if as_json:
        import orjson

        say(orjson.dumps(found.to_dict(), option=orjson.OPT_INDENT_2).decode())
        return
    from cdm.cli.explain_view import print_explanation

    print_explanation(found, options)
    if html is not None:
        say(options.pick(f"已写入 {html}", f"Wrote {html}"))
