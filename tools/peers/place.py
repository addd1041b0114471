"""Where the peers live: their folder, ports, addresses and the secrets made up for them."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class PeersError(Exception):
    """A peer cannot be installed, started or filled; the message names the log file."""


@dataclass(frozen=True)
class Place:
    """The work folder of one set of peers; ``port`` is Tryton's, Vendure has the next one."""

    work: Path
    port: int = 18001

    @property
    def tryton_url(self) -> str:
        """Address of the ERP."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def vendure_url(self) -> str:
        """Address of the shop."""
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def environment(self) -> Path:
        """Folder of the virtual environment that holds Tryton and Node.js."""
        return self.work / "env"

    @property
    def python(self) -> Path:
        """Python of that environment."""
        return self.environment / "bin" / "python"

    @property
    def secrets_file(self) -> Path:
        """Where their passwords and keys are kept, as a shell reads them."""
        return self.work / "secrets.env"

    def log(self, name: str) -> Path:
        """Return the log file of one step or server."""
        folder = self.work / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.log"

    @cached_property
    def secrets(self) -> dict[str, str]:
        """Passwords and keys, made up when first asked for and readable by this user only."""
        path = self.secrets_file
        if not path.exists():
            self.work.mkdir(parents=True, exist_ok=True)
            made = {"TRYTON_PASSWORD": secrets.token_hex(12), "TRYTON_KEY": secrets.token_hex(32)}
            made |= {"VENDURE_PASSWORD": secrets.token_hex(12), "VENDURE_COOKIE": secrets.token_hex(16)}
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
                stream.writelines(f"{name}={value}\n" for name, value in made.items())
        return dict(line.split("=", 1) for line in path.read_text("utf-8").splitlines())
