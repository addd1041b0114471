"""What checks of records against their expectations found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "check_result",
        sa.Column("id", ROW, primary_key=True, autoincrement=False),
        sa.Column("run_id", ROW, nullable=False),
        sa.Column("at", KEY, nullable=False),
        sa.Column("source_id", ROW, sa.ForeignKey("source.id"), nullable=True),
        sa.Column("entity", KEY, nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("warned", sa.Integer(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        comment="What was found when records of a source, or golden records, were checked against the model.",
    )
    op.create_index("ix_check_result_source_id_entity", "check_result", ["source_id", "entity"])
    op.create_index("ix_check_result_run_id", "check_result", ["run_id"])
