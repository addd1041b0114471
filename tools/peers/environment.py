"""The virtual environment that holds Tryton and Node.js, from a lock with hashes."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from tools.peers.background import TRIES, run
from tools.peers.place import Place

LOCK = Path(__file__).parent / "tryton" / "requirements.lock"


def install(place: Place) -> None:
    """Make the environment, unless it stands as the lock wants it."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp = place.environment / "installed"
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    run(place, "environment", [sys.executable, "-m", "venv", place.environment])
    command = [place.python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK]
    run(place, "environment", command, tries=TRIES)
    stamp.write_text(wanted, "utf-8")
