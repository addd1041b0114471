"""Printing: results to standard output, complaints and progress bars to standard error."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from schemas.progress import Progress

UNBOUNDED = 10_000
"""Columns of a line that no terminal cuts: output goes into a file or another program."""
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""Characters in customers' data that would steer the terminal; line breaks are left."""


def complain(message: str, remedy: str = "", *, code: str = "") -> None:
    """Say on standard error what is wrong and what to do; plain text, so that a log reads well."""
    label = f"error[{code}]" if code else "error"
    print(f"{label}: {plain(message)}", file=sys.stderr)  # noqa: T201 - the command line's own voice
    if remedy:
        print(f"  → {plain(remedy)}", file=sys.stderr)  # noqa: T201


def plain(text: str) -> str:
    """Return a text without characters that would steer the terminal."""
    return _CONTROLS.sub("�", text)


def console() -> Console:
    """The console for results; as wide as needed where output is piped into a file or another program."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    return Console(soft_wrap=not terminal, highlight=False, width=None if terminal else UNBOUNDED)


def say(text: str) -> None:
    """Print one line of result."""
    console().print(plain(text), markup=False)


def show_table(headers: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "", whole: int = 1) -> None:
    """Print a table; values are shown in full, line by line where the terminal is too narrow for columns.

    Args:
        headers: of the columns.
        rows: one text per column.
        title: above the table.
        whole: the first so many columns are never folded, so that what they hold can be copied.
    """
    screen, kept = console(), list(rows)
    table = text_table(headers, kept, title=title, whole=whole)
    if whole and screen.measure(table, options=screen.options.update(max_width=UNBOUNDED)).minimum > screen.width:
        for line in _cards(headers, kept, title):
            screen.print(line, markup=False, soft_wrap=True)
    else:
        screen.print(table)


def _cards(headers: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> Iterator[str]:
    """Yield the lines of a table that is too wide: one block per row, one line per value."""
    if title:
        yield plain(title)
    for row in rows:
        yield ""
        yield from (f"{header}: {plain(cell)}" for header, cell in zip(headers, row, strict=True) if cell)


def text_table(headers: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "", whole: int = 1) -> Table:
    """Return the table that :func:`show_table` prints."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title) if title else None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, header in enumerate(headers):
        table.add_column(header, overflow="fold", no_wrap=place < whole)
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    return table


@contextmanager
def progress_bars(*, quiet: bool = False) -> Iterator[Progress]:
    """Show one bar per stage with rate and time left; nothing where standard error is not a terminal or ``quiet``."""
    from schemas.progress import silent

    if quiet or not sys.stderr.isatty():
        yield silent
        return
    from cdm.cli.progress import Bars

    with Bars() as bars:
        yield bars
