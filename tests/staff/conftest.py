"""Fixtures of the staff door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake_api.limits import limiter
from intake_api.staff import accounts
from tests import builders
from tests.staff import house


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts the real hasher back after each test."""
    monkeypatch.setattr(accounts, "hasher", house.CHEAP)


@pytest.fixture(autouse=True)
def limits_again() -> Iterator[None]:
    """The next application meets a limiter that is switched on, whatever this test did."""
    yield
    limiter.enabled = True


@pytest.fixture
def clock() -> builders.MovingClock:
    return builders.MovingClock()


@pytest.fixture
def app(tmp_path: Path, clock: builders.MovingClock) -> Iterator[Any]:
    made = house.make_app(tmp_path, clock=clock)
    yield made
    limiter.enabled = True
    house.services_of(made).store.close()
