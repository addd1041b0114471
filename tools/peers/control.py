"""Bring the peers up, fill them, take them down."""

from __future__ import annotations

import time

from tools.peers import postgres
from tools.peers.place import Place
from tools.peers.seed import seed_peers
from tools.peers.tryton import server as tryton
from tools.peers.vendure import server as vendure


def up(place: Place) -> None:
    """Install what is missing and start what does not run."""
    begin = time.monotonic()

    def say(what: str) -> None:
        print(f"[{time.monotonic() - begin:5.0f} s] {what}", flush=True)

    socket = postgres.start(place)
    say("PostgreSQL runs")
    tryton.start(place, socket)
    say(f"Tryton answers at {place.tryton_url}")
    vendure.start(place, socket)
    say(f"Vendure answers at {place.vendure_url}")


def seed(place: Place) -> None:
    """Fill both over their own APIs."""
    seed_peers(place)
    print(f"Seeded. Their secrets stand in {place.secrets_file}; add them to a hub:")
    print(f"  set -a; . {place.secrets_file}; set +a")
    host = place.tryton_url.removeprefix("http://")
    print(f"  cdm source add erp 'tryton://:${{TRYTON_KEY}}@{host}/erp'")
    print(f"  cdm source add erp-orders 'tryton://:${{TRYTON_KEY}}@{host}/erp' --table orders --customers erp")
    host = place.vendure_url.removeprefix("http://")
    print(f"  cdm source add shop 'vendure://superadmin:${{VENDURE_PASSWORD}}@{host}'")
    print(
        f"  cdm source add shop-orders 'vendure://superadmin:${{VENDURE_PASSWORD}}@{host}'"
        " --table orders --customers shop"
    )


def down(place: Place) -> None:
    """Stop all of them."""
    for name, stop in (("Vendure", vendure.stop), ("Tryton", tryton.stop), ("PostgreSQL", postgres.stop)):
        print(f"{name} {'stopped' if stop(place) else 'did not run'}")
