"""Unsealing: somebody else reads a sealed case, because two people agreed, for a while.

The confidential officer asks with a reason, the leader decides without seeing the case, the
reader reads and changes nothing, and it ends by itself. The case stays sealed all the while: it
appears in no list, and every look is on record.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain import access
from intake_api.domain.model import Role
from intake_api.flow import conflict
from intake_api.flow.acting import Acting, NotAllowed, begin, reason_of, record
from intake_api.flow.services import Services
from intake_api.store import cases, events, registry, unsealings
from intake_api.store.lane_tables import Unsealing
from intake_api.store.registers import Staff
from intake_api.store.tables import Case
from intake_api.store.unsealings import ASKED, ENDED, GIVEN, REFUSED

if TYPE_CHECKING:
    from intake_api.store import Session

MAX_HOURS = 72
_READERS = frozenset({Role.COORDINATOR, Role.HANDLER, Role.LEAD, Role.LEADER})


def ask(
    tx: Session,
    case: Case,
    by: Acting,
    *,
    services: Services,
    reader: str,
    reason: str,
    hours: int,
) -> Unsealing:
    """The confidential officer asks that ``reader`` (user name) may read the case.

    Raises NotAllowed for whoever is named in the case, whose unit is, or who reads no content.
    """
    begin(case, by)
    if not case.confidential or by.staff.role != Role.CONFIDENTIAL_OFFICER:
        raise NotAllowed("Chỉ cán bộ kênh mật xin mở niêm phong.")
    reason = reason_of(reason, "Cần ghi lý do mở niêm phong.")
    if not 1 <= hours <= MAX_HOURS:
        raise NotAllowed(f"Thời gian đọc từ 1 đến {MAX_HOURS} giờ.")
    person = registry.staff_by_username(tx, reader)
    if person is None or not person.active or person.role not in _READERS:
        raise NotAllowed("Không có người đọc phù hợp với tên đăng nhập này.")
    if conflict.concerns(tx, services, case, person):
        raise NotAllowed("Người này hoặc đơn vị của người này bị nêu trong nội dung.")
    made = unsealings.add(
        tx,
        Unsealing(
            case_id=case.id, reader_id=person.id, asked_by=by.staff.id, asked_at=by.now,
            reason=reason, hours=hours, state=ASKED,
        ),
    )  # fmt: skip
    data = {"unsealing": made.id, "reader": person.id, "hours": hours}
    record(tx, case, by, "unseal_asked", data, {"reason": reason})
    return made


def decide(
    tx: Session, services: Services, number: int, *, staff: Staff, now: datetime, give: bool
) -> Unsealing:
    """The second person agrees, or does not. Raises KeyError for what does not wait or names this
    very person, for whom it is not there; NotAllowed for whoever asked or will read."""
    found = unsealings.get(tx, number, lock=True)
    if found is None or found.state != ASKED or not access.may_unseal(staff.role):
        raise KeyError(number)
    if unsealings.is_named(tx, found.case_id, staff.id):
        raise KeyError(number)
    case = tx.get_one(Case, found.case_id)
    if staff.id in (found.asked_by, found.reader_id):
        raise NotAllowed("Người xin hoặc người sẽ đọc không tự quyết định.")
    if conflict.concerns(tx, services, case, staff):
        raise NotAllowed("Việc này cần một lãnh đạo khác quyết định.")
    found.state = GIVEN if give else REFUSED
    found.decided_by, found.decided_at = staff.id, now
    found.ends_at = now + timedelta(hours=found.hours) if give else None
    events.append(
        tx, at=now, actor=f"staff:{staff.id}", action="unsealed" if give else "unseal_refused",
        case_id=case.id, data={"unsealing": found.id, "reader": found.reader_id},
    )  # fmt: skip
    return found


def read(tx: Session, number: int, *, staff: Staff, now: datetime) -> Case:
    """The case, for the one who may read it at this moment; the look is on record. Raises
    KeyError alike for what never was, is over, or is somebody else's."""
    found = unsealings.get(tx, number)
    if found is None or found.reader_id != staff.id or not holds(found, now):
        raise KeyError(number)
    if unsealings.is_named(tx, found.case_id, staff.id):
        raise KeyError(number)
    events.append(
        tx, at=now, actor=f"staff:{staff.id}", action="unsealed_read", case_id=found.case_id,
        data={"unsealing": found.id},
    )  # fmt: skip
    case = cases.by_id(tx, found.case_id)
    if case is None:
        raise KeyError(number)
    return case


def holds(found: Unsealing, now: datetime) -> bool:
    """True while the reader may read. A clock that was set back opens nothing again."""
    if found.state != GIVEN or found.decided_at is None or found.ends_at is None:
        return False
    return found.decided_at <= now < found.ends_at


def take_back(tx: Session, case: Case, by: Acting, *, services: Services, number: int) -> None:
    """The confidential officer ends an unsealing, or takes the question back, before its time."""
    begin(case, by)
    found = unsealings.get(tx, number, lock=True)
    if found is None or found.case_id != case.id or found.state not in (ASKED, GIVEN):
        raise NotAllowed("Lượt đọc này không còn hiệu lực.")
    found.state = ENDED
    record(tx, case, by, "unseal_ended", {"unsealing": found.id})


def expire(tx: Session, *, now: datetime) -> int:
    """Notes what has ended by itself: nobody can read it since its minute. Returns how many."""
    over = [one for one in unsealings.given(tx) if one.ends_at is not None and one.ends_at <= now]
    for one in over:
        one.state = ENDED
        events.append(
            tx, at=now, actor="system", action="unseal_ended", case_id=one.case_id,
            data={"unsealing": one.id},
        )  # fmt: skip
    return len(over)
