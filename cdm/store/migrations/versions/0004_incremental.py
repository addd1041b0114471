"""What incremental runs need: records that wait, and the keys by which records are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables; the next run matches everything and fills them."""
    op.create_table(
        "pending",
        sa.Column("record_id", ROW, sa.ForeignKey("source_record.id"), primary_key=True, autoincrement=False),
        sa.Column("seq", ROW, nullable=False),
        comment="Source records that changed since they were last matched and merged.",
    )
    op.create_table(
        "blocking_key",
        sa.Column("key", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("record_id", ROW, primary_key=True, autoincrement=False),
        sa.Column("content", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
        comment="What live records are found by: stable hashes of (entity type, rule, value) under the model in force.",
    )
    op.create_table(
        "record_keys",
        sa.Column("record_id", ROW, primary_key=True, autoincrement=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        comment="The keys of each live record, 64-bit little-endian integers one after the other.",
    )
    op.create_table(
        "matched",
        sa.Column("entity", KEY, primary_key=True),
        sa.Column("model", KEY, nullable=False),
        sa.Column("run_id", ROW, nullable=False),
        comment="With which version of the model all records of an entity type were last matched.",
    )
