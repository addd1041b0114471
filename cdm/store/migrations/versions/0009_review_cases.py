"""The review queue: cases, which golden records they are about, and cases put off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables; the first look at the queue, or the next run, fills it from the candidates there are."""
    op.create_table(
        "review_case",
        sa.Column("id", ROW, primary_key=True, autoincrement=False),
        sa.Column("entity", KEY, nullable=False),
        sa.Column("golden", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("pairs", sa.Integer(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False),
        sa.Column("sources", KEY, nullable=False),
        sa.Column("reason", KEY, nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("since", KEY, nullable=False),
        comment="What stewards look at together: golden records that candidates connect, called by the oldest record.",
    )
    for name in ("priority", "since", "probability"):
        op.create_index(f"ix_review_case_{name}_id", "review_case", [name, "id"])
    op.create_table(
        "review_member",
        sa.Column("golden_id", KEY, sa.ForeignKey("golden.id"), primary_key=True),
        sa.Column("case_id", ROW, sa.ForeignKey("review_case.id"), nullable=False),
        comment="Which case a golden record is in.",
    )
    op.create_index("ix_review_member_case_id", "review_member", ["case_id"])
    op.create_table(
        "deferral",
        sa.Column("id", ROW, primary_key=True, autoincrement=False),
        sa.Column("case_id", ROW, nullable=False),
        sa.Column("golden", sa.Text(), nullable=False),
        sa.Column("until", KEY, nullable=False),
        sa.Column("made_at", KEY, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", KEY, nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        comment="Cases put off, which golden records they were about, and until when; a case that changed comes back.",
    )
    op.create_index("ix_deferral_case_id", "deferral", ["case_id"])
    op.create_index("ix_deferral_made_at", "deferral", ["made_at"])
    op.create_index("ix_decision_made_at", "decision", ["made_at"])
