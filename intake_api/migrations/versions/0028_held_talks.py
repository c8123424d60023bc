"""A hold may stand on a conversation, and lifting one may wait for a second person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake_api.store.db import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

FK_TALK = "fk_legal_hold_conversation_id_conversation"
FK_ASKED = "fk_legal_hold_lift_asked_by_staff"


def upgrade() -> None:
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.alter_column("case_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("conversation_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("lift_asked_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("lift_asked_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("lift_why", sa.Text(), nullable=True))
        batch_op.create_foreign_key(op.f(FK_TALK), "conversation", ["conversation_id"], ["id"])
        batch_op.create_foreign_key(op.f(FK_ASKED), "staff", ["lift_asked_by"], ["id"])
        batch_op.create_index(
            batch_op.f("ix_legal_hold_conversation_id"), ["conversation_id"], unique=False
        )


def downgrade() -> None:
    # A hold on a conversation has no place in the older table.
    op.execute(sa.text("DELETE FROM legal_hold WHERE case_id IS NULL"))
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_hold_conversation_id"))
        batch_op.drop_constraint(op.f(FK_ASKED), type_="foreignkey")
        batch_op.drop_constraint(op.f(FK_TALK), type_="foreignkey")
        batch_op.drop_column("lift_why")
        batch_op.drop_column("lift_asked_at")
        batch_op.drop_column("lift_asked_by")
        batch_op.drop_column("conversation_id")
        batch_op.alter_column("case_id", existing_type=sa.Integer(), nullable=False)
