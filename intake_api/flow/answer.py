"""Answering: what staff do with a case. Each move is one function, one event, one version step.

Every function takes the case locked in the caller's transaction and the version the officer saw;
it raises StaleVersion, NotAllowed or ``workflow.TransitionNotAllowed`` and then changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake_api.domain import access, routing, taps, templates, texts, workflow
from intake_api.domain.model import OUTCOME_TITLE, Outcome, Role, State
from intake_api.flow import clocks, conflict, gaps, merging
from intake_api.flow.acting import (
    Acting,
    NotAllowed,
    StaleVersion,
    begin,
    move,
    open_case,
    reason_of,
    record,
    tell,
)
from intake_api.flow.services import Services, local_day
from intake_api.store import cases, conversations, ledgers
from intake_api.store.registers import Correction
from intake_api.store.tables import Case, Conversation, Message
from vntext import normalize

if TYPE_CHECKING:
    from intake_api.store import Session

TO_OFFICE = f"đã chuyển {workflow.MOST_BOUNCES} lần nên về Văn phòng để điều phối quyết định đơn vị"

__all__ = ["Acting", "NotAllowed", "StaleVersion", "open_case"]


def take(tx: Session, case: Case, by: Acting, *, services: Services) -> None:
    """The officer takes the case on."""
    begin(case, by)
    move(tx, services, case, by, "take")
    case.assignee_id = by.staff.id


def correct(
    tx: Session,
    case: Case,
    by: Acting,
    *,
    services: Services,
    kind: str,
    topic: str,
    sentiment: str,
    urgent: bool,
) -> list[str]:
    """Puts the classification right; every changed field is kept as a candidate training
    example, masked. Returns the names of the fields that changed.

    The unit stays where it is: moving the case is a decision of its own (``transfer``). A kind or
    topic that is chosen anew carries what the catalogue says of it: urgent, or the sealed lane.
    """
    begin(case, by)
    if not access.may_correct(by.staff.role):
        raise NotAllowed("Vai trò của anh/chị không sửa phân loại.")
    kinds, topics = services.catalog.kinds, services.catalog.topics
    if kind not in kinds or topic not in topics:
        raise NotAllowed("Loại hoặc chủ đề không có trong danh mục.")
    chosen = [
        rule
        for rule, known in ((kinds[kind], case.kind), (topics[topic], case.topic))
        if rule.code != known
    ]
    urgent = urgent or any(rule.urgent for rule in chosen)
    changes: list[tuple[str, Any, Any]] = []
    for name, new in (("kind", kind), ("topic", topic), ("sentiment", sentiment)):
        if getattr(case, name) != new:
            changes.append((name, getattr(case, name), new))
    if case.urgent != urgent:
        changes.append(("urgent", case.urgent, urgent))
    for name, old, new in changes:
        setattr(case, name, new)
        cases.add_correction(
            tx,
            Correction(
                case_id=case.id,
                staff_id=by.staff.id,
                at=by.now,
                field=name,
                old=str(old),
                new=str(new),
                text_masked=case.text_masked,
                model_version=str(case.classification.get("model_version", "")),
            ),
        )
    if changes:
        clocks.reckon(tx, services.catalog, case)
        detail = {name: [str(old), str(new)] for name, old, new in changes}
        record(tx, case, by, "corrected", detail)
        # A sealed case is never opened by a correction.
        if any(rule.confidential for rule in chosen) and not case.confidential:
            _into_lane(tx, services, case, by)
    return [name for name, _old, _new in changes]


def transfer(
    tx: Session, case: Case, by: Acting, *, services: Services, unit: str, reason: str
) -> None:
    """Moves the case to another unit. A reason is needed: the next officer reads it.

    A unit that sends a case on bounces it. After the third time the coordinator decides, and
    only the coordinator's office moves it from then on (interfaces 6.3, transition 3).
    """
    begin(case, by)
    reason = reason_of(reason, "Cần ghi lý do chuyển.")
    if unit not in services.catalog.units:
        raise NotAllowed("Đơn vị không có trong danh mục.")
    target = services.catalog.unit_on(unit, local_day(by.now)).code
    if target == case.unit:
        raise NotAllowed("Ý kiến đang ở đơn vị này.")
    if target in conflict.units(services, case):
        raise NotAllowed("Đơn vị này bị nêu trong nội dung ý kiến nên không thể là nơi xử lý.")
    bounced = by.staff.role == Role.LEAD
    if bounced:
        _check_bounces(case)
        if case.bounces + 1 >= workflow.MOST_BOUNCES:
            _give_back(tx, services, case, by, reason, wanted=target)
            return
    _move_to(tx, services, case, by, "route", target, reason, bounced=bounced)


def went_to_office(case: Case) -> bool:
    """True when a transfer gave the case back instead, for the coordinator to decide."""
    return case.state == State.TRIAGED


def give_back(tx: Session, case: Case, by: Acting, *, services: Services, reason: str) -> None:
    """The unit finds itself not competent ("không đúng thẩm quyền"): the case is sorted again."""
    begin(case, by)
    reason = reason_of(reason, "Cần ghi lý do trả lại.")
    _check_bounces(case)
    _give_back(tx, services, case, by, reason)


def _give_back(
    tx: Session,
    services: Services,
    case: Case,
    by: Acting,
    reason: str,
    *,
    wanted: str | None = None,
) -> None:
    today, accused = local_day(by.now), conflict.units(services, case)
    office = services.catalog.unit_on(routing.COORDINATOR, today).code
    if office in accused:
        office = routing.stand_in(services.catalog, accused | {case.unit}, today)
    _move_to(tx, services, case, by, "return", office, reason, bounced=True, wanted=wanted)


def _check_bounces(case: Case) -> None:
    if case.bounces >= workflow.MOST_BOUNCES:
        raise NotAllowed(
            f"Ý kiến đã bị chuyển đi {case.bounces} lần; điều phối Văn phòng đã quyết định đơn vị, "
            "chỉ điều phối chuyển tiếp được."
        )


def _move_to(
    tx: Session,
    services: Services,
    case: Case,
    by: Acting,
    action: str,
    target: str,
    reason: str,
    *,
    bounced: bool,
    wanted: str | None = None,
) -> None:
    # Refused before anything is changed: among many rows the transaction goes on without this one.
    workflow.apply(State(case.state), action, Role(by.staff.role))
    case.bounces += bounced
    data: dict[str, Any] = {"unit": [case.unit, target]}
    if wanted:
        data["wanted"] = wanted
    case.unit, case.route_rule, case.route_reason = target, "người chuyển", reason
    case.copies = [code for code in case.copies or () if code != target] or None
    case.assignee_id = None
    move(tx, services, case, by, action, {**data, "bounces": case.bounces}, {"reason": reason})
    clocks.reckon(tx, services.catalog, case)


def draft_answer(tx: Session, case: Case, by: Acting, *, services: Services, text: str) -> Message:
    """Keeps an answer for somebody else to approve and send."""
    begin(case, by)
    _check_text(text)
    _drop_drafts(tx, case)
    move(tx, services, case, by, "draft_answer")
    draft = Message(
        conversation_id=channel_of(case),
        case_id=case.id,
        direction="out",
        author="staff",
        staff_id=by.staff.id,
        text=text.strip(),
        sealed=case.confidential,
        state="draft",
        created_at=by.now,
    )
    tx.add(draft)
    tx.flush()
    return draft


def approve(tx: Session, case: Case, by: Acting, *, services: Services) -> None:
    """A second person finds the drafted answer right; it may then be sent by whoever may send.

    Raises NotAllowed when there is no draft or the approver wrote it.
    """
    begin(case, by)
    draft = draft_of(tx, case)
    if draft is None:
        raise NotAllowed("Chưa có bản soạn nào để duyệt.")
    if draft.staff_id == by.staff.id:
        raise NotAllowed("Người soạn không tự duyệt; một người khác của đơn vị duyệt.")
    move(tx, services, case, by, "approve", {"drafted_by": draft.staff_id})
    draft.payload = {**(draft.payload or {}), "approved_by": by.staff.id}


def reply(tx: Session, case: Case, by: Acting, *, services: Services, text: str) -> Message:
    """Answers the person on the channel the case came from, through the outbox; whoever's case
    follows this one gets the same answer under the own code.

    Raises NotAllowed when the kind needs a second person and nobody drafted the answer, the
    words differ from the draft, or nobody but its author has approved it (Law on Complaints,
    Law on Denunciations: decided by the head of office).
    """
    begin(case, by)
    _check_text(text)
    draft = draft_of(tx, case)
    approved_by = (draft.payload or {}).get("approved_by") if draft else None
    if workflow.needs_second_person(case.kind):
        _check_second_person(draft, approved_by, by, text)
    conversation = conversations.get(tx, channel_of(case))
    if conversation is None:
        raise KeyError(case.code)
    author = draft.staff_id if draft else by.staff.id
    move(tx, services, case, by, "reply", {"drafted_by": author, "approved_by": approved_by})
    _drop_drafts(tx, case)
    case.answered_at, case.undelivered = by.now, True
    said, unit = services.catalog.messages, services.catalog.units[case.unit].name
    sent = [
        conversations.add_outbound(
            tx,
            talk,
            text=f"{said['staff_reply']}\n{said[texts.answer_end(talk.channel)]}".format(
                unit=unit, code=one.code, text=text.strip()
            ),
            payload=taps.after_answer(one.code),
            author="staff",
            now=by.now,
            case_id=one.id,
            staff_id=by.staff.id,
            sealed=one.confidential,
        )
        for one, talk in _reporters(tx, case)
    ]
    return next(message for message in sent if message.case_id == case.id)


def _check_second_person(
    draft: Message | None, approved_by: int | None, by: Acting, text: str
) -> None:
    if draft is None:
        raise NotAllowed("Loại ý kiến này cần một người soạn và một người khác duyệt, gửi.")
    if text.strip() != draft.text.strip():
        # Whoever changes the words is their author; then somebody else approves them.
        raise NotAllowed("Muốn sửa bản soạn, anh/chị lưu thành bản soạn mới để người khác duyệt.")
    if approved_by is not None and approved_by != draft.staff_id:
        return
    if draft.staff_id == by.staff.id:
        raise NotAllowed("Loại ý kiến này cần một người soạn và một người khác duyệt, gửi.")
    if not workflow.may_approve(Role(by.staff.role)):
        raise NotAllowed("Bản soạn cần được lãnh đạo đơn vị duyệt trước khi gửi.")


def _reporters(tx: Session, case: Case) -> list[tuple[Case, Conversation]]:
    """The case and those that follow it, each with the channel of its sender."""
    found = []
    for one in (case, *ledgers.followers(tx, case.id)):
        talk = conversations.get(tx, one.conversation_id) if one.conversation_id else None
        if talk is not None:
            found.append((one, talk))
    return found


def close(tx: Session, case: Case, by: Acting, *, services: Services, outcome: str) -> None:
    """Ends the case with an outcome; the person is told."""
    begin(case, by)
    if outcome not in list(Outcome):
        raise NotAllowed("Cần chọn kết quả.")
    if outcome == Outcome.ANSWERED and case.answered_at is None:
        raise NotAllowed(
            "Chưa có trả lời nào gửi tới người gửi; hãy trả lời trước, hoặc chọn kết quả khác."
        )
    move(tx, services, case, by, "close", {"outcome": outcome})
    end(tx, services, case, outcome=Outcome(outcome), now=by.now)


def end(tx: Session, services: Services, case: Case, *, outcome: Outcome, now: datetime) -> None:
    """What ending means once it was decided: the outcome is kept and everybody is told."""
    case.closed_at, case.outcome = now, outcome
    title = OUTCOME_TITLE[outcome]
    tell(tx, services, case, "closed", now=now, outcome=title[0].lower() + title[1:])


def reopen(tx: Session, case: Case, by: Acting, *, services: Services) -> None:
    """Takes an ended case up again, with a clock of its own."""
    begin(case, by)
    workflow.apply(State(case.state), "reopen", Role(by.staff.role))
    take_up_again(tx, services, case, now=by.now)
    move(tx, services, case, by, "reopen")
    case.closed_at, case.outcome = None, None


def take_up_again(tx: Session, services: Services, case: Case, *, now: datetime) -> None:
    """Restarts the clock of an ended case and forgets that its answer was on the way."""
    clocks.restart(tx, services.catalog, case, now=now)
    case.reopened += 1
    case.undelivered = False


def reject_spam(tx: Session, case: Case, by: Acting, *, services: Services) -> None:
    """Puts the case away as spam; it stays on record. Raises NotAllowed while others follow it:
    their senders were told of a matter that is worked on."""
    begin(case, by)
    if ledgers.followers(tx, case.id):
        raise NotAllowed(
            "Có ý kiến khác được gộp vào đây; tách những ý kiến đó ra rồi mới đánh dấu rác."
        )
    move(tx, services, case, by, "reject_spam")
    case.closed_at = by.now


def not_spam(tx: Session, case: Case, by: Acting, *, services: Services) -> None:
    """Takes a case back from spam, to be sorted again; its dates run as before."""
    begin(case, by)
    move(tx, services, case, by, "not_spam")
    case.closed_at = None


def seal(tx: Session, case: Case, by: Acting, *, services: Services) -> None:
    """Moves the case into the confidential lane; whoever did it does not see it any more."""
    begin(case, by)
    if case.confidential:
        return
    if not access.may_seal(by.staff.role):
        raise NotAllowed("Vai trò của anh/chị không chuyển ý kiến sang kênh mật.")
    _into_lane(tx, services, case, by)


def _into_lane(tx: Session, services: Services, case: Case, by: Acting) -> None:
    """Seals a case. One that follows another is parted from it first, so that nobody meets it
    there; whatever follows this one tells of the same matter and is sealed with it. Who had them
    in hand reads them no more, so has them no more."""
    merging.part(tx, services, case, now=by.now)
    for one in (case, *ledgers.followers(tx, case.id)):
        one.confidential, one.assignee_id = True, None
        gaps.forget_of(tx, services, one.conversation_id)
        record(tx, one, Acting(by.staff, one.version, by.now), "sealed", {})


def draft_of(tx: Session, case: Case) -> Message | None:
    """The answer that waits for approval, or None."""
    return cases.draft_answer(tx, case.id)


def _drop_drafts(tx: Session, case: Case) -> None:
    draft = draft_of(tx, case)
    if draft is not None:
        tx.delete(draft)
        tx.flush()


def _check_text(text: str) -> None:
    if not normalize(text).strip():
        raise NotAllowed("Chưa có nội dung trả lời.")
    if len(text) > 5000:
        raise NotAllowed("Nội dung trả lời dài quá 5.000 ký tự.")
    if holes := templates.unfilled(text):
        raise NotAllowed(f"Mẫu còn chỗ chưa điền: {', '.join(holes)}. Điền hoặc xóa rồi gửi.")


def channel_of(case: Case) -> str:
    """The conversation an answer goes to. Raises NotAllowed when the sender left none."""
    if case.conversation_id is None:
        raise NotAllowed("Ý kiến này không có kênh trả lời; hãy liên hệ theo thông tin người gửi.")
    return case.conversation_id
