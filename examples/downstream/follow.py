"""Keep a copy of a hub's golden records in step: ``python follow.py --copy customers.db``.

The hub is named by ``CDM_URL``, the token by ``CDM_TOKEN``. Stop it whenever you like; it goes on where it stopped.
Needs nothing but Python 3.11.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from feed import Feed, RefusedError
from local_copy import LocalCopy


def main() -> int:
    """Follow until told to stop; returns the exit status."""
    chosen = arguments()
    token = os.environ.get("CDM_TOKEN", "")
    if not token:
        print(
            "CDM_TOKEN is not set. Make a token: cdm token create NAME --scope feed --scope personal", file=sys.stderr
        )
        return 2
    feed = Feed(os.environ.get("CDM_URL", "http://127.0.0.1:8765"), token)
    copy = LocalCopy(chosen.copy)
    try:
        while True:
            follow(feed, copy)
            if chosen.once:
                return 0
            time.sleep(chosen.every)
    except RefusedError as refused:
        print(f"The hub refuses: {refused}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        copy.close()


def follow(feed: Feed, copy: LocalCopy) -> None:
    """Take in everything that is new."""
    for page in feed.pages(copy.position()):
        count = copy.apply(page)
        if count:
            print(f"{count} changes, at event {copy.position()}, {len(copy.customers())} customers", flush=True)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Keep a copy of a hub's golden records in step.")
    parser.add_argument("--copy", type=Path, default=Path("customers.db"), help="file of the copy")
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two questions")
    parser.add_argument("--once", action="store_true", help="take in what is new and stop")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
