"""A person speaks instead of the assistant: taken over from the workbench or the Page's inbox.

The assistant keeps quiet while ``bot_paused_until`` lies ahead, and people are told when it stops
and when it goes on: silence without a word is taken for being ignored. Danger is met all the
same, by ``converse``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain.model import Channel
from intake_api.flow.acting import NotAllowed
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, events, takeovers
from intake_api.store.registers import Staff
from intake_api.store.tables import Case, Conversation, Message
from intake_api.store.takeover_tables import Takeover
from vntext import fold, normalize

if TYPE_CHECKING:
    from intake_api.store import Session

# After the last word of a person the assistant goes on. Hours by the clock, not working hours:
# nobody should talk to a silent page over a weekend.
PAUSE = timedelta(hours=2)
# While another application holds the conversation we could not say anything anyway.
HELD_ELSEWHERE = timedelta(hours=24)
RESUME = "/langnghe_resume"
# Who speaks there: an officer from the workbench; somebody who answered in the Page's inbox; the
# whole conversation is there, so that the platform refuses what we say.
WORKBENCH, INBOX, INBOX_THREAD = "workbench", "page_inbox", "inbox_thread"
PASS, TAKE = "pass_thread", "take_thread"
_WISHES = frozenset({"gap tro ly", "tro lai tro ly", "tiep tuc voi tro ly", "quay lai tro ly"})
MAX_TEXT = 2000


def ask(tx: Session, conversation: Conversation, *, now: datetime) -> None:
    """Somebody asked for a person: staff see it until one has answered."""
    row = takeovers.row(tx, conversation.id)
    row.asked_at = row.asked_at or now


def take(
    tx: Session,
    services: Services,
    conversation: Conversation,
    *,
    staff: Staff,
    case: Case | None,
    now: datetime,
) -> None:
    """An officer takes the conversation; the person is told once, whoever goes on with it."""
    row = takeovers.row(tx, conversation.id)
    _reclaim(tx, conversation, row, now)
    row.staff_id, row.case_id = staff.id, case.id if case else None
    _begin(tx, services, conversation, row, source=WORKBENCH, pause=PAUSE, now=now, case=case)
    _note(tx, conversation, f"staff:{staff.id}", "taken_over", now, case)


def say(
    tx: Session,
    services: Services,
    conversation: Conversation,
    *,
    staff: Staff,
    case: Case | None,
    text: str,
    now: datetime,
) -> Message:
    """The officer says something in a conversation that is hers. Raises NotAllowed."""
    row = takeovers.row(tx, conversation.id)
    if not normalize(text).strip():
        raise NotAllowed("Chưa có nội dung.")
    if len(text) > MAX_TEXT:
        raise NotAllowed("Tin nhắn dài quá 2.000 ký tự; hãy gửi từng phần.")
    if not paused(conversation, now) or row.staff_id != staff.id:
        raise NotAllowed("Cuộc trò chuyện không còn do anh/chị giữ; hãy tiếp nhận lại rồi gửi.")
    _pause(conversation, row, now + PAUSE)
    row.asked_at, row.spoke_at = None, now
    if case is not None and case.first_response_at is None:
        case.first_response_at = now
    return conversations.add_outbound(
        tx, conversation, text=text.strip(), payload=None, author="staff", now=now,
        case_id=case.id if case else None, staff_id=staff.id,
        sealed=bool(case and case.confidential) or takeovers.is_sealed(tx, conversation.id),
    )  # fmt: skip


def may_pass(tx: Session, services: Services, conversation: Conversation, now: datetime) -> bool:
    """True when a conversation can be passed to the Page's own inbox: never one of the
    confidential lane, for nobody here decides who reads there."""
    if not services.page_inbox or conversation.channel != Channel.MESSENGER:
        return False
    row = takeovers.of(tx, conversation.id)
    there = row is not None and row.source == INBOX_THREAD and paused(conversation, now)
    return not there and not takeovers.is_sealed(tx, conversation.id)


def to_inbox(
    tx: Session,
    services: Services,
    conversation: Conversation,
    *,
    staff: Staff,
    case: Case | None,
    now: datetime,
) -> None:
    """An officer passes the conversation to the Page's own inbox; the person is told once that a
    person answers. Raises NotAllowed."""
    if not may_pass(tx, services, conversation, now):
        raise NotAllowed("Cuộc trò chuyện này không chuyển được sang hộp thư của Trang.")
    row = takeovers.row(tx, conversation.id)
    row.staff_id, row.case_id = None, case.id if case else None
    _begin(
        tx, services, conversation, row, source=INBOX_THREAD, pause=HELD_ELSEWHERE, now=now,
        case=case,
    )  # fmt: skip
    _change_hands(tx, conversation, PASS, "Chuyển cuộc trò chuyện sang hộp thư của Trang.", now)
    _note(tx, conversation, f"staff:{staff.id}", "passed_to_inbox", now, case)


def from_inbox(
    tx: Session, services: Services, conversation: Conversation, *, now: datetime, spoke: bool
) -> None:
    """Somebody answers in the platform's own inbox (``spoke``), or took the thread there."""
    row = takeovers.row(tx, conversation.id)
    there = row.source == INBOX_THREAD and paused(conversation, now)
    row.staff_id = None
    if spoke:
        row.asked_at, row.spoke_at = None, now
    if _begin(
        tx, services, conversation, row, source=INBOX_THREAD if there or not spoke else INBOX,
        pause=PAUSE if spoke else HELD_ELSEWHERE, now=now,
    ):  # fmt: skip
        _note(tx, conversation, "system", "taken_over", now, None)


def hand_back(
    tx: Session,
    services: Services,
    conversation: Conversation,
    *,
    actor: str,
    now: datetime,
    ours: bool = False,
) -> None:
    """The assistant goes on and says so. Words that nobody answered stay visible to staff.
    ``ours``: the platform says that we have the conversation, so it need not be taken back."""
    row = takeovers.of(tx, conversation.id)
    if row is None or not row.source:
        return
    if not ours:
        _reclaim(tx, conversation, row, now)
    since = row.spoke_at or row.taken_at
    if actor == "citizen":
        row.asked_at = None
    elif since is not None and takeovers.unanswered_since(tx, conversation.id, since):
        row.asked_at = row.asked_at or now
    row.source, row.staff_id, row.case_id, row.until = "", None, None, None
    conversation.bot_paused_until = None
    _tell(tx, services, conversation, "takeover_end", now, None, back=False)
    _note(tx, conversation, actor, "handed_back", now, None)


def end_due(tx: Session, services: Services, *, now: datetime) -> int:
    """Hands back every conversation whose time is over; returns how many."""
    names = takeovers.ended(tx, now)
    for name in names:
        talk = conversations.get(tx, name)
        if talk is not None:
            hand_back(tx, services, talk, actor="system", now=now)
    return len(names)


def paused(conversation: Conversation, now: datetime) -> bool:
    """True while a person speaks and the assistant keeps quiet."""
    return conversation.bot_paused_until is not None and conversation.bot_paused_until > now


def wants_assistant(text: str, payload: str | None) -> bool:
    """True when the person presses or writes that the assistant shall go on."""
    return payload == RESUME or " ".join(fold(text).split()).strip(" .!") in _WISHES


def tie(tx: Session, conversation: Conversation, message: Message) -> None:
    """What is said while an officer speaks from a case's page belongs to that case."""
    row = takeovers.of(tx, conversation.id)
    if row is None or row.case_id is None or message.case_id is not None:
        return
    case = cases.by_id(tx, row.case_id)
    # Words that accuse somebody never stand beside a normal case, whoever is speaking.
    if case is not None and (case.confidential or not message.sealed):
        message.case_id, message.sealed = case.id, case.confidential


def settled(tx: Session, conversation_id: str) -> None:
    """Staff saw the wish for a person and need not answer it."""
    row = takeovers.of(tx, conversation_id)
    if row is not None:
        row.asked_at = None


def _reclaim(tx: Session, conversation: Conversation, row: Takeover, now: datetime) -> None:
    """Has the conversation taken back from the Page's inbox, before anything else is said."""
    if row.source == INBOX_THREAD:
        _change_hands(tx, conversation, TAKE, "Lấy lại cuộc trò chuyện từ hộp thư của Trang.", now)


def _change_hands(
    tx: Session, conversation: Conversation, verb: str, words: str, now: datetime
) -> None:
    # A message that says nothing to the person: in its place among the others, tried again like
    # them, and where it fails staff see why.
    conversations.add_outbound(
        tx, conversation, text=words, payload={"thread": verb}, author="system", now=now,
        sealed=takeovers.is_sealed(tx, conversation.id),
    )  # fmt: skip


def _begin(
    tx: Session,
    services: Services,
    conversation: Conversation,
    row: Takeover,
    *,
    source: str,
    pause: timedelta,
    now: datetime,
    case: Case | None = None,
) -> bool:
    """From now on somebody speaks there. True when the assistant did so far: then the person is
    told."""
    spoke = not paused(conversation, now)
    row.source, row.taken_at = source, now
    _pause(conversation, row, now + pause)
    if spoke:
        _tell(tx, services, conversation, "takeover_begin", now, case, back=True)
    return spoke


def _pause(conversation: Conversation, row: Takeover, until: datetime) -> None:
    conversation.bot_paused_until = row.until = until


def _tell(
    tx: Session,
    services: Services,
    conversation: Conversation,
    name: str,
    now: datetime,
    case: Case | None,
    *,
    back: bool,
) -> None:
    # Said now or never: a day later it would be wrong.
    payload: dict[str, object] = {"only_now": True}
    if back:
        payload["buttons"] = [{"title": "Trở lại trợ lý", "payload": RESUME}]
    conversations.add_outbound(
        tx, conversation, text=services.catalog.messages[name], payload=payload, author="system",
        now=now, case_id=case.id if case else None, sealed=bool(case and case.confidential),
    )  # fmt: skip


def _note(
    tx: Session,
    conversation: Conversation,
    actor: str,
    action: str,
    now: datetime,
    case: Case | None,
) -> None:
    events.append(
        tx, at=now, actor=actor, action=action, case_id=case.id if case else None,
        data={"conversation": conversation.id},
    )  # fmt: skip
