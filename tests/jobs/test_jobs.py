from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from intake_api.channels.base import Adapter, GiveUp, Hold, Outage, Outgoing, Retry, Sent, Unknown
from intake_api.flow.services import Services
from intake_api.jobs.deliver import MAX_ATTEMPTS, deliver
from intake_api.jobs.gate import Gate
from intake_api.jobs.kept import KeptParts
from intake_api.jobs.queue import JobQueue
from intake_api.jobs.work import Sweeper
from intake_api.runtime import Runtime
from intake_api.store import Store, conversations, notes, outbox
from tests.builders import (
    NOW,
    MovingClock,
    make_case,
    make_conversation,
    make_settings,
    make_staff,
)


class Platform:
    """An adapter that does what the test says and keeps what it was given."""

    def __init__(self, *mishaps: Exception) -> None:
        self.mishaps, self.taken = list(mishaps), []

    def send(self, outgoing: Outgoing) -> Sent:
        if self.mishaps:
            raise self.mishaps.pop(0)
        self.taken.append(outgoing)
        return Sent(f"m{len(self.taken)}")


def talk_with(services: Services, *texts: str, author: str = "bot") -> str:
    with services.store.transaction() as tx:
        talk = make_conversation(tx, channel="messenger")
        talk.last_inbound_at = NOW
        for text in texts:
            conversations.add_outbound(tx, talk, text=text, payload=None, author=author, now=NOW)
        return talk.id


def states(store: Store, name: str) -> list[str]:
    with store.reading() as tx:
        return [m.state for m in conversations.messages(tx, name)]


def send(services: Services, platform: Adapter, name: str) -> int:
    return deliver(services, {"messenger": platform}, name)


def test_everything_due_goes_in_its_order(services: Services) -> None:
    platform = Platform()
    name = talk_with(services, "một", "hai")
    assert send(services, platform, name) == 2
    assert [one.text for one in platform.taken] == ["một", "hai"]
    assert states(services.store, name) == ["sent", "sent"]
    assert send(services, platform, name) == 0


def test_a_retry_waits_and_nothing_overtakes_it(services: Services, clock: MovingClock) -> None:
    platform = Platform(Retry(5, "bận"))
    name = talk_with(services, "một", "hai")
    assert send(services, platform, name) == 0
    assert send(services, platform, name) == 0
    clock.at += timedelta(seconds=10)
    assert send(services, platform, name) == 2
    assert [one.text for one in platform.taken] == ["một", "hai"]


def test_after_many_tries_staff_see_why(services: Services, clock: MovingClock) -> None:
    platform = Platform(*(Retry(1, "bận") for _ in range(MAX_ATTEMPTS)))
    name = talk_with(services, "một")
    for _ in range(MAX_ATTEMPTS):
        send(services, platform, name)
        clock.at += timedelta(hours=2)
    assert states(services.store, name) == ["failed"]
    with services.store.reading() as tx:
        (message,) = conversations.messages(tx, name)
        assert "bận" in str(outbox.of_messages(tx, [message.id])[message.id].last_error)


@pytest.mark.parametrize(
    ("mishap", "state"),
    [(GiveUp("chặn"), "failed"), (Hold("quá hạn"), "held"), (Unknown("mất kết nối"), "failed")],
)
def test_what_cannot_be_sent_does_not_block_the_next(
    services: Services, mishap: Exception, state: str
) -> None:
    name = talk_with(services, "một", "hai")
    send(services, Platform(mishap), name)
    assert states(services.store, name) == [state, "sent"]


def test_the_window_is_decided_at_the_moment_of_sending(
    services: Services, clock: MovingClock
) -> None:
    name = talk_with(services, "trả lời", author="staff")
    clock.at += timedelta(hours=25)
    platform = Platform()
    assert send(services, platform, name) == 0
    assert states(services.store, name) == ["held"] and platform.taken == []


def test_a_channel_that_is_not_configured_is_said(services: Services) -> None:
    name = talk_with(services, "một")
    assert deliver(services, {}, name) == 0
    assert states(services.store, name) == ["failed"]


@pytest.mark.parametrize(("emergency", "sent"), [(False, 0), (True, 1)])
def test_what_a_dead_sender_may_have_sent_is_unknown_but_an_emergency_goes_again(
    services: Services, clock: MovingClock, emergency: bool, sent: int
) -> None:
    name = talk_with(services, "một")
    with services.store.transaction() as tx:
        (message,) = conversations.messages(tx, name)
        message.payload = {"emergency": emergency}
        assert outbox.take_next(tx, name, NOW) is not None
    platform = Platform()
    assert send(services, platform, name) == 0
    clock.at += outbox.LEASE + timedelta(seconds=1)
    assert send(services, platform, name) == sent
    assert states(services.store, name) == (["sent"] if emergency else ["failed"])


def test_a_platform_that_is_away_costs_no_tries_and_nothing_is_lost(
    services: Services, clock: MovingClock
) -> None:
    moment = [0.0]
    gate = Gate(clock=lambda: moment[0])
    platform = Platform(*(Retry(2, "mất kết nối", channel_wide=True) for _ in range(60)))
    names = [talk_with(services, f"tin {n}") for n in range(3)]
    with structlog.testing.capture_logs() as logs:
        for _ in range(80):  # well over an hour, a minute at a time
            for name in names:
                deliver(services, {"messenger": platform}, name, gate=gate)
            clock.at += timedelta(minutes=1)
            moment[0] += 60
    assert sorted(one.text for one in platform.taken) == ["tin 0", "tin 1", "tin 2"]
    alarms = [one for one in logs if one["event"] == "OperatorAlarm"]
    assert len(alarms) == 1


def test_when_the_platform_is_back_what_was_put_off_is_due_at_once(
    services: Services, clock: MovingClock
) -> None:
    moment = [0.0]
    gate = Gate(clock=lambda: moment[0])
    platform = Platform(*(Retry(600, "mã hết hạn", channel_wide=True) for _ in range(1)))
    one, two = talk_with(services, "một"), talk_with(services, "hai")
    for name in (one, two):
        deliver(services, {"messenger": platform}, name, gate=gate)
    with services.store.reading() as tx:
        assert outbox.due_conversations(tx, clock.at) == []
    clock.at, moment[0] = clock.at + timedelta(seconds=800), 800.0
    assert deliver(services, {"messenger": platform}, one, gate=gate) == 1
    with services.store.reading() as tx:
        assert outbox.due_conversations(tx, clock.at) == [two]


def test_over_the_limit_of_a_channel_messages_wait_and_emergencies_do_not(
    services: Services, clock: MovingClock
) -> None:
    gate = Gate({"messenger": "1/hour"})
    platform = Platform()
    name = talk_with(services, "một", "hai")
    urgent = talk_with(services, "111, 113, 115")
    with services.store.transaction() as tx:
        (message,) = conversations.messages(tx, urgent)
        message.payload = {"emergency": True}
    assert deliver(services, {"messenger": platform}, name, gate=gate) == 1
    assert deliver(services, {"messenger": platform}, urgent, gate=gate) == 1
    assert states(services.store, name) == ["sent", "queued"]
    with services.store.reading() as tx:
        assert outbox.due_conversations(tx, clock.at) == []


def test_a_channel_that_is_down_is_left_out_of_the_sweep(services: Services) -> None:
    talk_with(services, "một")
    with services.store.reading() as tx:
        assert len(outbox.due_conversations(tx, NOW)) == 1
        assert outbox.due_conversations(tx, NOW, without={"messenger"}) == []


def test_a_process_that_is_told_to_stop_takes_no_new_row(services: Services) -> None:
    platform = Platform()
    name = talk_with(services, "một", "hai")
    deliver(services, {"messenger": platform}, name, stopping=lambda: bool(platform.taken))
    assert states(services.store, name) == ["sent", "queued"]


# ------------------------------------------------------------------------------------ the queue


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=pytest.mark.redis)])
def queue_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "redis":
        yield (
            os.environ["LANGNGHE_TEST_REDIS_URL"].rsplit("/", 1)[0]
            + f"/{secrets.randbelow(14) + 1}"
        )
        return
    yield f"sqlite:///{tmp_path / 'queue.db'}"


def consume(queue: JobQueue, check: Callable[[], bool]) -> None:
    """Runs a consumer's work by hand until ``check`` holds."""
    for _ in range(50):
        task = queue.huey.dequeue()
        if task is not None:
            queue.huey.execute(task)
        if check():
            return
    raise AssertionError("the queue ran empty")


def test_what_one_process_asks_another_does(queue_url: str) -> None:
    asked, worker = JobQueue(queue_url), JobQueue(queue_url)
    worker.huey.flush()
    done: list[tuple[str, str]] = []
    worker.bind(
        process=lambda name: done.append(("p", name)), deliver=lambda name: done.append(("d", name))
    )
    asked.process("a")
    asked.deliver("b")
    consume(worker, lambda: len(done) == 2)
    assert sorted(done) == [("d", "b"), ("p", "a")]


def test_an_unknown_queue_is_refused() -> None:
    with pytest.raises(ValueError, match="no queue that we know"):
        JobQueue("amqp://x")


class Names:
    """A queue that keeps names."""

    def __init__(self) -> None:
        self.processed: list[str] = []
        self.delivered: list[str] = []
        self.process, self.deliver = self.processed.append, self.delivered.append


def test_the_sweep_finds_what_no_job_announced(services: Services, clock: MovingClock) -> None:
    runtime = Runtime(make_settings(), services.store, clock, services)  # type: ignore[arg-type]
    name = talk_with(services, "một")
    with services.store.transaction() as tx:
        talk = conversations.get(tx, name)
        assert talk is not None
        conversations.add_inbound(
            tx, talk, text="chờ", payload=None, channel_message_id=None, now=NOW
        )
    queue = Names()
    sweeper = Sweeper(runtime, queue)  # type: ignore[arg-type]
    assert sweeper.sweep() == 2
    assert (queue.processed, queue.delivered) == ([name], [name])
    # Not again at once: the assistant may be away, and the queue must not fill.
    assert sweeper.sweep() == 0


def test_the_hourly_tidy_forgets_an_answer_that_nobody_types_on(
    services: Services, clock: MovingClock
) -> None:
    runtime = Runtime(make_settings(), services.store, clock, services)  # type: ignore[arg-type]
    person = make_staff(services.store, username="khtc", role="lead", unit="KHTC")
    old, fresh = make_case(services).case, make_case(services).case
    with services.store.transaction() as tx:
        notes.keep_typed(tx, person.id, old.id, "bỏ dở", NOW)
        notes.keep_typed(tx, person.id, fresh.id, "đang viết", NOW + timedelta(days=2))
    clock.at = NOW + timedelta(days=31)
    Sweeper(runtime, Names()).sweep()  # type: ignore[arg-type]
    with services.store.reading() as tx:
        assert notes.typed(tx, person.id, old.id) is None
        assert notes.typed(tx, person.id, fresh.id) is not None


def test_parts_that_were_taken_are_remembered_in_the_database(
    services: Services, clock: MovingClock
) -> None:
    KeptParts(services.store, clock.now).take("outbox-1#0", "m1")
    after_restart = KeptParts(services.store, clock.now)
    assert after_restart.taken("outbox-1#0") == "m1"
    assert after_restart.taken("outbox-1#1") is None


def test_two_senders_never_send_the_same_row(services: Services) -> None:
    name = talk_with(services, *(f"tin {n}" for n in range(10)))
    platform = Platform()
    threads = [threading.Thread(target=send, args=(services, platform, name)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    send(services, platform, name)
    assert [one.text for one in platform.taken] == [f"tin {n}" for n in range(10)]


def test_an_answer_goes_out_in_the_job_that_asked_for_it(
    services: Services, clock: MovingClock
) -> None:
    """As a job of its own it would wait behind the questions of everybody else."""
    from intake_api.jobs import work

    queue, platform = Names(), Platform()
    asking = replace(services, queue=queue)
    runtime = Runtime(make_settings(), services.store, clock, asking)  # type: ignore[arg-type]
    with services.store.transaction() as tx:
        talk = make_conversation(tx, channel="messenger")
        for words in ("một", "hai"):
            conversations.add_inbound(
                tx, talk, text=words, payload=None, channel_message_id=None, now=NOW
            )
        name = talk.id

    def now(one: str) -> None:
        send(asking, platform, one)

    work._process(runtime, now, name, Outage("database_unavailable"))
    assert [one.text for one in platform.taken] == ["Nghe: một", "Nghe: hai"]
    assert (queue.processed, queue.delivered) == ([], [])


def test_the_round_survives_whatever_its_work_meets() -> None:
    from intake_api.jobs import work

    stop, tries = threading.Event(), []

    def broken() -> int:
        tries.append(1)
        if len(tries) == 3:
            stop.set()
        raise RuntimeError("the queue is away")

    work._round("sweep", 0, broken, stop, Outage("database_unavailable"))
    assert len(tries) == 3


def test_a_queue_that_is_away_costs_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = JobQueue(f"sqlite:///{tmp_path / 'queue.db'}")

    def away(*_: object, **__: object) -> None:
        raise ConnectionError("no queue")

    monkeypatch.setattr(queue.huey, "enqueue", away)
    queue.process("c")
    queue.deliver("c")
