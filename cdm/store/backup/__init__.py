"""Backup and restore: a whole hub in one file that does not care which database it came from.

The file is a zip of one Parquet file per table and a manifest with row counts and SHA-256 sums, read in one
transaction while others go on writing. A hub backed up from SQLite can be restored to PostgreSQL and the other way
round, and an older release's backup by a newer release.
"""

from __future__ import annotations

from cdm.store.backup.archive import Manifest, TableEntry, verify
from cdm.store.backup.restoring import restore
from cdm.store.backup.writing import back_up

__all__ = ["Manifest", "TableEntry", "back_up", "restore", "verify"]
