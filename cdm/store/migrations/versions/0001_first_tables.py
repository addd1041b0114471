"""The first tables of the hub."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _key(name: str, target: str = "", *, null: bool = False, primary: bool = False) -> sa.Column[str]:
    return sa.Column(name, KEY, *_foreign(target), nullable=null, primary_key=primary)


def _row(name: str, target: str = "", *, null: bool = False, primary: bool = False) -> sa.Column[int]:
    return sa.Column(name, ROW, *_foreign(target), nullable=null, primary_key=primary, autoincrement=False)


def _foreign(target: str) -> list[sa.ForeignKey]:
    return [sa.ForeignKey(target)] if target else []


def upgrade() -> None:
    """Create every table of the first release."""
    _sources()
    _records()
    _quarantine()
    _golden()
    _links()


def _sources() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.Text(), primary_key=True),
        _row("value"),
        comment="Last number given out per kind of row; a number is never given out twice.",
    )
    op.create_table(
        "source",
        _row("id", primary=True),
        _key("name"),
        _text("connector"),
        _text("location"),
        _text("options"),
        sa.Column("trust", sa.Integer(), nullable=False),
        _text("mapping", null=True),
        _key("created_at"),
        _key("changed_at"),
        sa.UniqueConstraint("name", name="uq_source_name"),
        comment="Registered source systems.",
    )
    op.create_table(
        "run",
        _row("id", primary=True),
        _key("kind"),
        _row("source_id", "source.id", null=True),
        _key("started_at"),
        _key("finished_at", null=True),
        _key("status"),
        _text("stats"),
        comment="Every run of a job; status as in cdm.store.runs, flow_run as the orchestrator knows it.",
    )
    op.create_index("ix_run_kind_source_id", "run", ["kind", "source_id"])


def _records() -> None:
    op.create_table(
        "source_record",
        _row("id", primary=True),
        _row("source_id", "source.id"),
        _key("key"),
        sa.Column("version", sa.Integer(), nullable=False),
        _key("entity"),
        _text("origin"),
        _text("raw"),
        _text("fields"),
        _text("findings"),
        _key("updated_at", null=True),
        _key("content_hash"),
        _row("run_id"),
        _key("changed_at"),
        _key("deleted_at", null=True),
        _row("first_run_id"),
        _key("first_seen_at"),
        _row("seen_run_id"),
        sa.UniqueConstraint("source_id", "key", name="uq_source_record_source_id_key"),
        comment="What each source says now, raw and standardised.",
    )
    op.create_index("ix_source_record_entity_id", "source_record", ["entity", "id"])
    op.create_table(
        "source_record_version",
        _row("id", "source_record.id", primary=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        _key("entity"),
        _text("origin"),
        _text("raw"),
        _text("fields"),
        _text("findings"),
        _key("updated_at", null=True),
        _key("content_hash"),
        _row("run_id"),
        _key("changed_at"),
        _key("deleted_at", null=True),
        comment="What each source said before.",
    )
    op.create_table(
        "activity",
        _row("record_id", "source_record.id", primary=True),
        _key("party_source"),
        _key("party_key"),
        _key("occurred_at", null=True),
        comment="Which customer, under which key of which source, a transaction, interaction or behaviour belongs to.",
    )
    op.create_index(
        "ix_activity_party_source_party_key_occurred_at", "activity", ["party_source", "party_key", "occurred_at"]
    )
    op.create_table(
        "ingest_cursor",
        _row("source_id", "source.id", primary=True),
        _text("cursor"),
        _row("run_id"),
        comment="Position behind the last page of each source that is safely stored.",
    )


def _golden() -> None:
    op.create_table(
        "golden",
        _key("id", primary=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _key("entity"),
        _text("fields"),
        _text("provenance"),
        sa.Column("members", sa.Integer(), nullable=False),
        _key("content_hash"),
        _row("run_id"),
        _key("changed_at"),
        _key("retired_at", null=True),
        _text("score", null=True),
        sa.Column("score_total", sa.Float(), nullable=True),
        _key("created_at"),
        comment="Golden records; a retired one stays and keeps its last values.",
    )
    op.create_index("ix_golden_entity_id", "golden", ["entity", "id"])
    op.create_table(
        "golden_version",
        _key("id", "golden.id", primary=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        _key("entity"),
        _text("fields"),
        _text("provenance"),
        sa.Column("members", sa.Integer(), nullable=False),
        _key("content_hash"),
        _row("run_id"),
        _key("changed_at"),
        _key("retired_at", null=True),
        comment="What golden records were before.",
    )
    op.create_table(
        "golden_redirect",
        _key("old_id", "golden.id", primary=True),
        _key("new_id", "golden.id", primary=True),
        _row("run_id"),
        comment="Where a retired golden record's source records went when it was retired.",
    )


def _links() -> None:
    op.create_table(
        "crosswalk",
        _row("record_id", "source_record.id", primary=True),
        _key("golden_id", "golden.id"),
        _row("since_run_id"),
        comment="Which golden record each live source record belongs to.",
    )
    op.create_index("ix_crosswalk_golden_id", "crosswalk", ["golden_id"])
    op.create_table(
        "crosswalk_version",
        _row("record_id", "source_record.id", primary=True),
        _key("golden_id", "golden.id", primary=True),
        _row("since_run_id", primary=True),
        _row("until_run_id"),
        comment="Which golden records each source record belonged to before.",
    )
    op.create_index("ix_crosswalk_version_golden_id", "crosswalk_version", ["golden_id"])
    op.create_table(
        "candidate",
        _row("left_id", "source_record.id", primary=True),
        _row("right_id", "source_record.id", primary=True),
        _key("entity"),
        sa.Column("probability", sa.Float(), nullable=False),
        _text("explanation", null=True),
        _row("run_id"),
        comment="Pairs of source records a steward should be asked about.",
    )
    op.create_index("ix_candidate_entity_probability", "candidate", ["entity", "probability"])


def _quarantine() -> None:
    op.create_table(
        "quarantine",
        _row("id", primary=True),
        _row("source_id", "source.id"),
        _key("fingerprint"),
        _key("code"),
        _key("key", null=True),
        _text("origin"),
        _text("reason"),
        _text("raw"),
        _text("staged", null=True),
        _key("content_hash", null=True),
        _row("run_id"),
        _key("first_seen_at"),
        _row("seen_run_id"),
        _key("resolved_at", null=True),
        _key("resolution", null=True),
        sa.UniqueConstraint("source_id", "fingerprint", name="uq_quarantine_source_id_fingerprint"),
        comment="Rows that could not become source records, and why.",
    )
