"""Where the change feed stood when each run ended, so that the hub can be seen as it was then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column; of runs that ended before, the time tells."""
    op.add_column("run", sa.Column("last_event", ROW, nullable=True))
