"""A PostgreSQL server of the peers' own, from the wheel the tests use; it listens on a socket only."""

from __future__ import annotations

import subprocess

from tools.peers.place import Place

DATABASES = ("erp", "shop")


def start(place: Place) -> str:
    """Start the server, make the databases and return the folder of its socket."""
    import pgserver

    place.work.mkdir(parents=True, exist_ok=True)
    server = pgserver.get_server(place.work / "postgres", cleanup_mode=None)
    known = server.psql("SELECT datname FROM pg_database;")
    for name in DATABASES:
        if name not in known.split():
            server.psql(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0;")
    return str(server.get_uri().partition("host=")[2])


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
