"""Extending a deadline: asked for by the handler, given with a reason, told to the sender."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake_api.domain import access, worktime
from intake_api.domain.model import OPEN_STATES
from intake_api.flow import clocks
from intake_api.flow.acting import Acting, NotAllowed, begin, reason_of, record, tell
from intake_api.flow.services import Services
from intake_api.store import ledgers
from intake_api.store.ledgers import ExtensionEntry
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session


def next_length(services: Services, case: Case, given: int) -> str | None:
    """The length of the next extension that the catalogue leaves to this kind, or None."""
    lengths = services.catalog.kinds[case.kind].extend
    return lengths[given].code if given < len(lengths) else None


def _begin(tx: Session, case: Case, by: Acting, services: Services) -> tuple[str, int]:
    begin(case, by)
    if case.state not in OPEN_STATES:
        raise NotAllowed("Ý kiến đã kết thúc, không còn hạn để gia hạn.")
    given = len([one for one in ledgers.extension_entries(tx, case.id) if one.at is not None])
    length = next_length(services, case, given)
    if length is None:
        name = services.catalog.kinds[case.kind].name
        raise NotAllowed(
            f"Loại “{name}” đã dùng hết số lần gia hạn." if given
            else f"Loại “{name}” không được gia hạn theo danh mục."
        )  # fmt: skip
    return length, given


def ask(tx: Session, case: Case, by: Acting, *, services: Services, reason: str) -> None:
    """The handler asks for a later date; a lead decides."""
    length, _given = _begin(tx, case, by, services)
    reason = reason_of(reason, "Cần ghi lý do xin gia hạn.")
    if not access.may_ask_extension(by.staff.role):
        raise NotAllowed("Vai trò của anh/chị không xin gia hạn.")
    if ledgers.asked_extension(tx, case.id) is not None:
        raise NotAllowed("Đã có đề nghị gia hạn đang chờ lãnh đạo đơn vị quyết định.")
    ledgers.add(tx, _entry(services, case, by, length, reason))
    record(tx, case, by, "extension_asked", {"length": length}, {"reason": reason})


def give(tx: Session, case: Case, by: Acting, *, services: Services, reason: str) -> None:
    """Moves the date on by what the catalogue allows this kind, and tells the sender.

    Raises NotAllowed for roles that may not, kinds that have no (further) extension, and a
    missing reason.
    """
    length, given = _begin(tx, case, by, services)
    if not access.may_extend(by.staff.role, extended=given):
        raise NotAllowed(
            "Lãnh đạo đơn vị chỉ gia hạn một lần; lần sau do lãnh đạo Sở quyết định."
            if given else "Vai trò của anh/chị không gia hạn."
        )  # fmt: skip
    entry = ledgers.asked_extension(tx, case.id)
    reason = reason_of(reason or (entry.reason if entry else ""), "Cần ghi lý do gia hạn.")
    if entry is None:
        entry = _entry(services, case, by, length, reason)
        ledgers.add(tx, entry)
    entry.given_by, entry.at, entry.due_before = by.staff.id, by.now, case.due_at
    tx.flush()
    clocks.reckon(tx, services.catalog, case)
    record(tx, case, by, "extended", {"length": length, "due": _iso(case)}, {"reason": reason})
    if case.due_at is not None:
        until = worktime.moment_in_words(case.due_at)
        tell(tx, services, case, "extended", now=by.now, until=until)


def _entry(services: Services, case: Case, by: Acting, length: str, reason: str) -> ExtensionEntry:
    whole = services.catalog.kinds[case.kind].extend_from == "received"
    return ExtensionEntry(
        case_id=case.id, asked_by=by.staff.id, asked_at=by.now, reason=reason, length=length,
        from_receipt=whole,
    )  # fmt: skip


def _iso(case: Case) -> str | None:
    return case.due_at.isoformat() if case.due_at else None
