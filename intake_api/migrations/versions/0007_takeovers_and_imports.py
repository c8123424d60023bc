"""takeovers and imports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake_api.store.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("sha256", name=op.f("uq_import_batch_sha256")),
    )
    op.create_table(
        "import_item",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_item_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_import_item_case_id_cases")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_import_item")),
    )
    with op.batch_alter_table("import_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_item_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_import_item_fingerprint"), ["fingerprint"], unique=False
        )

    op.create_table(
        "takeover",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("spoke_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_takeover_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_takeover_conversation_id_conversation"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_takeover_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_takeover")),
    )
    with op.batch_alter_table("takeover", schema=None) as batch_op:
        batch_op.create_index("ix_takeover_asked", ["asked_at"], unique=False)
        batch_op.create_index("ix_takeover_until", ["until"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("takeover", schema=None) as batch_op:
        batch_op.drop_index("ix_takeover_until")
        batch_op.drop_index("ix_takeover_asked")

    op.drop_table("takeover")
    with op.batch_alter_table("import_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_item_fingerprint"))
        batch_op.drop_index(batch_op.f("ix_import_item_case_id"))

    op.drop_table("import_item")
    op.drop_table("import_batch")
