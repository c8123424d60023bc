"""By which way a message can go at this very moment, and to whom: the rule with its facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain import sending
from intake_api.domain.model import Channel
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, followers, outbox, pages
from intake_api.store.page_tables import PageComment
from intake_api.store.tables import Conversation, Message

if TYPE_CHECKING:
    from intake_api.store import Session


@dataclass(frozen=True, slots=True)
class Way:
    """``mode`` as in ``domain.sending`` (and "hide", "pass_thread", "take_thread"); ``recipient``:
    a person or a comment."""

    mode: str
    reason: str
    recipient: str
    comment_id: int | None = None
    is_post: bool = False
    template: tuple[str, ...] = ()


def way(
    tx: Session, services: Services, *, message: Message, conversation: Conversation, now: datetime
) -> Way:
    """Decides for a stored message that waits to go out."""
    payload = message.payload or {}
    if payload.get("thread"):
        # No words, so no window: it says who answers from now on.
        return Way(str(payload["thread"]), "", conversation.external_id)
    emergency = bool(payload.get("emergency"))
    found = way_for(
        tx, services, conversation, now=now,
        comment_id=payload.get("comment"),
        by_person=message.author == "staff",
        status_notice=message.author == "system" and message.case_id is not None and not emergency,
        public=bool(payload.get("public") or payload.get("hide")),
        sealed=message.sealed and not payload.get("hide"),
    )  # fmt: skip
    if found.mode == "public_reply" and payload.get("hide"):
        return replace(found, mode="hide")
    if found.mode == "utility":
        case = cases.by_id(tx, message.case_id) if message.case_id else None
        return replace(found, template=(services.utility_template, case.code if case else ""))
    return found


def way_for(
    tx: Session,
    services: Services,
    conversation: Conversation,
    *,
    now: datetime,
    comment_id: int | None = None,
    by_person: bool = False,
    status_notice: bool = False,
    public: bool = False,
    sealed: bool = False,
) -> Way:
    """Decides for words that somebody would like to say in a conversation."""
    if conversation.channel == Channel.ZALO:
        return _zalo(tx, conversation, now)
    comment = None
    if conversation.channel == Channel.COMMENT:
        comment = (
            pages.comment(tx, comment_id)
            if comment_id
            else pages.of_conversation(tx, conversation.id)
        )
    origin = _origin(comment)
    if public:
        mode = sending.decide_public(sealed=sealed, comment=origin)
        return _to_comment(mode, comment)
    talk = _in_messenger(tx, conversation, comment)
    mode = sending.decide(
        conversation.channel,
        now=now,
        last_inbound_at=talk.last_inbound_at if talk else None,
        written_by_person=by_person,
        human_agent_approved=services.human_agent_approved,
        comment=origin,
        status_notice=status_notice,
        utility_approved=bool(services.utility_template),
    )
    if mode.mode == "private_reply":
        return _to_comment(mode, comment)
    person = talk.external_id if talk else conversation.external_id
    return Way(mode.mode, mode.reason, person, comment.id if comment else None)


def _zalo(tx: Session, conversation: Conversation, now: datetime) -> Way:
    since = conversation.last_inbound_at
    said = outbox.texts_sent_since(tx, conversation.id, since) if since else []
    mode = sending.decide_zalo(
        now=now,
        last_inbound_at=since,
        replies_used=sum(sending.zalo_parts(text) for text in said),
        left_at=followers.left_at(tx, conversation.id),
    )
    return Way(mode.mode, mode.reason, conversation.external_id)


def _origin(comment: PageComment | None) -> sending.CommentOrigin | None:
    if comment is None:
        return None
    return sending.CommentOrigin(
        comment.created_at,
        replied=comment.replied_at is not None,
        removed=comment.removed_at is not None,
    )


def _to_comment(mode: sending.SendMode, comment: PageComment | None) -> Way:
    if comment is None:
        return Way(mode.mode, mode.reason, "")
    return Way(mode.mode, mode.reason, comment.remote_id, comment.id, comment.is_post)


def _in_messenger(
    tx: Session, conversation: Conversation, comment: PageComment | None
) -> Conversation | None:
    """Whose window counts: the same person's conversation in Messenger, as far as it is known."""
    if conversation.channel != Channel.COMMENT:
        return conversation
    if comment is None:
        return None
    psid = comment.psid or pages.psid_of_author(tx, comment.author_id)
    return conversations.find(tx, channel=Channel.MESSENGER, external_id=psid) if psid else None


def release_held(tx: Session, conversation: Conversation, now: datetime) -> None:
    """What waited until the person writes again goes out, also what answered a comment."""
    outbox.release_held(tx, conversation.id, now)
    if conversation.channel == Channel.MESSENGER:
        for name in pages.conversations_of(tx, conversation.external_id):
            outbox.release_held(tx, name, now)
