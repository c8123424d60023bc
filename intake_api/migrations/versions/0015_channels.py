"""channels: rotating tokens, followers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake_api.store.db import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_token",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("box", sa.Text(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("renewed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_token")),
    )
    op.create_table(
        "follower",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("followed_at", UtcDateTime(), nullable=True),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_follower_conversation_id_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_follower")),
    )


def downgrade() -> None:
    op.drop_table("follower")
    op.drop_table("channel_token")
