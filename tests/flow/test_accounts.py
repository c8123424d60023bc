"""Accounts at the store: two people deciding at once, a code shown twice, on both databases."""

from __future__ import annotations

import threading
from datetime import timedelta

import pyotp
import pytest

from intake_api.domain.people import Wish
from intake_api.flow import people, secondfactor, sessions
from intake_api.flow.people import Asked, Refused
from intake_api.flow.services import Services
from intake_api.store import Store, accounts, events, registry
from tests import builders

ORIGIN = sessions.From("password", False, "Chrome, Windows", "127.0.0.1")


def test_two_people_who_decide_at_once_decide_once(store: Store) -> None:
    admin = builders.make_staff(store, username="quantri", role="admin", unit=None)
    leaders = [
        builders.make_staff(store, username=f"lanhdao{n}", role="leader", unit=None)
        for n in range(2)
    ]
    with store.transaction() as tx:
        asked = people.create(
            tx, username="moi", name="Người Mới", by=admin, now=builders.NOW,
            asked=Asked(Wish.CREATE, "handler", "KHTC", "Thử"),
        )  # fmt: skip
    outcome: list[str] = []

    def press(number: int) -> None:
        try:
            with store.transaction() as tx:
                people.decide(
                    tx, asked.id, by=leaders[number], approve=number == 0, now=builders.NOW
                )
            outcome.append("done")
        except Refused:
            outcome.append("refused")

    threads = [threading.Thread(target=press, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["done", "refused"]
    with store.reading() as tx:
        assert list(events.verify(tx)) == []


def test_a_code_passes_once_even_when_shown_twice_at_once(store: Store, services: Services) -> None:
    staff = builders.make_staff(store)
    with store.transaction() as tx:
        secret = secondfactor.begin(tx, services, staff, now=builders.NOW)
    totp = pyotp.TOTP(secret)
    with store.transaction() as tx:
        code = totp.at(builders.NOW)
        assert secondfactor.confirm(tx, services, staff, code=code, now=builders.NOW)
    later = builders.NOW + timedelta(minutes=1)
    passed: list[str | None] = []

    def show() -> None:
        with store.transaction() as tx:
            code = totp.at(later)
            passed.append(secondfactor.passes(tx, services, staff, code=code, now=later))

    threads = [threading.Thread(target=show) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(passed, key=str) == [None, "totp"]


def test_the_last_administrator_keeps_the_role(store: Store) -> None:
    admin = builders.make_staff(store, username="quantri", role="admin", unit=None)
    leader = builders.make_staff(store, username="lanhdao", role="leader", unit=None)
    with store.transaction() as tx:
        asked = people.ask(
            tx, admin, Asked(Wish.CHANGE, "editor", None, "Thử"), by=None, now=builders.NOW
        )
    with pytest.raises(Refused, match="duy nhất"), store.transaction() as tx:
        people.decide(tx, asked.id, by=leader, approve=True, now=builders.NOW)
    with store.reading() as tx:
        assert registry.staff_by_username(tx, "quantri").role == "admin"  # type: ignore[union-attr]


def test_ended_and_forgotten_sessions(store: Store) -> None:
    staff = builders.make_staff(store)
    with store.transaction() as tx:
        key = sessions.begin(tx, staff, ORIGIN, now=builders.NOW)
    with store.reading() as tx:
        found = accounts.open_session(tx, staff.id, sessions.key_hash(key))
        assert found is not None
        assert accounts.open_session(tx, staff.id + 1, sessions.key_hash(key)) is None
    with store.transaction() as tx:
        assert sessions.end(tx, found[1].id, by=staff, now=builders.NOW)
    with store.reading() as tx:
        assert accounts.open_session(tx, staff.id, sessions.key_hash(key)) is None
    with store.transaction() as tx:
        accounts.forget_sessions(tx, builders.NOW + timedelta(days=1))
    with store.reading() as tx:
        assert accounts.session_by_id(tx, found[1].id) is None
