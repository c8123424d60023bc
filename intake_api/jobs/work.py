"""The jobs process: runs the queue's consumer and, every two seconds, looks for what was left."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from intake_api.channels.adapters import adapters_for
from intake_api.channels.base import Adapter, NotSent, Outage
from intake_api.channels.fetching import Fetcher
from intake_api.channels.zalo import ZaloAdapter
from intake_api.domain.model import Channel
from intake_api.flow import (
    comments,
    consult_tell,
    converse,
    floods,
    handover,
    noting,
    receive,
    retention,
    sessions,
    takeover,
    unsealing,
    waiting,
)
from intake_api.flow.files import MAX_FILE
from intake_api.flow.services import Queue
from intake_api.jobs import openly, reminders, watch, webhooks
from intake_api.jobs.arriving import Arriving
from intake_api.jobs.deliver import deliver
from intake_api.jobs.faq import ROUND_SECONDS, FaqRound
from intake_api.jobs.gate import Gate
from intake_api.jobs.kept import KeptParts, KeptTokens
from intake_api.jobs.mail import KeptThreads, Postman, access
from intake_api.jobs.queue import JobQueue
from intake_api.jobs.reports import Reports
from intake_api.runtime import Runtime, build
from intake_api.settings import Settings
from intake_api.store import (
    StoreUnavailable,
    accounts,
    cases,
    conversations,
    events,
    notes,
    outbox,
    registry,
    search,
    senders,
    takeovers,
)
from intake_api.store.tracker import TrackerStore

log = structlog.get_logger()
# huey's own clock ticks by the minute; a person in a chat should not wait that long after a
# restart, so the sweep has its own, shorter beat.
SWEEP_SECONDS = 2.0
CONSULT_SECONDS = 10.0
# How long a swept conversation is not handed out again: the assistant may be away.
AGAIN_SECONDS = 8.0
KEEP_KEYS = timedelta(hours=48)
# An answer of the assistant may take twenty seconds, a message to a platform ten.
GRACE_SECONDS = 25


class Sweeper:
    """Finds conversations with work that no job announced (lost job, restart, retry due)."""

    def __init__(
        self,
        runtime: Runtime,
        queue: JobQueue,
        adapters: Mapping[str, Adapter] | None = None,
        gate: Gate | None = None,
    ) -> None:
        self._runtime, self._queue, self._adapters = runtime, queue, adapters or {}
        self._gate = gate or Gate()
        tracker = runtime.settings.tracker_url.get_secret_value()
        self._tracker = TrackerStore(tracker) if tracker else None
        self._handed: dict[str, float] = {}
        self._tidied = 0.0

    def sweep(self) -> int:
        """Queues what has to be done; returns how many conversations were handed out."""
        now, store = self._runtime.clock.now(), self._runtime.store
        with store.reading() as tx:
            waiting = conversations.with_waiting(tx, now)
            due = outbox.due_conversations(tx, now, without=self._gate.down())
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
        """Forgets drafts after 24 hours, keys after 48, answers that nobody typed on and old
        sessions; hands over cases of ended units, ends what was waited for too long and what was
        answered and stayed silent."""
        now = self._runtime.clock.now()
        with self._runtime.store.transaction() as tx:
            for draft in cases.old_drafts(tx, now - receive.DRAFT_LIFE):
                cases.delete_draft(tx, draft)
            registry.forget_idempotent(tx, now - KEEP_KEYS)
            senders.forget(tx, now - floods.KEEP)
            notes.drop_old_typed(tx, now - noting.KEEP_TYPED)
            accounts.forget_sessions(tx, now - sessions.KEEP)
            handover.hand_over(tx, self._runtime.services.catalog, now=now)
            waiting.expire(tx, self._runtime.services, now=now)
            if events.any_since(tx, ("sealed", "corrected"), now - timedelta(hours=2)):
                search.forget_deleted(tx)
            waiting.settle(tx, self._runtime.services, now=now)
            unsealing.expire(tx, now=now)
            comments.record_unanswered(tx, self._runtime.services, now=now)
        retention.housekeeping(self._runtime.services, now=now)
        self._forget_tracked()
        zalo = self._adapters.get(Channel.ZALO)
        if isinstance(zalo, ZaloAdapter):
            with contextlib.suppress(NotSent):  # it was alarmed, and the next hour comes
                zalo.keep_fresh()
        self._tidied = time.monotonic()

    def _forget_tracked(self) -> None:
        if self._tracker is None:
            return
        try:
            retention.forget_tracked(
                self._runtime.services, self._tracker, now=self._runtime.clock.now()
            )
        except StoreUnavailable as error:  # the assistant's own database; the next hour comes
            log.error("tracker of the assistant unavailable", reason=str(error))


def run(settings: Settings, *, workers: int = 12) -> None:
    """Runs until it is told to stop. SIGTERM ends what is in the middle of being sent or answered
    and takes up nothing new; SIGINT breaks off at once."""
    queue = JobQueue(settings.queue_url)
    runtime = build(settings, queue=queue)
    gate = Gate(settings.send_limits, storage=settings.rate_limit_storage)
    adapters = _adapters(settings, runtime)
    stop = threading.Event()
    consumer = queue.huey.create_consumer(
        workers=workers,
        worker_type="thread",
        # A waiting person notices 0.2 s; twelve workers that look so often cost an idle machine
        # 0.4 % of one processor (measured on SQLite).
        initial_delay=0.05,
        max_delay=0.2,
        periodic=False,
        graceful_signal="TERM",
        shutdown_timeout=GRACE_SECONDS,
    )
    stopping = consumer.stop_flag.is_set
    database = Outage("database_unavailable")

    def send(conversation_id: str) -> None:
        deliver(runtime.services, adapters, conversation_id, gate=gate, stopping=stopping)

    queue.bind(
        process=lambda conversation_id: _process(runtime, send, conversation_id, database),
        deliver=lambda conversation_id: _deliver(send, conversation_id, database),
    )
    sweeper = Sweeper(runtime, queue, adapters, gate)
    beats = [
        threading.Thread(
            target=_round, args=(name, wait, work, stop, database), daemon=True, name=name
        )
        for name, wait, work in _rounds(settings, runtime, sweeper)
    ]
    for beat in beats:
        beat.start()
    try:
        consumer.run()
    finally:
        stop.set()
        for beat in beats:
            beat.join(timeout=5)


def _adapters(settings: Settings, runtime: Runtime) -> dict[str, Adapter]:
    store, now = runtime.store, runtime.clock.now
    return adapters_for(
        settings,
        parts=KeptParts(store, now),
        threads=KeptThreads(runtime.services),
        tokens=KeptTokens(
            store, now, channel=Channel.ZALO,
            first=settings.zalo_refresh_token.get_secret_value(),
            secret=settings.secret_key.get_secret_value().encode(),
        ),
        now=now,
    )  # fmt: skip


class _AtOnce:
    """A queue that hands nothing on which can be sent here and now."""

    def __init__(self, queue: Queue, send: Callable[[str], None]) -> None:
        self.process, self.deliver = queue.process, send


def _process(
    runtime: Runtime, send: Callable[[str], None], conversation_id: str, database: Outage
) -> None:
    with _noticing(database):
        # What was decided while the message was stored (the emergency numbers, held answers)
        # does not wait for the assistant.
        send(conversation_id)
        # An answer goes out from here: as a job of its own it would wait behind everybody else's
        # question.
        services = replace(runtime.services, queue=_AtOnce(runtime.services.queue, send))
        converse.take_turn(services, conversation_id)


def _deliver(send: Callable[[str], None], conversation_id: str, database: Outage) -> None:
    with _noticing(database):
        send(conversation_id)


@contextlib.contextmanager
def _noticing(database: Outage) -> Iterator[None]:
    """Around work: tells the operator once that the database is away, and once that it is back.
    What was not done is still to be done, by a later round."""
    try:
        yield
    except StoreUnavailable as error:
        database.failed(reason=str(error))
    else:
        database.worked()


def _rounds(
    settings: Settings, runtime: Runtime, sweeper: Sweeper
) -> list[tuple[str, float, Callable[[], object]]]:
    """What goes its own rounds, because it must not hold up the others: name, seconds between
    two rounds, and the work."""
    arriving = Arriving(runtime.services, Fetcher(max_bytes=MAX_FILE, allow=settings.fetch_from))
    private = frozenset(settings.webhook_private_hosts.split())
    mailer = reminders.mailer_for(settings)
    rounds: list[tuple[str, float, Callable[[], object]]] = [
        ("sweep", SWEEP_SECONDS, sweeper.sweep),
        ("files", SWEEP_SECONDS, arriving.round),
        ("webhooks", SWEEP_SECONDS, lambda: webhooks.send(runtime.services, private=private)),
        ("reports", SWEEP_SECONDS, Reports(runtime.services).round),
        ("watch", watch.SECONDS, lambda: watch.look(runtime.services)),
        (
            "consultations", CONSULT_SECONDS,
            lambda: consult_tell.work(runtime.services, settings.public_url),
        ),
        ("open page", openly.LOOK_SECONDS, lambda: openly.work(runtime.services)),
        ("faq", ROUND_SECONDS, FaqRound(runtime.services).round),
        # A slow mail server holds up nothing else.
        ("reminders", reminders.BEAT_SECONDS, reminders.Reminders(runtime, mailer).beat),
    ]  # fmt: skip
    mailbox = access(settings)
    if mailbox is not None:
        postman = Postman(runtime.services, mailbox, own=settings.email_address)
        rounds.append(("mail", settings.email_poll_seconds, postman.fetch))
    return rounds


def _round(
    name: str, wait: float, work: Callable[[], object], stop: threading.Event, database: Outage
) -> None:
    while not stop.is_set():
        try:
            with _noticing(database):
                work()
        except Exception as error:
            # Whatever it is, the next round comes: without it nothing would be sent late or again.
            log.error("round failed", round=name, reason=type(error).__name__)
        stop.wait(wait)
