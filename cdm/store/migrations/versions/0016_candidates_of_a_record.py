"""An index of the other end of candidates: those of a few records are found without reading all there are."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Create the index."""
    op.create_index("ix_candidate_right_id", "candidate", ["right_id"])
