"""Bad days on Zalo: a full disk at any step, the platform away for an hour, clocks that are wrong,
events out of their order. Nothing lost, nothing doubled, the operator told once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import structlog

from intake_api.channels import zalo_bodies
from intake_api.channels.base import Outage
from intake_api.channels.zalo_twin import ZaloTwin
from intake_api.flow import converse
from intake_api.flow.services import Services
from intake_api.jobs import work
from intake_api.jobs.deliver import deliver
from intake_api.jobs.gate import Gate
from intake_api.store import Store, StoreUnavailable, conversations, outbox
from tests import builders
from tests.builders import MovingClock
from tests.flow.test_zalo import MOTHER, Talk, keep

LONG = " ".join(["phần dài của câu trả lời"] * 130)
STEPS = 12


class Disk:
    """Has no room from the n-th write on, until somebody makes some."""

    def __init__(self, store: Store, room_for: int) -> None:
        self.room, self._store, self._plain = room_for, store, store.transaction
        store.transaction = self._transaction  # type: ignore[method-assign]

    def take_away(self) -> None:
        """The store may be shared by other tests."""
        self._store.transaction = self._plain  # type: ignore[method-assign]

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        self.room -= 1
        if self.room < 0:
            raise StoreUnavailable("database or disk is full")
        with self._plain() as tx:
            yield tx


@pytest.fixture
def zalo(clock: MovingClock) -> Iterator[ZaloTwin]:
    with ZaloTwin(oa_secret="test-oa-secret", now=clock.now) as made:
        yield made


@pytest.fixture
def disks() -> Iterator[Callable[[Store, int], Disk]]:
    """Makes disks with little room, and takes them away after the test."""
    made: list[Disk] = []

    def make(store: Store, room_for: int) -> Disk:
        made.append(Disk(store, room_for))
        return made[-1]

    yield make
    for disk in reversed(made):
        disk.take_away()


@pytest.fixture
def talk(services: Services, zalo: ZaloTwin, clock: MovingClock) -> Talk:
    return Talk(services, zalo, clock)


def alarms(logs: list[Any]) -> list[str]:
    return [str(one["what"]) for one in logs if one["event"] == "OperatorAlarm"]


def put(talk: Talk, *texts: str) -> str:
    """Something to say to her, not sent yet."""
    name = talk.name
    with talk.services.store.transaction() as tx:
        found = conversations.get(tx, name)
        assert found is not None
        found.last_inbound_at = talk.clock.at
        for text in texts:
            conversations.add_outbound(
                tx, found, text=text, payload=None, author="staff", now=talk.clock.at
            )
    talk.zalo.people.interacted(MOTHER, talk.clock.at)
    return name


def send(talk: Talk, name: str, database: Outage) -> None:
    """One job of the jobs process."""

    def plain(one: str) -> None:
        deliver(talk.services, talk.adapters, one)

    work._deliver(plain, name, database)


@pytest.mark.parametrize("room", range(STEPS))
def test_a_disk_that_fills_up_at_any_step_of_sending(
    talk: Talk, clock: MovingClock, room: int, disks: Callable[[Store, int], Disk]
) -> None:
    """The renewal of the tokens, a long message in two parts, a short one."""
    name = put(talk, LONG, "tin cuối")
    disk = disks(talk.services.store, room)
    database = Outage("database_unavailable")
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            send(talk, name, database)
    full = disk.room < 0
    assert alarms(logs).count("database_unavailable") == (1 if full else 0)
    disk.room = 10**6
    clock.at += outbox.LEASE + timedelta(seconds=1)
    for _ in range(2):
        send(talk, name, database)
    got = talk.got
    assert len(got) == len(set(got)), "something was sent twice"
    with talk.services.store.reading() as tx:
        rows = list(
            outbox.of_messages(tx, [m.id for m in conversations.messages(tx, name)]).values()
        )
    # What the platform took while nothing could be written down is in doubt, and said to be.
    assert {row.state for row in rows} <= {"sent", "unknown"}
    assert (len(got) == 3 and got[2] == "tin cuối") or "unknown" in {row.state for row in rows}
    assert talk.zalo.renewals == 1, "a pair of tokens was lost"


def test_the_steps_above_are_all_there_are(talk: Talk, disks: Callable[[Store, int], Disk]) -> None:
    name = put(talk, LONG, "tin cuối")
    disk = disks(talk.services.store, STEPS)
    deliver(talk.services, talk.adapters, name)
    assert disk.room >= 0
    assert len(talk.got) == 3


def test_tokens_that_could_not_be_stored_are_used_and_stored_later(
    services: Services, talk: Talk, zalo: ZaloTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = zalo.refresh_token
    name = put(talk, "một")
    kept = talk.adapters["zalo"]._tokens._keep  # type: ignore[attr-defined]

    def full(_pair: Any) -> None:
        raise StoreUnavailable("database or disk is full")

    with structlog.testing.capture_logs() as logs, monkeypatch.context() as patched:
        patched.setattr(kept, "save", full)
        deliver(services, talk.adapters, name)
        put(talk, "hai")
        deliver(services, talk.adapters, name)
    assert (talk.got, zalo.renewals) == (["một", "hai"], 1)
    assert alarms(logs) == ["zalo_token_not_stored"]
    put(talk, "ba")
    deliver(services, talk.adapters, name)
    assert keep(services, first).read().access == zalo.access_token
    assert (talk.got[-1], zalo.renewals) == ("ba", 1)


def test_zalo_is_away_for_an_hour_and_then_back(talk: Talk, clock: MovingClock) -> None:
    moment = [0.0]
    gate = Gate(clock=lambda: moment[0])
    talk.says("xin chào")
    before = len(talk.got)
    talk.zalo.fail(0, times=10_000, status=502)
    name = put(talk, *(f"tin {n}" for n in range(4)))
    with structlog.testing.capture_logs() as logs:
        for _ in range(60):
            deliver(talk.services, talk.adapters, name, gate=gate)
            clock.at += timedelta(minutes=1)
            moment[0] += 60
        talk.zalo.behave()
        for _ in range(3):
            deliver(talk.services, talk.adapters, name, gate=gate)
            clock.at += timedelta(minutes=2)
            moment[0] += 120
    assert talk.got[before:] == ["tin 0", "tin 1", "tin 2", "tin 3"]
    assert alarms(logs) == ["channel_down"]
    assert [one["event"] for one in logs].count("channel_back") == 1


def test_events_that_come_out_of_their_order_are_answered_in_hers(
    talk: Talk, clock: MovingClock
) -> None:
    events = []
    for number in range(4):
        clock.at += timedelta(seconds=2)
        events.append(talk.zalo.text(MOTHER, f"câu {number}"))
    for event in (events[2], events[0], events[3], events[1], events[0], events[3]):
        talk.hears(event)
    for _ in range(4):
        talk.turn()
    assert sorted(talk.got) == [f"Nghe: câu {n}" for n in range(4)]
    with talk.services.store.reading() as tx:
        found = conversations.get(tx, talk.name)
        assert found is not None and found.last_inbound_at == clock.at


@pytest.mark.parametrize(
    ("ahead", "mode"),
    [
        (timedelta(hours=20), "consult"),  # her phone's or Zalo's clock is fast
        (timedelta(days=30), "consult"),  # no time at all: ours counts
        (-timedelta(minutes=10), "consult"),
        (-timedelta(hours=49), "hold"),  # a late delivery of what she wrote two days ago
    ],
)
def test_the_window_counts_from_a_time_that_can_be(
    talk: Talk, clock: MovingClock, ahead: timedelta, mode: str
) -> None:
    event = {**talk.zalo.text(MOTHER, "chào"), "timestamp": _stamp(clock, ahead)}
    talk.hears(event)
    with talk.services.store.reading() as tx:
        found = conversations.get(tx, talk.name)
        assert found is not None and found.last_inbound_at is not None
        # Never later than now: else the window would stay open beyond Zalo's.
        assert found.last_inbound_at <= clock.at
    assert bool(talk.why()) == (mode == "hold")


def test_our_own_clock_is_behind_and_zalo_says_that_the_window_is_over(
    talk: Talk, clock: MovingClock
) -> None:
    talk.says("xin chào")
    told = clock.at
    clock.at += timedelta(hours=49)  # what Zalo's clock says …
    twin_now = talk.zalo.now
    talk.zalo.now = lambda: told + timedelta(hours=49)
    clock.at = told + timedelta(hours=47)  # … and what ours does
    talk.writes("trả lời")
    assert talk.states() == ["sent", "held"]
    talk.zalo.now = twin_now
    talk.says("chưa thấy gì ạ")
    assert talk.got[1:] == ["trả lời", "Nghe: chưa thấy gì ạ"]


def test_a_clock_that_jumps_a_day_ahead_and_back_costs_no_token_and_doubles_nothing(
    talk: Talk, clock: MovingClock
) -> None:
    talk.says("một")
    at, twin_now = clock.at, talk.zalo.now
    talk.zalo.now = lambda: at + timedelta(minutes=1)  # Zalo's clock is right all the time
    clock.at = at + timedelta(hours=26)
    talk.writes("trong lúc sai giờ")
    clock.at = at + timedelta(minutes=1)
    talk.zalo.now = twin_now
    talk.says("hai")
    assert talk.got == ["Nghe: một", "trong lúc sai giờ", "Nghe: hai"]


def test_her_taps_and_contact_forms_never_move_the_window_back(
    talk: Talk, clock: MovingClock
) -> None:
    talk.says("xin chào")
    heard = clock.at
    late = zalo_bodies.event(
        "user_click_button", app="3003", oa="6006", person=MOTHER,
        at=int((heard - timedelta(hours=40)).timestamp() * 1000),
    )  # fmt: skip
    talk.hears(late)
    with talk.services.store.reading() as tx:
        found = conversations.get(tx, talk.name)
        assert found is not None and found.last_inbound_at == heard


def test_the_assistant_answers_once_although_the_disk_fills_up_in_the_turn(
    store: Store, clock: MovingClock, zalo: ZaloTwin, disks: Callable[[Store, int], Disk]
) -> None:
    for room in range(1, 6):
        assistant = builders.ScriptedAssistant()
        talk = Talk(builders.make_services(store, clock=clock, assistant=assistant), zalo, clock)
        clock.at += timedelta(minutes=5)
        words = f"câu hỏi {room}"
        talk.hears(talk.zalo.text(MOTHER, words))
        disk = disks(store, room)
        with pytest.raises(StoreUnavailable):
            for _ in range(9):
                converse.take_turn(talk.services, talk.name)
        disk.room = 10**6
        clock.at += conversations.CLAIM + timedelta(seconds=1)
        talk.turn()
        assert talk.got.count(f"Nghe: {words}") == 1
        assert len(assistant.turns) == 1
        disk.take_away()


def _stamp(clock: MovingClock, ahead: timedelta) -> str:
    return str(int((clock.at + ahead).timestamp() * 1000))
