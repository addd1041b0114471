"""What is published to a target, and how."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from cdm.language import Language
from cdm.pipeline.publish.errors import TargetRefused
from cdm.security import Role
from connectors.location import expand, is_url

FORMATS = (".parquet", ".csv", ".xlsx", ".jsonl")
PREFIX = re.compile(r"[a-z][a-z0-9_]{0,29}")
_PASSWORD = re.compile(r"(//[^/@:]*:)[^@$]+(?=@)")


@dataclass(frozen=True, slots=True)
class Options:
    """What is published to a target, and how.

    Attributes:
        role: whose sight of personal data applies: clear, in part, or not at all.
        sensitive: sensitive fields are published too, as far as the role sees them; else they are left out.
        entity: only this entity type; all party types where empty.
        prefix: of the tables of a database.
        language: of headers in files that people read.
    """

    role: Role = Role.STEWARD
    sensitive: bool = False
    entity: str = ""
    prefix: str = "golden"
    language: Language = "en"

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Options:
        """Return options as the store keeps them."""
        return cls(**{**kept, "role": Role(kept["role"])})

    def kept(self) -> Mapping[str, Any]:
        """Return what the store keeps."""
        return {**asdict(self), "role": self.role.value}


def usable(location: str, options: Options) -> str:
    """Return a location as it is kept: a path becomes absolute.

    Raises:
        TargetRefused: it names neither a database nor a file of a known format, or an option cannot be used.
    """
    if not PREFIX.fullmatch(options.prefix):
        raise TargetRefused(
            f"'{options.prefix}' cannot begin the names of tables.",
            remedy="Use lower-case letters, digits and '_', a letter first, at most 30.",
        )
    if options.role is Role.SERVICE:
        raise TargetRefused(
            "What a service sees is said by its token, not by its role.",
            remedy="Choose viewer, steward or administrator.",
        )
    if is_url(location):
        if location.split(":", 1)[0].split("+", maxsplit=1)[0] not in ("sqlite", "postgresql", "postgres"):
            raise TargetRefused(
                f"Golden records cannot be published to {masked(location)}.",
                remedy="Use sqlite:///path/of/file, postgresql://user@host/name, or a file.",
            )
        plain = location.startswith("sqlite:///") and "${" not in location
        return f"sqlite:///{Path(location.removeprefix('sqlite:///')).absolute()}" if plain else location
    if Path(location).suffix.lower() not in FORMATS:
        raise TargetRefused(
            f"{location} has no ending that names a format.", remedy=f"Use one of: {', '.join(FORMATS)}; or a database."
        )
    return location if "${" in location else str(Path(location).expanduser().absolute())


def database_url(location: str) -> Any:
    """Return the URL of a database target, placeholders filled in.

    Raises:
        TargetRefused: it cannot be read.
        SourceError: it names an environment variable that is not set.
    """
    try:
        url = make_url(expand(location))
    except ArgumentError as error:
        raise TargetRefused(
            f"The location {masked(location)} cannot be read.",
            remedy="Use sqlite:///path or postgresql://user@host/name.",
        ) from error
    return url.set(drivername="postgresql+psycopg") if url.get_backend_name() in ("postgresql", "postgres") else url


def masked(location: str) -> str:
    """Return a location for people: a password that stands in it is not shown."""
    return _PASSWORD.sub(r"\1***", location)
