"""``cdm edit``: state values of a golden record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Annotated

import typer

from cdm.cli.options import Globals
from cdm.cli.steward import Reason, Who, tell, who


def edit(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="ID|SOURCE:KEY", help="Golden id, or source:key of a record of it.")],
    values: Annotated[
        list[str] | None, typer.Argument(metavar="FIELD=VALUE …", help="Field by the model's name; repeat for more.")
    ] = None,
    *,
    clear: Annotated[list[str] | None, typer.Option(help="A field that is to have no value; repeat for more.")] = None,
    until: Annotated[str, typer.Option(metavar="DATE", help="Holds to the end of that day (or a time, UTC).")] = "",
    reason: Reason = "",
    by: Who = "",
) -> None:
    """State values of a golden record: they outrank every source until undone or over."""
    from cdm.pipeline.naming import golden_id_named
    from cdm.stewardship import Edit
    from cdm.stewardship import edit as step

    options: Globals = context.obj
    said = Edit(_values(values or ()), clear or (), _until(until))
    with options.open_hub() as hub:
        done = step(hub, golden_id_named(hub, what), said, who(by, reason))
    tell(options, done, options.pick("已修改", "Edited"))


def _values(words: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in words:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(f"'{one}' is no FIELD=VALUE, e.g. email=li@firma.cn.", param_hint="FIELD=VALUE")
        found.setdefault(name.strip(), []).append(value)
    return found


def _until(words: str) -> datetime | None:
    if not words:
        return None
    try:
        said = datetime.fromisoformat(words)
    except ValueError:
        raise typer.BadParameter(f"'{words}' is no day, e.g. 2026-12-31.", param_hint="--until") from None
    if len(words) <= len("2026-12-31"):
        said = datetime.combine(said.date(), time.max)
    return said if said.tzinfo else said.replace(tzinfo=UTC)
