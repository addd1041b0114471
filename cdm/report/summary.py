"""The summary of a run on the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cdm.report.figures import FindingFigures, RunSummary, ScoreFigures
from cdm.report.mask import masked
from cdm.report.page import DIMENSIONS
from schemas.types import Severity

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

_MOST_FINDINGS = 15
_COLOURS = {Severity.INFO: "cyan", Severity.WARNING: "yellow", Severity.ERROR: "red"}


def print_run_summary(summary: RunSummary, language: str, console: Console) -> None:
    """Print what a run did: sources, findings, result, scores, truth where known, time, and what to type next.

    Args:
        summary: the figures.
        language: ``zh`` or ``en``.
        console: where to print.
    """
    say = Wording(language)
    console.print(_sources(summary, say))
    if summary.findings:
        console.print(_findings(summary.findings, say))
    if summary.scores:
        console.print(_scores(summary.scores, say))
    console.print(_result(summary, say))
    notes = (_plain(note.text(language)) for note in (*summary.held, *summary.notes))
    for block in (*notes, *_truth(summary, say), *_times(summary, say), *_next(summary, say)):
        console.print(block)


class Wording:
    """Picks the text of one language.

    Args:
        language: ``zh`` or ``en``.
    """

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, zh: str, en: str) -> str:
        """Return the text in this language."""
        return zh if self.language == "zh" else en


def _table(title: str, *columns: str, right: Iterable[int] = ()) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_header=any(columns),
    )
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place in right else "left", overflow="fold")
    return table


def _sources(summary: RunSummary, say: Wording) -> RenderableType:
    names = (say("来源", "Source"), say("连接器", "Connector"), say("记录", "Records"), say("新增", "New"),
             say("变更", "Changed"), say("隔离", "Quarantine"))  # fmt: skip
    table = _table(say("来源", "Sources"), *names, right=range(2, 6))
    for source in summary.sources:
        quarantined = f"[red]{source.quarantined:,}[/]" if source.quarantined else "0"
        table.add_row(
            _plain(source.name), source.connector, f"{source.records:,}", f"{source.added:,}", f"{source.changed:,}",
            quarantined,
        )  # fmt: skip
    return table


def _plain(text: str) -> RenderableType:
    from rich.text import Text

    return Text(text)


def _findings(findings: Iterable[FindingFigures], say: Wording) -> RenderableType:
    found = sorted(findings, key=lambda finding: (-finding.count, finding.code))
    names = (say("原因", "Reason"), say("字段", "Field"), say("次数", "Count"), say("示例", "Examples"))
    table = _table(say("清洗发现", "What cleansing found"), *names, right=[2])
    for finding in found[:_MOST_FINDINGS]:
        colour = _COLOURS[finding.severity]
        examples = " · ".join(masked(example) for example in list(finding.examples)[:3])
        field = finding.field.text(say.language) if finding.field else ""
        text = finding.text.text(say.language)
        table.add_row(_plain(text), _plain(field), f"[{colour}]{finding.count:,}[/]", _plain(examples))
    if len(found) > _MOST_FINDINGS:
        rest = sum(finding.count for finding in found[_MOST_FINDINGS:])
        table.add_row(
            say(f"其余 {len(found) - _MOST_FINDINGS} 种", f"{len(found) - _MOST_FINDINGS} more"), "", f"{rest:,}", ""
        )
    return table


def _scores(scores: Iterable[ScoreFigures], say: Wording) -> RenderableType:
    heads = [label.text(say.language) for label in DIMENSIONS.values()]
    table = _table(
        say("质量评分 (0–100)", "Quality scores (0–100)"), "", *heads, say("总分", "Overall"), right=range(1, 7)
    )
    for score in scores:
        cells = [_score(score.dimensions.get(name)) for name in DIMENSIONS]
        table.add_row(_plain(score.subject.text(say.language)), *cells, f"[bold]{_score(score.overall)}[/]")
    return table


def _score(value: float | None) -> str:
    if value is None:
        return "–"
    colour = "green" if value >= 85 else "yellow" if value >= 65 else "red"
    return f"[{colour}]{value:.0f}[/]"


def _result(summary: RunSummary, say: Wording) -> RenderableType:
    table = _table(say("结果", "Result"), "", "", right=[1])
    table.add_row(say("源记录", "Source records"), f"{summary.record_count:,}")
    table.add_row(say("自动合并的记录", "Records merged automatically"), f"{summary.merged:,}")
    table.add_row(say("待审核的配对", "Pairs waiting for review"), f"[yellow]{summary.review:,}[/]")
    table.add_row(say("隔离的行", "Rows in quarantine"), f"{summary.quarantined:,}")
    table.add_row(say("黄金记录", "Golden records"), f"[bold green]{summary.golden_count:,}[/]")
    for label, count in (*summary.golden, *summary.activities):
        table.add_row(_plain(f"  {label.text(say.language)}"), f"{count:,}")
    return table


def _truth(summary: RunSummary, say: Wording) -> Iterable[RenderableType]:
    if summary.truth is None:
        return
    truth = summary.truth
    table = _table(say("与真值对照（逐对）", "Against the truth (pairwise)"), "", "", right=[1])
    table.add_row(say("精确率", "Precision"), f"{truth.precision:.4f}")
    table.add_row(say("召回率", "Recall"), f"{truth.recall:.4f}")
    table.add_row("F1", f"{truth.f1:.4f}")
    table.add_row(say("真实配对", "True pairs"), f"{truth.true_pairs:,}")
    yield table


def _times(summary: RunSummary, say: Wording) -> Iterable[RenderableType]:
    if summary.seconds:
        total = sum(summary.seconds.values())
        parts = " · ".join(f"{stage} {seconds:.1f} s" for stage, seconds in summary.seconds.items())
        yield _plain(f"{say('用时', 'Time')} {total:.1f} s ({parts})")


def _next(summary: RunSummary, say: Wording) -> Iterable[RenderableType]:
    if not summary.next_steps:
        return
    table = _table(say("接下来", "Next"), "", "")
    for step in summary.next_steps:
        from rich.text import Text

        table.add_row(Text(step.command, style="bold cyan"), _plain(step.purpose.text(say.language)))
    yield table
