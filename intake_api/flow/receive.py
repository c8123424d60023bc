"""Receiving: a text becomes a case with a code, a unit and a date; drafts while the bot asks."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain import tracking
from intake_api.domain.model import State
from intake_api.flow import conflict, floods, gaps, triage
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, events, search
from intake_api.store.tables import Case, Contact, Conversation, Draft, Message
from vntext import fold, mask, normalize

if TYPE_CHECKING:
    from intake_api.store import Session

MAX_TEXT = 5000
DRAFT_LIFE = timedelta(hours=24)
DANGER_WINDOW = timedelta(hours=24)


class TextMissing(ValueError):
    """There is nothing to put on record."""


class TextTooLong(ValueError):
    """The text is longer than MAX_TEXT characters."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wants an answer, as far as they said. All fields may be None."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    anonymous: bool = False
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """A new case and the PIN, which is told once and stored only as a keyed hash."""

    case: Case
    pin: str


def pin_hash(services: Services, code: str, pin: str) -> str:
    """Keyed hash of a PIN for one code. The key keeps a stolen table from being tried out;
    guessing online is stopped by the rate limit."""
    return hmac.new(services.pin_key, f"{code}:{pin}".encode(), hashlib.sha256).hexdigest()


def steady_pin(services: Services, name: str) -> str:
    """A PIN that follows from what is being sent: whoever sends it again, because the first
    answer never arrived, is told the same one, and it still is stored only as a keyed hash."""
    mark = hmac.new(services.pin_key, f"pin:{name}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(mark[:8], 'big') % 1_000_000:06d}"


def draft_pin(services: Services, draft_id: str) -> str:
    """The PIN of the case that a draft becomes."""
    return steady_pin(services, f"draft:{draft_id}")


def pin_matches(services: Services, case: Case, pin: str) -> bool:
    """True when ``pin`` opens ``case`` (constant time)."""
    return hmac.compare_digest(case.pin_hash, pin_hash(services, case.code, pin.strip()))


def submit(
    tx: Session,
    services: Services,
    *,
    text: str,
    channel: str,
    now: datetime,
    conversation: Conversation | None = None,
    place_text: str | None = None,
    sender: Sender | None = None,
    consent_at: datetime | None = None,
    kind: str | None = None,
    actor: str = "citizen",
    pin: str | None = None,
    decision: triage.Decision | None = None,
) -> Received:
    """Puts one text on record: classified, routed, with its dates and its events.

    ``text`` is stored exactly as written; ``pin`` is drawn when none is given. Raises
    TextMissing or TextTooLong.
    """
    if not normalize(text).strip():
        raise TextMissing
    if len(text) > MAX_TEXT:
        raise TextTooLong
    # A door may have decided before it opened the transaction: classifying needs no lock.
    decision = decision or triage.decide(
        services, text=text, place_text=place_text, channel=channel, now=now, kind=kind
    )
    pin = pin or tracking.new_pin()
    case = _new_case(
        tx, services, decision, text=text, channel=channel, now=now, kind=kind, pin=pin
    )
    who = sender or Sender()
    case.conversation_id = conversation.id if conversation else None
    case.place_text = place_text
    case.anonymous = who.anonymous
    case.role_of_sender = who.role
    case.consent_at = consent_at
    case.folded = search_text(case)
    cases.add(tx, case)
    conflict.note(tx, case, text)
    if case.confidential:
        gaps.forget_of(tx, services, case.conversation_id)
    if who.name or who.phone or who.email:
        found_by = "" if case.confidential else search.sender_words(who.name, who.phone, who.email)
        contact = Contact(
            case_id=case.id, name=who.name, phone=who.phone, email=who.email, folded=found_by
        )
        cases.add_contact(tx, contact)
    # One event tells the three steps of the path: three rows for one instant say no more.
    events.append(
        tx,
        at=now,
        actor=actor,
        action="received",
        case_id=case.id,
        data={
            "state": case.state,
            "kind": case.kind,
            "topic": case.topic,
            "unit": case.unit,
            "rule": case.route_rule,
            "due": case.due_at.isoformat() if case.due_at else None,
            "model": decision.classification.model_version,
        },
    )
    return Received(case, pin)


def _new_case(
    tx: Session,
    services: Services,
    decision: triage.Decision,
    *,
    text: str,
    channel: str,
    now: datetime,
    kind: str | None,
    pin: str,
) -> Case:
    understood, route = decision.classification, decision.route
    chosen = kind or understood.kind
    rule = services.catalog.kinds[chosen]
    code = tracking.new_code(now)
    while cases.code_exists(tx, code):
        code = tracking.new_code(now)
    return Case(
        code=code,
        pin_hash=pin_hash(services, code, pin),
        channel=channel,
        state=State.ROUTED if route.rule != "5" else State.TRIAGED,
        text=text,
        text_masked=mask(text),
        folded="",
        kind=chosen,
        topic=understood.topic,
        issues=list(understood.issues) or None,
        sentiment=understood.sentiment,
        urgent=understood.urgent or rule.urgent,
        confidential=understood.confidential or rule.confidential,
        toxic=understood.toxic,
        confidence=understood.confidence,
        classification=triage.as_json(understood),
        school=decision.place.school,
        level=decision.place.level,
        district=decision.place.district,
        unit=route.unit,
        copies=list(route.copies) or None,
        route_rule=route.rule,
        route_reason=route.reason,
        received_at=now,
        acknowledge_at=decision.deadline.acknowledge_at,
        due_at=decision.deadline.resolve_at,
        due_explanation=decision.deadline.explanation,
    )


def search_text(case: Case) -> str:
    """What the queue's search looks through: code, text, school and place, without marks."""
    written = (case.code, case.text, case.school, case.place_text)
    made = (*search.code_words(case.code), *search.number_words(case.text))
    return fold(" ".join(filter(None, (*written, *made))))


def open_draft(
    tx: Session,
    services: Services,
    *,
    conversation: Conversation,
    text: str,
    message_id: int | None,
    now: datetime,
) -> Draft:
    """Begins a draft with the sentence that opened it. Raises TextMissing, TextTooLong."""
    if not normalize(text).strip():
        raise TextMissing
    if len(text) > MAX_TEXT:
        raise TextTooLong
    draft = Draft(
        id=uuid.uuid4().hex,
        conversation_id=conversation.id,
        text=text,
        classification={},
        first_message_id=message_id,
        created_at=now,
    )
    return cases.add_draft(tx, draft)


def change_draft(
    draft: Draft,
    *,
    now: datetime,
    text_append: str | None = None,
    text_replace: str | None = None,
    place_text: str | None = None,
    sender: Sender | None = None,
    consent: bool | None = None,
) -> None:
    """Changes what was said; only what is given changes. Raises TextTooLong."""
    text = draft.text if text_replace is None else text_replace
    if text_append:
        text = f"{text}\n{text_append}"
    if len(text) > MAX_TEXT:
        raise TextTooLong
    draft.text = text
    if place_text is not None:
        draft.place_text = place_text or None
    if sender is not None:
        draft.anonymous = sender.anonymous
        if sender.anonymous:
            draft.name = draft.phone = draft.email = None
        else:
            draft.name = sender.name or draft.name
            draft.phone = sender.phone or draft.phone
            draft.email = sender.email or draft.email
    if consent is not None:
        # Silence is no consent (Law 91/2025/QH15): only an explicit yes sets the moment.
        draft.consent_at = now if consent else None


def submit_draft(
    tx: Session, services: Services, *, draft: Draft, conversation: Conversation, now: datetime
) -> Received:
    """Turns a draft into a case, once: a repetition gets the same case and the same PIN."""
    pin = draft_pin(services, draft.id)
    if draft.case_id is not None:
        known = cases.by_id(tx, draft.case_id)
        if known is not None:
            return Received(known, pin)
    opening = conversations.own_message(tx, conversation.id, draft.first_message_id)
    decision = triage.decide(
        services, text=draft.text, place_text=draft.place_text, channel=conversation.channel,
        now=now,
    )  # fmt: skip
    copy = _copy(tx, services, draft, opening, decision, now)
    if copy is not None:
        draft.case_id = copy.case.id
        _forget_words(draft)
        return copy
    received = submit(
        tx,
        services,
        text=draft.text,
        channel=conversation.channel,
        now=now,
        conversation=conversation,
        place_text=draft.place_text,
        sender=Sender(draft.name, draft.phone, draft.email, bool(draft.anonymous)),
        consent_at=draft.consent_at,
        pin=pin,
        decision=decision,
    )
    draft.case_id = received.case.id
    if opening is not None and opening.case_id is None:
        conversations.tie(tx, opening, received.case)
    if received.case.confidential:
        # Everything that was said on the way here belongs to the sealed matter.
        conversations.seal_since(tx, conversation.id, draft.first_message_id)
    _forget_words(draft)
    return received


def _copy(
    tx: Session,
    services: Services,
    draft: Draft,
    opening: Message | None,
    decision: triage.Decision,
    now: datetime,
) -> Received | None:
    """The case that the fourth and every further copy of one text in a conversation joins, under
    the PIN that she was told; None when it is none. Nobody's contact data is lost that way."""
    if opening is None or opening.case_id is not None or decision.classification.danger:
        return None
    if draft.name or draft.phone or draft.email:
        return None
    if draft.text.strip() != opening.text.strip():
        return None  # more was said on the way than stands in the one message that would be kept
    case = floods.joined_in_talk(
        tx, text=draft.text, message=opening, now=now,
        confidential=triage.sealed(services, decision.classification),
    )  # fmt: skip
    first = cases.draft_of(tx, case.id) if case is not None else None
    if case is None or first is None:
        return None
    return Received(case, draft_pin(services, first.id))


def _forget_words(draft: Draft) -> None:
    """The case holds the words now; the draft keeps only that it happened."""
    draft.text, draft.name, draft.phone, draft.email, draft.place_text = "", None, None, None, None


def open_emergency(
    tx: Session, services: Services, *, conversation: Conversation, text: str, now: datetime
) -> Received | Case:
    """The child-protection case of a conversation: opened at once, without any question first.

    Further messages of the same emergency (24 hours) are added to the case that is open. A text
    that is longer than a case can be is cut, never refused; the message itself stays whole.
    """
    found = cases.open_danger_case(tx, conversation.id, now - DANGER_WINDOW)
    if found is not None:
        events.append(
            tx, at=now, actor="citizen", action="said_more", case_id=found.id, data={"danger": True}
        )
        return found
    return submit(
        tx,
        services,
        text=text[:MAX_TEXT],
        channel=conversation.channel,
        now=now,
        conversation=conversation,
        kind="child_protection",
    )
