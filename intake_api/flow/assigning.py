"""Putting a case into somebody's hands: one's own, or a colleague's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake_api.domain import access, workflow
from intake_api.domain.model import Role, State
from intake_api.flow import answer
from intake_api.flow.acting import Acting, NotAllowed, begin, move
from intake_api.flow.services import Services
from intake_api.store import unsealings
from intake_api.store.registers import Staff
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session


def assign(tx: Session, case: Case, by: Acting, *, services: Services, to: Staff) -> None:
    """Puts the case into the hands of ``to``; whoever takes it for oneself ``take``\\ s it.

    Raises StaleVersion, TransitionNotAllowed, or NotAllowed when the giver may not give, or the
    receiver could not work on a case of this unit or is named in this one.
    """
    if to.id == by.staff.id:
        answer.take(tx, case, by, services=services)
        return
    begin(case, by)
    if not access.may_assign(by.staff.role):
        raise NotAllowed("Vai trò của anh/chị chỉ nhận xử lý cho mình, không giao cho người khác.")
    works = "take" in workflow.allowed(State.ROUTED, Role(to.role))
    if not (
        to.active
        and works
        and access.may_act(to.role, to.unit, confidential=case.confidential, case_unit=case.unit)
    ):
        raise NotAllowed(f"{to.name} không xử lý được ý kiến của đơn vị này.")
    if unsealings.is_named(tx, case.id, to.id):
        raise NotAllowed(f"{to.name} bị nêu trong nội dung ý kiến nên không thể là người xử lý.")
    if case.assignee_id == to.id and case.state == State.IN_PROGRESS:
        raise NotAllowed(f"{to.name} đang xử lý ý kiến này rồi.")
    move(tx, services, case, by, "take", {"given_to": to.id})
    case.assignee_id = to.id
