"""The assistant's own memory of conversations (Rasa's SQL tracker store). It holds people's words
in plain text, sealed ones too, and Rasa never deletes any; only this module reaches into it.

The intake's database is the truth: what the assistant still needs of a conversation is younger
than a day (its session ends after eight hours and carries nothing over).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import batched

from sqlalchemy import column, create_engine, delete, inspect, select, table
from sqlalchemy.exc import DBAPIError

from intake_api.store.db import StoreUnavailable

_EVENTS = table("events", column("id"), column("sender_id"), column("timestamp"))
PORTION = 500


class TrackerStore:
    """Rasa's tracker store. ``url``: what Rasa was told, a SQLAlchemy URL of SQLite or
    PostgreSQL."""

    def __init__(self, url: str) -> None:
        # Rasa writes as well: wait for it rather than fail.
        wait = {"timeout": 5} if url.startswith("sqlite") else {}
        self._engine = create_engine(
            url.replace("postgresql://", "postgresql+psycopg://"), connect_args=wait
        )

    def forget_before(self, moment: datetime) -> int:
        """Deletes every event older than a moment; returns how many. Raises StoreUnavailable."""
        return self._delete(_EVENTS.c.timestamp < moment.timestamp())

    def forget(self, senders: Iterable[str]) -> int:
        """Deletes everything of these senders; returns how many events. Raises
        StoreUnavailable."""
        return sum(
            self._delete(_EVENTS.c.sender_id.in_(part)) for part in batched(senders, PORTION)
        )

    def senders(self) -> list[str]:
        """Everybody of whom the assistant knows something. Raises StoreUnavailable."""
        try:
            with self._engine.connect() as connection:
                if not inspect(connection).has_table("events"):
                    return []  # the assistant has not started yet
                return list(connection.execute(select(_EVENTS.c.sender_id).distinct()).scalars())
        except DBAPIError as error:
            raise StoreUnavailable(str(error.orig)) from error

    def _delete(self, where: object) -> int:
        try:
            with self._engine.begin() as connection:
                if not inspect(connection).has_table("events"):
                    return 0
                return connection.execute(delete(_EVENTS).where(where)).rowcount  # type: ignore[arg-type]
        except DBAPIError as error:
            raise StoreUnavailable(str(error.orig)) from error

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()
