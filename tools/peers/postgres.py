"""A PostgreSQL server of the peers' own, from the wheel the tests use; it listens on a socket only."""

from __future__ import annotations

import subprocess
from typing import Any

from tools.peers.background import TRIES
from tools.peers.place import PeersError, Place

DATABASES = ("erp", "shop")


def start(place: Place) -> str:
    """Start the server, make the databases and return the folder of its socket."""
    server = _server(place)
    known = server.psql("SELECT datname FROM pg_database;")
    for name in DATABASES:
        if name not in known.split():
            server.psql(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0;")
    return str(server.get_uri().partition("host=")[2])


def _server(place: Place) -> Any:
    """Return the running server; the wheel waits ten seconds for it, which a busy machine may need more than once."""
    import pgserver

    place.work.mkdir(parents=True, exist_ok=True)
    for _ in range(TRIES):
        try:
            return pgserver.get_server(place.work / "postgres", cleanup_mode=None)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            failed = error
            pgserver.PostgresServer._instances.pop(place.work / "postgres", None)
    raise PeersError(f"PostgreSQL does not start ({failed}). See {place.work / 'postgres' / 'log'}.")


def stop(place: Place) -> bool:
    """Stop the server; returns whether it ran."""
    from pgserver import pg_ctl
    from pgserver.utils import PostmasterInfo

    folder = place.work / "postgres"
    info = PostmasterInfo.read_from_pgdata(folder) if (folder / "PG_VERSION").exists() else None
    if info is None or not info.is_running():
        return False
    try:
        pg_ctl(["-w", "-m", "fast", "stop"], pgdata=folder, user=folder.owner())
    except subprocess.CalledProcessError:
        return False
    return True
