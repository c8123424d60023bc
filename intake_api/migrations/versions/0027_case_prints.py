"""Marks of cases' words, by which likely duplicates are found; made for the cases there are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake_api.store import prints

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_print",
        sa.Column("print", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_print_case_id_cases")
        ),
        sa.PrimaryKeyConstraint("print", "case_id", name=op.f("pk_case_print")),
        sqlite_with_rowid=False,
    )
    prints.fill(op.get_bind())
    op.create_index(op.f("ix_case_print_case_id"), "case_print", ["case_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_case_print_case_id"), table_name="case_print")
    op.drop_table("case_print")
