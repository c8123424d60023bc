"""Sends what the outbox holds, in the order of each conversation, within the channel's rules."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta

import structlog

from intake_api.channels.base import Adapter, Button, GiveUp, Hold, Outgoing, Retry, Unknown
from intake_api.domain import sending
from intake_api.flow.services import Services
from intake_api.store import outbox
from intake_api.store.tables import Conversation, Message, Outbox

log = structlog.get_logger()
MAX_ATTEMPTS = 12
FIRST_WAIT = 2.0
LONGEST_WAIT = 3600.0


def deliver(services: Services, adapters: Mapping[str, Adapter], conversation_id: str) -> int:
    """Sends everything that is due in one conversation, oldest first; stops at the first row
    that must wait, so that nothing overtakes it. Returns how many rows were sent."""
    sent = 0
    while True:
        now = services.now()
        with services.store.transaction() as tx:
            row = outbox.take_next(tx, conversation_id, now)
            if row is None:
                return sent
            message, conversation = outbox.message_of(tx, row), outbox.conversation_of(tx, row)
            mode = sending.decide(
                row.channel,
                now=now,
                last_inbound_at=conversation.last_inbound_at,
                written_by_person=message.author == "staff",
                human_agent_approved=services.human_agent_approved,
            )
            if mode.mode == "hold":
                outbox.mark_held(tx, row.id, reason=mode.reason)
                continue
        adapter = adapters.get(row.channel)
        if adapter is None:
            _fail(services, row, f"kênh {row.channel} chưa được cấu hình")
            return sent
        if not _send(services, adapter, row, message, conversation, mode.mode):
            return sent
        sent += 1


def _send(
    services: Services,
    adapter: Adapter,
    row: Outbox,
    message: Message,
    conversation: Conversation,
    mode: str,
) -> bool:
    """Sends one row and records what became of it; True when the next row may go."""
    payload = message.payload or {}
    outgoing = Outgoing(
        channel=row.channel,
        recipient=conversation.external_id,
        text=message.text,
        buttons=[Button(b["title"], b["payload"]) for b in payload.get("buttons", ())],
        source=payload if payload.get("source") else None,
        mode=mode,
        idempotency=f"outbox-{row.id}",
    )
    try:
        result = adapter.send(outgoing)
    except Hold as error:
        with services.store.transaction() as tx:
            outbox.mark_held(tx, row.id, reason=error.reason)
        return True
    except GiveUp as error:
        _fail(services, row, error.reason)
        return True
    except Unknown as error:
        # The platform may have it: sending again could say it twice. Staff decide.
        _fail(services, row, f"không rõ đã tới hay chưa: {error.reason}")
        return True
    except Retry as error:
        _again(services, row, error)
        return False
    with services.store.transaction() as tx:
        outbox.mark_sent(tx, row.id, now=services.now(), remote_id=result.remote_id)
    return True


def _again(services: Services, row: Outbox, error: Retry) -> None:
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
