"""Print explanations: the waterfall of a pair, the links of a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cdm.cli.console import console, plain, say, show_table
from cdm.cli.options import Globals
from cdm.report.explanation import ClusterView, ExplainedPair, PairExplanation
from cdm.report.figures import RecordRef, Shown
from cdm.report.mask import masked
from matching.explain.reasons import percent

if TYPE_CHECKING:
    from rich.table import Table

BAR = 24
"""Characters of the longest bar."""


def print_explanation(found: PairExplanation | ClusterView, options: Globals) -> None:
    """Print a pair, with what it was then where that is stored, or a cluster."""
    if isinstance(found, ClusterView):
        _cluster(found, options)
        return
    _pair(found.now, options)
    if found.then is None:
        return
    when = found.then.when.text(options.language)
    if not found.changes:
        say(options.pick(f"{when}：与现在没有差别。", f"As it was {when}: the same as now."))
        return
    say(options.pick(f"{when}：", f"As it was {when}:"))
    _pair(found.then, options)
    headers = options.pick("变化,当时,现在", "what changed,then,now").split(",")
    rows = [(one.name.text(options.language), one.before, one.after) for one in found.changes]
    show_table(headers, rows)


def _pair(one: ExplainedPair, options: Globals) -> None:
    """Print one explanation of a pair."""
    say(f"{_name(one.pair.left)}  ↔  {_name(one.pair.right)}   {one.entity.text(options.language)}")
    console().print(_waterfall(one, options))
    for sentence in one.sentences:
        say(f"• {sentence.text(options.language)}")
    say(options.pick(f"模型版本 {one.model}", f"model version {one.model}"))


def _name(one: RecordRef) -> str:
    return f"{one.source}:{one.key}"


def _waterfall(one: ExplainedPair, options: Globals) -> Table:
    """Return one row per step: values, level, weight, sum so far, and a bar."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    headers = options.pick("字段,甲,乙,比较,比特,累计,", "field,A,B,comparison,bits,sum,").split(",")
    for place, header in enumerate(headers):
        table.add_column(header, justify="right" if place in (4, 5) else "left", overflow="fold", no_wrap=place > 3)
    steps = list(one.steps)
    heaviest = max((abs(step.weight) for step in steps), default=1.0) or 1.0
    for step in steps:
        left, right, level = ("", "", "")
        if step.field is not None:
            left, right = (_value(side) for side in (step.field.left, step.field.right))
            level = step.field.level.text(options.language)
        colour = "green" if step.weight > 0 else "red" if step.weight < 0 else "dim"
        bar = "█" * round(abs(step.weight) / heaviest * BAR) or "·"
        cells = [Text(plain(cell)) for cell in (step.name.text(options.language), left, right, level)]
        table.add_row(*cells, Text(f"{step.weight:+.1f}", colour), f"{step.total:+.1f}", Text(bar, colour))
    ruled = one.pair.ruled
    if ruled is not None:
        table.add_row(Text(ruled.text(options.language), "bold"), "", "", "", "", "", "")
    said = Text(percent(one.pair.probability), "bold")
    table.add_row(Text(options.pick("概率", "probability"), "bold"), "", "", "", "", said, "")
    return table


def _value(side: Shown) -> str:
    return masked(side)


def _cluster(view: ClusterView, options: Globals) -> None:
    """Print what holds a cluster together."""
    language = options.language
    say(f"{view.title}   {view.entity.text(language)}   {len(view.rows)} {options.pick('条记录', 'records')}")
    headers = [options.pick("记录", "record"), *(label.text(language) for label in view.columns)]
    show_table(headers, [(_name(ref), *(masked(value) for value in values)) for ref, values in view.rows])
    if view.weakest is None:
        say(options.pick("只有一条记录，没有连接。", "A single record: there is no link."))
        return
    headers = options.pick("连接（由强到弱）,,比特,概率", "links (strongest first),,bits,probability").split(",")
    show_table(
        headers, list(_links(view)), title=options.pick("维系这个客户的连接", "What holds the customer together")
    )
    names = ", ".join(_name(one) for one in view.leaves)
    text = options.pick("最弱的连接一旦断开，离开的是：{}", "Were the weakest link cut, this would leave: {}")
    say(text.format(names))
    say(options.pick("最弱的连接：", "The weakest link:"))
    _pair(view.weakest, options)


def _links(view: ClusterView) -> Iterator[tuple[str, str, str, str]]:
    """Yield one row per link."""
    for link in view.links:
        yield _name(link.left), _name(link.right), f"{link.weight:+.1f}", percent(link.probability)
