"""Notices of what is no case: a report that is due, an alert that was opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notice", reflect_kwargs={"resolve_fks": False}) as table:
        table.alter_column("case_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("words", sa.Text(), nullable=True))
        table.add_column(sa.Column("path", sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM notice WHERE case_id IS NULL"))
    with op.batch_alter_table("notice", reflect_kwargs={"resolve_fks": False}) as table:
        table.drop_column("path")
        table.drop_column("words")
        table.alter_column("case_id", existing_type=sa.Integer(), nullable=False)
