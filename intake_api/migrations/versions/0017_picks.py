"""Which offered choices a conversation still has before it, so that a pick is told to its gap."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # No foreign key: it would rebuild the table on SQLite, and the link is gone after one turn.
    op.add_column("conversation", sa.Column("open_gap_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("conversation", "open_gap_id")
