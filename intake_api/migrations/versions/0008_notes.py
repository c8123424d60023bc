"""Internal notes, who was named in them, answers that are still being typed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake_api.store.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_note_case_id_cases")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_note_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_case_id"), "note", ["case_id"])
    op.create_table(
        "mention",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_mention_case_id_cases")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_mention_note_id_note")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_mention_staff_id_staff")),
        sa.PrimaryKeyConstraint("note_id", "staff_id", name=op.f("pk_mention")),
    )
    op.create_index(op.f("ix_mention_case_id"), "mention", ["case_id"])
    op.create_index("ix_mention_unseen", "mention", ["staff_id", "seen_at", "case_id"])
    op.create_table(
        "typed_answer",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_typed_answer_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_typed_answer_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("staff_id", "case_id", name=op.f("pk_typed_answer")),
    )
    op.create_index(op.f("ix_typed_answer_case_id"), "typed_answer", ["case_id"])


def downgrade() -> None:
    op.drop_table("typed_answer")
    op.drop_table("mention")
    op.drop_table("note")
