"""The jobs process: runs the queue's consumer and, every two seconds, looks for what was left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog

from intake_api.channels.adapters import adapters_for
from intake_api.channels.base import Adapter
from intake_api.flow import (
    comments,
    converse,
    floods,
    handover,
    receive,
    retention,
    sessions,
    takeover,
    unsealing,
    waiting,
)
from intake_api.jobs import reminders, webhooks
from intake_api.jobs.deliver import deliver
from intake_api.jobs.mail import KeptThreads, Postman, access
from intake_api.jobs.queue import JobQueue
from intake_api.runtime import Runtime, build
from intake_api.settings import Settings
from intake_api.store import (
    StoreUnavailable,
    accounts,
    cases,
    conversations,
    events,
    outbox,
    registry,
    search,
    senders,
    takeovers,
)

log = structlog.get_logger()
# huey's own clock ticks by the minute; a person in a chat should not wait that long after a
# restart, so the sweep has its own, shorter beat.
SWEEP_SECONDS = 2.0
# How long a swept conversation is not handed out again: the assistant may be away.
AGAIN_SECONDS = 8.0
KEEP_KEYS = timedelta(hours=48)


class KeptParts:
    """Remembers which part of a long message the platform has taken, across restarts."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def taken(self, key: str) -> str | None:
        """The remote id of a part that was sent before, or None."""
        with self._runtime.store.reading() as tx:
            return registry.sent_part(tx, key)

    def take(self, key: str, remote_id: str) -> None:
        """Notes that a part was sent."""
        with self._runtime.store.transaction() as tx:
            registry.add_raw_event(
                tx, channel="sent", natural_key=f"sent:{key}", body={"remote_id": remote_id},
                now=self._runtime.clock.now(),
            )  # fmt: skip


class Sweeper:
    """Finds conversations with work that no job announced (lost job, restart, retry due)."""

    def __init__(self, runtime: Runtime, queue: JobQueue) -> None:
        self._runtime, self._queue = runtime, queue
        self._handed: dict[str, float] = {}
        self._tidied = 0.0

    def sweep(self) -> int:
        """Queues what has to be done; returns how many conversations were handed out."""
        now, store = self._runtime.clock.now(), self._runtime.store
        with store.reading() as tx:
            waiting = conversations.with_waiting(tx, now)
            due = outbox.due_conversations(tx, now)
            talks = takeovers.ended(tx, now)
        if talks:
            with store.transaction() as tx:
                takeover.end_due(tx, self._runtime.services, now=now)
        count = 0
        for kind, found, hand in (
            ("p", waiting, self._queue.process),
            ("d", due, self._queue.deliver),
        ):
            for conversation_id in found:
                if self._not_lately(kind + conversation_id):
                    hand(conversation_id)
                    count += 1
        if time.monotonic() - self._tidied > 3600:
            self._tidy()
        return count

    def _not_lately(self, key: str) -> bool:
        moment = time.monotonic()
        if moment - self._handed.get(key, -AGAIN_SECONDS) < AGAIN_SECONDS:
            return False
        if len(self._handed) > 10_000:
            self._handed.clear()
        self._handed[key] = moment
        return True

    def _tidy(self) -> None:
        """Forgets drafts after 24 hours, keys after 48 and old sessions; hands over cases of ended
        units, ends what was waited for too long and what was answered and stayed silent."""
        now = self._runtime.clock.now()
        with self._runtime.store.transaction() as tx:
            for draft in cases.old_drafts(tx, now - receive.DRAFT_LIFE):
                cases.delete_draft(tx, draft)
            registry.forget_idempotent(tx, now - KEEP_KEYS)
            senders.forget(tx, now - floods.KEEP)
            accounts.forget_sessions(tx, now - sessions.KEEP)
            handover.hand_over(tx, self._runtime.services.catalog, now=now)
            waiting.expire(tx, self._runtime.services, now=now)
            if events.any_since(tx, ("sealed", "corrected"), now - timedelta(hours=2)):
                search.forget_deleted(tx)
            waiting.settle(tx, self._runtime.services, now=now)
            unsealing.expire(tx, now=now)
            comments.record_unanswered(tx, self._runtime.services, now=now)
        retention.housekeeping(self._runtime.services, now=now)
        self._tidied = time.monotonic()


def run(settings: Settings, *, workers: int = 4) -> None:
    """Runs until it is told to stop (SIGINT, SIGTERM)."""
    queue = JobQueue(settings.queue_url)
    runtime = build(settings, queue=queue)
    adapters = adapters_for(
        settings, parts=KeptParts(runtime), threads=KeptThreads(runtime.services),
        now=runtime.clock.now,
    )  # fmt: skip
    queue.bind(
        process=lambda conversation_id: _process(runtime, adapters, conversation_id),
        deliver=lambda conversation_id: _deliver(runtime, adapters, conversation_id),
    )
    stop = threading.Event()
    sweeper = Sweeper(runtime, queue)
    beat = threading.Thread(target=_beat, args=(sweeper, stop), daemon=True, name="sweep")
    beat.start()
    clock = reminders.start(runtime, stop)
    for name, wait, work in _rounds(settings, runtime):
        threading.Thread(
            target=_round, args=(work, stop, wait, name), daemon=True, name=name
        ).start()
    consumer = queue.huey.create_consumer(
        workers=workers,
        worker_type="thread",
        # A waiting person notices 0.2 s; an idle machine does not notice 40 polls a second less.
        initial_delay=0.05,
        max_delay=0.2,
        periodic=False,
    )
    try:
        consumer.run()
    finally:
        stop.set()
        beat.join(timeout=5)
        clock.join(timeout=5)


def _process(runtime: Runtime, adapters: Mapping[str, Adapter], conversation_id: str) -> None:
    try:
        # What was decided while the message was stored (the emergency numbers, held answers)
        # does not wait for the assistant.
        deliver(runtime.services, adapters, conversation_id)
        converse.take_turn(runtime.services, conversation_id)
    except StoreUnavailable as error:
        log.error("database unavailable", reason=str(error))


def _deliver(runtime: Runtime, adapters: Mapping[str, Adapter], conversation_id: str) -> None:
    try:
        deliver(runtime.services, adapters, conversation_id)
    except StoreUnavailable as error:
        log.error("database unavailable", reason=str(error))


def _rounds(settings: Settings, runtime: Runtime) -> list[tuple[str, float, Callable[[], int]]]:
    """What goes its own rounds beside the sweep, because it waits for others: name, seconds
    between two rounds, and the work."""
    private = frozenset(settings.webhook_private_hosts.split())
    rounds: list[tuple[str, float, Callable[[], int]]] = [
        ("webhooks", SWEEP_SECONDS, lambda: webhooks.send(runtime.services, private=private))
    ]
    mailbox = access(settings)
    if mailbox is not None:
        postman = Postman(runtime.services, mailbox, own=settings.email_address)
        rounds.append(("mail", settings.email_poll_seconds, postman.fetch))
    return rounds


def _round(work: Callable[[], int], stop: threading.Event, wait: float, name: str) -> None:
    while not stop.is_set():
        try:
            work()
        except StoreUnavailable as error:
            log.error("database unavailable", round=name, reason=str(error))
        except Exception as error:
            # Whatever it is, the next round comes; what was not done is still to be done.
            log.error("round failed", round=name, reason=type(error).__name__)
        stop.wait(wait)


def _beat(sweeper: Sweeper, stop: threading.Event) -> None:
    told = False
    while not stop.is_set():
        try:
            sweeper.sweep()
            told = False
        except StoreUnavailable as error:
            if not told:  # once per outage: an operator reads this
                log.error("database unavailable", reason=str(error))
                told = True
        except Exception as error:
            # Whatever it is, the next beat comes: without it nothing would be sent late or again.
            log.error("sweep failed", reason=type(error).__name__)
        stop.wait(SWEEP_SECONDS)
