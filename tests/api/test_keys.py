"""Keys of other systems: made once, counted, taken away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from intake_api.limits import limiter
from tests import builders
from tests.api import house
from tests.api.house import FEE, Caller, problem


def test_a_key_is_told_once_and_kept_as_a_digest(app: Any) -> None:
    import sqlalchemy as sa

    shown = house.key(app)
    with house.store_of(app).reading() as tx:
        kept = str(tx.execute(sa.text("SELECT * FROM api_client")).all())
    assert shown.startswith("lnk_") and shown not in kept and shown[13:] not in kept


@pytest.mark.parametrize("shown", [None, "x", "lnk_", "lnk_00000000_x", "lnk__x"])
def test_without_a_good_key_nothing_is_told(app: Any, shown: str | None) -> None:
    answered = Caller(app, shown).get("/cases")
    assert problem(answered) == (401, "unauthenticated")
    assert answered.headers["WWW-Authenticate"] == "Bearer"


def test_half_a_key_is_none(app: Any) -> None:
    shown = house.key(app)
    assert Caller(app, shown[:-1]).get("/cases").status_code == 401
    assert Caller(app, shown + "x").get("/cases").status_code == 401


def test_a_key_that_was_taken_away_opens_nothing(app: Any) -> None:
    from intake_api.flow import clients

    caller = Caller(app, house.key(app))
    assert caller.get("/cases").status_code == 200
    with house.store_of(app).transaction() as tx:
        assert clients.revoke(tx, 1, now=builders.NOW)
        assert not clients.revoke(tx, 1, now=builders.NOW)
    assert caller.get("/cases").status_code == 401
    # A wrong key does not turn into an anonymous comment.
    assert caller.post("/feedback", {"description": FEE}).status_code == 401


def test_a_key_allows_what_its_scopes_say(app: Any, reader: Caller, partner: Caller) -> None:
    assert problem(reader.post("/feedback", {"description": FEE})) == (403, "forbidden")
    code = partner.send()
    assert problem(reader.post(f"/cases/{code}/messages", {"text": "thêm"})) == (403, "forbidden")
    answered = reader.post(f"/cases/{code}/status", {"status": "withdrawn"}, **{"If-Match": "*"})
    assert problem(answered) == (403, "forbidden")


def test_calls_are_counted_by_key(app: Any) -> None:
    limiter.enabled = True
    try:
        few, many = (Caller(app, house.key(app, per_minute=n)) for n in (2, 50))
        assert [few.get("/cases").status_code for _ in range(3)] == [200, 200, 429]
        stopped = few.get("/cases")
        assert problem(stopped) == (429, "rate-limited") and int(stopped.headers["Retry-After"]) > 0
        assert many.get("/cases").status_code == 200
    finally:
        limiter.reset()


def test_the_use_of_a_key_is_noted_by_the_hour(app: Any, clock: builders.MovingClock) -> None:
    from intake_api.store import clients

    caller = Caller(app, house.key(app))

    def used() -> Any:
        with house.store_of(app).reading() as tx:
            return clients.all_clients(tx)[0].used_on

    caller.get("/cases")
    first = used()
    clock.at += timedelta(minutes=30)
    caller.get("/cases")
    assert used() == first
    clock.at += timedelta(hours=1)
    caller.get("/cases")
    assert used() > first
