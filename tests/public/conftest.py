from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake_api.limits import limiter
from tests import builders
from tests.public import house
from tests.public.lint import Reader


@pytest.fixture
def app(tmp_path: Path, clock: builders.MovingClock) -> Any:
    made = house.make_app(tmp_path, clock=clock)
    yield made
    made.extensions["langnghe"].store.close()


@pytest.fixture
def no_limits() -> Iterator[None]:
    limiter.enabled = False
    yield
    limiter.enabled = True


@pytest.fixture
def reader(app: Any) -> Reader:
    return Reader(app)
