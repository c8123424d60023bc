"""Disclosing: what leaves the masked view. Every time is an event with who, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake_api.domain import access
from intake_api.domain.access import Scope
from intake_api.flow.acting import Acting, NotAllowed
from intake_api.store import cases, events, queue
from intake_api.store.tables import Case, Contact
from vntext import mask

if TYPE_CHECKING:
    from intake_api.store import Session
    from intake_api.store.queue import Filter

MAX_ROWS = 10_000
MAX_WALK = 50_000
SEARCH = "q"  # the part of a filter that people write themselves


def reveal_contact(tx: Session, case: Case, by: Acting, *, reason: str) -> Contact | None:
    """Who sent the case, for a stated reason. None when nothing was left.

    Reading changes nothing, so the case keeps its version: another officer's open page stays
    good. Raises NotAllowed.
    """
    if not access.may_reveal(
        by.staff.role,
        by.staff.unit,
        confidential=case.confidential,
        case_unit=case.unit,
        assigned=case.assignee_id == by.staff.id,
    ):
        raise NotAllowed("Anh/chị cần nhận xử lý ý kiến này trước khi xem thông tin người gửi.")
    if not reason.strip():
        raise NotAllowed("Cần ghi lý do xem thông tin người gửi.")
    events.append(
        tx,
        at=by.now,
        actor=by.actor,
        action="revealed",
        case_id=case.id,
        words={"reason": mask(reason.strip())[:300]},
    )
    return cases.contact(tx, case.id)


def export_rows(
    tx: Session, by: Acting, wanted: Filter, *, described: dict[str, str]
) -> list[Case]:
    """The cases of a filter within the officer's scope, for taking out. Raises NotAllowed.

    The event keeps how many there were and the filter; search words only masked.
    """
    scope = _export_scope(by)
    found = queue.page(tx, scope, wanted, now=by.now, limit=MAX_ROWS).cases
    _exported(tx, by, scope, len(found), described)
    return found


def export_walk(
    tx: Session, by: Acting, wanted: Filter, *, described: dict[str, str]
) -> tuple[Scope, int]:
    """The same on record for a list that is read portion by portion (``queue.walk``): whose cases
    it may hold, and the number of the newest."""
    scope = _export_scope(by)
    count, newest = queue.extent(tx, scope, wanted, now=by.now)
    _exported(tx, by, scope, min(count, MAX_WALK), described)
    return scope, newest


def take_figures(tx: Session, by: Acting, *, described: dict[str, str]) -> None:
    """Figures leave the house as a file: on record, with what they were narrowed to. Raises
    NotAllowed."""
    scope = _export_scope(by)
    events.append(
        tx, at=by.now, actor=by.actor, action="figures_exported",
        data={"sealed": scope.sealed, "filter": described},
    )  # fmt: skip


def _export_scope(by: Acting) -> Scope:
    if not access.may_export(by.staff.role):
        raise NotAllowed("Vai trò của anh/chị không được xuất danh sách.")
    return access.scope(by.staff.role, by.staff.unit, by.staff.id)


def _exported(tx: Session, by: Acting, scope: Scope, rows: int, described: dict[str, str]) -> None:
    kept = {name: value for name, value in described.items() if name != SEARCH}
    # What was searched for in the confidential lane is a word of that lane.
    asked = "" if scope.sealed else mask(described.get(SEARCH, ""))[:200]
    events.append(
        tx,
        at=by.now,
        actor=by.actor,
        action="exported",
        data={"rows": rows, "sealed": scope.sealed, "filter": kept},
        words={SEARCH: asked},
    )
