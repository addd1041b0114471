"""``cdm evaluate``: how good matching is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cdm.cli.console import console, progress_bars, say, text_table
from cdm.cli.options import Globals
from cdm.cli.reading import EntityType, IdColumn, Ignore, MapFile, SourceColumn

if TYPE_CHECKING:
    from cdm.pipeline.evaluation import EvaluateRequest
    from cdm.report.evaluation import EvaluationReport
    from matching.evaluate import Estimate, Figures
    from schemas.progress import Progress

Files = Annotated[
    list[Path] | None, typer.Argument(help="Tables to match and evaluate; none: the golden records of the hub.")
]
Truth = Annotated[
    str | None, typer.Option("--truth", help="Column that names the true customer; it is hidden from matching.")
]
Sample = Annotated[
    Path | None, typer.Option("--sample", help="Sheet (.xlsx, .csv) to write for a clerk to judge; unmasked values.")
]


def evaluate(
    context: typer.Context,
    *,
    files: Files = None,
    truth: Truth = None,
    crosswalk: Annotated[
        Path | None, typer.Option("--crosswalk", help="File of true customers: source, key, truth.")
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option("--pairs", help="File of labelled pairs: left, right (source:key), label.")
    ] = None,
    sample: Sample = None,
    size: Annotated[int, typer.Option("--size", min=20, max=100_000, help="Pairs in the sample.")] = 200,
    verdicts: Annotated[Path | None, typer.Option("--verdicts", help="Such a sheet, filled in.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="HTML page to write.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
    id_column: IdColumn = None,
    source_column: SourceColumn = None,
    entity: EntityType = "auto",
    map_file: MapFile = None,
    ignore: Ignore = None,
) -> None:
    """Say how good matching is: precision and recall with 95 % intervals, what other thresholds would give, what
    blocking lost, the surest mistakes. Without files the hub is evaluated.

    Examples:

    \b
        cdm evaluate customers.csv --truth person_id --out evaluation.html
        cdm evaluate crm.xlsx shop.csv --id number --pairs labelled.csv
        cdm evaluate --crosswalk truth.csv                (the hub; columns source, key, truth)
        cdm evaluate customers.csv --sample judge.xlsx    (no truth: a sheet for a clerk)
        cdm evaluate --verdicts judge.xlsx                (the sheet, filled in)
    """
    from cdm.pipeline.evaluation import EvaluateRequest, check

    options: Globals = context.obj
    request = EvaluateRequest(
        files=tuple(files or ()),
        truth=truth,
        crosswalk=crosswalk,
        pairs=pairs,
        sample=sample,
        verdicts=verdicts,
        size=size,
        out=out,
        id_column=id_column,
        source_column=source_column,
        entity=entity,
        map_file=map_file,
        ignore=tuple(ignore or ()),
    )
    check(request)
    if sample is not None:
        _write_sample(request, sample, options)
        return
    with progress_bars(quiet=options.quiet) as progress:
        report = _evaluated(request, options, progress)
    _show(report, options, out, as_json=as_json)


def _evaluated(request: EvaluateRequest, options: Globals, progress: Progress) -> EvaluationReport:
    from cdm.pipeline.evaluation import evaluate_files, evaluate_hub, read_verdicts

    if request.verdicts is not None:
        return read_verdicts(request.verdicts)
    if request.files:
        return evaluate_files(request, progress)
    with options.open_hub() as hub:
        return evaluate_hub(hub, request, progress)


def _write_sample(request: EvaluateRequest, sample: Path, options: Globals) -> None:
    from cdm.pipeline.evaluation import sample_files, sample_hub

    with progress_bars(quiet=options.quiet) as progress:
        if request.files:
            count = sample_files(request, sample, options.language, progress)
        else:
            with options.open_hub() as hub:
                count = sample_hub(hub, request, sample, options.language, progress)
    say(
        options.pick(
            f"{count} 对已写入 {sample}（含未遮蔽的值）", f"Wrote {count} pairs to {sample} (values are not masked)"
        )
    )
    said = options.pick("在 verdict 列填 相同 或 不同，然后：", "Fill in the column verdict (same, different), then: ")
    say(f"{said}{options.command(f'evaluate --verdicts {sample}')}")


def _show(report: EvaluationReport, options: Globals, out: Path | None, *, as_json: bool) -> None:
    """Print the figures and write the page."""
    if out is not None:
        from cdm.report.exports import write_page
        from cdm.report.html import evaluation_html

        write_page(out, evaluation_html(report, options.language))
    if as_json:
        import orjson

        say(orjson.dumps(report.to_dict(), option=orjson.OPT_INDENT_2).decode())
        return
    headers = options.pick("指标,精确率,95 %,召回率,95 %,F1,95 %", "figures,precision,95 %,recall,95 %,F1,95 %").split(
        ","
    )
    rows = list(_figure_rows(report, options))
    if rows:
        console().print(text_table(headers, rows))
    for line in _notes(report, options):
        say(line)
    if out is not None:
        say(options.pick(f"已写入 {out}", f"Wrote {out}"))


def _figure_rows(report: EvaluationReport, options: Globals) -> Iterator[tuple[str, ...]]:
    """Yield one row per kind of figures."""
    if report.whole is not None:
        yield _row(options.pick("成对", "pairwise"), report.whole.pairwise)
        yield _row(options.pick("B³（按记录）", "B-cubed"), report.whole.b_cubed)
        yield _row(options.pick("整簇", "exact clusters"), report.whole.exact)
    if report.scores is not None:
        yield _row(options.pick("成对，审核完成后", "pairwise, with review"), report.scores.reviewed.pairwise)
    if report.pairs is not None:
        yield _row(options.pick("已标注的配对", "labelled pairs"), report.pairs.figures)


def _row(name: str, figures: Figures) -> tuple[str, ...]:
    cells = [part for one in (figures.precision, figures.recall, figures.f1) for part in (_share(one), _bounds(one))]
    return (name, *cells)


def _share(one: Estimate) -> str:
    return f"{float(one):.4f}" if one.defined else "–"


def _bounds(one: Estimate) -> str:
    return f"{one.low:.3f}–{one.high:.3f}" if one.defined else ""


def _notes(report: EvaluationReport, options: Globals) -> Iterator[str]:
    """Yield what stands below the table."""
    if report.whole is not None and report.scores is not None:
        for label, one in report.scores.examined:
            text = options.pick(
                "{}：候选召回率 {}，比较 {:,} / {:,} 对", "{}: blocking recall {}, {:,} of {:,} pairs compared"
            )
            yield text.format(label.text(options.language), _share(one.recall), one.pairs, one.possible)
        text = options.pick("误合并 {:,} 处，漏合并 {:,} 处", "{:,} false merges, {:,} misses")
        yield text.format(report.false_merge_count, report.miss_count)
    if report.precision is not None and report.wanted is not None:
        text = options.pick("合并的精确率（估计）：{} [{}]", "precision of merges (estimated): {} [{}]")
        yield text.format(_share(report.precision), _bounds(report.precision))
        text = options.pick("待审核中的同一客户：{} [{}]", "the same among pairs for review: {} [{}]")
        yield text.format(_share(report.wanted), _bounds(report.wanted))
