"""Links between source records, stewards' decisions, the change feed and the audit trail."""

from __future__ import annotations

import json
from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables; what the hub holds already stays as it is."""
    _links()
    _decisions()
    _events()
    _audit()
    _announce()


def _links() -> None:
    op.create_table(
        "link",
        sa.Column("left_id", ROW, sa.ForeignKey("source_record.id"), primary_key=True, autoincrement=False),
        sa.Column("right_id", ROW, sa.ForeignKey("source_record.id"), primary_key=True, autoincrement=False),
        sa.Column("entity", KEY, nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        comment="Pairs of source records that matching found more or less alike; left_id < right_id.",
    )
    op.create_index("ix_link_right_id", "link", ["right_id"])


def _decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("id", ROW, primary_key=True, autoincrement=False),
        sa.Column("entity", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("made_at", KEY, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("run_id", ROW, nullable=False),
        sa.Column("withdrawn_at", KEY, nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("withdrawn_run_id", ROW, nullable=True),
        comment="What stewards decided about who is who; withdrawn, never deleted.",
    )
    op.create_index("ix_decision_entity_withdrawn_at", "decision", ["entity", "withdrawn_at"])
    op.create_table(
        "decision_member",
        sa.Column("decision_id", ROW, sa.ForeignKey("decision.id"), primary_key=True, autoincrement=False),
        sa.Column("record_id", ROW, sa.ForeignKey("source_record.id"), primary_key=True, autoincrement=False),
        sa.Column("part", sa.Integer(), nullable=False),
        comment="The source records a decision is about, and which of its parts each stands in.",
    )
    op.create_index("ix_decision_member_record_id", "decision_member", ["record_id"])


def _events() -> None:
    op.create_table(
        "event",
        sa.Column("seq", ROW, primary_key=True, autoincrement=False),
        sa.Column("at", KEY, nullable=False),
        sa.Column("run_id", ROW, nullable=False),
        sa.Column("entity", KEY, nullable=False),
        sa.Column("golden_id", KEY, sa.ForeignKey("golden.id"), nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("related", sa.Text(), nullable=False),
        sa.Column("decision_id", ROW, nullable=True),
        comment="The change feed: every change of a golden record, numbered without gaps.",
    )
    op.create_index("ix_event_golden_id_seq", "event", ["golden_id", "seq"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", ROW, primary_key=True, autoincrement=False),
        sa.Column("at", KEY, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", KEY, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", KEY, nullable=False),
        sa.Column("hash", KEY, nullable=False),
        comment="Who did what; each entry carries the hash of the one before it.",
    )


def _announce() -> None:
    """Begin the feed with the golden records there are already, so that a copy made from it alone is complete."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT g.id, g.entity, g.version, g.changed_at, g.run_id, c.record_id FROM golden g "
            "JOIN crosswalk c ON c.golden_id = g.id WHERE g.retired_at IS NULL ORDER BY g.id, c.record_id"
        )
    )
    statement = sa.text(
        "INSERT INTO event (seq, at, run_id, entity, golden_id, kind, version, members, related) "
        "VALUES (:seq, :at, :run_id, :entity, :golden_id, 'created', :version, :members, '[]')"
    )
    last = 0
    for last, (_, members) in enumerate(groupby(rows, key=lambda row: row.id), start=1):
        found = list(members)
        one = found[0]
        values = {"seq": last, "at": one.changed_at, "run_id": one.run_id, "entity": one.entity, "golden_id": one.id}
        texts = {"version": one.version, "members": json.dumps([row.record_id for row in found], separators=(",", ":"))}
        connection.execute(statement, {**values, **texts})
    # The rows are there from the start: whoever takes a number locks its row, also for the first one.
    counters = [("event", last), ("audit", 0), ("decision", 0)]
    rows_of = [{"name": name, "value": value} for name, value in counters]
    connection.execute(sa.text("INSERT INTO counter (name, value) VALUES (:name, :value)"), rows_of)
