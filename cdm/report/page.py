"""Make one self-contained page from a template: styles and charts inline, both languages inside, everything escaped."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from math import isnan
from typing import TYPE_CHECKING, Any

from cdm.report import charts, curves, trees
from cdm.report.mask import masked
from schemas.model import Label

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from matching.evaluate import Estimate

DIMENSIONS = {
    "completeness": Label("完整性", "Completeness"),
    "validity": Label("有效性", "Validity"),
    "uniqueness": Label("唯一性", "Uniqueness"),
    "consistency": Label("一致性", "Consistency"),
    "timeliness": Label("及时性", "Timeliness"),
}
"""Dimensions of data quality in the order they are shown."""


def both(zh: str, en: str) -> Markup:
    """Return a text in both languages; the page shows the one that is switched on."""
    from markupsafe import Markup

    if zh == en:
        return Markup("<span>{}</span>").format(zh)
    return Markup('<span lang="zh">{}</span><span lang="en">{}</span>').format(zh, en)


def _label(label: Label) -> Markup:
    return both(label.zh, label.en)


def _percent(share: float | None, digits: int = 0) -> str:
    return "–" if share is None or isnan(share) else f"{share * 100:.{digits}f} %"


def _between(estimate: Estimate, digits: int = 1) -> str:
    """Return the bounds of an interval in per cent, blank where there is none."""
    return "" if not estimate.defined else f"{estimate.low * 100:.{digits}f}–{estimate.high * 100:.{digits}f} %"


def _likely(probability: float) -> str:
    from matching.explain.reasons import percent

    return percent(probability)


def _number(value: int) -> str:
    return f"{value:,}"


def _minute(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("cdm.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "label": _label,
        "masked": masked,
        "percent": _percent,
        "between": _between,
        "likely": _likely,
        "number": _number,
        "minute": _minute,
    }
    environment.globals |= {"both": both, "charts": charts, "curves": curves, "trees": trees, "DIMENSIONS": DIMENSIONS}
    return environment


def render(template: str, language: str, **values: Any) -> str:
    """Render a page.

    Args:
        template: file name in ``templates``.
        language: ``zh`` or ``en``, the language shown first; the other one is a click away.
        values: what the template shows.
    """
    return _environment().get_template(template).render(language=language, **values)
