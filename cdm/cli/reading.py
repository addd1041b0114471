"""Options that say how a table is to be read, shared by the commands that read one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

IdColumn = Annotated[str | None, typer.Option("--id", help="Column with the record's id; else the row number.")]
SourceColumn = Annotated[str | None, typer.Option("--source", help="Column that names the record's source.")]
EntityType = Annotated[str, typer.Option("--entity", help="person, organization or auto.")]
MapFile = Annotated[Path | None, typer.Option("--map", help="Mapping file (YAML) instead of the proposed one.")]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", help="Column to leave out; may be repeated.")]
