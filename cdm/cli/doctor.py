"""``cdm doctor``: is everything all right with this hub?"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cdm.cli.console import say
from cdm.cli.options import Globals

_SIGNS = {"ok": "✓", "note": "·", "warning": "!", "error": "✗"}


def doctor(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="One JSON object per line, for programs.")] = False,
) -> None:
    """Examine the hub: integrity, disk, versions, who is writing, settings; exit status 8 where it is not sound."""
    from cdm.errors import ExitCode
    from cdm.pipeline.doctor import Level, examine_hub
    from cdm.pipeline.hub import settings_of

    options: Globals = context.obj
    sound = True
    for one in examine_hub(settings_of(options.hub or None, create=False)):
        sound = sound and one.level is not Level.ERROR
        if json:
            sys.stdout.write(_line(one.as_json()))
            continue
        say(f"{_SIGNS[one.level]} {one.check}: {one.text.text(options.language)}")
        if remedy := one.remedy.text(options.language):
            say(f"  → {remedy}")
    if not sound:
        raise typer.Exit(ExitCode.UNSOUND)


def _line(content: object) -> str:
    import orjson

    return orjson.dumps(content).decode() + "\n"
