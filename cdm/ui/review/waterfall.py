"""How a pair's probability comes about: one bar per step, from the start to the total, in bits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from cdm.service.review_shapes import PairView
from cdm.ui.words import Words


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is of, how they compare, where it begins and ends."""

    name: str
    left: str
    right: str
    level: str
    begin: float
    end: float
    kind: str

    @property
    def weight(self) -> float:
        """Bits."""
        return self.end - self.begin


def bars(pair: PairView, words: Words) -> Iterator[Bar]:
    """Yield the bars: the start, every step that weighs something, the total."""
    language, reached = words.language, pair.prior
    yield Bar(words("review.pair.prior"), "", "", "", 0.0, reached, "bar-quiet")
    for step in pair.steps:
        if not step.weight:
            continue
        kind = "bar-good" if step.weight > 0 else "bar-bad"
        names = step.label.text(language), step.left, step.right, step.level.text(language)
        yield Bar(*names, reached, reached + step.weight, kind)
        reached += step.weight
    yield Bar(words("review.pair.total"), "", "", "", 0.0, reached, "bar")


def waterfall(pair: PairView, words: Words) -> Markup:
    """Return the bars as rows of a table."""
    found = list(bars(pair, words))
    ends = [end for one in found for end in (one.begin, one.end)]
    low, width = min(ends), (max(ends) - min(ends)) or 1.0
    return Markup("").join(_row(one, low, width) for one in found)


def _row(one: Bar, low: float, width: float) -> Markup:
    values = (
        Markup('<td class="both"><span>{}</span><span>{}</span></td>').format(one.left, one.right)
        if one.left or one.right
        else Markup("<td></td>")
    )
    return Markup(
        '<tr class="{}"><th scope="row">{}</th>{}<td class="level">{}</td><td>{}</td><td class="num">{}</td></tr>'
    ).format(
        "total" if one.kind == "bar" else "", one.name, values, one.level, _bar(one, low, width), f"{one.weight:+.1f}"
    )


def _bar(one: Bar, low: float, width: float) -> Markup:
    begin, end = sorted((100 * (one.begin - low) / width, 100 * (one.end - low) / width))
    zero = 100 * (0 - low) / width
    return Markup(
        '<svg class="fall" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<line class="axis" x1="{}" x2="{}" y1="0" y2="10"/><rect class="{}" x="{}" y="2" width="{}" height="6"/></svg>'
    ).format(f"{zero:.2f}", f"{zero:.2f}", one.kind, f"{begin:.2f}", f"{max(end - begin, 0.6):.2f}")
