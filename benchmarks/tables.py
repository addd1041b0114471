"""Write measured figures into a document, between markers, with the machine, the versions and the command."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import ENGINES, ROOT, Measured

NAMES = {"hub": "this engine", "splink": "Splink", "recordlinkage": "recordlinkage", "dedupe": "dedupe"}


def put(document: str, marker: str, body: str) -> str:
    """Return the document with what stands between ``<!-- marker -->`` and ``<!-- /marker -->`` replaced.

    Raises:
        ValueError: the markers are not there, in this order.
    """
    head, opening, rest = document.partition(f"<!-- {marker} -->")
    _, closing, tail = rest.partition(f"<!-- /{marker} -->")
    if not opening or not closing:
        raise ValueError(f"no markers <!-- {marker} --> … <!-- /{marker} -->")
    return f"{head}{opening}\n{body.strip()}\n{closing}{tail}"


def accuracy(found: Sequence[Measured]) -> str:
    """Return the table set × engine: precision / recall / F1, what thresholds and review add, time, memory."""
    sets = list(dict.fromkeys(m.set for m in found))
    engines = [e for e in ENGINES if any(m.engine == e for m in found)]
    heads = ["set", "records"]
    for engine in engines:
        heads.append(f"{NAMES[engine]}: P / R / F1")
        heads += ["recall with review"] if engine == "hub" else ["best F1 with the truth"] if engine == "splink" else []
        heads.append("s · processor s · MB")
    lines = [row(heads), row(["---"] * len(heads))]
    for name in sets:
        here = {m.engine: m for m in found if m.set == name}
        cells = [name, f"{next(iter(here.values())).records:,}"]
        for engine in engines:
            cells += cells_of(here.get(engine), engine)
        lines.append(row(cells))
    return "\n".join(lines)


def cells_of(one: Measured | None, engine: str) -> list[str]:
    """Return the cells of one engine on one set."""
    extra = [""] if engine in ("hub", "splink") else []
    if one is None:
        return ["not run", *extra, ""]
    if one.failed or one.figure is None:
        return [one.failed, *extra, ""]
    f = one.figure
    if engine == "hub":
        extra = ["" if one.with_review is None else f"{one.with_review:.3f}"]
    if engine == "splink":
        extra = [f"{one.best.f1:.3f}" if one.best else ""]
    return [
        f"{f.precision:.3f} / {f.recall:.3f} / {f.f1:.3f}",
        *extra,
        f"{one.seconds:.0f} · {one.processor:.0f} · {one.memory:,.0f}",
    ]


def row(cells: Sequence[str]) -> str:
    """Return one line of a Markdown table."""
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def provenance(command: str, packages: Sequence[str] = ("splink", "duckdb", "recordlinkage", "dedupe")) -> str:
    """Return where and how figures were taken: command, commit, time, machine, load, versions."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "pyarrow", "rapidfuzz", *packages))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"`{command}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit or 'unknown'}; {os.cpu_count()} cores, "
        f"{memory:.0f} GiB, {platform.system()} {platform.machine()}, Python {platform.python_version()}; {libraries}. "
        f"Load average over the last 15 minutes: {os.getloadavg()[2]:.1f}."
    )


def write(path: Path, marker: str, body: str) -> None:
    """Replace one marked part of a file."""
    path.write_text(put(path.read_text(encoding="utf-8"), marker, body), encoding="utf-8")
