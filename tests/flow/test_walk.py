"""Ten thousand random steps: no illegal state, no lost message, no sealed word outside its lane,
an unbroken chain, and time that never runs back."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog

from intake_api.store import events, search
from tests.builders import MovingClock, make_services, make_store
from tests.flow.walk import Walk
from tests.staff.house import WordClassifier
from tests.store.dump import everything

# ./dev test walks ten thousand steps; a run of single tests or rooms a tenth of that.
SEEDS = (1, 2, 3, 4, 5)
STEPS = int(os.environ.get("LANGNGHE_TEST_WALK", "1000")) // len(SEEDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_walk_never_leaves_what_is_allowed(
    tmp_path: Path, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store = make_store(tmp_path)

    # What is tested is not the disk: every commit would wait for it.
    @sa.event.listens_for(store.engine, "connect")
    def fast(connection: object, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]

    store.engine.dispose()
    clock = MovingClock()
    services = replace(make_services(store, clock=clock), classifier=WordClassifier())
    walk = Walk(services, clock, seed)
    with structlog.testing.capture_logs() as logs:
        for number in range(1, STEPS + 1):
            walk.step()
            if number % 200 == 0:
                walk.check_lists()
                walk.check_messages()
    with store.transaction() as tx:
        assert list(events.verify(tx)) == []
        search.forget_deleted(tx)
    sealed = walk.sealed_words()
    assert len(sealed) > 10
    held = everything(store)
    assert [word for word in sealed if word in held] == []
    assert [word for word in sealed if word in str(logs) + caplog.text] == []
    # A walk that only met refusals would prove nothing.
    never = {name for name in walk.tried if not walk.done.get(name)}
    assert len(walk.done) >= (20 if STEPS >= 2000 else 12), never
    store.close()
