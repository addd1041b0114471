"""Data Docs: the pages Great Expectations writes about a check, made to stand alone.

The library's pages load styles, scripts, fonts and a logo from other hosts. Those are left out and a style sheet of our
own is put in, so that the pages can be read where there is no internet and tell nobody that they are read.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

SITE = DATA_SOURCE = "hub"
"""Names of the site and of the source of data; the latter begins the names of pages."""
_REMOTE = re.compile(
    r"<script\b[^>]*\bsrc=[\"']?(?:https?:)?//[^>]*>\s*</script>|<(?:link|img)\b[^>]*\b(?:href|src)=[\"']?(?:https?:)?//[^>]*>",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"<script\b.*?</script>", re.IGNORECASE | re.DOTALL)
_ELSEWHERE = re.compile(
    r"<footer\b.*?</footer>|<a\b[^>]*\bhref=[\"']https?://[^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL
)


def add_site(context: Any, folder: Path) -> None:
    """Let a context write its pages aside, next to ``folder``."""
    aside = _aside(folder)
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    context.add_data_docs_site(
        SITE,
        {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(aside.resolve())},
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        },
    )


def write_site(context: Any, folder: Path, met: Mapping[str, tuple[int, int]], title: str) -> None:
    """Write the pages and put them in the place of ``folder`` when they are whole.

    Args:
        context: what was checked with.
        folder: where the pages are to be.
        met: expectations that were met and all of them, by name of the suite.
        title: of the first page.
    """
    aside, before = _aside(folder), folder.with_name(f".{folder.name}.before")
    context.build_data_docs(site_names=[SITE])
    for page in aside.rglob("*.html"):
        page.write_text(standing_alone(page.read_text(encoding="utf-8")), encoding="utf-8")
    (aside / "index.html").write_text(_index(aside, met, title), encoding="utf-8")
    shutil.rmtree(aside / "static", ignore_errors=True)
    shutil.rmtree(before, ignore_errors=True)
    if folder.exists():
        folder.rename(before)
    aside.rename(folder)
    shutil.rmtree(before, ignore_errors=True)


def standing_alone(page: str) -> str:
    """Return an HTML page that asks no other host for anything."""
    local = _SCRIPT.sub("", _REMOTE.sub("", page))
    local = _ELSEWHERE.sub(lambda found: found[1] or "", local)
    return local.replace("</head>", f"<style>{_style()}</style></head>", 1)


def _index(site: Path, met: Mapping[str, tuple[int, int]], title: str) -> str:
    """Return the first page; the library's own shows nothing without its scripts."""
    rows = []
    for page in sorted((site / "validations").rglob("*.html")):
        name = page.stem.removeprefix(f"{DATA_SOURCE}-")
        good, total = met[name]
        mark = '<td class="good">✓</td>' if good == total else '<td class="bad">✗</td>'
        link = quote(page.relative_to(site).as_posix())
        rows.append(f'<tr>{mark}<td><a href="{link}">{escape(name)}</a></td><td>{good} / {total}</td></tr>')
    head = "<tr><th></th><th>检查对象 · records of</th><th>符合的期望 · expectations met</th></tr>"
    return (
        f'<!DOCTYPE html><html><head><meta charset="UTF-8"><title>Data Docs</title><style>{_style()}</style></head>'
        f"<body><h1>数据检查 · Data Docs</h1><p>{escape(title)}</p><table>{head}{''.join(rows)}</table></body></html>"
    )


def _style() -> str:
    return files("quality.expectations").joinpath("docs.css").read_text(encoding="utf-8")


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.part")
