"""Versions of the matching model; which one found a candidate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, KEY, nullable=null)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    """Create the table of models; candidates found before it name none."""
    op.create_table(
        "match_model",
        sa.Column("id", ROW, primary_key=True, autoincrement=False),
        _key("entity"),
        _key("version"),
        _key("parent", null=True),
        _key("replaced", null=True),
        _key("status"),
        _key("created_at"),
        _text("created_by"),
        _key("changed_at"),
        _text("learned_from"),
        _text("figures"),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("entity", "version", name="uq_match_model_entity_version"),
        comment="Versions of the matching model; at most one of an entity type is active.",
    )
    active = sa.text("status = 'active'")
    op.create_index(
        "ix_match_model_active", "match_model", ["entity"], unique=True, sqlite_where=active, postgresql_where=active
    )
    op.add_column("candidate", _key("model", null=True))
