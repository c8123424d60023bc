"""reminders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake_api.store.db import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_cursor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_cursor")),
    )
    op.create_table(
        "staff_reach",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("away_from", sa.Date(), nullable=True),
        sa.Column("away_to", sa.Date(), nullable=True),
        sa.Column("last_letter_at", UtcDateTime(), nullable=True),
        sa.Column("last_digest_on", sa.Date(), nullable=True),
        sa.Column("refused", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["staff.id"], name=op.f("fk_staff_reach_deputy_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_reach_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_reach")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("instead_of", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("mail", sa.String(length=8), nullable=False),
        sa.Column("once", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_notice_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["instead_of"], ["staff.id"], name=op.f("fk_notice_instead_of_staff")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notice_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("once", name=op.f("uq_notice_once")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_notice_mail", ["mail", "staff_id"], unique=False)
        batch_op.create_index("ix_notice_reader", ["staff_id", "read_at", "id"], unique=False)

    op.create_table(
        "reminder_mark",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_reminder_mark_case_id_cases")
        ),
        sa.PrimaryKeyConstraint("case_id", "kind", "due_at", name=op.f("pk_reminder_mark")),
    )


def downgrade() -> None:
    op.drop_table("reminder_mark")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_reader")
        batch_op.drop_index("ix_notice_mail")
        batch_op.drop_index(batch_op.f("ix_notice_case_id"))

    op.drop_table("notice")
    op.drop_table("staff_reach")
    op.drop_table("reminder_cursor")
