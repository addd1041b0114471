"""The tables of the hub, as they stand now; ``migrations`` holds how they came about.

Times are UTC texts of one width (``2026-01-02T03:04:05.000006Z``), so that they sort, compare and read alike on every
database. Documents (raw rows, field values, findings, provenance) are JSON texts with sorted keys: a new field of the
model needs no migration, and equal documents are equal bytes. A ``…_version`` table holds the *superseded* versions of
a row; the present one is in the table itself.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

KeyText = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by code point on every database, for keys, ids and times."""
RowId = BigInteger().with_variant(Integer(), "sqlite")


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _key(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, KeyText, nullable=null)


def _ref(name: str, target: str, *, null: bool = False) -> Column[int]:
    return Column(name, RowId, ForeignKey(target), nullable=null)


def _run(name: str) -> Column[int]:
    """A run's number. Runs are never deleted, so bulk writes need not pay for a foreign key per row."""
    return Column(name, RowId, nullable=False)


counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", RowId, nullable=False),
    comment="Last number given out per kind of row; a number is never given out twice.",
)

source = Table(
    "source",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    _key("name"),
    _text("connector"),
    _text("location"),
    _text("options"),
    Column("trust", Integer, nullable=False),
    _text("mapping", null=True),
    _key("created_at"),
    _key("changed_at"),
    _text("schedule", null=True),
    UniqueConstraint("name"),
    comment="Registered source systems.",
)

run = Table(
    "run",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    _key("kind"),
    _ref("source_id", "source.id", null=True),
    _key("started_at"),
    _key("finished_at", null=True),
    _key("status"),
    _text("stats"),
    Column("last_event", RowId, nullable=True),
    _text("flow_run", null=True),
    Index(None, "kind", "source_id"),
    comment="Every run of a job; status as in cdm.store.runs, flow_run as the orchestrator knows it.",
)


def _said() -> list[Column[Any]]:
    """Columns of what stewards say: by whom, when, why, and the same of its end."""
    return [
        _key("made_at"),
        _text("made_by"),
        _text("reason"),
        _run("run_id"),
        _key("withdrawn_at", null=True),
        _text("withdrawn_by", null=True),
        _text("withdrawn_reason", null=True),
        Column("withdrawn_run_id", RowId, nullable=True),
    ]


def _record_state() -> list[Column[Any]]:
    """Columns whose former values are kept when a source record changes."""
    return [
        _key("entity"),
        _text("origin"),
        _text("raw"),
        _text("fields"),
        _text("findings"),
        _key("updated_at", null=True),
        _key("content_hash"),
        _run("run_id"),
        _key("changed_at"),
        _key("deleted_at", null=True),
    ]


source_record = Table(
    "source_record",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    _ref("source_id", "source.id"),
    _key("key"),
    Column("version", Integer, nullable=False),
    *_record_state(),
    _run("first_run_id"),
    _key("first_seen_at"),
    _run("seen_run_id"),
    UniqueConstraint("source_id", "key"),
    Index(None, "entity", "id"),
    Index(None, "source_id", "entity", "deleted_at"),
    comment="What each source says now, raw and standardised.",
)

source_record_version = Table(
    "source_record_version",
    metadata,
    Column("id", RowId, ForeignKey("source_record.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    *_record_state(),
    comment="What each source said before.",
)

activity = Table(
    "activity",
    metadata,
    Column("record_id", RowId, ForeignKey("source_record.id"), primary_key=True, autoincrement=False),
    _key("party_source"),
    _key("party_key"),
    _key("occurred_at", null=True),
    Index(None, "party_source", "party_key", "occurred_at"),
    comment="Which customer, under which key of which source, a transaction, interaction or behaviour belongs to.",
)

ingest_cursor = Table(
    "ingest_cursor",
    metadata,
    Column("source_id", RowId, ForeignKey("source.id"), primary_key=True, autoincrement=False),
    _text("cursor"),
    _run("run_id"),
    comment="Position behind the last page of each source that is safely stored.",
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    _ref("source_id", "source.id"),
    _key("fingerprint"),
    _key("code"),
    _key("key", null=True),
    _text("origin"),
    _text("reason"),
    _text("raw"),
    _text("staged", null=True),
    _key("content_hash", null=True),
    _run("run_id"),
    _key("first_seen_at"),
    _run("seen_run_id"),
    _key("resolved_at", null=True),
    _key("resolution", null=True),
    UniqueConstraint("source_id", "fingerprint"),
    comment="Rows that could not become source records, and why.",
)


def _golden_state() -> list[Column[Any]]:
    """Columns whose former values are kept when a golden record changes."""
    return [
        _key("entity"),
        _text("fields"),
        _text("provenance"),
        Column("members", Integer, nullable=False),
        _key("content_hash"),
        _run("run_id"),
        _key("changed_at"),
        _key("retired_at", null=True),
    ]


golden = Table(
    "golden",
    metadata,
    Column("id", KeyText, primary_key=True),
    Column("version", Integer, nullable=False),
    *_golden_state(),
    _text("score", null=True),
    Column("score_total", Float, nullable=True),
    _key("created_at"),
    Index(None, "entity", "id", "retired_at"),
    comment="Golden records; a retired one stays and keeps its last values.",
)

golden_version = Table(
    "golden_version",
    metadata,
    Column("id", KeyText, ForeignKey("golden.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    *_golden_state(),
    comment="What golden records were before.",
)

crosswalk = Table(
    "crosswalk",
    metadata,
    Column("record_id", RowId, ForeignKey("source_record.id"), primary_key=True, autoincrement=False),
    Column("golden_id", KeyText, ForeignKey("golden.id"), nullable=False, index=True),
    _run("since_run_id"),
    comment="Which golden record each live source record belongs to.",
)

crosswalk_version = Table(
    "crosswalk_version",
    metadata,
    Column("record_id", RowId, ForeignKey("source_record.id"), primary_key=True, autoincrement=False),
    Column("golden_id", KeyText, ForeignKey("golden.id"), primary_key=True, index=True),
    Column("since_run_id", RowId, primary_key=True, autoincrement=False),
    _run("until_run_id"),
    comment="Which golden records each source record belonged to before.",
)

golden_redirect = Table(
    "golden_redirect",
    metadata,
    Column("old_id", KeyText, ForeignKey("golden.id"), primary_key=True),
    Column("new_id", KeyText, ForeignKey("golden.id"), primary_key=True),
    _run("run_id"),
    comment="Where a retired golden record's source records went when it was retired.",
)

candidate = Table(
    "candidate",
    metadata,
    Column("left_id", RowId, ForeignKey("source_record.id"), primary_key=True, autoincrement=False),
    Column("right_id", RowId, ForeignKey("source_record.id"), primary_key=True, autoincrement=False, index=True),
    _key("entity"),
    Column("probability", Float, nullable=False),
    _text("explanation", null=True),
    _run("run_id"),
    _key("model", null=True),
    Index(None, "entity", "probability"),
    comment="Pairs of source records a steward should be asked about.",
)

link = Table(
    "link",
    metadata,
    Column("left_id", RowId, ForeignKey("source_record.id"), primary_key=True, autoincrement=False),
    Column("right_id", RowId, ForeignKey("source_record.id"), primary_key=True, autoincrement=False, index=True),
    _key("entity"),
    Column("weight", Float, nullable=False),
    comment="Pairs of source records that matching found more or less alike; left_id < right_id.",
)

decision = Table(
    "decision",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    _key("entity"),
    _key("kind"),
    _text("evidence", null=True),
    *_said(),
    Index(None, "entity", "withdrawn_at"),
    Index(None, "made_at"),
    comment="What stewards decided about who is who; withdrawn, never deleted.",
)

decision_member = Table(
    "decision_member",
    metadata,
    Column("decision_id", RowId, ForeignKey("decision.id"), primary_key=True, autoincrement=False),
    Column("record_id", RowId, ForeignKey("source_record.id"), primary_key=True, autoincrement=False, index=True),
    Column("part", Integer, nullable=False),
    comment="The source records a decision is about, and which of its parts each stands in.",
)

statement = Table(
    "statement",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    _key("entity"),
    Column("golden_id", KeyText, ForeignKey("golden.id"), nullable=False, index=True),
    _text("document"),
    _key("until", null=True),
    *_said(),
    Index(None, "entity", "withdrawn_at"),
    comment="What stewards stated about golden values; withdrawn, never deleted.",
)

event = Table(
    "event",
    metadata,
    Column("seq", RowId, primary_key=True, autoincrement=False),
    _key("at"),
    _run("run_id"),
    _key("entity"),
    Column("golden_id", KeyText, ForeignKey("golden.id"), nullable=False),
    _key("kind"),
    Column("version", Integer, nullable=False),
    _text("members"),
    _text("related"),
    Column("decision_id", RowId, nullable=True),
    Index(None, "golden_id", "seq"),
    comment="The change feed: every change of a golden record, numbered without gaps.",
)

audit = Table(
    "audit",
    metadata,
    Column("seq", RowId, primary_key=True, autoincrement=False),
    _key("at"),
    _text("actor"),
    _key("action"),
    _text("subject"),
    _text("detail"),
    _key("previous"),
    _key("hash"),
    comment="Who did what; each entry carries the hash of the one before it.",
)

assessment = Table(
    "assessment",
    metadata,
    Column("run_id", RowId, ForeignKey("run.id"), primary_key=True, autoincrement=False),
    _key("at"),
    _text("scores"),
    comment="Quality scores by source and of golden records, as found after a run.",
)

ACTIVE = "active"
_IS_ACTIVE = text(f"status = '{ACTIVE}'")
match_model = Table(
    "match_model",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    _key("entity"),
    _key("version"),
    _key("parent", null=True),
    _key("replaced", null=True),
    _key("status"),
    _key("created_at"),
    _text("created_by"),
    _key("changed_at"),
    _text("learned_from"),
    _text("figures"),
    Column("document", LargeBinary, nullable=False),
    UniqueConstraint("entity", "version"),
    Index(
        "ix_match_model_active",
        "entity",
        unique=True,
        sqlite_where=_IS_ACTIVE,
        postgresql_where=_IS_ACTIVE,
    ),
    comment="Versions of the matching model; at most one of an entity type is active.",
)

pending = Table(
    "pending",
    metadata,
    Column("record_id", RowId, ForeignKey("source_record.id"), primary_key=True, autoincrement=False),
    Column("seq", RowId, nullable=False),
    comment="Source records that changed since they were last matched and merged.",
)

blocking_key = Table(
    "blocking_key",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("record_id", RowId, primary_key=True, autoincrement=False),
    Column("content", BigInteger, nullable=False),
    sqlite_with_rowid=False,
    comment="What live records are found by: stable hashes of (entity type, rule, value) under the model in force.",
)

record_keys = Table(
    "record_keys",
    metadata,
    Column("record_id", RowId, primary_key=True, autoincrement=False),
    Column("keys", LargeBinary, nullable=False),
    comment="The keys of each live record, 64-bit little-endian integers one after the other.",
)

search_token = Table(
    "search_token",
    metadata,
    Column("token", KeyText, primary_key=True),
    Column("golden_id", KeyText, primary_key=True, index=True),
    sqlite_with_rowid=False,
    comment="What live golden records are found by: the beginnings of names, sounds and numbers.",
)

matched = Table(
    "matched",
    metadata,
    Column("entity", KeyText, primary_key=True),
    _key("model"),
    _run("run_id"),
    comment="With which version of the model all records of an entity type were last matched.",
)

review_case = Table(
    "review_case",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    _key("entity"),
    _text("golden"),
    Column("size", Integer, nullable=False),
    Column("records", Integer, nullable=False),
    Column("pairs", Integer, nullable=False),
    Column("probability", Float, nullable=False),
    Column("priority", Float, nullable=False),
    _key("sources"),
    _key("reason"),
    Column("score", Float, nullable=True),
    _key("since"),
    Index(None, "priority", "id"),
    Index(None, "since", "id"),
    Index(None, "probability", "id"),
    comment="What stewards look at together: golden records that candidates connect, called by the oldest record.",
)

review_member = Table(
    "review_member",
    metadata,
    Column("golden_id", KeyText, ForeignKey("golden.id"), primary_key=True),
    Column("case_id", RowId, ForeignKey("review_case.id"), nullable=False, index=True),
    comment="Which case a golden record is in.",
)

deferral = Table(
    "deferral",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("case_id", RowId, nullable=False, index=True),
    _text("golden"),
    _key("until"),
    _key("made_at"),
    _text("made_by"),
    _text("reason"),
    _key("withdrawn_at", null=True),
    _text("withdrawn_by", null=True),
    Index(None, "made_at"),
    comment="Cases put off, which golden records they were about, and until when; a case that changed comes back.",
)

HEAD = "0016"
"""Schema revision of these tables (the newest file under ``migrations/versions``)."""
