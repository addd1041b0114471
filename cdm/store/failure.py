"""Turns what a database driver raises into errors the user can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from cdm.errors import Conflict, StoreDamaged, StoreError, StoreFull, StoreLocked, StoreUnavailable

_SQLITE = (
    ("database or disk is full", StoreFull),
    ("disk i/o error", StoreFull),
    ("database is locked", StoreLocked),
    ("database table is locked", StoreLocked),
    ("file is not a database", StoreDamaged),
    ("disk image is malformed", StoreDamaged),
    ("unable to open database file", StoreUnavailable),
    ("readonly database", StoreUnavailable),
)
_SQLSTATE = (
    ("53100", StoreFull),
    ("55P03", StoreLocked),
    ("40", StoreLocked),
    ("08", StoreUnavailable),
    ("57P", StoreUnavailable),
    ("53", StoreUnavailable),
    ("28", StoreUnavailable),
    ("3D", StoreUnavailable),
    ("XX", StoreDamaged),
)
_REMEDY: dict[type[StoreError], str] = {
    StoreFull: "Free space on the disk of the hub database and run the same command again; nothing was half-written.",
    StoreLocked: "Wait until the other run has ended, or raise CDM_LOCK_TIMEOUT, and run the same command again.",
    StoreDamaged: "Check that CDM_HUB_URL names a hub database; restore it from a backup if it does.",
    StoreUnavailable: "Check that the database of CDM_HUB_URL is running and may be written to, then try again.",
    StoreError: "Run the command again with --debug and report the message if it persists.",
}


def _kind(error: DBAPIError) -> type[StoreError]:
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return next((kind for prefix, kind in _SQLSTATE if state.startswith(prefix)), StoreError)
    if error.connection_invalidated or type(error.orig).__module__.startswith("psycopg"):
        return StoreUnavailable  # psycopg gives no state where the server never answered
    text = str(error.orig).lower()
    return next((kind for mark, kind in _SQLITE if mark in text), StoreError)


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Run database work; whatever the driver raises leaves as a :class:`~cdm.errors.StoreError` or ``Conflict``.

    Args:
        place: the database's name without any password, for the message.

    Raises:
        StoreError: one of its branches, by what the driver said.
        Conflict: a constraint of the database was violated.
    """
    try:
        yield
    except IntegrityError as error:
        raise Conflict(
            f"The hub database {place} refused a contradictory change: {_first_line(error.orig)}",
            remedy="Read the present state and repeat the change on it.",
        ) from error
    except DBAPIError as error:
        kind = _kind(error)
        raise kind(f"The hub database {place} failed: {_first_line(error.orig)}.", remedy=_REMEDY[kind]) from error
    except NoSuchModuleError as error:
        raise StoreUnavailable(
            f"There is no driver for the hub database {place}.", remedy="Use a sqlite:/// or postgresql:// URL."
        ) from error
    except SQLAlchemyError as error:
        raise StoreError(f"The hub database {place} failed: {error}.", remedy=_REMEDY[StoreError]) from error


def _first_line(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
