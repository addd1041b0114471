"""What stewards stated about golden values."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "statement",
        sa.Column("id", ROW, primary_key=True, autoincrement=False),
        sa.Column("entity", KEY, nullable=False),
        sa.Column("golden_id", KEY, sa.ForeignKey("golden.id"), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("until", KEY, nullable=True),
        sa.Column("made_at", KEY, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("run_id", ROW, nullable=False),
        sa.Column("withdrawn_at", KEY, nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("withdrawn_run_id", ROW, nullable=True),
        comment="What stewards stated about golden values; withdrawn, never deleted.",
    )
    op.create_index("ix_statement_golden_id", "statement", ["golden_id"])
    op.create_index("ix_statement_entity_withdrawn_at", "statement", ["entity", "withdrawn_at"])
