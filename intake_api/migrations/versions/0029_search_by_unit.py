"""The full-text index knows each case's unit: made anew from the cases there are."""

from __future__ import annotations

from alembic import op

from intake_api.store import search

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    search.remove(connection)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS case_search_vector(text, text)")
    search.install(connection)
    search.fill(connection)


def downgrade() -> None:
    """Nothing: an index that knows more serves the version before as well."""
