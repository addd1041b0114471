"""Small charts as inline SVG: no script, no network, colours from the page's own variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

    from cdm.report.figures import PairFigures

_WIDTH, _HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 12, 12, 22, 26
_NAMES = 152
"""Room for field names beside a waterfall."""


def svg(body: str, width: int, height: int, label: str) -> Markup:
    """Wrap shapes in an ``svg`` element as wide as its place; ``label`` is read to those who cannot see it."""
    from markupsafe import Markup, escape

    opening = f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}" class="chart">'
    return Markup(f"{opening}{body}</svg>")  # noqa: S704 (numbers and escaped texts only)


def text(x: float, y: float, said: str, css: str = "", anchor: str = "middle") -> str:
    """Return a text element; what it says is escaped."""
    from markupsafe import escape

    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{css}">{escape(said)}</text>'


def _bar(x: float, y: float, width: float, height: float, css: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height:.1f}" rx="3" class="{css}"/>'


def cluster_sizes(sizes: Mapping[int, int]) -> Markup:
    """Draw how many customers have one, two, … source records; sizes above ten share the last bar.

    Args:
        sizes: source records per customer → number of customers.
    """
    grouped: dict[int, int] = {}
    for size, count in sorted(sizes.items()):
        grouped[min(size, 11)] = grouped.get(min(size, 11), 0) + count
    labels = ["11+" if size == 11 else str(size) for size in grouped]
    css = ["bar-quiet" if size == 1 else "bar" for size in grouped]
    return _columns(labels, list(grouped.values()), css, "Records per customer")


def _columns(labels: Sequence[str], values: Sequence[int], css: Sequence[str], label: str) -> Markup:
    """Draw one column per value; heights on a square-root scale so that small counts stay visible."""
    top = max(values, default=0) ** 0.5 or 1.0
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(values), 1)
    room = _HEIGHT - _TOP - _BOTTOM
    body = [
        f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{_HEIGHT - _BOTTOM}" y2="{_HEIGHT - _BOTTOM}" class="axis"/>'
    ]
    for place, (name, value, kind) in enumerate(zip(labels, values, css, strict=True)):
        height = value**0.5 / top * room
        width = min(step * 0.7, 64)
        middle = _LEFT + step * (place + 0.5)
        if value:
            body.append(_bar(middle - width / 2, _HEIGHT - _BOTTOM - height, width, height, kind))
            body.append(text(middle, _HEIGHT - _BOTTOM - height - 6, f"{value:,}", "value"))
        body.append(text(middle, _HEIGHT - 8, name, "tick"))
    return svg("".join(body), _WIDTH, _HEIGHT, label)


def probabilities(bins: Sequence[tuple[float, float, int]], review_at: float, merge_at: float) -> Markup:
    """Draw how many compared pairs have which probability, coloured by what happens to them.

    Args:
        bins: (lower bound, upper bound, pairs), in rising order.
        review_at: pairs from here on are shown to a steward.
        merge_at: pairs from here on are merged.
    """
    labels = [f"{low:.2g}" for low, _, _ in bins]
    css = ["bar-good" if low >= merge_at else "bar-warn" if high > review_at else "bar-quiet" for low, high, _ in bins]
    return _columns(labels, [count for _, _, count in bins], css, "Pairs by probability")


def ring(value: float | None) -> Markup:
    """Draw a score (0–100) as a ring with the number in it."""
    share = max(0.0, min(100.0, value or 0.0))
    css = "ring-good" if share >= 85 else "ring-warn" if share >= 65 else "ring-bad"
    circle = '<circle cx="48" cy="48" r="40" pathLength="100" class="{css}" {dash}/>'
    body = circle.format(css="ring-track", dash="")
    if value is not None:
        body += circle.format(css=css, dash=f'stroke-dasharray="{share:.1f} 100" transform="rotate(-90 48 48)"')
    return svg(body + text(48, 55, "–" if value is None else f"{value:.0f}", "ring-value"), 96, 96, "Score")


def waterfall(pair: PairFigures, language: str) -> Markup:
    """Draw how a pair's weight comes about: the prior, one step per field, the total; in bits.

    Args:
        pair: the pair.
        language: ``zh`` or ``en``, for the field names.
    """
    prior, total = ("起点", "合计") if language == "zh" else ("prior", "total")
    steps = [(prior, pair.prior), *((f.field.text(language), f.weight) for f in pair.fields if f.weight)]
    reached = [0.0]
    for _, weight in steps:
        reached.append(reached[-1] + weight)
    low, high = min(reached), max(reached)
    scale = 210 / ((high - low) or 1.0)
    rows = [(name, start, start + weight, weight) for (name, weight), start in zip(steps, reached, strict=False)]
    rows.append((total, 0.0, reached[-1], reached[-1]))
    body = [
        f'<line x1="{_at(0, low, scale):.1f}" x2="{_at(0, low, scale):.1f}" y1="4" y2="{len(rows) * 22}" class="axis"/>'
    ]
    for place, (name, start, end, weight) in enumerate(rows):
        css = (
            "bar" if place == len(rows) - 1 else "bar-good" if weight > 0 else "bar-bad" if weight < 0 else "bar-quiet"
        )
        y = 6 + place * 22
        body.append(text(_NAMES - 10, y + 11, name, "tick", "end"))
        body.append(_bar(_at(min(start, end), low, scale), y, abs(end - start) * scale, 14, css))
        body.append(text(_at(max(start, end), low, scale) + 6, y + 11, f"{weight:+.1f}", "value", "start"))
    return svg("".join(body), _NAMES + 263, len(rows) * 22 + 8, "Match weight")


def _at(weight: float, low: float, scale: float) -> float:
    return _NAMES + (weight - low) * scale
