"""Fixtures that every room shares: a store on each database, the clock, the services."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# The bot's environment (3.10) runs only tests/vntext, tests/bot and tests/actions.
if sys.version_info >= (3, 12):
    from intake_api.flow.services import Services
    from intake_api.settings import load
    from intake_api.store import Store
    from tests import builders

    @pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
    def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
        """An empty store, once on SQLite and once on PostgreSQL, made by the real migrations."""
        if request.param == "postgres":
            yield builders.make_postgres_store()
            return
        made = builders.make_store(tmp_path)
        yield made
        made.close()

    @pytest.fixture
    def cli_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
        """An empty store on SQLite that the command line finds as well, by its environment."""
        made = builders.make_store(tmp_path)
        for name, value in (
            ("DATABASE_URL", made.url), ("ENVIRONMENT", "test"), ("SECRET_KEY", "k" * 40),
            ("BOT_TOKEN", "b" * 40), ("SEALING_KEYS", builders.SEALING_KEY),
        ):  # fmt: skip
            monkeypatch.setenv(f"LANGNGHE_{name}", value)
        load.cache_clear()
        yield made
        load.cache_clear()
        made.close()

    @pytest.fixture
    def clock() -> builders.MovingClock:
        return builders.MovingClock()

    @pytest.fixture
    def assistant() -> builders.ScriptedAssistant:
        return builders.ScriptedAssistant()

    @pytest.fixture
    def queue() -> builders.ListQueue:
        return builders.ListQueue()

    @pytest.fixture
    def services(
        store: Store,
        clock: builders.MovingClock,
        assistant: builders.ScriptedAssistant,
        queue: builders.ListQueue,
    ) -> Services:
        """Real catalogue and models, scripted assistant."""
        return builders.make_services(store, clock=clock, assistant=assistant, queue=queue)
