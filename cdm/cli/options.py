"""Options that every command shares, and the hub they open."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdm.pipeline.hub import Hub


@dataclass(frozen=True, slots=True)
class Globals:
    """What the user said before the command's name."""

    hub: str
    language: str
    quiet: bool
    debug: bool

    def pick(self, zh: str, en: str) -> str:
        """Return the text in the user's language."""
        return zh if self.language == "zh" else en

    def command(self, words: str) -> str:
        """Return a command to type next, on the hub that was named on this line."""
        named = os.environ.get("CDM_HUB_URL", "") != self.hub and self.hub
        return f"cdm --hub {shlex.quote(self.hub)} {words}" if named else f"cdm {words}"

    @contextmanager
    def open_hub(self, *, create: bool = False) -> Iterator[Hub]:
        """Open the hub the user named, or the one the settings name; only ``create`` makes one that is not there."""
        from cdm.pipeline.hub import open_hub

        with open_hub(self.hub or None, create=create) as hub:
            yield hub
