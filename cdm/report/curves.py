"""Charts of an evaluation as inline SVG: threshold sweep, reliability diagram, intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

from cdm.report.charts import svg, text

if TYPE_CHECKING:
    from markupsafe import Markup

    from matching.evaluate import Band, Estimate, SweepPoint

WIDTH, HEIGHT = 440, 260
LEFT, RIGHT, TOP, BOTTOM = 40, 14, 14, 34
ROOM = 36
"""Between two labels, so that they do not run into each other."""
MEASURES = ("precision", "recall", "f1")


@dataclass(frozen=True, slots=True)
class _Frame:
    """The plotting area: y runs from ``floor`` to 1, x from ``start`` to 1."""

    floor: float
    start: float = 0.0

    def x(self, value: float) -> float:
        return LEFT + (value - self.start) / (1 - self.start) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return TOP + (1 - max(value, self.floor)) / (1 - self.floor) * (HEIGHT - TOP - BOTTOM)

    def grid(self) -> str:
        """Return five horizontal lines with their values."""
        lines = []
        for step in range(5):
            value = self.floor + (1 - self.floor) * step / 4
            y = self.y(value)
            lines.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" class="axis"/>')
            lines.append(text(LEFT - 6, y + 4, f"{value * 100:.3g}", "tick", "end"))
        return "".join(lines)


def sweep(points: Sequence[SweepPoint], merge_at: float) -> Markup:
    """Draw precision, recall and F1 over merge thresholds, precision with its interval.

    Args:
        points: in the order of their thresholds; drawn at equal distances, since what matters lies near 1.
        merge_at: the threshold in force, marked by a line.
    """
    shown = [point for point in points if point.found.pairwise.f1.defined]
    if not shown:
        return svg("", WIDTH, 1, "Threshold sweep")
    figures = [getattr(point.found.pairwise, name) for point in shown for name in MEASURES]
    lowest = min(float(one) for one in figures if one.defined)
    frame = _Frame(max(0.0, floor((lowest - 0.02) * 20) / 20))
    step = (WIDTH - LEFT - RIGHT) / max(len(shown) - 1, 1)
    places = [LEFT + step * at for at in range(len(shown))]
    body = [frame.grid(), _band(frame, places, [p.found.pairwise.precision for p in shown])]
    for name in MEASURES:
        body.append(_line(frame, places, [getattr(p.found.pairwise, name) for p in shown], f"line-{name}"))
    body.append(_thresholds(places, [point.threshold for point in shown], merge_at))
    return svg("".join(body), WIDTH, HEIGHT, "Threshold sweep")


def _thresholds(places: Sequence[float], thresholds: Sequence[float], merge_at: float) -> str:
    """Return the labels below the chart: the threshold in force and as many others as have room."""
    body, last = [], -1e9
    here = next((x for x, one in zip(places, thresholds, strict=True) if one == merge_at), None)
    for x, one in zip(places, thresholds, strict=True):
        if one == merge_at:
            body.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" class="here"/>')
            body.append(text(x, HEIGHT - 14, f"{one:.4g}", "value"))
        elif x - last >= ROOM and (here is None or abs(x - here) >= ROOM):
            body.append(text(x, HEIGHT - 14, f"{one:.4g}", "tick"))
            last = x
    return "".join(body)


def _line(frame: _Frame, places: Sequence[float], values: Sequence[Estimate], css: str) -> str:
    """Return a line through the defined values, with a dot at each."""
    dots = [(x, frame.y(float(value))) for x, value in zip(places, values, strict=True) if value.defined]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
    circles = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" class="dot {css}"/>' for x, y in dots)
    return f'<polyline points="{path}" class="curve {css}"/>{circles}'


def _band(frame: _Frame, places: Sequence[float], values: Sequence[Estimate]) -> str:
    """Return the area between the bounds of a line's intervals."""
    known = [(x, value) for x, value in zip(places, values, strict=True) if value.defined]
    above = [f"{x:.1f},{frame.y(value.high):.1f}" for x, value in known]
    below = [f"{x:.1f},{frame.y(value.low):.1f}" for x, value in reversed(known)]
    return f'<polygon points="{" ".join(above + below)}" class="band"/>'


def reliability(bands: Sequence[Band]) -> Markup:
    """Draw the share observed over the probability said; on the diagonal probabilities mean what they say.

    Args:
        bands: of probabilities; each is a dot as large as the root of its pairs, with its interval.
    """
    frame = _Frame(0.0)
    most = max((band.pairs for band in bands), default=1)
    body = [
        frame.grid(),
        f'<line x1="{frame.x(0):.1f}" y1="{frame.y(0):.1f}" x2="{frame.x(1):.1f}" y2="{frame.y(1):.1f}" class="here"/>',
    ]
    for band in bands:
        x = frame.x(band.said)
        body.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{frame.y(band.observed.high):.1f}" '
            f'y2="{frame.y(band.observed.low):.1f}" class="whisker"/>'
        )
        radius = 3 + 6 * (band.pairs / most) ** 0.5
        body.append(
            f'<circle cx="{x:.1f}" cy="{frame.y(float(band.observed)):.1f}" r="{radius:.1f}" class="dot line-f1"/>'
        )
    body += [text(frame.x(value), HEIGHT - 14, f"{value * 100:.0f}", "tick") for value in (0, 0.25, 0.5, 0.75, 1)]
    return svg("".join(body), WIDTH, HEIGHT, "Reliability")


def interval(estimate: Estimate, lowest: float = 0.5) -> Markup:
    """Draw a figure with its interval on a line from ``lowest`` to 1."""
    if not estimate.defined:
        return svg("", 160, 12, "undefined")
    low, value, high = (max(one, lowest) for one in (estimate.low, float(estimate), estimate.high))
    place = [4 + (one - lowest) / (1 - lowest) * 152 for one in (low, value, high)]
    body = (
        '<line x1="4" x2="156" y1="6" y2="6" class="axis"/>'
        f'<line x1="{place[0]:.1f}" x2="{place[2]:.1f}" y1="6" y2="6" class="whisker wide"/>'
        f'<circle cx="{place[1]:.1f}" cy="6" r="4" class="dot line-f1"/>'
    )
    return svg(body, 160, 12, f"{float(estimate):.4f}")
