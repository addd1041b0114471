"""Where golden records are published to, and how far each place has got."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "target",
        sa.Column("id", ROW, primary_key=True, autoincrement=False),
        sa.Column("name", KEY, nullable=False, unique=True),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("added_at", KEY, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("position", ROW, nullable=True),
        sa.Column("fingerprint", KEY, nullable=True),
        sa.Column("published_at", KEY, nullable=True),
        sa.Column("tried_at", KEY, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        comment="Databases and files golden records are published to, and the last event each was told.",
    )
