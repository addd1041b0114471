"""A read-only engine for a database URL."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, exc
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from connectors.errors import DriverMissing, OptionsInvalid
from connectors.location import expand, open_file_path

CONNECT_SECONDS = 10
"""How long to wait for a database to answer."""

_ALIASES = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
_PACKAGES = {
    "MySQLdb": "'pymysql', and write mysql+pymysql:// in the URL",
    "pymysql": "'pymysql'",
    "pyodbc": "'pyodbc' and the database's ODBC driver",
    "oracledb": "'oracledb'",
    "cx_Oracle": "'oracledb', and write oracle+oracledb:// in the URL",
    "psycopg2": "'psycopg2', or write postgresql:// in the URL",
}


def parse_url(location: str) -> URL:
    """Return the URL with ``${NAME}`` placeholders replaced from the environment.

    Raises:
        OptionsInvalid: it is no database URL; the location itself is not repeated, it may hold a password.
    """
    try:
        url = make_url(expand(location))
    except (exc.ArgumentError, ValueError):
        raise OptionsInvalid(
            "The location is not a database URL.",
            remedy="Write it like postgresql://user:${PASSWORD}@host:5432/database or sqlite:///folder/file.db.",
        ) from None
    return url.set(drivername=_ALIASES.get(url.drivername, url.drivername))


def open_engine(url: URL) -> Engine:
    """Return an engine that opens one connection at a time, read-only where the database knows how.

    Raises:
        DriverMissing: the URL names a database or driver that is not installed.
        SourceNotFound: the file of an SQLite database does not exist (it would be created empty otherwise).
    """
    try:
        if url.get_backend_name() == "sqlite" and not (url.database or "").startswith("file:"):
            return _open_sqlite(url)
        driver = url.get_driver_name()
        arguments = {"connect_timeout": CONNECT_SECONDS} if driver in ("psycopg", "psycopg2", "pymysql") else {}
        return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=arguments)
    except exc.NoSuchModuleError:
        raise DriverMissing(
            f"No database driver is known for '{url.drivername}'.",
            remedy="Use sqlite, postgresql, mysql+pymysql, mssql+pyodbc, oracle+oracledb, or install its dialect.",
            driver=url.drivername,
        ) from None
    except ModuleNotFoundError as error:
        package = _PACKAGES.get(str(error.name), f"'{error.name}'")
        raise DriverMissing(
            f"The driver for '{url.drivername}' is not installed.", remedy=f"Install {package}.", driver=url.drivername
        ) from None


def _open_sqlite(url: URL) -> Engine:
    if url.database in (None, "", ":memory:"):
        raise OptionsInvalid(
            "An SQLite location needs a file.", remedy="Write it like sqlite:///folder/file.db (four / for /folder)."
        )
    path = open_file_path(str(url.database))
    return create_engine("sqlite://", creator=lambda: _connect_sqlite(path), poolclass=NullPool, hide_parameters=True)


def _connect_sqlite(path: Path) -> sqlite3.Connection:
    """Open a database file without the right to change it."""
    location = f"file:{quote(str(path.resolve()))}?mode=ro"
    return sqlite3.connect(location, uri=True, timeout=CONNECT_SECONDS)
