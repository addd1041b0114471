"""Parameters that several routes take."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from pydantic import Field, StringConstraints

GoldenId = Annotated[
    str,
    Path(pattern=r"^[0-9A-Za-z-]{1,64}$", description="Golden id.", examples=["0196a1c2-7b3e-7c10-9d55-0f5b1e2a3c4d"]),
]
AsOf = Annotated[
    str,
    Query(
        max_length=40,
        description="As it was: a day (its end), a time (UTC), or after a run's number.",
        examples=["2026-05-01"],
    ),
]
Entity = Annotated[str, Query(pattern=r"^[a-z_]{0,60}$", description="Only this entity type.", examples=["person"])]
SourceName = Annotated[str, Path(pattern=r"^[\w.-]{1,60}$", description="Name of the source.", examples=["shop"])]
Key = Annotated[str, Path(min_length=1, max_length=500, description="The record's key in the source.", examples=["U1"])]
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]
"""A text without NUL, which no database keeps."""
ColumnName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Why = Annotated[
    str,
    StringConstraints(max_length=2000, pattern=r"^[^\x00]*$"),
    Field(description="Why; kept with the decision.", examples=["电话核实为同一人"]),
]
