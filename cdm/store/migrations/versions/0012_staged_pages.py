"""Pages that wait until their reading is judged; schedules of sources; the orchestrator's name of a run."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table and add the columns; readings of before went live as they were read."""
    op.create_table(
        "staged_page",
        sa.Column("run_id", ROW, sa.ForeignKey("run.id", name="fk_staged_page_run_id_run"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("records", sa.LargeBinary(), nullable=False),
        sa.Column("rejects", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_staged_page"),
        comment="Pages of a source that were read and are not live: judged at the end of the reading, or held.",
    )
    op.add_column("run", sa.Column("flow_run", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("schedule", sa.Text(), nullable=True))
