"""Full-text search, the queue's index, who sent a case as search words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from intake_api.store import search

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("folded", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    _codes_in_parts(connection)
    _senders(connection)
    search.install(connection)
    search.fill(connection)


def _codes_in_parts(connection: sa.Connection) -> None:
    """A code is found by any four of its characters in a row."""
    rows = connection.execute(sa.text("SELECT id, code, folded FROM cases")).all()
    for number, code, folded in rows:
        known = " ".join((folded, *search.code_words(code)))
        connection.execute(
            sa.text("UPDATE cases SET folded = :folded WHERE id = :id"),
            {"folded": known, "id": number},
        )


def _senders(connection: sa.Connection) -> None:
    rows = connection.execute(
        sa.text(
            "SELECT case_id, name, phone, email FROM contact JOIN cases ON cases.id = case_id "
            "WHERE NOT confidential"
        )
    ).all()
    for number, name, phone, email in rows:
        connection.execute(
            sa.text("UPDATE contact SET folded = :folded WHERE case_id = :id"),
            {"folded": search.sender_words(name, phone, email), "id": number},
        )


def downgrade() -> None:
    search.remove(op.get_bind())
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_column("folded")
