"""Open the connector of a source, within the bounds of this installation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from connectors.contract import Connector
from connectors.errors import SourceTooLarge
from schemas.source import SourceSpec

if TYPE_CHECKING:
    from cdm.settings import Settings

MEGABYTE = 10**6


def connector_of(spec: SourceSpec, settings: Settings) -> Connector:
    """Return the connector that reads a registered source.

    Raises:
        SourceTooLarge: its file is larger than the settings allow.
    """
    from connectors.registry import open_source

    check_size(spec.location, settings)
    return open_source(spec)


def check_size(location: str, settings: Settings) -> None:
    """Refuse a file that is larger than the settings allow before any of it is read; raises ``SourceTooLarge``."""
    from connectors.location import expand, is_url

    path = Path() if is_url(location) else Path(expand(location)).expanduser()
    if not path.is_file():
        return
    megabytes = path.stat().st_size / MEGABYTE
    if megabytes > settings.max_file_megabytes:
        raise SourceTooLarge(
            f"The file '{path}' has {megabytes:,.1f} MB; at most {settings.max_file_megabytes:,} MB are opened.",
            remedy="Raise CDM_MAX_FILE_MEGABYTES if it is what you want to read, or split the file.",
            file=str(path),
        )
