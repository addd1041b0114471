"""Printing: results to standard output, complaints and progress bars to standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from schemas.progress import Progress


def complain(message: str, remedy: str = "", *, code: str = "") -> None:
    """Say on standard error what is wrong and what to do; plain text, so that a log reads well."""
    label = f"error[{code}]" if code else "error"
    print(f"{label}: {message}", file=sys.stderr)  # noqa: T201 - the command line's own voice
    if remedy:
        print(f"  → {remedy}", file=sys.stderr)  # noqa: T201


def console() -> Console:
    """The console for results; as wide as needed where output is piped into a file or another program."""
    from rich.console import Console

    return Console(soft_wrap=not sys.stdout.isatty(), highlight=False)


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
