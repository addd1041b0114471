"""Answers to pushes, by the key that makes them safe to repeat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "push_request",
        sa.Column("actor", KEY, primary_key=True),
        sa.Column("key", KEY, primary_key=True),
        sa.Column("content", KEY, nullable=False),
        sa.Column("at", KEY, nullable=False, index=True),
        sa.Column("answer", sa.Text(), nullable=False),
        comment="Answers to pushes by Idempotency-Key; the request as its SHA-256. Forgotten after some days.",
    )
