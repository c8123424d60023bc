"""The steps that a comment can take: a public answer, a private word, a case, the sealed lane."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from intake_api.domain import commenting, deadline, texts
from intake_api.domain.commenting import Heard, Plan, Step
from intake_api.domain.model import OPEN_STATES, Answer, Channel, Place
from intake_api.flow import ask, citizen, receive, triage
from intake_api.flow.services import Services, local_day
from intake_api.store import cases, conversations, events, pages
from intake_api.store.page_tables import PageComment
from intake_api.store.tables import Case, Conversation, Message

if TYPE_CHECKING:
    from intake_api.store import Session

# Nobody is invited twice a day in one thread.
AGAIN = timedelta(hours=24)
STRENGTH = {
    Step.KEEP: 0, Step.INVITE: 1, Step.ANSWER: 1, Step.RECORD: 2, Step.SEAL: 3, Step.EMERGENCY: 4,
}  # fmt: skip
BUTTONS = [
    {"title": "Gửi góp ý", "payload": "/give_feedback"},
    {"title": "Hỏi thông tin", "payload": "/ask_question"},
    {"title": "Gặp cán bộ", "payload": "/talk_to_person"},
]


def meet(
    tx: Session,
    services: Services,
    comment: PageComment,
    talk: Conversation,
    message: Message,
    *,
    now: datetime,
) -> None:
    """Understands a new comment and takes its step."""
    decision, plan, answer = _understand(tx, services, comment, now)
    _note(comment, message, decision, plan, services)
    _take(tx, services, comment, talk, message, decision, plan, answer, now=now)


def meet_edit(
    tx: Session,
    services: Services,
    comment: PageComment,
    talk: Conversation,
    message: Message,
    *,
    now: datetime,
) -> None:
    """An edited comment takes a step only when it weighs more than before; otherwise it is more
    of the same case."""
    before = Step(comment.step or Step.KEEP)
    decision, plan, answer = _understand(tx, services, comment, now)
    if STRENGTH[plan.step] > STRENGTH[before]:
        _note(comment, message, decision, plan, services)
        _take(tx, services, comment, talk, message, decision, plan, answer, now=now)
        return
    message.sealed = comment.sealed
    comment.look = comment.look or plan.look
    case = cases.by_id(tx, comment.case_id) if comment.case_id else None
    if case is not None and case.state in OPEN_STATES:
        citizen.supplement(tx, services, case, now=now, message=message)


def _understand(
    tx: Session, services: Services, comment: PageComment, now: datetime
) -> tuple[triage.Decision, Plan, Answer | None]:
    text = comment.text[: receive.MAX_TEXT]
    decision = triage.decide(services, text=text, place_text=None, channel=Channel.COMMENT, now=now)
    understood = decision.classification
    sealed = triage.sealed(services, understood)
    parent = pages.by_remote(tx, comment.parent_id) if comment.parent_id else None
    answer = None
    if understood.kind == "question" and not sealed and not understood.danger:
        # Only what is published is in the index; a rule of the past is no answer for everybody.
        reply = services.knowledge().answer(text, local_day(now))
        if reply.decision == "answer" and not reply.answers[0].past:
            answer = reply.answers[0]
    heard = Heard(
        kind=understood.kind,
        kind_confidence=understood.kind_confidence,
        matter=0.0 if understood.topic.startswith("x.") else understood.confidence,
        words=sum(1 for word in text.split() if any(char.isalpha() for char in word)),
        danger=understood.danger,
        sealed=sealed,
        toxic=understood.toxic,
        named=commenting.named_in(text),
        answer_score=answer.score if answer else None,
        to_page=parent is None or parent.by_page,
    )
    return decision, commenting.plan(heard), answer


def _note(
    comment: PageComment,
    message: Message,
    decision: triage.Decision,
    plan: Plan,
    services: Services,
) -> None:
    comment.step, comment.look = plan.step, plan.look
    comment.sealed = comment.sealed or plan.step in (Step.SEAL, Step.EMERGENCY)
    message.sealed = comment.sealed
    comment.understood = triage.as_json(decision.classification) | {
        "topic_name": services.catalog.topics[decision.classification.topic].name
    }


def _take(
    tx: Session,
    services: Services,
    comment: PageComment,
    talk: Conversation,
    message: Message,
    decision: triage.Decision,
    plan: Plan,
    answer: Answer | None,
    *,
    now: datetime,
) -> None:
    if plan.step == Step.EMERGENCY:
        _emergency(tx, services, comment, talk, message, decision, now)
    elif plan.step in (Step.SEAL, Step.RECORD):
        case, pin = _on_record(tx, services, comment, talk, message, decision, now)
        if pin:
            _say(tx, comment, talk, _receipt(services, case, pin, plan), now=now, case=case)
    elif plan.step == Step.ANSWER and answer is not None:
        _answer(tx, services, comment, talk, answer, now)
    elif plan.step == Step.INVITE and not pages.replied_lately(tx, talk.id, now - AGAIN):
        lines = [services.catalog.messages["comment_invite"]]
        if plan.look == "named":
            lines.append(services.catalog.messages["comment_named"])
        _say(tx, comment, talk, "\n".join(lines), now=now, buttons=BUTTONS)


def _emergency(
    tx: Session,
    services: Services,
    comment: PageComment,
    talk: Conversation,
    message: Message,
    decision: triage.Decision,
    now: datetime,
) -> None:
    """A child in danger: the numbers go out in private in this very transaction."""
    opened = receive.open_emergency(tx, services, conversation=talk, text=comment.text, now=now)
    case = opened if isinstance(opened, Case) else opened.case
    message.case_id = comment.case_id = case.id
    own = decision.classification.topic == "b.tam_ly"
    text = services.catalog.messages["self_harm" if own else "danger"]
    _say(tx, comment, talk, text, now=now, case=case, emergency=True)


def _on_record(
    tx: Session,
    services: Services,
    comment: PageComment,
    talk: Conversation,
    message: Message,
    decision: triage.Decision,
    now: datetime,
    kind: str | None = None,
) -> tuple[Case, str]:
    """A new case, or more of the one that the same person began in this thread ("" as PIN)."""
    for known in cases.of_conversation(tx, talk.id, lock=True):
        same_lane = known.confidential == comment.sealed
        if same_lane and known.state in OPEN_STATES and known.kind != "child_protection":
            citizen.supplement(tx, services, known, now=now, message=message)
            comment.case_id = known.id
            return known, ""
    received = receive.submit(
        tx, services, text=comment.text[: receive.MAX_TEXT], channel=Channel.COMMENT, now=now,
        conversation=talk, decision=decision, kind=kind,
    )  # fmt: skip
    case = received.case
    message.case_id, message.sealed = case.id, case.confidential
    comment.case_id = case.id
    _to_messenger(tx, comment, case)
    return case, received.pin


def _to_messenger(tx: Session, comment: PageComment, case: Case) -> None:
    """Somebody who is known in Messenger already is answered there."""
    if comment.psid:
        talk = conversations.find(tx, channel=Channel.MESSENGER, external_id=comment.psid)
        if talk is not None:
            case.conversation_id = talk.id


def record(
    tx: Session, services: Services, comment: PageComment, talk: Conversation, *, now: datetime
) -> Case:
    """Makes a case of a comment as it stands (by staff, or because nobody answered)."""
    message = conversations.own_message(tx, talk.id, comment.message_id)
    assert message is not None  # noqa: S101 - every comment with a conversation has one
    # Short grumbling that looked like spam is put on record for what it is about.
    kind = "criticism" if (comment.understood or {}).get("kind") == "spam" else None
    decision = triage.decide(
        services, kind=kind, text=comment.text[: receive.MAX_TEXT], place_text=None,
        channel=Channel.COMMENT, now=now,
    )  # fmt: skip
    return _on_record(tx, services, comment, talk, message, decision, now, kind)[0]


def _receipt(services: Services, case: Case, pin: str, plan: Plan) -> str:
    messages = services.catalog.messages
    if case.confidential:
        return messages["comment_sealed"].format(code=case.code, pin=pin)
    text = messages["comment_recorded"].format(
        code=case.code,
        pin=pin,
        matter=texts.matter(
            services.catalog, case.topic, Place(case.school, case.level, case.district),
            confidential=False,
        ),
        unit=services.catalog.units[case.unit].name,
        due=deadline.due_in_words(case.due_at) or "không đặt hạn",
    )  # fmt: skip
    return f"{text}\n{messages['comment_named']}" if plan.look == "named" else text


def _answer(
    tx: Session,
    services: Services,
    comment: PageComment,
    talk: Conversation,
    answer: Answer,
    now: datetime,
) -> None:
    """The approved answer below the comment, with its source; nothing else is said in public."""
    found = ask.render(answer, today=local_day(now), related=[])
    source = "\n".join(line for line in (found["source"], found["validity"]) if line)
    text = services.catalog.messages["comment_answer"].format(answer=found["text"], source=source)
    comment.understood = (comment.understood or {}) | {"slug": answer.entry.slug}
    conversations.add_outbound(
        tx, talk, text=text, payload={"comment": comment.id, "public": True}, author="bot", now=now
    )


def _say(
    tx: Session,
    comment: PageComment,
    talk: Conversation,
    text: str,
    *,
    now: datetime,
    case: Case | None = None,
    emergency: bool = False,
    buttons: list[dict[str, str]] | None = None,
) -> None:
    payload: dict[str, Any] = {"comment": comment.id}
    if emergency:
        payload["emergency"] = True
    if buttons:
        payload["buttons"] = buttons
    conversations.add_outbound(
        tx, talk, text=text, payload=payload, author="system" if emergency else "bot", now=now,
        case_id=case.id if case else None, sealed=bool(case and case.confidential),
    )  # fmt: skip


def tell_staff(
    tx: Session, comment: PageComment, *, actor: str, action: str, now: datetime
) -> None:
    """Puts on record what somebody of the staff did with a comment."""
    events.append(
        tx,
        at=now,
        actor=actor,
        action=action,
        case_id=comment.case_id,
        data={"comment": comment.id},
    )
