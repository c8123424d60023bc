"""Answering: what staff do with a case. Each move is one function, one event, one version step.

Every function takes the case locked in the caller's transaction and the version the officer saw;
it raises StaleVersion, NotAllowed or ``workflow.TransitionNotAllowed`` and then changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake_api.domain import access, workflow
from intake_api.domain.model import OUTCOME_TITLE, Outcome, Role, State
from intake_api.flow.services import Services, local_day
from intake_api.store import cases, conversations, events
from intake_api.store.registers import Correction, Staff
from intake_api.store.tables import Case, Message
from vntext import normalize

if TYPE_CHECKING:
    from intake_api.store import Session


class StaleVersion(RuntimeError):
    """Somebody else changed the case meanwhile; ``current`` is its version now."""

    def __init__(self, current: int) -> None:
        self.current = current
        super().__init__(f"the case is at version {current} now")


class NotAllowed(PermissionError):
    """This person may not do that with this case; the message is for the officer."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, on which version of the case, when."""

    staff: Staff
    version: int
    now: datetime

    @property
    def actor(self) -> str:
        return f"staff:{self.staff.id}"


def open_case(tx: Session, *, code: str, staff: Staff) -> Case:
    """The case for changing, locked. Raises KeyError alike for a code that does not exist and
    for one that this person may not see, so that neither can be told from the other."""
    case = cases.by_code(tx, code, lock=True)
    if case is None or not access.may_see(
        staff.role,
        staff.unit,
        confidential=case.confidential,
        case_unit=case.unit,
        copies=case.copies or (),
    ):
        raise KeyError(code)
    return case


def _begin(case: Case, by: Acting) -> None:
    if case.version != by.version:
        raise StaleVersion(case.version)
    if not access.may_act(
        by.staff.role, by.staff.unit, confidential=case.confidential, case_unit=case.unit
    ):
        raise NotAllowed("Đơn vị của anh/chị chỉ xem ý kiến này.")


def _move(
    tx: Session, case: Case, by: Acting, action: str, data: dict[str, Any] | None = None
) -> None:
    before = State(case.state)
    after = workflow.apply(before, action, Role(by.staff.role))
    case.state = after
    _record(tx, case, by, action, {"from": before, "to": after, **(data or {})})


def _record(tx: Session, case: Case, by: Acting, action: str, data: dict[str, Any]) -> None:
    case.version += 1
    if case.first_response_at is None:
        case.first_response_at = by.now
    events.append(tx, at=by.now, actor=by.actor, action=action, case_id=case.id, data=data)


def take(tx: Session, case: Case, by: Acting) -> None:
    """The officer takes the case on."""
    _begin(case, by)
    _move(tx, case, by, "take")
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

    The unit stays where it is: moving the case is a decision of its own (``transfer``).
    """
    _begin(case, by)
    if not access.may_correct(by.staff.role):
        raise NotAllowed("Vai trò của anh/chị không sửa phân loại.")
    if kind not in services.catalog.kinds or topic not in services.catalog.topics:
        raise NotAllowed("Loại hoặc chủ đề không có trong danh mục.")
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
        _follow_kind(case, services, by)
        detail = {name: [str(old), str(new)] for name, old, new in changes}
        _record(tx, case, by, "corrected", detail)
    return [name for name, _old, _new in changes]


def _follow_kind(case: Case, services: Services, by: Acting) -> None:
    """The kind carries the clocks and the lane. A sealed case is never opened by a correction."""
    from intake_api.domain import deadline

    rule = services.catalog.kinds[case.kind]
    clocks = deadline.deadlines(services.catalog, case.kind, case.received_at)
    case.acknowledge_at, case.due_at = clocks.acknowledge_at, clocks.resolve_at
    case.due_explanation = clocks.explanation
    case.confidential = case.confidential or rule.confidential


def transfer(
    tx: Session, case: Case, by: Acting, *, services: Services, unit: str, reason: str
) -> None:
    """Moves the case to another unit. A reason is needed: the next officer reads it."""
    _begin(case, by)
    if not reason.strip():
        raise NotAllowed("Cần ghi lý do chuyển.")
    if unit not in services.catalog.units:
        raise NotAllowed("Đơn vị không có trong danh mục.")
    target = services.catalog.unit_on(unit, local_day(by.now))
    before = case.unit
    if target.code == before:
        raise NotAllowed("Ý kiến đang ở đơn vị này.")
    _move(tx, case, by, "route", {"unit": [before, target.code], "reason": reason.strip()})
    case.unit, case.route_rule, case.route_reason = target.code, "người chuyển", reason.strip()
    case.assignee_id = None


def draft_answer(tx: Session, case: Case, by: Acting, *, text: str) -> Message:
    """Keeps an answer for somebody else to approve and send."""
    _begin(case, by)
    _check_text(text)
    _drop_drafts(tx, case)
    _move(tx, case, by, "draft_answer")
    draft = Message(
        conversation_id=_conversation(case),
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


def reply(tx: Session, case: Case, by: Acting, *, services: Services, text: str) -> Message:
    """Answers the person on the channel the case came from, through the outbox.

    Raises NotAllowed when the kind needs a second person and the sender wrote the draft, or
    nobody drafted it (Law on Complaints, Law on Denunciations: decided by the head of office).
    """
    _begin(case, by)
    _check_text(text)
    draft = draft_of(tx, case)
    if workflow.needs_second_person(case.kind) and (draft is None or draft.staff_id == by.staff.id):
        raise NotAllowed("Loại ý kiến này cần một người soạn và một người khác duyệt, gửi.")
    if workflow.needs_second_person(case.kind) and draft and text.strip() != draft.text.strip():
        # Whoever changes the words is their author; then somebody else approves them.
        raise NotAllowed("Muốn sửa bản soạn, anh/chị lưu thành bản soạn mới để người khác duyệt.")
    _move(tx, case, by, "reply", {"drafted_by": draft.staff_id if draft else by.staff.id})
    _drop_drafts(tx, case)
    case.answered_at = by.now
    unit = services.catalog.units[case.unit]
    words = services.catalog.messages["staff_reply"].format(
        unit=unit.name, code=case.code, text=text.strip()
    )
    end = services.catalog.messages["staff_reply_end"].format(code=case.code)
    conversation = conversations.get(tx, _conversation(case))
    if conversation is None:
        raise KeyError(case.code)
    return conversations.add_outbound(
        tx,
        conversation,
        text=f"{words}\n{end}",
        payload=None,
        author="staff",
        now=by.now,
        case_id=case.id,
        staff_id=by.staff.id,
        sealed=case.confidential,
    )


def close(tx: Session, case: Case, by: Acting, *, services: Services, outcome: str) -> None:
    """Ends the case with an outcome; the person is told."""
    _begin(case, by)
    if outcome not in list(Outcome):
        raise NotAllowed("Cần chọn kết quả.")
    if outcome == Outcome.ANSWERED and case.answered_at is None:
        raise NotAllowed(
            "Chưa có trả lời nào gửi tới người gửi; hãy trả lời trước, hoặc chọn kết quả khác."
        )
    _move(tx, case, by, "close", {"outcome": outcome})
    case.closed_at, case.outcome = by.now, outcome
    conversation = conversations.get(tx, case.conversation_id) if case.conversation_id else None
    if conversation is not None:
        title = OUTCOME_TITLE[Outcome(outcome)]
        words = services.catalog.messages["closed"].format(
            code=case.code, outcome=title[0].lower() + title[1:]
        )
        conversations.add_outbound(
            tx, conversation, text=words, payload=None, author="system", now=by.now,
            case_id=case.id, sealed=case.confidential,
        )  # fmt: skip


def reopen(tx: Session, case: Case, by: Acting) -> None:
    """Takes an ended case up again."""
    _begin(case, by)
    _move(tx, case, by, "reopen")
    case.closed_at, case.outcome = None, None


def reject_spam(tx: Session, case: Case, by: Acting) -> None:
    """Puts the case away as spam; it stays on record."""
    _begin(case, by)
    _move(tx, case, by, "reject_spam")
    case.closed_at = by.now


def seal(tx: Session, case: Case, by: Acting) -> None:
    """Moves the case into the confidential lane; whoever did it does not see it any more."""
    _begin(case, by)
    if case.confidential:
        return
    if not access.may_seal(by.staff.role):
        raise NotAllowed("Vai trò của anh/chị không chuyển ý kiến sang kênh mật.")
    case.confidential = True
    case.assignee_id = None
    _record(tx, case, by, "sealed", {})


def draft_of(tx: Session, case: Case) -> Message | None:
    """The answer that waits for approval, or None."""
    return next(
        (
            m
            for m in reversed(cases.messages(tx, case))
            if m.state == "draft" and m.case_id == case.id
        ),
        None,
    )


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


def _conversation(case: Case) -> str:
    if case.conversation_id is None:
        raise NotAllowed("Ý kiến này không có kênh trả lời; hãy liên hệ theo thông tin người gửi.")
    return case.conversation_id
