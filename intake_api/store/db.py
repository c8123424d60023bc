"""Engine, sessions and transactions on SQLite (WAL) and PostgreSQL.

A use-case function never commits: the door opens ``with store.transaction() as tx`` around it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Result,
    create_engine,
    event,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


# Work that a transaction does just before it commits, in ``session.info`` under this name.
LAST = "last"


def at_the_end(tx: Session, work: Callable[[Session], None]) -> None:
    """Has ``work`` done as the last thing of the transaction, so that what it locks is locked
    for no longer than the commit takes."""
    tx.info.setdefault(LAST, []).append(work)


def savepoint(tx: Session) -> AbstractContextManager[Any]:
    """Around a write that somebody else may make at the same moment. SQLite has one writer, so
    nobody can; and a full disk ends its transaction, savepoints included."""
    return nullcontext() if tx.get_bind().dialect.name == "sqlite" else tx.begin_nested()


class Base(DeclarativeBase):
    """Declarative base; the naming convention makes every migration reversible by name."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC moments on every database; a naive datetime is refused with ``ValueError``."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: pass aware UTC moments")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class StoreUnavailable(RuntimeError):
    """The database cannot take a write now (locked, full or gone); nothing was kept of the call."""


class Store:
    """One engine and its session factory. ``url`` is the only switch between databases."""

    def __init__(self, url: str, *, pool_size: int = 10, keys: Sequence[str] = ()) -> None:
        """``keys``: Fernet keys of the confidential lane, newest first; without them everything
        works but what is sealed. Raises ValueError for a key that is none."""
        self.url = url
        self.engine: Engine = (
            _sqlite(url, pool_size) if url.startswith("sqlite") else _postgres(url, pool_size)
        )
        from intake_api.store import lane, prints, sealing  # they stand on this module

        if keys:
            sealing.equip(self.engine.dialect, sealing.Keyring(keys))
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        lane.watch(self._sessions)
        prints.watch(self._sessions)
        # SQLite has one writer. Threads that wait for it inside SQLite sleep and poll (p99 of
        # half a second, measured); waiting for a lock of our own they go on at once.
        self._writing = threading.Lock() if self.is_sqlite else nullcontext()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Opens a writing transaction, commits at the end, rolls back on any error.

        Raises StoreUnavailable when the database is locked, full or unreachable.
        """
        try:
            with self._writing, self._sessions() as session, session.begin():
                if self.is_sqlite:
                    # Take the write lock first: a read that turns into a write half-way fails
                    # at once with SQLITE_BUSY instead of waiting (no busy timeout applies then).
                    session.connection().exec_driver_sql("BEGIN IMMEDIATE")
                yield session
                for last in session.info.pop(LAST, ()):
                    last(session)
        except OperationalError as error:
            raise StoreUnavailable(str(error.orig)) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StoreUnavailable(str(error.orig)) from error
            raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Opens a session for reads; what is read stays usable, what is changed is thrown away."""
        try:
            with self._sessions() as session:
                yield session
        except OperationalError as error:
            raise StoreUnavailable(str(error.orig)) from error

    @contextmanager
    def frozen(self) -> Iterator[Session]:
        """Opens a session whose reads all see the database as it stands at the first of them,
        whatever is written meanwhile. Raises StoreUnavailable like ``reading``."""
        try:
            with self._sessions() as session:
                if self.is_sqlite:
                    session.connection().exec_driver_sql("BEGIN")
                else:
                    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                yield session
        except OperationalError as error:
            raise StoreUnavailable(str(error.orig)) from error

    def close(self) -> None:
        self.engine.dispose()


def _sqlite(url: str, pool_size: int) -> Engine:
    Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    # The driver must not open transactions by itself: ``transaction`` sends BEGIN IMMEDIATE.
    engine = create_engine(
        url,
        connect_args={"timeout": 15, "check_same_thread": False},
        # Opening one more reads the whole schema: as many are kept as threads ask at once.
        pool_size=pool_size,
        max_overflow=pool_size,
        # An unexpected database error must not print people's words into a traceback.
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            # A citizen's words survive a power cut: every commit reaches the disk.
            "synchronous=FULL",
            "foreign_keys=ON",
            # What is deleted or sealed leaves no readable trace on the page where it stood.
            "secure_delete=ON",
            "busy_timeout=15000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def _postgres(url: str, pool_size: int) -> Engine:
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(
        url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, hide_parameters=True
    )


def changed_rows(result: Result[Any]) -> int:
    """How many rows an UPDATE or DELETE changed."""
    return cast("CursorResult[Any]", result).rowcount
