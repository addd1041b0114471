"""Brings a hub database to the schema of this release."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table, text

from cdm.errors import StoreDamaged, StoreTooNew
from cdm.store.database import Database
from cdm.store.tables import HEAD

REVISION_TABLE = "alembic_version"
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
        present = revision_of(connection, database.place)
    if present == HEAD:
        return
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('cdm.migrate'))"))
        present = revision_of(connection, database.place)
        if present != HEAD:
            bring_to(connection, HEAD, database.place)


def revision_of(connection: Connection, place: str) -> str | None:
    """Return the schema revision of a hub, ``None`` where there are no tables.

    Raises:
        StoreDamaged: the database holds other tables than a hub's.
    """
    tables = inspect(connection).get_table_names()
    if REVISION_TABLE in tables:
        return str(connection.execute(select(column("version_num")).select_from(table(REVISION_TABLE))).scalar())
    if tables:
        raise StoreDamaged(
            f"The database {place} holds other tables ({', '.join(sorted(tables)[:3])}, …) and no hub.",
            remedy="Set CDM_HUB_URL to a database of the hub's own.",
        )
    return None


def bring_to(connection: Connection, target: str, place: str) -> None:
    """Carry the tables up to a revision, in the caller's transaction.

    Raises:
        StoreTooNew: the present revision or the one asked for is of a newer release.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_DIRECTORY).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    strange = {target, revision_of(connection, place) or target} - known
    if strange:
        raise StoreTooNew(
            f"The hub {place} or its backup has schema {strange.pop()}; this release knows schemas up to {HEAD}.",
            remedy="Install the newer release that wrote it, or restore a backup made with this one.",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, target)
