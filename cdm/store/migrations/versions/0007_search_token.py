"""What golden records are found by when somebody types a few letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table; the first search of a hub that has golden records already fills it."""
    op.create_table(
        "search_token",
        sa.Column("token", KEY, primary_key=True),
        sa.Column("golden_id", KEY, primary_key=True, index=True),
        sqlite_with_rowid=False,
        comment="What live golden records are found by: the beginnings of names, sounds and numbers.",
    )
