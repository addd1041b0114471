"""Small charts of the workbench as inline SVG: trends and scores; colours come from the theme."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from cdm.report.charts import ring, svg, text
from cdm.ui.elements import tag
from cdm.ui.figures import score

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 200, 36, 12, 14, 26
GOOD, FAIR = 85.0, 65.0
"""Scores from here on are good, and fair."""


def grade(value: float | None) -> str:
    """Return how good a score is: ``good``, ``warning``, ``error``; nothing where there is none."""
    if value is None:
        return ""
    return "good" if value >= GOOD else "warning" if value >= FAIR else "error"


def score_ring(value: float | None) -> None:
    """Show a score as a ring with the number in it."""
    ui.html(str(ring(value)), sanitize=False).classes("ring")


def meter(share: float, kind: str = "") -> None:
    """Show a share (0–1) as a bar."""
    with tag("span", css=f"meter {kind}", aria_hidden="true"):
        tag("i").style(f"width: {min(max(share, 0.0), 1.0) * 100:.1f}%")


def sparkline(values: Sequence[float | None], label: str) -> None:
    """Show how a figure went, without an axis; less than two points show nothing."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return
    low, high = min(v for _, v in known), max(v for _, v in known)
    span, step = max(high - low, 2.0), 92 / max(len(values) - 1, 1)
    points = [(4 + place * step, 22 - (value - low) / span * 16) for place, value in known]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    body = f'<polyline class="spark" points="{line}"/><circle class="spark-end" cx="{x:.1f}" cy="{y:.1f}" r="2.6"/>'
    ui.html(str(svg(body, 100, 28, label)), sanitize=False).classes("sparkline")


def trend(lines: Sequence[tuple[str, Sequence[float | None]]], ticks: Sequence[str], label: str) -> None:
    """Show how scores (0–100) went, one line each; the axis begins below the lowest.

    Args:
        lines: name and values, as many as ticks; ``None`` where there was none.
        ticks: what stands below the points.
        label: read to those who cannot see it.
    """
    known = [value for _, values in lines for value in values if value is not None]
    floor = max(0.0, min([*known, 95.0]) // 10 * 10 - 10)
    body = [_grid(floor), *(_ticks(ticks))]
    for place, (name, values) in enumerate(lines):
        body.append(_line(name, values, floor, len(ticks), place))
    ui.html(str(svg("".join(body), _WIDTH, _HEIGHT, label)), sanitize=False).classes("trend")


def legend(names: Sequence[str]) -> None:
    """Show which line of a trend is which."""
    with tag("ul", css="legend"):
        for place, name in enumerate(names):
            with tag("li"):
                tag("i", css=f"hue-{place}")
                tag("span", name)


def _grid(floor: float) -> str:
    marks = [floor, (floor + 100) / 2, 100.0]
    return "".join(
        f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{_y(m, floor):.1f}" y2="{_y(m, floor):.1f}"/>'
        + text(_LEFT - 8, _y(m, floor) + 4, f"{m:.0f}", "tick", "end")
        for m in marks
    )


def _ticks(ticks: Sequence[str]) -> list[str]:
    shown = range(len(ticks)) if len(ticks) <= 6 else (0, len(ticks) // 2, len(ticks) - 1)
    ends = {0: "start", len(ticks) - 1: "end"} if len(ticks) > 1 else {}
    return [text(_x(n, len(ticks)), _HEIGHT - 8, ticks[n], "tick", ends.get(n, "middle")) for n in shown]


def _line(name: str, values: Sequence[float | None], floor: float, count: int, hue: int) -> str:
    from markupsafe import escape

    points = [(_x(n, count), _y(v, floor), v) for n, v in enumerate(values) if v is not None]
    said = {v: escape(f"{name} {score(v)}") for _, _, v in points}
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    dots = "".join(
        f'<circle class="dot hue-{hue}" cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{said[v]}</title></circle>'
        for x, y, v in points
    )
    return f'<polyline class="curve hue-{hue}" points="{path}"/>{dots}'


def _x(place: int, count: int) -> float:
    room = _WIDTH - _LEFT - _RIGHT
    return _LEFT + (room / 2 if count < 2 else place * room / (count - 1))


def _y(value: float, floor: float) -> float:
    return _TOP + (100 - value) / (100 - floor) * (_HEIGHT - _TOP - _BOTTOM)
