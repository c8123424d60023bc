"""Legal holds: what is kept whatever the rules say, one case or a whole conversation.

One person places a hold, another one lifts it. In the confidential lane only its officer places
and sees holds; there the officer asks for lifting and a leader decides without seeing what is
held, as with unsealing.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain import access
from intake_api.domain.model import State
from intake_api.flow import comments, conflict
from intake_api.flow.acting import NotAllowed, reason_of
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, erasing, events, holds, takeovers, unsealings
from intake_api.store.registers import Staff
from intake_api.store.retention_tables import LegalHold
from intake_api.store.tables import Conversation

if TYPE_CHECKING:
    from intake_api.store import Session

# One answer for what is not there and for what this person may not see.
NO_CASE = "Không có ý kiến nào mang mã này."
NO_TALK = "Không có cuộc trò chuyện này."
NO_HOLD = "Lệnh giữ này đã được bỏ."
NO_REASON = "Ghi lý do giữ, ví dụ số văn bản yêu cầu."


def place_on_case(tx: Session, *, code: str, reason: str, by: Staff, now: datetime) -> None:
    """Keeps one case. Raises NotAllowed."""
    # Locked, so that it is either kept or erased before this.
    case = cases.by_code(tx, code, lock=True)
    if (
        case is None
        or case.state == State.ERASED
        or not access.may_hold_cases(by.role, sealed=case.confidential)
        or unsealings.is_named(tx, case.id, by.id)
    ):
        raise NotAllowed(NO_CASE)
    reason = reason_of(reason, NO_REASON)
    if holds.of(tx, case_id=case.id) is not None:
        raise NotAllowed("Ý kiến này đang được giữ rồi.")
    _place(tx, LegalHold(case_id=case.id, reason=reason, placed_by=by.id, placed_at=now))


def may_hold_talk(tx: Session, name: str, *, by: Staff) -> bool:
    """True when this person may put a conversation under a hold: one of the lane that they look
    through, in which nothing was told that names them."""
    lane = access.lane_of_talks(by.role)
    if lane is None or takeovers.is_sealed(tx, name) != lane:
        return False
    return name not in unsealings.talks_naming(tx, by.id)


def talk_to_hold(tx: Session, name: str, *, by: Staff, lock: bool = False) -> Conversation:
    """The conversation, for whoever may put it under a hold. Raises KeyError."""
    found = conversations.get(tx, name, lock=lock)
    if found is None or not may_hold_talk(tx, name, by=by):
        raise KeyError(name)
    return found


def place_on_talk(tx: Session, *, name: str, reason: str, by: Staff, now: datetime) -> None:
    """Keeps everything that was said in a conversation, with the cases told in it. Raises KeyError
    for one that this person does not look through, NotAllowed."""
    talk = talk_to_hold(tx, name, by=by, lock=True)
    if erasing.was_erased(talk):
        raise NotAllowed("Nội dung cuộc trò chuyện này đã được xóa.")
    reason = reason_of(reason, NO_REASON)
    if holds.of(tx, conversation_id=name) is not None:
        raise NotAllowed("Cuộc trò chuyện này đang được giữ rồi.")
    _place(tx, LegalHold(conversation_id=name, reason=reason, placed_by=by.id, placed_at=now))


def lift(tx: Session, services: Services, hold_id: int, *, by: Staff, now: datetime) -> None:
    """Ends a hold outside the confidential lane. Raises NotAllowed for whoever placed it."""
    found = _known(tx, hold_id, by, sealed=False)
    if not access.may_lift_holds(by.role):
        raise NotAllowed("Quản trị hoặc lãnh đạo Sở bỏ lệnh giữ.")
    if found.placed_by == by.id:
        raise NotAllowed("Người đặt lệnh giữ không tự bỏ; cần một người khác.")
    _lift(tx, services, found, by, now)


def ask_to_lift(tx: Session, hold_id: int, *, reason: str, by: Staff, now: datetime) -> None:
    """The confidential officer asks that a hold of the lane be lifted. Raises NotAllowed."""
    found = _known(tx, hold_id, by, sealed=True)
    if found.lift_asked_at is not None:
        raise NotAllowed("Đã đề nghị bỏ lệnh giữ này; đang chờ lãnh đạo Sở quyết định.")
    found.lift_why = reason_of(reason, "Ghi lý do bỏ lệnh giữ.")
    found.lift_asked_by, found.lift_asked_at = by.id, now
    _note(tx, found, by, "lift_asked", now)


def decide(
    tx: Session, services: Services, hold_id: int, *, by: Staff, now: datetime, lifts: bool
) -> None:
    """A leader's answer to that. Raises KeyError for what does not wait or names this very person,
    for whom it is not there; NotAllowed for whoever placed the hold or asked."""
    found = holds.get(tx, hold_id)
    if found is None or found.lift_asked_at is None or not access.may_unseal(by.role):
        raise KeyError(hold_id)
    if holds.names(tx, found, by.id):
        raise KeyError(hold_id)
    concerned = any(conflict.concerns(tx, services, one, by) for one in holds.cases_of(tx, found))
    if concerned or by.id in (found.placed_by, found.lift_asked_by):
        raise NotAllowed("Việc này cần một lãnh đạo khác quyết định.")
    if lifts:
        _lift(tx, services, found, by, now)
        return
    found.lift_asked_by = found.lift_asked_at = found.lift_why = None
    _note(tx, found, by, "lift_refused", now)


def _known(tx: Session, hold_id: int, by: Staff, *, sealed: bool) -> LegalHold:
    """A hold in force of this lane. Whoever may not see it is told what is told of one that was
    lifted."""
    found = holds.get(tx, hold_id)
    if (
        found is None
        or access.lane_of_holds(by.role) is not sealed
        or holds.is_sealed(tx, found) != sealed
        or holds.names(tx, found, by.id)
    ):
        raise NotAllowed(NO_HOLD)
    return found


def _place(tx: Session, made: LegalHold) -> None:
    holds.add(tx, made)
    actor = f"staff:{made.placed_by}"
    events.append(
        tx, at=made.placed_at, actor=actor, action="held", case_id=made.case_id, data=_told(made)
    )


def _lift(tx: Session, services: Services, found: LegalHold, by: Staff, now: datetime) -> None:
    found.lifted_by, found.lifted_at = by.id, now
    _note(tx, found, by, "hold_lifted", now)
    tx.flush()
    for comment in holds.removed_comments(tx, found):
        comments.let_words_go(tx, services, comment, now=now)


def _note(tx: Session, found: LegalHold, by: Staff, action: str, now: datetime) -> None:
    events.append(
        tx, at=now, actor=f"staff:{by.id}", action=action, case_id=found.case_id, data=_told(found)
    )


def _told(found: LegalHold) -> dict[str, object]:
    more = {"conversation": found.conversation_id} if found.conversation_id else {}
    return {"hold": found.id, **more}
