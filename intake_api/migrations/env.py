"""Alembic environment: runs on the engine that ``store.migrate`` hands over."""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import text

from intake_api.store.db import Base, UtcDateTime
from intake_api.store.migrate import is_of_the_tables


def _render(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """Writes our moment type into new migrations by name, with its import."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen.imports.add("from intake_api.store.db import UtcDateTime")
        return "UtcDateTime()"
    return False


engine = context.config.attributes["engine"]

with engine.connect() as connection:
    if connection.dialect.name == "postgresql":
        # A migration that cannot get its lock gives up instead of stopping the service.
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=_render,
        include_name=is_of_the_tables,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
