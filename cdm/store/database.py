"""One hub database: connections, transactions and the lock that lets one run write at a time."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from cdm.errors import StoreLocked, StoreUnavailable
from cdm.store.failure import translated
from cdm.store.turns import begin_immediate, turns

ADVISORY_LOCK = 0x43444D_48554200
"""'CDM HUB': the advisory lock of the writer on PostgreSQL."""
_NOTICE = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
"""Lets a PostgreSQL server notice within a minute that the computer of a client is gone, and free what it held."""
_WRITE_CACHE, _READ_CACHE = 65_536, 8_192
"""Kilobytes of an SQLite database that a connection keeps at hand in a transaction that writes or only reads."""


class Database:
    """A hub database on SQLite or PostgreSQL.

    Args:
        url: ``sqlite:///path`` or ``postgresql://user:password@host/name``.
        lock_timeout: seconds to wait for another writer.
    """

    def __init__(self, url: str, lock_timeout: float = 10.0) -> None:
        self.url = _parse(url)
        self.lock_timeout = lock_timeout
        self._writer_session: int | None = None
        self.place = self.url.render_as_string(hide_password=True)
        with translated(self.place):
            self.engine = self._sqlite() if self.is_sqlite else self._postgres()

    @property
    def is_sqlite(self) -> bool:
        """True on SQLite, false on PostgreSQL."""
        return self.url.get_backend_name() == "sqlite"

    def _sqlite(self) -> Engine:
        path = Path(self.url.database or "")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(
                f"The directory of the hub database {path} cannot be made: {error.strerror}.",
                remedy="Set CDM_HOME to a directory that may be written to.",
            ) from error
        engine = create_engine(self.url, connect_args={"timeout": self.lock_timeout})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _postgres(self) -> Engine:
        options = f"-c lock_timeout={int(self.lock_timeout * 1000)} -c timezone=UTC {_NOTICE}"
        arguments = {"connect_timeout": 10, "options": options, "application_name": _program()}
        return create_engine(self.url, pool_pre_ping=True, connect_args=arguments)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection in a transaction that only reads and sees one state of the hub."""
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with translated(self.place), self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection in a transaction: all of it is durable when the block ends, or nothing is."""
        with (
            translated(self.place),
            self._turn(),
            self.engine.connect().execution_options(cdm_write=self.lock_timeout) as connection,
            connection.begin(),
        ):
            if self._writer_session is not None:
                self._must_be_writer(connection, self._writer_session)
            yield connection

    def _turn(self) -> AbstractContextManager[None]:
        """Wait for one's turn among the threads of this process; a server keeps those who wait in line by itself."""
        if not self.is_sqlite:
            return nullcontext()
        return turns(str(Path(self.url.database or "").resolve())).taken(self.lock_timeout)

    @contextmanager
    def writer(self) -> Iterator[None]:
        """Hold the right to run a job that writes; it ends with the process, however that ends.

        The right needs no renewing and cannot run out while its holder is alive, paused or slow. A holder that is gone
        gives it back at once, one whose computer is gone within a minute, when the server notices; should a holder live
        on whose session was ended, its next transaction is refused, so that there are never two.

        Raises:
            StoreLocked: another process holds it and did not let go within ``lock_timeout``.
        """
        with self._sqlite_writer() if self.is_sqlite else self._postgres_writer():
            yield

    @contextmanager
    def _sqlite_writer(self) -> Iterator[None]:
        # A second, empty SQLite file carries the lock: the operating system frees it when the process dies, on every
        # platform, and the hub itself stays open to short transactions of others.
        lock = sqlite3.connect(f"{self.url.database}.writer", timeout=self.lock_timeout, isolation_level=None)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            lock.close()
            raise self._locked() from error
        try:
            with suppress(OSError):  # who holds it is told to people only; the lock itself does not depend on it
                Path(f"{self.url.database}.writer.by").write_text(_program(), encoding="utf-8")
            yield
        finally:
            lock.close()

    @contextmanager
    def _postgres_writer(self) -> Iterator[None]:
        with translated(self.place):
            connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            try:
                with translated(self.place):
                    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
                    self._writer_session = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            except StoreLocked as error:
                raise self._locked() from error
            yield
        finally:
            self._writer_session = None
            # Closing the session frees the lock even where the server is gone and could not be told.
            connection.invalidate()
            connection.close()

    def _must_be_writer(self, connection: Connection, session: int) -> None:
        held = text("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = :pid")
        if connection.execute(held, {"pid": session}).first() is None:
            raise StoreUnavailable(
                f"The hub {self.place} ended the session of this run; another run may be writing to it now.",
                remedy="Run the same command again; it goes on where this one stopped.",
            )

    def _locked(self) -> StoreLocked:
        return StoreLocked(
            f"Another run has been writing to the hub {self.place} for longer than {self.lock_timeout:g} seconds.",
            remedy="Wait until it has ended ('cdm doctor' tells who it is), or raise CDM_LOCK_TIMEOUT; then repeat it.",
        )

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _program() -> str:
    """Return what this process is known by to whoever waits for it; at most as long as a server keeps it."""
    return f"cdm {os.getpid()} @{socket.gethostname()}"[:63]


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreUnavailable(
            "The URL of the hub database cannot be read.", remedy="Set CDM_HUB_URL to sqlite:///path or postgresql://…"
        ) from error
    if parsed.get_backend_name() in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return parsed
    raise StoreUnavailable(
        f"The hub cannot be kept in {parsed.render_as_string(hide_password=True)}.",
        remedy="Set CDM_HUB_URL to sqlite:///path/of/file or postgresql://user@host/name.",
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by us, not by the driver's guess
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    # The journal mode is written into the file: a database that turns out to be no hub must stay as it was.
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables or "alembic_version" in tables:
        connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: upgrading from a read in the middle of a transaction could only fail.
    patience: float | None = connection.get_execution_options().get("cdm_write")
    # Writing touches index pages here and there and wants them at hand; reading goes through them once.
    connection.exec_driver_sql(f"PRAGMA cache_size=-{_READ_CACHE if patience is None else _WRITE_CACHE}")
    if patience is None:
        connection.exec_driver_sql("BEGIN")
        return
    driver: Any = connection.connection.driver_connection
    try:
        if not begin_immediate(driver, patience):
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # refused again, as an error that tells why
    finally:
        driver.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")
