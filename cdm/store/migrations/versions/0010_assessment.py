"""Quality scores as runs found them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "assessment",
        sa.Column("run_id", ROW, sa.ForeignKey("run.id"), primary_key=True, autoincrement=False),
        sa.Column("at", KEY, nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        comment="Quality scores by source and of golden records, as found after a run.",
    )
