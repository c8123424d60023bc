"""What an erased case was when it ended, and how often the assistant had an answer."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from intake_api.store.db import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("ended_as", sa.String(20), nullable=True))
    op.create_table(
        "bot_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bot_answer")),
    )
    op.create_index(op.f("ix_bot_answer_at"), "bot_answer", ["at"])
    _tombstones(op.get_bind())


def _tombstones(connection: sa.Connection) -> None:
    """The audit chain knows from which state each case was erased."""
    events = connection.execute(
        sa.text("SELECT case_id, data FROM event WHERE action = 'erase' AND case_id IS NOT NULL")
    ).all()
    for case_id, data in events:
        known = json.loads(data) if isinstance(data, str) else data
        connection.execute(
            sa.text("UPDATE cases SET ended_as = :state WHERE id = :id AND state = 'erased'"),
            {"state": known.get("from"), "id": case_id},
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_bot_answer_at"), table_name="bot_answer")
    op.drop_table("bot_answer")
    op.drop_column("cases", "ended_as")
