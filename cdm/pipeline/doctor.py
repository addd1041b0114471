"""Examine an installation: the hub's integrity, its disk, versions, who holds what, and the settings in force."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from cdm import __version__
from cdm.errors import StoreDamaged
from cdm.pipeline.hub import utc_now
from cdm.store import server
from cdm.store.audit import Audit
from cdm.store.clock import stamp
from cdm.store.database import Database
from cdm.store.examine import examine, rules
from cdm.store.migrate import revision_of
from cdm.store.runs import RUNNING
from cdm.store.tables import HEAD, run
from schemas.model import Label

if TYPE_CHECKING:
    from cdm.settings import Settings

MEGABYTE = 10**6
ROOM = 500 * MEGABYTE
"""Bytes that should be free beside the hub, at least; and as many as the hub itself takes."""
LONG = timedelta(hours=6)
"""How long a job may take before somebody should look after it."""
LIBRARIES = ("sqlalchemy", "alembic", "psycopg", "pyarrow", "pandas", "numpy", "rapidfuzz", "pydantic")
_RESTORE = Label(
    "从最近的完好备份恢复（cdm restore），并保留此库以查明原因。",
    "Restore the last sound backup (cdm restore) and keep this hub to find out why.",
)
_NOTHING = Label("", "")


class Level(StrEnum):
    """How grave a finding is; only errors mean that the hub cannot be relied on."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined: what is the case, and what to do where something is wrong."""

    check: str
    level: Level
    text: Label
    remedy: Label = _NOTHING

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return asdict(self)


def examine_hub(settings: Settings, now: datetime | None = None) -> Iterator[Finding]:
    """Yield what is found, one by one as it is examined; the hub is left as it is.

    Args:
        settings: where the hub is.
        now: the present time; the clock's unless given.

    Raises:
        StoreError: the database cannot be reached or read at all.
    """
    database = Database(settings.url, settings.lock_timeout)
    try:
        yield _versions(database)
        yield _settings(settings, database)
        yield _room(database)
        present = _schema(database)
        yield present
        if present.level is Level.OK:
            yield from _busy(database, now or utc_now())
            yield from _readable(_integrity, database)
            yield from _readable(_audit, database)
    finally:
        database.close()


def _versions(database: Database) -> Finding:
    libraries = ", ".join(f"{name} {version_of(name)}" for name in LIBRARIES)
    told = f"cdm {__version__}, {server.version(database)}, Python {platform.python_version()}, {libraries}"
    return Finding("versions", Level.OK, Label(told, told))


def _settings(settings: Settings, database: Database) -> Finding:
    """Tell the settings that differ from their defaults; of the hub's address never the password."""
    changed = settings.model_dump(mode="json", exclude_defaults=True, exclude={"hub_url"})
    told = ", ".join([f"hub {database.place}", *(f"{name} {value}" for name, value in changed.items())])
    return Finding("settings", Level.OK, Label(told, told))


def _room(database: Database) -> Finding:
    found = server.room(database)
    used = f"{found.used / MEGABYTE:,.1f} MB"
    if found.free is None:
        return Finding("disk", Level.OK, Label(f"主数据库占用 {used}", f"the hub takes {used}"))
    free = f"{found.free / MEGABYTE:,.0f} MB"
    text = Label(f"主数据库占用 {used}，磁盘剩余 {free}", f"the hub takes {used}; {free} are free on its disk")
    if found.free >= max(ROOM, found.used):
        return Finding("disk", Level.OK, text)
    remedy = Label(
        "请释放磁盘空间：大批导入或升级可能放不下。", "Free space: a large import or an upgrade may not fit."
    )
    return Finding("disk", Level.WARNING, text, remedy)


def _schema(database: Database) -> Finding:
    with database.read() as connection:
        present = revision_of(connection, database.place)
    text = Label(f"表结构版本 {present}，本程序为 {HEAD}", f"schema {present}; this release has {HEAD}")
    if present == HEAD:
        return Finding("schema", Level.OK, text)
    if present is not None and present > HEAD:
        return Finding(
            "schema", Level.ERROR, text, Label("请安装写入它的新版本。", "Install the newer release that wrote it.")
        )
    remedy = Label(
        "下一条命令会自动升级；请先备份（cdm backup），升级后再检查一次。",
        "The next command carries it up; back it up first (cdm backup), and examine it again afterwards.",
    )
    return Finding("schema", Level.WARNING, text, remedy)


def _busy(database: Database, now: datetime) -> Iterator[Finding]:
    """Yield who is writing, and what was cut off."""
    holder = server.writer(database)
    free = Label("没有任务在写入", "no job is writing")
    yield Finding("writer", Level.OK, Label(f"正在写入：{holder}", f"a job is writing: {holder}") if holder else free)
    with database.read() as connection:
        query = select(run.c.id, run.c.kind, run.c.started_at).where(run.c.status == RUNNING)
        open_runs = connection.execute(query.order_by(run.c.id)).all()
    for one in open_runs:
        name = f"{one.id} ({one.kind}, {one.started_at})"
        if holder is None:
            text = Label(f"运行 {name} 被中断", f"run {name} was cut off")
            yield Finding(
                "runs", Level.NOTE, text, Label("下次 cdm run 会接着做完。", "The next cdm run goes on with it.")
            )
        elif one.started_at < stamp(now - LONG):
            text = Label(f"运行 {name} 已超过 6 小时", f"run {name} has been going on for more than 6 hours")
            yield Finding("runs", Level.WARNING, text, Label(f"请查看进程 {holder}。", f"Look after {holder}."))
    for session in server.stuck(database):
        text = Label(f"会话长期占用事务：{session}", f"a session keeps a transaction open and does nothing: {session}")
        yield Finding("locks", Level.WARNING, text, Label("请结束该会话。", "End that session."))


def _readable(check: Callable[[Database], Iterator[Finding]], database: Database) -> Iterator[Finding]:
    """Yield what a check finds; that it cannot read the database is a finding too."""
    try:
        yield from check(database)
    except StoreDamaged as error:
        yield Finding("database", Level.ERROR, Label(error.message, error.message), _RESTORE)


def _integrity(database: Database) -> Iterator[Finding]:
    sound = True
    for one in examine(database):
        sound = False
        shown = ", ".join(one.examples)
        text = Label(f"{one.rule.zh}：{one.count} 处，如 {shown}", f"{one.rule.en}: {one.count}, e.g. {shown}")
        yield Finding(one.rule.name, Level.ERROR, text, _RESTORE)
    if sound:
        count = len(rules(database))
        yield Finding("integrity", Level.OK, Label(f"{count} 条规则全部成立", f"all {count} rules hold"))


def _audit(database: Database) -> Iterator[Finding]:
    proof = Audit(database).verify()
    if proof.sound:
        text = Label(f"审计记录完整，{proof.entries} 条", f"the audit trail is whole, {proof.entries} entries")
        yield Finding("audit", Level.OK, text)
        return
    text = Label(
        f"审计记录第 {proof.broken_at} 条不符", f"the audit trail breaks at entry {proof.broken_at}: {proof.why}"
    )
    yield Finding("audit", Level.ERROR, text, _RESTORE)
