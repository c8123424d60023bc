"""Sends what the outbox holds, in the order of each conversation, within the channel's rules."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from intake_api.channels.base import (
    Adapter,
    Button,
    GiveUp,
    Hold,
    Outgoing,
    ReplyUsed,
    Retry,
    Unknown,
)
from intake_api.domain.rendering import length, split, with_source
from intake_api.flow import comments, outgoing
from intake_api.flow.services import Services
from intake_api.jobs.gate import Gate
from intake_api.store import conversations, outbox
from intake_api.store.tables import Conversation, Message, Outbox

if TYPE_CHECKING:
    from intake_api.store import Session

log = structlog.get_logger()
# The longest text of one message in Messenger.
ONE_MESSAGE = 2000
MAX_ATTEMPTS = 12
FIRST_WAIT = 2.0
LONGEST_WAIT = 3600.0


def deliver(
    services: Services,
    adapters: Mapping[str, Adapter],
    conversation_id: str,
    *,
    gate: Gate | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Sends everything that is due in one conversation, oldest first; stops at the first row
    that must wait, so that nothing overtakes it. Returns how many rows were sent.

    ``stopping``: asked before each row; a process that is told to stop takes no new one.
    """
    gate = gate or Gate()
    sent = 0
    while not stopping():
        now = services.now()
        with services.store.transaction() as tx:
            row = outbox.take_next(tx, conversation_id, now)
            if row is None:
                return sent
            message, conversation = outbox.message_of(tx, row), outbox.conversation_of(tx, row)
            way = outgoing.way(tx, services, message=message, conversation=conversation, now=now)
            if way.mode == "hold" and (message.payload or {}).get("only_now"):
                outbox.mark_dropped(tx, row.id, reason=way.reason)
                continue
            if way.mode == "hold":
                outbox.mark_held(tx, row.id, reason=way.reason)
                continue
            if way.mode == "never":
                outbox.mark_failed(tx, row.id, reason=way.reason)
                continue
            # Emergency numbers pass every limit of ours.
            emergency = (message.payload or {}).get("emergency")
            wait = 0.0 if emergency else gate.wait(row.channel)
            if wait:
                outbox.put_off(tx, row.id, at=now + timedelta(seconds=wait))
                return sent
        adapter = adapters.get(row.channel)
        if adapter is None:
            _fail(services, row, f"kênh {row.channel} chưa được cấu hình")
            return sent
        if not _send(services, adapter, row, message, way, gate):
            return sent
        sent += 1
    return sent


def _send(
    services: Services,
    adapter: Adapter,
    row: Outbox,
    message: Message,
    way: outgoing.Way,
    gate: Gate,
) -> bool:
    """Sends one row and records what became of it; True when the next row may go."""
    payload = message.payload or {}
    text, rest = _fitted(services, message, way)
    wanted = Outgoing(
        channel=row.channel,
        recipient=way.recipient,
        text=text,
        buttons=[Button(b["title"], b["payload"]) for b in payload.get("buttons", ())],
        source=payload if payload.get("source") and not rest else None,
        mode=way.mode,
        idempotency=f"outbox-{row.id}",
        is_post=way.is_post,
        template=way.template,
        automatic=message.author != "staff",
    )
    try:
        result = adapter.send(wanted)
    except Hold as error:
        _worked(services, gate, row.channel)
        with services.store.transaction() as tx:
            outbox.mark_held(tx, row.id, reason=error.reason)
            if isinstance(error, ReplyUsed) and way.comment_id:
                comments.reply_used(tx, way.comment_id, now=services.now())
        return True
    except GiveUp as error:
        _worked(services, gate, row.channel)
        _fail(services, row, error.reason)
        return True
    except Unknown as error:
        # The platform may have it: sending again could say it twice. Staff decide.
        log.error("delivery unknown", outbox=row.id, channel=row.channel, reason=error.reason)
        with services.store.transaction() as tx:
            outbox.mark_unknown(tx, row.id, reason=error.reason)
        return True
    except Retry as error:
        _again(services, row, error, gate)
        return False
    _worked(services, gate, row.channel)
    with services.store.transaction() as tx:
        outbox.mark_sent(tx, row.id, now=services.now(), remote_id=result.remote_id)
        if way.mode == "take_thread":
            # What was refused while another application had the conversation may go now.
            outgoing.release_held(tx, outbox.conversation_of(tx, row), services.now())
        if way.comment_id and way.mode == "private_reply":
            now = services.now()
            comments.reached(tx, way.comment_id, psid=result.person, now=now)
            if rest:
                _keep_rest(tx, message, rest, now)
    return True


def _fitted(services: Services, message: Message, way: outgoing.Way) -> tuple[str, str]:
    """What goes now and what is left for later: the private reply to a comment is one message."""
    payload = message.payload or {}
    whole = with_source(message.text, payload if payload.get("source") else None)
    if way.mode != "private_reply" or length(whole) <= ONE_MESSAGE:
        return message.text, ""
    more = services.catalog.messages["comment_rest"]
    first, *others = split(whole, ONE_MESSAGE - length(more) - 1)
    return f"{first}\n{more}", "\n".join(others)


def _keep_rest(tx: Session, message: Message, rest: str, now: datetime) -> None:
    talk = tx.get_one(Conversation, message.conversation_id)
    conversations.add_outbound(
        tx, talk, text=rest, payload={"comment": (message.payload or {}).get("comment")},
        author=message.author, now=now, case_id=message.case_id, staff_id=message.staff_id,
        sealed=message.sealed,
    )  # fmt: skip


def _worked(services: Services, gate: Gate, channel: str) -> None:
    if gate.worked(channel):
        with services.store.transaction() as tx:
            outbox.hasten(tx, channel, services.now())


def _again(services: Services, row: Outbox, error: Retry, gate: Gate) -> None:
    if error.channel_wide:
        wait = gate.failed(row.channel, after=error.after_seconds, reason=error.reason)
        wait *= random.uniform(1.0, 1.3)  # noqa: S311 - spreads retries, protects nothing
        with services.store.transaction() as tx:
            at = services.now() + timedelta(seconds=wait)
            outbox.put_off(tx, row.id, at=at, error=error.reason)
        return
    _worked(services, gate, row.channel)
    if row.attempts >= MAX_ATTEMPTS:
        _fail(services, row, f"đã thử {row.attempts} lần: {error.reason}")
        return
    wait = max(error.after_seconds or 0.0, min(LONGEST_WAIT, FIRST_WAIT * 2 ** (row.attempts - 1)))
    wait *= random.uniform(1.0, 1.3)  # noqa: S311 - spreads retries, protects nothing
    with services.store.transaction() as tx:
        at = services.now() + timedelta(seconds=wait)
        outbox.mark_retry(tx, row.id, at=at, error=error.reason)


def _fail(services: Services, row: Outbox, reason: str) -> None:
    log.error("not delivered", outbox=row.id, channel=row.channel, reason=reason)
    with services.store.transaction() as tx:
        outbox.mark_failed(tx, row.id, reason=reason)
