# ruff: noqa: N818  (the names say what is the matter: StoreLocked, NotFound; all of them are CdmError)
"""The errors of the hub and the tree they stand in.

::

    CdmError                      schemas.errors      what the user can understand and act on
    ├── ModelError                schemas.errors      the customer information model is wrong
    ├── MappingError              schemas.errors      a mapping names what does not exist
    ├── SourceError               connectors.errors   a source cannot be read (its branches are drawn there)
    ├── SettingsError             cdm.errors          a setting (``CDM_…``) has a value out of range
    ├── StoreError                cdm.errors          the hub database refused an operation
    │   ├── StoreUnavailable      cdm.errors          it cannot be reached now            (retryable)
    │   ├── StoreLocked           cdm.errors          another run is writing to it        (retryable)
    │   ├── StoreFull             cdm.errors          its disk is full
    │   ├── StoreDamaged          cdm.errors          the file is not a readable hub database
    │   ├── BackupFailed          cdm.errors          a backup file cannot be written or read
    │   ├── BackupDamaged         cdm.errors          a backup is not what was written
    │   └── StoreTooNew           cdm.errors          it was written by a newer release
    ├── NotFound                  cdm.errors          no source, run or record of that name
    ├── Conflict                  cdm.errors          the change contradicts what is stored
    └── RunHeld                   cdm.errors          a run did not pass its checks; nothing of it was written

Rights, sign-in and tokens have a branch of their own (:mod:`cdm.security.errors`).

Every error carries a stable ``code``, an HTTP ``status``, an ``exit_code`` and a ``remedy``; ``retryable`` says whether
the same call may succeed later without any change by the user. A third-party exception never leaves its room raw.
"""

from __future__ import annotations

from enum import IntEnum

from schemas.errors import CdmError, MappingError, ModelError


class ExitCode(IntEnum):
    """What the command line answers the shell with."""

    OK = 0
    """Done; rows put into quarantine are told in the summary and do not make a run fail."""
    UNEXPECTED = 1
    """A defect of the program; please report it."""
    USAGE = 2
    """A command, option or setting is wrong."""
    MODEL = 3
    """The model or a mapping is wrong."""
    SOURCE = 4
    """A source could not be read."""
    STORE = 5
    """The hub database could not be used, is busy, or the change contradicts what is stored."""
    NOT_FOUND = 6
    """There is no source, run or record of that name."""
    QUARANTINED = 7
    """Done, but rows are in quarantine; answered only where ``--strict`` asks for it."""
    UNSOUND = 8
    """The hub or its audit trail was examined and is not whole."""
    UNMET = 9
    """Records were checked and do not meet a critical expectation; answered only where ``--strict`` asks for it."""
    HELD = 10
    """A run did not pass its checks and is held; the old state stays served."""
    TARGET = 11
    """Golden records could not be published to a target; it holds what it held before."""


class SettingsError(CdmError):
    """A setting has a value that cannot be used."""

    code, status, exit_code = "settings_invalid", 500, int(ExitCode.USAGE)


class StoreError(CdmError):
    """The hub database refused an operation."""

    code, status, exit_code = "store_error", 500, int(ExitCode.STORE)


class StoreUnavailable(StoreError):
    """The hub database cannot be reached now."""

    code, status, retryable = "store_unavailable", 503, True


class StoreLocked(StoreError):
    """Another run is writing to the hub."""

    code, status, retryable = "store_locked", 503, True


class StoreFull(StoreError):
    """The disk of the hub database is full; nothing of the operation was written."""

    code, status = "store_full", 507


class StoreDamaged(StoreError):
    """The file or database is not a readable hub."""

    code = "store_damaged"


class BackupFailed(StoreError):
    """A backup file cannot be written or read."""

    code = "backup_failed"


class BackupDamaged(StoreError):
    """A part of a backup is missing or not what was written."""

    code = "backup_damaged"


class StoreTooNew(StoreError):
    """The hub database was written by a newer release."""

    code, status = "store_too_new", 500


class NotFound(CdmError):
    """There is no source, run, record or golden record of that name."""

    code, status, exit_code = "not_found", 404, int(ExitCode.NOT_FOUND)


class Conflict(CdmError):
    """The change contradicts what is stored; nothing was written."""

    code, status, exit_code = "conflict", 409, int(ExitCode.STORE)


class RunHeld(CdmError):
    """A run did not pass its checks; nothing of it was written."""

    code, status, exit_code = "run_held", 409, int(ExitCode.HELD)


__all__ = [
    "BackupDamaged",
    "BackupFailed",
    "CdmError",
    "Conflict",
    "ExitCode",
    "MappingError",
    "ModelError",
    "NotFound",
    "RunHeld",
    "SettingsError",
    "StoreDamaged",
    "StoreError",
    "StoreFull",
    "StoreLocked",
    "StoreTooNew",
    "StoreUnavailable",
]
