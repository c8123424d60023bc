"""Consultations on draft documents; notices of what concerns no case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake_api.store.db import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


# The tables that it points to need not be read: one has an index that SQLite cannot tell.
ALONE = {"resolve_fks": False}


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target.split('.')[0]}"
    return sa.ForeignKeyConstraint([column], [target], name=op.f(name))


def upgrade() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("opens_at", UtcDateTime(), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=False),
        sa.Column("asked_count", sa.Integer(), nullable=True),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("original", sa.LargeBinary(), nullable=False),
        sa.Column("shown", sa.LargeBinary(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("returned", sa.Text(), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("consultation", "created_by", "staff.id"),
        _to("consultation", "asked_by", "staff.id"),
        _to("consultation", "published_by", "staff.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    op.create_table(
        "draft_clause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("parent", sa.Integer(), nullable=True),
        _to("draft_clause", "consultation_id", "consultation.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_clause")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_draft_clause_consultation_id")
        ),
    )
    op.create_table(
        "opinion_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        _to("opinion_group", "consultation_id", "consultation.id"),
        _to("opinion_group", "clause_id", "draft_clause.id"),
        _to("opinion_group", "answered_by", "staff.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_group")),
    )
    op.create_index("ix_opinion_group_clause", "opinion_group", ["consultation_id", "clause_id"])
    op.create_table(
        "opinion",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("asking", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        _to("opinion", "case_id", "cases.id"),
        _to("opinion", "consultation_id", "consultation.id"),
        _to("opinion", "clause_id", "draft_clause.id"),
        _to("opinion", "group_id", "opinion_group.id"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_opinion")),
    )
    op.create_index("ix_opinion_told", "opinion", ["consultation_id", "told_at"])
    op.create_index(op.f("ix_opinion_group_id"), "opinion", ["group_id"])
    # A consultation that opens is news of no case.
    with op.batch_alter_table("webhook_delivery", reflect_kwargs=ALONE) as table:
        table.alter_column("case_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM webhook_delivery WHERE case_id IS NULL")
    with op.batch_alter_table("webhook_delivery", reflect_kwargs=ALONE) as table:
        table.alter_column("case_id", existing_type=sa.Integer(), nullable=False)
    for name in ("opinion", "opinion_group", "draft_clause", "consultation"):
        op.drop_table(name)
