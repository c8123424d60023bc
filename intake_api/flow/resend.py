"""Messages that were given up or whose arrival is not known: staff decide what becomes of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.flow.acting import NotAllowed
from intake_api.store import events, outbox
from intake_api.store.registers import Staff
from intake_api.store.tables import Outbox

if TYPE_CHECKING:
    from intake_api.store import Session

GONE = "Tin này không còn ở trạng thái chưa gửi được; có thể người khác vừa xử lý."


def again(tx: Session, row: Outbox, *, staff: Staff, now: datetime) -> None:
    """Sends it again, in its old place of the conversation; what the platform is known to have
    taken of a long message is not repeated. Raises NotAllowed."""
    if row.state not in outbox.UNSENT:
        raise NotAllowed(GONE)
    outbox.mark_again(tx, row.id, now=now)
    _note(tx, row, "resent", staff, now)


def let_go(tx: Session, row: Outbox, *, staff: Staff, now: datetime) -> None:
    """Takes it off the list: the person was reached another way, or it does not matter any more.
    Raises NotAllowed."""
    if row.state not in outbox.UNSENT:
        raise NotAllowed(GONE)
    outbox.mark_dropped(tx, row.id, reason="cán bộ đã bỏ khỏi danh sách chưa gửi được")
    _note(tx, row, "let_go", staff, now)


def _note(tx: Session, row: Outbox, action: str, staff: Staff, now: datetime) -> None:
    message = outbox.message_of(tx, row)
    events.append(
        tx, at=now, actor=f"staff:{staff.id}", action=action, case_id=message.case_id,
        data={"outbox": row.id},
    )  # fmt: skip
