"""The open page: frozen months, weekly roots of the audit chain, published answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake_api.store.db import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_open_month")),
    )
    op.create_table(
        "chain_root",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("week", name=op.f("pk_chain_root")),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_publication_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["staff.id"], name=op.f("fk_publication_proposed_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["staff.id"], name=op.f("fk_publication_published_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("case_id", name=op.f("uq_publication_case_id")),
    )
    op.create_index(op.f("ix_publication_state"), "publication", ["state"])


def downgrade() -> None:
    op.drop_index(op.f("ix_publication_state"), table_name="publication")
    op.drop_table("publication")
    op.drop_table("chain_root")
    op.drop_table("open_month")
