"""Comments below the Page's posts: kept with their versions, understood, and met where it fits.

A comment is context for staff first. What is feedback becomes a case, what an approved entry
answers for sure is answered in public, everything else is met by the one private reply that the
platform allows. Nothing sealed is ever said below a post.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain.commenting import FEEDBACK, Step
from intake_api.domain.inbound import InboundEvent, PageChange
from intake_api.domain.model import Channel, State
from intake_api.flow import citizen, comment_steps, receive
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, events, holds, pages
from intake_api.store.page_tables import PageComment, PagePost
from intake_api.store.tables import Case, Conversation

if TYPE_CHECKING:
    from intake_api.store import Session

ERASED = "(người viết đã gỡ bình luận này)"
# Who was asked to go on in private and did not is put on record with what there is.
PATIENCE = timedelta(hours=24)
# A first message in Messenger so long after the private reply still belongs to the comment.
BELONGS = timedelta(days=7)
# Nobody has worked on it yet: taking the comment back takes the case back.
UNTOUCHED = frozenset({State.RECEIVED, State.TRIAGED, State.ROUTED})


def store_change(
    tx: Session, services: Services, event: InboundEvent, *, key: str, now: datetime
) -> str | None:
    """Keeps one change of the Page and does what it asks for. Returns the conversation in which
    something may wait to be sent. Events may come late, twice or in the wrong order."""
    change = event.page
    if change is None:
        return None
    if change.is_post and event.kind == "page":
        _post(tx, event, change)
        return None
    found = pages.by_remote(tx, change.comment_id)
    if change.verb == "remove":
        _remove(tx, services, found or _stub(tx, event, change), now=now)
        return None
    if found is None:
        made = _new(event, change)
        if pages.add(tx, made):
            pages.add_version(tx, made.id, made.text, event.at)
            made.hidden = change.verb == "hide"
            return None if made.by_page else _meet(tx, services, made, key=key, now=now)
        found = pages.by_remote(tx, change.comment_id)
        assert found is not None  # noqa: S101 - it was just there
    if found.removed_at is not None:
        # Words that come in after the removal must not stay in the raw event either.
        pages.forget_raw(tx, found.remote_id)
        return None
    if change.verb in ("hide", "unhide"):
        found.hidden = change.verb == "hide"
        return None
    return _edited(tx, services, found, event, key=key, now=now)


def _post(tx: Session, event: InboundEvent, change: PageChange) -> None:
    found = pages.post(tx, change.post_id)
    if found is None:
        found = pages.add_post(
            tx, PagePost(id=change.post_id, created_at=event.at, changed_at=event.at)
        )
        found.text, found.permalink = event.text, change.permalink
    elif event.at >= found.changed_at and change.verb != "remove":
        found.text = event.text or found.text
        found.permalink, found.changed_at = change.permalink or found.permalink, event.at
    if change.verb == "remove":
        found.text, found.removed_at = "", event.at
        pages.forget_raw(tx, change.post_id)
    elif found.removed_at is not None:
        found.text = ""


def _new(event: InboundEvent, change: PageChange) -> PageComment:
    return PageComment(
        remote_id=change.comment_id,
        post_id=change.post_id,
        parent_id=change.parent_id or None,
        is_post=change.is_post,
        author_id=event.external_id,
        by_page=event.kind == "page",
        text=event.text,
        permalink=change.permalink,
        created_at=event.at,
        changed_at=event.at,
        hidden=False,
        step="",
        look="",
        sealed=False,
    )


def _stub(tx: Session, event: InboundEvent, change: PageChange) -> PageComment:
    """A removal that overtook its comment: only the tombstone is kept."""
    made = _new(event, change)
    made.text = ""
    pages.add(tx, made)
    return made


def _meet(
    tx: Session, services: Services, comment: PageComment, *, key: str, now: datetime
) -> str | None:
    """A new comment: into its conversation, understood, and met."""
    if not comment.text.strip():
        comment.step = Step.KEEP  # a sticker or a picture: nothing is read from it
        return None
    talk = conversation_of(tx, comment, now)
    comment.conversation_id = talk.id
    message = conversations.add_inbound(
        tx, talk, text=comment.text, payload={"comment": comment.id}, channel_message_id=key,
        now=now, state="done",
    )  # fmt: skip
    comment.message_id = message.id
    comment_steps.meet(tx, services, comment, talk, message, now=now)
    return talk.id


def conversation_of(tx: Session, comment: PageComment, now: datetime) -> Conversation:
    """One conversation is what one person says in one thread below a post."""
    root = comment.parent_id or comment.remote_id
    # Without the permission to see who wrote, every comment stands for itself.
    name = f"{root}:{comment.author_id}" if comment.author_id else f"{comment.remote_id}:?"
    return conversations.get_or_create(tx, channel=Channel.COMMENT, external_id=name[:200], now=now)


def _edited(
    tx: Session,
    services: Services,
    comment: PageComment,
    event: InboundEvent,
    *,
    key: str,
    now: datetime,
) -> str | None:
    """An edit is a new version; a late original only completes the history."""
    if event.text == comment.text:
        return None
    pages.add_version(tx, comment.id, event.text, event.at)
    if event.at < comment.changed_at:
        return None
    comment.text, comment.changed_at = event.text, event.at
    if comment.by_page or not event.text.strip():
        return None
    if comment.conversation_id is None:
        return _meet(tx, services, comment, key=key, now=now)
    talk = conversations.get(tx, comment.conversation_id)
    assert talk is not None  # noqa: S101 - a foreign key holds it
    message = conversations.add_inbound(
        tx, talk, text=event.text, payload={"comment": comment.id, "edited": True},
        channel_message_id=key, now=now, state="done",
    )  # fmt: skip
    comment_steps.meet_edit(tx, services, comment, talk, message, now=now)
    return talk.id


def _remove(tx: Session, services: Services, comment: PageComment, *, now: datetime) -> None:
    """Taken back by its author or the platform."""
    if comment.removed_at is None:
        comment.removed_at = now
    if comment.case_id is not None:
        events.append(
            tx, at=now, actor="citizen", action="comment_removed", case_id=comment.case_id
        )
    let_words_go(tx, services, comment, now=now)


def let_words_go(tx: Session, services: Services, comment: PageComment, *, now: datetime) -> None:
    """The words of a removed comment go, the tombstone stays; while a legal hold keeps them,
    nothing happens."""
    # Locked: a hold that is placed at this moment comes before or after.
    case = cases.by_id(tx, comment.case_id, lock=True) if comment.case_id else None
    name = comment.conversation_id or ""
    conversations.get(tx, name, lock=True)
    if holds.of(tx, conversation_id=name) or (case and holds.case_is_kept(tx, case.id)):
        return
    pages.erase(tx, comment, gone=ERASED)
    if case is not None:
        _taken_back(tx, services, case, now=now)


def _taken_back(tx: Session, services: Services, case: Case, *, now: datetime) -> None:
    """What becomes of the case. What is sealed stays: a danger does not go away with a comment,
    and evidence is kept by law. So does what somebody works on, or what the person has gone on
    with in private: we asked for that ourselves."""
    talk = conversations.get(tx, case.conversation_id) if case.conversation_id else None
    went_on = talk is not None and talk.channel == Channel.MESSENGER and talk.last_inbound_at
    if case.confidential or went_on or State(case.state) not in UNTOUCHED or case.assignee_id:
        return
    if citizen.withdraw(tx, services, case, now=now):
        case.text = case.text_masked = ERASED
        case.folded = receive.search_text(case)


def reached(tx: Session, comment_id: int, *, psid: str | None, now: datetime) -> None:
    """The private reply went out. From here on the person is known in Messenger: what was put on
    record below the post goes on there."""
    comment = pages.comment(tx, comment_id)
    if comment is None:
        return
    comment.replied_at = now
    if not psid:
        return
    comment.psid = psid
    talk = conversations.get_or_create(tx, channel=Channel.MESSENGER, external_id=psid, now=now)
    if comment.conversation_id:
        for case in pages.cases_of(tx, comment.conversation_id):
            case.conversation_id = talk.id


def reply_used(tx: Session, comment_id: int, *, now: datetime) -> None:
    """The platform says that the comment was answered privately before, in its own inbox."""
    comment = pages.comment(tx, comment_id)
    if comment is not None and comment.replied_at is None:
        comment.replied_at = now


def adopt(tx: Session, conversation: Conversation, case: Case, *, now: datetime) -> None:
    """A case that was told in Messenger after a private reply belongs to the comment that the
    reply answered: staff see both."""
    if conversation.channel != Channel.MESSENGER:
        return
    for comment in pages.of_person(tx, conversation.external_id, now - BELONGS):
        if comment.case_id is not None or comment.step != Step.INVITE:
            continue
        comment.case_id, comment.sealed = case.id, comment.sealed or case.confidential
        comment.look = "" if comment.look == "unanswered" else comment.look
        message = conversations.own_message(tx, comment.conversation_id or "", comment.message_id)
        if message is not None:
            message.case_id, message.sealed = case.id, case.confidential
        return


def record_unanswered(tx: Session, services: Services, *, now: datetime) -> int:
    """Puts on record what was invited to go on in private and did not, so that no criticism is
    lost because nobody answered; a question stays for staff to look at. Returns how many."""
    count = 0
    for comment in pages.unanswered(tx, now - PATIENCE):
        kind = (comment.understood or {}).get("kind")
        if kind in FEEDBACK | {"spam"} and comment.conversation_id:
            talk = conversations.get(tx, comment.conversation_id)
            if talk is not None:
                comment_steps.record(tx, services, comment, talk, now=now)
                comment.step = Step.RECORD
                count += 1
                continue
        comment.step = Step.KEEP
        comment.look = comment.look or "unanswered"
    return count
