"""``python -m tools.peers up|seed|down --work FOLDER [--port 18001]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.peers.control import down, seed, up
from tools.peers.place import ROOT, PeersError, Place


def main() -> int:
    """Do what was asked."""
    parser = argparse.ArgumentParser(prog="python -m tools.peers", description=sys.modules["tools.peers"].__doc__)
    parser.add_argument("what", choices=["up", "seed", "down"])
    parser.add_argument("--work", type=Path, required=True, help="folder for everything they need")
    parser.add_argument("--port", type=int, default=18001, help="Tryton's port; Vendure takes the next one")
    given = parser.parse_args()
    place = Place(given.work.absolute(), given.port)
    if place.work.is_relative_to(ROOT):
        print(f"The work folder {place.work} lies in the source tree; name one outside.", file=sys.stderr)
        return 2
    try:
        {"up": up, "seed": seed, "down": down}[given.what](place)
    except PeersError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
