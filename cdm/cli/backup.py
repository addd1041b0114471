"""``cdm backup`` and ``cdm restore``: the whole hub in one file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cdm.cli.console import progress_bars, say
from cdm.cli.options import Globals

if TYPE_CHECKING:
    from cdm.store.backup import Manifest
    from cdm.store.database import Database


def backup(
    context: typer.Context,
    place: Annotated[Path, typer.Argument(help="File to write, or a folder that gets one named by the time.")],
) -> None:
    """Write a backup of the hub while it is in use; the file appears only when it is whole and verified."""
    from cdm.pipeline.hub import utc_now
    from cdm.store.backup import back_up

    options: Globals = context.obj
    with _database(options, create=False) as database, progress_bars(quiet=options.quiet) as progress:
        file, manifest = back_up(database, place, utc_now(), progress)
    say(
        options.pick(
            f"已备份到 {file}：{manifest.rows:,} 行，{file.stat().st_size / 10**6:,.1f} MB，已校验。",
            f"Backed up to {file}: {manifest.rows:,} rows, {file.stat().st_size / 10**6:,.1f} MB, verified.",
        )
    )
    say(_fingerprint(options, manifest))


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Backup to restore.")],
    check: Annotated[bool, typer.Option("--check", help="Only check that the backup is whole.")] = False,
    by: Annotated[str, typer.Option(envvar="CDM_USER", help="Who restores; the user of this computer else.")] = "",
) -> None:
    """Restore a backup into a hub that does not exist yet or is empty, on SQLite or PostgreSQL."""
    from cdm.pipeline.hub import current_user, utc_now
    from cdm.store.backup import restore as bring_back
    from cdm.store.backup import verify

    options: Globals = context.obj
    if check:
        with progress_bars(quiet=options.quiet) as progress:
            manifest = verify(file, progress)
        say(options.pick(f"备份完整：{_what(options, manifest)}", f"The backup is whole: {_what(options, manifest)}"))
        say(_fingerprint(options, manifest))
        return
    with _database(options, create=True) as database, progress_bars(quiet=options.quiet) as progress:
        manifest = bring_back(database, file, by or current_user(), utc_now(), progress)
        place = database.place
    say(
        options.pick(
            f"已恢复到 {place}：{_what(options, manifest)}", f"Restored to {place}: {_what(options, manifest)}"
        )
    )


def _fingerprint(options: Globals, manifest: Manifest) -> str:
    """Return what tells this backup from any other; it is not the sum of the file, whose packing says nothing."""
    return options.pick(
        f"内容指纹（清单的 SHA-256，涵盖备份的全部内容）：{manifest.digest}",
        f"Fingerprint of its contents (SHA-256 of the manifest): {manifest.digest}",
    )


def _what(options: Globals, manifest: Manifest) -> str:
    made, rows = manifest.made_at, manifest.rows
    return options.pick(f"{made} 的备份，{rows:,} 行。", f"the backup of {made}, {rows:,} rows.")


@contextmanager
def _database(options: Globals, *, create: bool) -> Iterator[Database]:
    """Connect to the hub as it is: a backup before an upgrade must not upgrade it first."""
    from cdm.pipeline.hub import settings_of
    from cdm.store.database import Database

    settings = settings_of(options.hub or None, create=create)
    database = Database(settings.url, settings.lock_timeout)
    try:
        yield database
    finally:
        database.close()
