"""One application for all of these tests; each finds it empty, and the clock at its beginning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from intake_api.domain.access import CASES_READ, FEEDBACK_WRITE
from intake_api.limits import limiter
from tests import builders
from tests.api import house


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The application; making one costs more than most tests here."""
    made = house.make_app(tmp_path_factory.mktemp("api"))
    yield made
    house.store_of(made).close()


@pytest.fixture
def app(shared: Any, clock: builders.MovingClock) -> Iterator[Any]:
    house.empty(shared)
    clock.at = builders.NOW
    limiter.enabled = False
    yield shared
    limiter.enabled = True


@pytest.fixture
def clock(shared: Any) -> builders.MovingClock:
    """The clock that the application reads."""
    found: builders.MovingClock = shared.extensions["langnghe"].clock
    return found


@pytest.fixture
def partner(app: Any) -> house.Caller:
    """A system that sends comments and reads its own."""
    return house.Caller(app, house.key(app, FEEDBACK_WRITE))


@pytest.fixture
def reader(app: Any) -> house.Caller:
    """A system that reads everything that is not sealed."""
    return house.Caller(app, house.key(app, CASES_READ))
