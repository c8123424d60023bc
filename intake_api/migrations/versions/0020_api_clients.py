"""Keys of other systems, and which cases they sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake_api.store.db import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_client",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("mark", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=True),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("used_on", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_client")),
        sa.UniqueConstraint("mark", name=op.f("uq_api_client_mark")),
    )
    op.create_table(
        "api_submission",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("open311", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_api_submission_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_client.id"], name=op.f("fk_api_submission_client_id_api_client")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_api_submission")),
    )
    op.create_index(op.f("ix_api_submission_client_id"), "api_submission", ["client_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_api_submission_client_id"), table_name="api_submission")
    op.drop_table("api_submission")
    op.drop_table("api_client")
