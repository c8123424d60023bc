"""Conversing: store what a person wrote, then let the assistant answer it, once, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog

from intake_api.flow import (
    choices,
    citizen,
    comments,
    danger,
    edits,
    files,
    inbox,
    outgoing,
    receive,
    rights,
    takeover,
    taps,
    triage,
    waiting,
)
from intake_api.flow.services import (
    AssistantSilent,
    AssistantUnavailable,
    BotReply,
    Services,
)
from intake_api.store import cases, conversations, followers, registry
from intake_api.store.tables import Attachment, Conversation, Message
from vntext import normalize

if TYPE_CHECKING:
    from intake_api.domain.inbound import InboundEvent
    from intake_api.store import Session

log = structlog.get_logger()
SAID = frozenset({"text", "quick_reply", "postback", "attachment", "edit"})
MAX_TO_ASSISTANT = 2000
MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person sent. ``payload``: what a button carries, or None. ``at``: when she did,
    as the platform says; ``standby``: another application holds the conversation."""

    text: str
    channel_message_id: str | None = None
    payload: str | None = None
    attachments: tuple[dict[str, Any], ...] = field(default=())
    at: datetime | None = None
    standby: bool = False
    files: tuple[files.Kept, ...] = field(default=())  # what is here already, looked into


def store_events(
    tx: Session,
    services: Services,
    *,
    channel: str,
    events: Sequence[InboundEvent],
    now: datetime,
) -> list[str]:
    """Stores a channel's events, each once by its natural key; returns the conversations that
    have something new for the assistant."""
    touched: dict[str, None] = {}
    for event in events:
        key = f"{channel}:{event.natural_key}"
        if not registry.add_raw_event(
            tx, channel=channel, natural_key=key, body=event.raw, now=now
        ):
            continue
        if event.page is not None and event.kind in ("comment", "page"):
            name = comments.store_change(tx, services, event, key=key, now=now)
            if name is not None:
                touched[name] = None
        elif event.kind in SAID and event.external_id:
            conversation = conversations.get_or_create(
                tx, channel=channel, external_id=event.external_id, now=now
            )
            touched[conversation.id] = None
            if edits.store(tx, services, conversation, event, key=key, now=now):
                continue
            incoming = Incoming(
                text=event.text or "",
                channel_message_id=key,
                payload=event.payload,
                at=min(event.at, now),
                standby=event.standby,
                attachments=tuple(
                    {"kind": one.kind, "url": one.url, "name": one.name}
                    for one in event.attachments
                ),
            )
            store_incoming(tx, services, conversation, incoming, now=now)
        elif event.kind == "thread" and event.external_id:
            inbox.change_hands(tx, services, channel, event, now)
        elif event.kind == "reaction" and event.external_id:
            # A reaction opens the platform's window too (interfaces 5.6).
            talk = conversations.find(tx, channel=channel, external_id=event.external_id)
            if talk is not None:
                conversations.heard(talk, min(event.at, now))
        elif event.kind in ("follow", "unfollow") and event.external_id:
            talk = conversations.get_or_create(
                tx, channel=channel, external_id=event.external_id, now=now
            )
            followers.note(tx, talk.id, following=event.kind == "follow", at=event.at)
        elif event.kind == "own_echo":
            inbox.own_echo(tx, channel, event, now)
        elif event.kind == "staff_echo" and event.external_id:
            inbox.store_echo(tx, services, channel, event, key, now)
    return list(touched)


def store_incoming(
    tx: Session,
    services: Services,
    conversation: Conversation,
    incoming: Incoming,
    *,
    now: datetime,
) -> Message:
    """Stores one message before anything else is done with it. Danger is met here, not later:
    the emergency numbers go out in this very transaction, whatever the assistant is doing."""
    if incoming.channel_message_id:
        known = conversations.known_message(tx, incoming.channel_message_id)
        if known is not None:
            return known
    if incoming.payload is None:
        incoming = replace(incoming, payload=choices.chosen(tx, conversation, incoming.text))
    paused = takeover.paused(conversation, now)
    if paused and takeover.wants_assistant(incoming.text, incoming.payload):
        takeover.hand_back(tx, services, conversation, actor="citizen", now=now)
    elif incoming.standby and not paused:
        takeover.from_inbox(tx, services, conversation, now=now, spoke=False)
        paused = True
    payload: dict[str, Any] = {}
    if incoming.payload and _was_offered(tx, conversation, incoming.payload):
        payload["payload"] = incoming.payload
    try:
        message = conversations.add_inbound(
            tx,
            conversation,
            text=incoming.text,
            payload=payload,
            channel_message_id=incoming.channel_message_id,
            now=now,
            said_at=incoming.at,
            # The button that calls the assistant back is no sentence to answer.
            state="ignored" if paused or incoming.payload == takeover.RESUME else "waiting",
            # Beside a sealed matter everything may be about it.
            sealed=cases.has_sealed(tx, conversation.id),
        )
    except conversations.AlreadyStored:
        known = conversations.known_message(tx, incoming.channel_message_id or "")
        if known is None:
            raise
        return known
    outgoing.release_held(tx, conversation, now)
    if taps.heard(tx, services, conversation, message, incoming.payload, now=now):
        return message
    waiting.citizen_wrote(tx, services, conversation, now=now)
    for one in incoming.attachments:
        cases.add_attachment(
            tx,
            Attachment(
                message_id=message.id, filename=(one.get("name") or one["kind"])[:200],
                content_type=one["kind"][:100], size=0, sha256="", remote_url=one.get("url"),
                created_at=now,
            ),
        )  # fmt: skip
    for kept in incoming.files:
        cases.keep_file(tx, kept, message_id=message.id, now=now)
    if "payload" not in payload and incoming.text.strip():
        _understand(tx, services, conversation, message, now)
    elif not incoming.text.strip() and not payload and not paused:
        _acknowledge_files(tx, services, conversation, message, now, len(incoming.files))
    if paused:
        takeover.tie(tx, conversation, message)
    return message


def _understand(
    tx: Session, services: Services, conversation: Conversation, message: Message, now: datetime
) -> None:
    """Meets danger, and seals words that accuse somebody before they become a case: whoever
    handles another case of this conversation must not read them meanwhile."""
    understood = services.classifier.classify(message.text, channel=conversation.channel)
    message.sealed = message.sealed or triage.sealed(services, understood)
    if not understood.danger:
        rights.heard(tx, services, conversation, message, now=now)
        return
    danger.meet(tx, services, conversation, message, understood, text=message.text, now=now)


def _acknowledge_files(
    tx: Session,
    services: Services,
    conversation: Conversation,
    message: Message,
    now: datetime,
    kept: int,
) -> None:
    """A file without words is no turn for the assistant; it is kept and acknowledged."""
    message.state, message.done_at = "done", now
    words = services.catalog.messages["files_kept" if kept else "attachment_kept"]
    conversations.add_outbound(
        tx, conversation, text=words.format(count=kept), payload=None,
        author="system", now=now, sealed=message.sealed,
    )  # fmt: skip


def _was_offered(tx: Session, conversation: Conversation, payload: str) -> bool:
    """A button's payload reaches the assistant as a command, so it must be one we offered."""
    return conversations.was_offered(tx, conversation.id, payload) or payload in START_PAYLOADS


# What the chat page and the Page's persistent menu offer before anything was said.
START_PAYLOADS = frozenset(
    {"/greet", "/ask_question", "/give_feedback", "/check_status", "/talk_to_person"}
)


@dataclass(frozen=True, slots=True)
class _Job:
    """One message to answer; ``again``: an earlier try may have reached the assistant."""

    conversation: Conversation
    message: Message
    again: bool
    has_open_case: bool

    @property
    def sender(self) -> str:
        return f"{self.conversation.channel}:{self.conversation.id}"


def take_turn(services: Services, conversation_id: str) -> bool:
    """Lets the assistant answer everything that waits in a conversation, oldest first.

    One request to Rasa at a time per conversation: whoever cannot claim it leaves the work to
    the one who has. Returns False when the assistant is away and messages keep waiting.
    """
    with services.store.transaction() as tx:
        if not conversations.claim(tx, conversation_id, services.now()):
            return True
        job = _next_job(tx, conversation_id, services.now())
    while job is not None:
        try:
            replies = _ask(services, job)
        except AssistantUnavailable as error:
            log.warning("assistant away", conversation=conversation_id, reason=str(error))
            if isinstance(error, AssistantSilent) and job.message.attempts >= MOST_TRIES:
                # Rasa is there and will never answer this one: it must not block the rest.
                job = _give_up(services, job)
                continue
            _tell_waiting(services, conversation_id)
            return False
        with services.store.transaction() as tx:
            _keep_replies(tx, conversation_id, job.message.id, replies, services.now())
            # Looking for more and giving the claim back is one step: what comes in after it
            # finds the conversation free, what came in before it is found here.
            pulled = job.conversation.channel in conversations.PULLED
            job = _next_job(tx, conversation_id, services.now())
        if not pulled:
            services.queue.deliver(conversation_id)
    return True


def _give_up(services: Services, job: _Job) -> _Job | None:
    """Tells the person that this one message could not be answered, and goes on."""
    now, name = services.now(), job.conversation.id
    log.error("message not answered", conversation=name, message_id=job.message.id)
    sorry = BotReply(services.catalog.messages["not_answered"])
    with services.store.transaction() as tx:
        _keep_replies(tx, name, job.message.id, [sorry], now)
        following = _next_job(tx, name, now)
    services.queue.deliver(name)
    return following


def _next_job(tx: Session, conversation_id: str, now: datetime) -> _Job | None:
    """The oldest message that waits, its try counted; None gives the claim back."""
    message = conversations.next_waiting(tx, conversation_id)
    conversation = conversations.get(tx, conversation_id)
    if message is None or conversation is None:
        conversations.release(tx, conversation_id)
        return None
    # Each message has the claim's whole time: five slow answers are no dead worker.
    conversations.keep_claim(tx, conversation_id, now)
    again = message.attempts > 0
    message.attempts += 1
    return _Job(conversation, message, again, citizen.has_open_case(tx, conversation))


def _ask(services: Services, job: _Job) -> list[BotReply]:
    if job.again:
        # The try before this one may have reached Rasa and died on the way back.
        known = services.assistant.answered_before(sender=job.sender, message_id=job.message.id)
        if known is not None:
            return known
    return services.assistant.turn(
        sender=job.sender,
        text=text_for_assistant(job.message),
        metadata={
            "channel": job.conversation.channel,
            "message_id": job.message.id,
            "danger": bool((job.message.payload or {}).get("danger")),
            "has_open_case": job.has_open_case,
        },
    )


def text_for_assistant(message: Message) -> str:
    """What Rasa is sent: a button's payload, or the words without a leading slash (Rasa would
    run "/restart" as a command) and cut to what a dialogue can use; the whole text is stored."""
    payload = message.payload or {}
    if payload.get("danger"):
        return "/report_danger"
    if payload.get("payload"):
        return str(payload["payload"])
    text = normalize(message.text).lstrip("/ \n") or "…"
    return text[:MAX_TO_ASSISTANT]


def whole_words(tx: Session, conversation: Conversation, message_id: int | None, text: str) -> str:
    """The words of a message exactly as they were written, when ``text`` is what the assistant
    was sent of it: of a long message that is only the beginning."""
    message = conversations.own_message(tx, conversation.id, message_id)
    if message is None or text_for_assistant(message).strip() != text.strip():
        return text
    return message.text[: receive.MAX_TEXT]


def _keep_replies(
    tx: Session, conversation_id: str, message_id: int, replies: Sequence[BotReply], now: datetime
) -> None:
    message = tx.get_one(Message, message_id)
    if message.state == "done":
        return
    conversation = tx.get_one(Conversation, conversation_id)
    message.state, message.done_at = "done", now
    conversation.told_waiting_at = None
    for reply in replies:
        payload = {**reply.custom, **({"buttons": list(reply.buttons)} if reply.buttons else {})}
        conversations.add_outbound(
            tx,
            conversation,
            text=_without_card(reply),
            payload=payload or None,
            author="bot",
            now=now,
            sealed=message.sealed,
        )


def _without_card(reply: BotReply) -> str:
    """The text without the lines that its source card says again; channels without cards put
    them back when they send."""
    card = {reply.custom.get("source"), reply.custom.get("validity")} - {None, ""}
    return "\n".join(line for line in reply.text.splitlines() if line.strip() not in card)


def _tell_waiting(services: Services, conversation_id: str) -> None:
    """Says once per outage that the message is kept, and gives the claim back."""
    now = services.now()
    with services.store.transaction() as tx:
        conversations.release(tx, conversation_id)
        current = tx.get_one(Conversation, conversation_id)
        if current.told_waiting_at is not None:
            return
        current.told_waiting_at = now
        conversations.add_outbound(
            tx, current, text=services.catalog.messages["waiting"], payload=None, author="system",
            now=now,
        )  # fmt: skip
    services.queue.deliver(conversation_id)
