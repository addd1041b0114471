"""How the workbench looks: design tokens shared with the reports, light and dark, system fonts, all of it local."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_REPORT = Path(__file__).parents[1] / "report" / "templates"
_OWN = Path(__file__).parent / "assets"
THEME_COOKIE = "cdm_theme"
"""``light`` or ``dark``; as the system wishes where it is absent."""
LANGUAGE_COOKIE = "cdm_language"


@cache
def head() -> str:
    """Return the head of every page: styles, and the script that sets the theme before the first paint."""
    files = [_REPORT / "tokens.css", _REPORT / "charts.css", *sorted(_OWN.glob("*.css"))]
    css = "\n".join(file.read_text(encoding="utf-8") for file in files)
    script = (_OWN / "workbench.html").read_text(encoding="utf-8")
    return f"<style>{css}</style>\n{script}"
