"""Install and start the shop."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from tools.peers import background, environment
from tools.peers.place import Place

NAME = "vendure"
HERE = Path(__file__).parent
FILES = ("package.json", "package-lock.json", "server.js")


def start(place: Place, socket: str) -> None:
    """Bring the shop up: its packages as locked, its tables, the server."""
    environment.install(place)
    folder = place.work / "vendure"
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(HERE / name, folder / name)
    _install(place, folder)
    variables = {
        "PEER_PORT": str(place.port + 1),
        "PEER_SOCKET": socket,
        "PEER_PASSWORD": place.secrets["VENDURE_PASSWORD"],
        "PEER_COOKIE": place.secrets["VENDURE_COOKIE"],
        "VENDURE_DISABLE_TELEMETRY": "true",
        "NODE_ENV": "production",
    }
    command = [_program(place, "node"), "server.js"]
    url = f"{place.vendure_url}/health"
    background.start(place, NAME, command, url, environment=variables, folder=folder)


def stop(place: Place) -> bool:
    """Stop the shop; returns whether it ran."""
    return background.stop(place, NAME)


def _install(place: Place, folder: Path) -> None:
    wanted = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "installed"
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    path = f"{place.environment / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [_program(place, "npm"), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    background.run(place, "npm", command, environment={"PATH": path}, folder=folder, tries=background.TRIES)
    stamp.write_text(wanted, "utf-8")


def _program(place: Place, name: str) -> Path:
    return place.environment / "bin" / name
