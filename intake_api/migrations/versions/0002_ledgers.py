"""pauses, extensions and merges; what a case's life adds to its row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake_api.store.db import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("bounces", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("undelivered", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("paused_at", UtcDateTime(), nullable=True),
        sa.Column("clock_from", UtcDateTime(), nullable=True),
        sa.Column("forwarded_to", sa.String(length=200), nullable=True),
    ):
        op.add_column("cases", column)
    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("limit_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_pause_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_index(op.f("ix_pause_case_id"), "pause", ["case_id"])
    op.create_index("ix_pause_open", "pause", ["until", "limit_at"])
    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=True),
        sa.Column("length", sa.String(length=10), nullable=False),
        sa.Column("from_receipt", sa.Boolean(), nullable=False),
        sa.Column("due_before", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_extension_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["staff.id"], name=op.f("fk_extension_asked_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["staff.id"], name=op.f("fk_extension_given_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index(op.f("ix_extension_case_id"), "extension", ["case_id"])
    op.create_table(
        "merge_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("state_before", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_merge_entry_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["into_id"], ["cases.id"], name=op.f("fk_merge_entry_into_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_merge_entry_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_entry")),
    )
    op.create_index(op.f("ix_merge_entry_case_id"), "merge_entry", ["case_id"])
    op.create_index(op.f("ix_merge_entry_into_id"), "merge_entry", ["into_id"])


def downgrade() -> None:
    op.drop_table("merge_entry")
    op.drop_table("extension")
    op.drop_table("pause")
    for name in ("forwarded_to", "clock_from", "paused_at", "undelivered", "reopened", "bounces"):
        op.drop_column("cases", name)
