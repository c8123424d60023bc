"""page comments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake_api.store.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_post",
        sa.Column("id", sa.String(length=150), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("permalink", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_post")),
    )
    op.create_table(
        "page_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(length=150), nullable=False),
        sa.Column("post_id", sa.String(length=150), nullable=False),
        sa.Column("parent_id", sa.String(length=150), nullable=True),
        sa.Column("is_post", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.String(length=150), nullable=False),
        sa.Column("by_page", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("permalink", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("look", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("understood", sa.JSON(), nullable=True),
        sa.Column("replied_at", UtcDateTime(), nullable=True),
        sa.Column("psid", sa.String(length=150), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_page_comment_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_page_comment_conversation_id_conversation"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_page_comment_message_id_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_comment")),
        sa.UniqueConstraint("remote_id", name=op.f("uq_page_comment_remote_id")),
    )
    with op.batch_alter_table("page_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_comment_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_page_comment_conversation_id"), ["conversation_id"], unique=False
        )
        batch_op.create_index("ix_page_comment_look", ["look", "sealed", "id"], unique=False)
        batch_op.create_index("ix_page_comment_post", ["post_id", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_page_comment_psid"), ["psid"], unique=False)

    op.create_table(
        "page_comment_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["page_comment.id"],
            name=op.f("fk_page_comment_version_comment_id_page_comment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_comment_version")),
        sa.UniqueConstraint(
            "comment_id", "number", name=op.f("uq_page_comment_version_comment_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("page_comment_version")
    with op.batch_alter_table("page_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_page_comment_psid"))
        batch_op.drop_index("ix_page_comment_post")
        batch_op.drop_index("ix_page_comment_look")
        batch_op.drop_index(batch_op.f("ix_page_comment_conversation_id"))
        batch_op.drop_index(batch_op.f("ix_page_comment_case_id"))

    op.drop_table("page_comment")
    op.drop_table("page_post")
