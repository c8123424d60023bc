"""Looking up: what a person may learn about a case by its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake_api.domain import deadline, taps, texts, workflow
from intake_api.domain.model import OPEN_STATES, OUTCOME_TITLE, Outcome, State
from intake_api.domain.worktime import LOCAL, day_in_words
from intake_api.flow import openly, receive, webchat
from intake_api.flow.services import Services
from intake_api.store import cases, consultations, conversations, erasing, ledgers, ratings
from intake_api.store.tables import Case, Conversation, Message
from vntext import codes

if TYPE_CHECKING:
    from intake_api.store import Session


@dataclass(frozen=True, slots=True)
class DraftLink:
    """Where a comment on a draft stands."""

    consultation: int
    title: str
    place: str
    late: bool
    group: int | None  # once the answers are published
    public: bool = True  # False once the draft was withdrawn


@dataclass(frozen=True, slots=True)
class StatusView:
    """The honest state of one case for the person who sent it."""

    code: str
    state: str
    state_label: str
    unit_name: str
    received: str
    due: str | None
    confidential: bool
    closed: bool
    outcome: str | None
    text: str
    messages: list[webchat.PublicMessage]
    last_reply: str | None
    paused: bool = False  # the clock stands still while somebody is waited for
    may: frozenset[str] = frozenset()  # add | confirm | reopen | withdraw | rate
    reopen_until: str | None = None
    rating: int | None = None
    erasure: str | None = None  # waiting: it is being erased; kept: it may not be
    draft: DraftLink | None = None  # the draft that it comments on
    openly: openly.Offer | None = None  # what is to stand, or stands, on the open page


def view(tx: Session, services: Services, case: Case, *, now: datetime | None = None) -> StatusView:
    """What the sender of ``case`` may read, words of staff included.

    Of a sealed case nothing is said but that it is being handled. Who is in a case that several
    told of reads where the one stands that leads.
    """
    now = now or services.now()
    leading = ledgers.leading(tx, case)
    unit = services.catalog.units[leading.unit]
    shown = [m for m in cases.messages(tx, case) if m.case_id == case.id or case.channel == "form"]
    replies = [m.text for m in shown if m.author == "staff" and m.state != "draft"]
    open_now = State(leading.state) in OPEN_STATES
    ended = not open_now and State(case.state) != State.MERGED
    mark, wish = ratings.rating(tx, case.id), erasing.wish(tx, case.id)
    return StatusView(
        code=case.code,
        state=case.state,
        state_label=_label(case, leading, unit.name, open_now=open_now),
        unit_name="Sở Giáo dục và Đào tạo" if case.confidential else unit.name,
        received=day_in_words(case.received_at.astimezone(LOCAL).date()),
        due=deadline.due_in_words(leading.due_at) if open_now else None,
        confidential=case.confidential,
        closed=ended,
        outcome=OUTCOME_TITLE[Outcome(case.outcome)] if case.outcome else None,
        text="" if case.confidential else case.text,
        messages=webchat.shown([m for m in shown if m.direction == "out" or _added(m)]),
        last_reply=replies[-1] if replies else None,
        paused=leading.paused_at is not None,
        may=_may(case, leading, now=now, rated=mark is not None),
        reopen_until=_reopen_until(case),
        rating=mark.score if mark else None,
        erasure=wish.state if wish else None,
        draft=draft_of(tx, case),
        openly=openly.offer(tx, case),
    )


def draft_of(tx: Session, case: Case) -> DraftLink | None:
    """The draft that a case comments on, or None."""
    made = None if case.confidential else consultations.opinion(tx, case.id)
    found = consultations.get(tx, made.consultation_id) if made else None
    if made is None or found is None:
        return None
    clause = consultations.clause_of(tx, made.clause_id)
    return DraftLink(
        found.id, found.title, clause.place if clause else "Toàn dự thảo", made.late,
        made.group_id if found.state == "published" else None,
        found.state in consultations.PUBLIC_STATES,
    )  # fmt: skip


def _added(message: Message) -> bool:
    """What the sender wrote on the status page: shown there again, unless it is sealed."""
    return (message.channel_message_id or "").startswith("status:") and not message.sealed


def _label(case: Case, leading: Case, unit: str, *, open_now: bool) -> str:
    if case.confidential and open_now:
        return "Đang được xem xét theo quy trình bảo mật"
    if case.state == State.MERGED and leading.id != case.id:
        where = texts.state_label(leading.state, unit)
        return f"Xem xét cùng ý kiến khác về việc này: {where[:1].lower()}{where[1:]}"
    if case.state == State.FORWARDED_OUTSIDE and case.forwarded_to:
        return f"Đã chuyển {case.forwarded_to} theo thẩm quyền"
    return texts.state_label(case.state, unit)


def _may(case: Case, leading: Case, *, now: datetime, rated: bool) -> frozenset[str]:
    """What the page offers; the steps themselves check again."""
    offers = set()
    if State(leading.state) in OPEN_STATES:
        offers.add("add")
        if case.state in OPEN_STATES:
            offers.add("withdraw")
    if State(case.state) in erasing.ERASABLE:
        offers.add("erase")
    if case.state == State.ANSWERED:
        offers.add("confirm")
    if case.state == State.CLOSED and case.answered_at and not rated:
        offers.add("rate")
    ended = case.closed_at or case.answered_at
    if case.state in (State.ANSWERED, State.CLOSED) and ended and now - ended <= workflow.REOPEN:
        offers.add("reopen")
    return frozenset(offers)


def _reopen_until(case: Case) -> str | None:
    ended = case.closed_at or case.answered_at
    if ended is None:
        return None
    return day_in_words((ended + workflow.REOPEN).astimezone(LOCAL).date())


def mark_read(tx: Session, seen: StatusView, *, now: datetime) -> None:
    """The sender has the answers on the screen: on our own pages that is their delivery."""
    case = cases.by_code(tx, seen.code)
    talk = conversations.get(tx, case.conversation_id or "") if case else None
    if talk is not None and talk.channel in conversations.PULLED:
        conversations.mark_fetched(tx, talk.id, [one.id for one in seen.messages], now)


def look_up(
    tx: Session,
    services: Services,
    *,
    code_text: str,
    pin: str | None,
    now: datetime,
    conversation_id: str | None = None,
) -> StatusView | None:
    """The case with this code, for whoever has its PIN or writes in its own conversation.

    None alike for an unknown code, a wrong PIN and an erased case: which it was is not told.
    """
    code = codes.parse_code(code_text)
    case = cases.by_code(tx, code) if code else None
    if case is None or case.state == State.ERASED:
        return None
    own = conversation_id is not None and case.conversation_id == conversation_id
    if not own and not (pin and receive.pin_matches(services, case, pin)):
        return None
    return view(tx, services, case, now=now)


def _how(seen: StatusView) -> str:
    """How an ended case ended, behind its state (interfaces 6.3); the page has a line for it."""
    if seen.confidential or not seen.outcome:
        return ""
    return f": {seen.outcome[:1].lower()}{seen.outcome[1:]}"


def for_conversation(
    tx: Session,
    services: Services,
    *,
    conversation: Conversation,
    text: str,
    pin: str | None,
    now: datetime,
) -> dict[str, Any]:
    """What the assistant may say when somebody asks about a case: by the code in ``text``, or
    about everything that was sent in this very conversation."""
    asked = codes.find_codes(text)
    # Taps count only in the conversation of the case.
    here = {case.code for case in cases.of_conversation(tx, conversation.id)}
    if asked:
        found = look_up(
            tx, services, code_text=asked[0], pin=pin, now=now, conversation_id=conversation.id
        )
        views = [found] if found else []
        needs_pin = found is None and not pin
    else:
        own = list(cases.of_conversation(tx, conversation.id, limit=3))
        views = [view(tx, services, case, now=now) for case in own if case.state != State.ERASED]
        needs_pin = False
    return {
        "found": bool(views),
        "needs_pin": needs_pin,
        "mistyped": not asked and codes.looks_like_code(text),
        "cases": [
            {
                "code": one.code,
                "state_label": one.state_label + _how(one),
                "unit_name": one.unit_name,
                "due": one.due,
                "received": one.received,
                "last_reply": one.last_reply,
                "buttons": taps.left(one.code, one.may) if one.code in here else [],
            }
            for one in views
        ],
    }
