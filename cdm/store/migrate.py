"""Brings a hub database to the schema of this release."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from cdm.errors import StoreDamaged, StoreTooNew
from cdm.store.database import Database
from cdm.store.tables import HEAD

_DIRECTORY = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Create the tables of a new hub, or carry an older one up to this release, in one transaction.

    Args:
        database: the hub; nothing is written where it already has the schema of this release.

    Raises:
        StoreTooNew: a newer release has written it.
        StoreDamaged: the database holds other tables than a hub's.
    """
    with database.read() as connection:
        present = _revision(connection, database.place)
    if present == HEAD:
        return
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('cdm.migrate'))"))
        present = _revision(connection, database.place)
        if present != HEAD:
            _upgrade(connection, present, database.place)


def _revision(connection: Connection, place: str) -> str | None:
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
    if tables:
        raise StoreDamaged(
            f"The database {place} holds other tables ({', '.join(sorted(tables)[:3])}, …) and no hub.",
            remedy="Set CDM_HUB_URL to a database of the hub's own.",
        )
    return None


def _upgrade(connection: Connection, present: str | None, place: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_DIRECTORY).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if present is not None and present not in known:
        raise StoreTooNew(
            f"The hub database {place} has schema {present}; this release knows schemas up to {HEAD}.",
            remedy="Install the newer release that wrote it, or restore a backup made with this one.",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
