"""The FAQ workbench: register, revisions, imports, gaps put together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake_api.store.db import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _documents()
    _revisions()
    _questions()
    # No constraint of its own on the new columns: a plain ALTER on both databases.
    op.add_column("gap", sa.Column("person", sa.String(32), server_default="", nullable=False))
    op.add_column("gap", sa.Column("entry", sa.String(80), nullable=True))
    op.add_column("gap", sa.Column("away_at", UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_gap_entry"), "gap", ["entry"], unique=False)


def _documents() -> None:
    op.create_table(
        "legal_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("about", sa.String(length=500), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["legal_document.id"],
            name=op.f("fk_legal_document_replaced_by_id_legal_document"),
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["staff.id"], name=op.f("fk_legal_document_updated_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_document")),
        sa.UniqueConstraint("key", name=op.f("uq_legal_document_key")),
    )  # fmt: skip
    op.create_table(
        "faq_still",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["legal_document.id"],
            name=op.f("fk_faq_still_document_id_legal_document"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_faq_still_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("slug", "document_id", name=op.f("pk_faq_still")),
    )  # fmt: skip


def _revisions() -> None:
    op.create_table(
        "faq_state",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("shipped", sa.String(length=64), nullable=True),
        sa.Column("expired_told", sa.Date(), nullable=True),
        sa.Column("review_told", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_faq_state")),
    )
    op.create_table(
        "faq_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_faq_import_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_import")),
    )
    op.create_table(
        "faq_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("refusal", sa.String(length=500), nullable=False),
        sa.Column("lock", sa.Integer(), nullable=False),
        sa.Column("writers", sa.JSON(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("publish_on", sa.Date(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("check", sa.JSON(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["staff.id"], name=op.f("fk_faq_revision_decided_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["faq_import.id"], name=op.f("fk_faq_revision_import_id_faq_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_revision")),
        sa.UniqueConstraint("slug", "number", name=op.f("uq_faq_revision_slug")),
    )
    op.create_index("ix_faq_revision_stage", "faq_revision", ["stage", "publish_on"], unique=False)


def _questions() -> None:
    op.create_table(
        "asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("text_masked", sa.Text(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked")),
    )
    op.create_index("ix_asked_at", "asked", ["at"], unique=False)
    op.create_table(
        "gap_cluster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_cluster")),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_gap_entry"), table_name="gap")
    for column in ("away_at", "entry", "person"):
        op.drop_column("gap", column)
    for table in ("gap_cluster", "asked", "faq_revision", "faq_import", "faq_state", "faq_still"):
        op.drop_table(table)
    op.drop_table("legal_document")
