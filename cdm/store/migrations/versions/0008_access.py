"""Users, sessions, tokens of programs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "user_account",
        sa.Column("name", KEY, primary_key=True),
        sa.Column("role", KEY, nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("one_time", sa.Boolean(), nullable=False),
        sa.Column("created_at", KEY, nullable=False),
        sa.Column("changed_at", KEY, nullable=False),
        sa.Column("removed_at", KEY, nullable=True),
        comment="Users; passwords as Argon2 hashes. A removed user stays, so that no other takes the name.",
    )
    op.create_table(
        "user_session",
        sa.Column("hash", KEY, primary_key=True),
        sa.Column("user_name", KEY, nullable=False, index=True),
        sa.Column("begun_at", KEY, nullable=False),
        sa.Column("expires_at", KEY, nullable=False),
        comment="Who is signed in; the secret as its SHA-256.",
    )
    op.create_table(
        "failed_sign_in",
        sa.Column("subject", KEY, primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", KEY, nullable=False),
        comment="Sign-ins that failed in a row, by the SHA-256 of name and address; forgotten after a while.",
    )
    op.create_table(
        "api_token",
        sa.Column("id", ROW, primary_key=True, autoincrement=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("hash", KEY, nullable=False, unique=True),
        sa.Column("user_name", KEY, nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", KEY, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("expires_at", KEY, nullable=True),
        sa.Column("revoked_at", KEY, nullable=True),
        sa.Column("last_used_at", KEY, nullable=True),
        comment="Tokens of programs; the secret as its SHA-256. With a user's name a token acts for that user.",
    )
