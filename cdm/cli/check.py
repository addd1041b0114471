"""``cdm check``: compare records with what the model expects of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cdm.cli.console import progress_bars, say, show_table
from cdm.cli.options import Globals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cdm.pipeline.hub import Hub
    from cdm.store.checks import Checked
    from quality.expectations import Result

_MARKS = {"critical": "✗", "warning": "!", "info": "·"}


def check(
    context: typer.Context,
    *,
    source: Annotated[list[str] | None, typer.Option(help="Only this source; may be repeated.")] = None,
    golden: Annotated[bool, typer.Option("--golden", help="Only golden records.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Show every expectation, met or not.")] = False,
    last: Annotated[bool, typer.Option("--last", help="Show what the last check found; check nothing.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Answer with exit code 9 where a critical expectation is not met.")
    ] = False,
) -> None:
    """Check source records and golden records against the model: filled, valid, in form, in range, unique.

    What is found is kept with the run, and Data Docs (HTML) are written beside the hub; neither holds any value.
    """
    from cdm.pipeline.checks import Scope, check_all, docs_folder

    options: Globals = context.obj
    chosen = Scope([] if golden and not source else source or None, golden=golden or not source)
    with options.open_hub() as hub, progress_bars(quiet=options.quiet) as progress:
        found = _kept(hub, chosen) if last else check_all(hub, scope=chosen, progress=progress)
        shown = list(_lines(hub, found, options, every=every))
        place = docs_folder(hub) / "index.html"
    _show(found, shown, options)
    if found and place.exists():
        say(options.pick(f"详情（浏览器打开）：{place}", f"Details, in a browser: {place}"))
    if strict and any(not one.success for one in found):
        from cdm.errors import ExitCode

        raise typer.Exit(ExitCode.UNMET)


def _kept(hub: Hub, chosen: object) -> list[Checked]:
    from cdm.pipeline.checks import Scope

    assert isinstance(chosen, Scope)
    named = None if chosen.sources is None else set(chosen.sources)
    latest = hub.store.checks.latest()
    return [one for one in latest if (chosen.golden if one.source is None else named is None or one.source in named)]


def _show(found: Sequence[Checked], lines: Sequence[Sequence[str]], options: Globals) -> None:
    if not found:
        say(
            options.pick("没有可检查的记录，或尚未检查过。", "There are no records to check, or none were checked yet.")
        )
        return
    if lines:
        headers = options.pick(
            "结果,对象,字段,期望,实测,不符合,记录举例", "result,records of,field,expected,found,not so,records, e.g."
        )
        show_table(headers.replace("records, e.g.", "for example").split(","), lines, whole=0)
    total, failed = sum(len(one.results) for one in found), sum(one.failed for one in found)
    warned = sum(one.warned for one in found)
    say(
        options.pick(
            f"检查了 {total} 项期望：严重不符 {failed}，警告 {warned}。",
            f"{total} expectations: {failed} critical ones and {warned} others are not met.",
        )
    )


def _lines(hub: Hub, found: Sequence[Checked], options: Globals, *, every: bool) -> Iterator[tuple[str, ...]]:
    from quality.expectations import LABELS

    for one in found:
        entity = hub.model[one.entity]
        whose = one.source or options.pick("黄金记录", "golden records")
        for result in one.results:
            if every or not result.success:
                field = entity.fields.get(result.field)
                yield (
                    "✓" if result.success else _MARKS[result.gravity.value],
                    f"{whose} · {entity.label.text(options.language)}",
                    field.label.text(options.language) if field else result.field,
                    LABELS[result.kind].text(options.language),
                    _observed(result),
                    f"{result.unexpected:,}" if result.unexpected else "",
                    ", ".join(_named(hub, one, result)),
                )


def _observed(result: Result) -> str:
    if result.observed is None:
        return ""
    return f"{result.observed:,.0f}" if result.kind.value == "rows" else f"{result.observed:.1%}"


def _named(hub: Hub, checked: Checked, result: Result) -> Sequence[str]:
    """Return the examples by the names users know: source and key, or golden id."""
    if checked.source is None:
        return result.examples
    names = hub.store.records.names([int(one) for one in result.examples])
    return [names[int(one)] for one in result.examples if int(one) in names]
