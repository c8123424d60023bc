"""The job queue: huey on SQLite for one machine, on Redis or PostgreSQL for several.

A job only says "look at this conversation". The messages and the outbox rows are the truth, so
a lost job is a late one (the sweep finds it), never a lost message.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import structlog
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey

log = structlog.get_logger()

Work = Callable[[str], None]


def make_huey(url: str) -> Huey:
    """The queue behind ``url``: sqlite:///path, redis://… or postgresql://… Raises ValueError."""
    if url.startswith("sqlite:///"):
        path = url.removeprefix("sqlite:///")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        return SqliteHuey("langnghe", filename=path, results=False, timeout=15)
    if url.startswith("redis://"):
        return RedisHuey("langnghe", url=url, results=False)
    if url.startswith("postgresql://"):
        return PostgresHuey("langnghe", dsn=url, results=False)
    raise ValueError(f"LANGNGHE_QUEUE_URL: {url.split(':')[0]} is no queue that we know")


class JobQueue:
    """Hands conversations to the jobs process; in that process ``bind`` says what to do."""

    def __init__(self, url: str) -> None:
        self.huey = make_huey(url)
        self._process: Work | None = None
        self._deliver: Work | None = None

        # The names are the contract between the two processes.
        @self.huey.task(name="process_conversation")  # type: ignore[untyped-decorator]
        def process_conversation(conversation_id: str) -> None:
            if self._process is not None:
                self._process(conversation_id)

        @self.huey.task(name="deliver_conversation")  # type: ignore[untyped-decorator]
        def deliver_conversation(conversation_id: str) -> None:
            if self._deliver is not None:
                self._deliver(conversation_id)

        self._tasks = (process_conversation, deliver_conversation)

    def bind(self, *, process: Work, deliver: Work) -> None:
        """Says what the jobs do; called in the process that runs the consumer."""
        self._process, self._deliver = process, deliver

    def process(self, conversation_id: str) -> None:
        """Asks for the assistant to answer what waits in a conversation."""
        self._hand(0, conversation_id)

    def deliver(self, conversation_id: str) -> None:
        """Asks for what is due in a conversation's outbox to be sent."""
        self._hand(1, conversation_id)

    def _hand(self, number: int, conversation_id: str) -> None:
        """Never raises: what it is about has been stored, and the sweep takes it up."""
        try:
            self._tasks[number](conversation_id)
        except Exception as error:
            # Each backend has its own: sqlite3, redis, psycopg.
            log.error("not queued", conversation=conversation_id, reason=type(error).__name__)
