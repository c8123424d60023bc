"""who sent what lately."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake_api.store.db import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sender_mark",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_sender_mark_case_id_cases")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_sender_mark")),
    )
    with op.batch_alter_table("sender_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sender_mark_at"), ["at"], unique=False)
        batch_op.create_index("ix_sender_mark_sender", ["sender", "at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("sender_mark", schema=None) as batch_op:
        batch_op.drop_index("ix_sender_mark_sender")
        batch_op.drop_index(batch_op.f("ix_sender_mark_at"))

    op.drop_table("sender_mark")
