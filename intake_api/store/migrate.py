"""Brings a database to the newest schema with the real migrations, on every database alike."""

from __future__ import annotations

import warnings
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from intake_api.store import (
    account_tables,
    api_tables,
    channel_tables,
    citizen_tables,
    consult_tables,
    faq_tables,
    figure_tables,
    file_tables,
    import_tables,
    lane_tables,
    ledgers,
    mail_tables,
    notes,
    notice_tables,
    open_tables,
    page_tables,
    print_tables,
    registers,
    report_tables,
    retention_tables,
    search,
    sender_tables,
    tables,
    takeover_tables,
    view_tables,
    watch_tables,
    webhook_tables,
)
from intake_api.store.db import Base, Store

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
# Imported so that Base.metadata is whole.
TABLES = (
    account_tables,
    api_tables,
    channel_tables,
    citizen_tables,
    consult_tables,
    faq_tables,
    figure_tables,
    file_tables,
    import_tables,
    lane_tables,
    ledgers,
    mail_tables,
    notes,
    notice_tables,
    open_tables,
    page_tables,
    print_tables,
    registers,
    report_tables,
    retention_tables,
    sender_tables,
    tables,
    takeover_tables,
    view_tables,
    watch_tables,
    webhook_tables,
)


def config(store: Store) -> Config:
    """Alembic's configuration for one store; the URL never goes through an ini file."""
    cfg = Config()
    cfg.set_main_option("script_location", str(MIGRATIONS))
    cfg.attributes["engine"] = store.engine
    return cfg


def upgrade(store: Store, revision: str = "head") -> None:
    """Migrates up to ``revision``; running it on an up-to-date database changes nothing."""
    command.upgrade(config(store), revision)
    if is_current(store):
        with store.engine.begin() as connection:
            search.install(connection)


def downgrade(store: Store, revision: str = "base") -> None:
    """Migrates down to ``revision``."""
    command.downgrade(config(store), revision)


def is_current(store: Store) -> bool:
    """True when the database stands at the newest migration."""
    head = ScriptDirectory.from_config(config(store)).get_current_head()
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def differences(store: Store) -> list[object]:
    """What the tables in code and the migrated database disagree on (empty when equal)."""
    options = {"compare_type": True, "include_name": is_of_the_tables}
    with store.engine.connect() as connection, warnings.catch_warnings():
        # SQLite cannot tell what an expression index is made of; ours has a test of its own.
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based")
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))


def is_of_the_tables(name: str | None, _kind: str, _parents: object) -> bool:
    """False for what ``store.search`` makes by itself."""
    return not search.OWN_NAMES.match(name or "")
