"""Indexes that counting needs nothing besides: how many records each source has, how many golden records live."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Create the indexes."""
    op.create_index(
        "ix_source_record_source_id_entity_deleted_at", "source_record", ["source_id", "entity", "deleted_at"]
    )
    op.drop_index("ix_golden_entity_id", "golden")
    op.create_index("ix_golden_entity_id_retired_at", "golden", ["entity", "id", "retired_at"])
