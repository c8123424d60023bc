"""What staff do with a comment: look, put on record, write in private, nudge below, hide."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain.commenting import Step
from intake_api.domain.model import Role
from intake_api.flow import comment_steps
from intake_api.flow.acting import NotAllowed
from intake_api.flow.services import Services
from intake_api.store import conversations, events
from intake_api.store.page_tables import PageComment
from intake_api.store.registers import Staff
from vntext import mask, normalize

if TYPE_CHECKING:
    from intake_api.store import Session

MAX_TEXT, MAX_REASON = 1900, 300
_DOERS = frozenset({Role.COORDINATOR, Role.CONFIDENTIAL_OFFICER})


def moves(comment: PageComment, *, role: str) -> list[str]:
    """What this role may do with a comment now: xem, lap, rieng, nhac, an."""
    if role not in _DOERS:
        return []
    found = ["xem"] if comment.look else []
    if comment.removed_at is not None or comment.conversation_id is None:
        return found
    if comment.case_id is None:
        found.append("lap")
    found.append("rieng")
    # Below the post nobody may learn that there is anything sealed.
    if not comment.sealed:
        found.append("nhac")
    if not comment.hidden:
        found.append("an")
    return found


def act(
    tx: Session,
    services: Services,
    comment: PageComment,
    verb: str,
    *,
    staff: Staff,
    text: str,
    now: datetime,
) -> str:
    """Does it and returns what to tell the officer. Raises KeyError for what is not a move, and
    NotAllowed."""
    if verb not in moves(comment, role=staff.role):
        if verb in ("xem", "lap", "rieng", "nhac", "an"):
            raise NotAllowed("Việc này không còn làm được với bình luận này.")
        raise KeyError(verb)
    do = {"xem": _seen, "lap": _record, "rieng": _write, "nhac": _nudge, "an": _hide}[verb]
    told, data = do(tx, services, comment, staff, text, now)
    comment.look = ""
    events.append(
        tx, at=now, actor=f"staff:{staff.id}", action=f"comment_{verb}", case_id=comment.case_id,
        data={"comment": comment.id, **data},
    )  # fmt: skip
    return told


_Told = tuple[str, dict[str, str]]


def _seen(
    tx: Session, services: Services, comment: PageComment, staff: Staff, text: str, now: datetime
) -> _Told:
    return "Đã đánh dấu là đã xem.", {}


def _record(
    tx: Session, services: Services, comment: PageComment, staff: Staff, text: str, now: datetime
) -> _Told:
    talk = conversations.get(tx, comment.conversation_id or "")
    assert talk is not None  # noqa: S101 - ``moves`` has looked
    case = comment_steps.record(tx, services, comment, talk, now=now)
    comment.step = Step.RECORD
    return f"Đã lập ý kiến {case.code} từ bình luận.", {}


def _write(
    tx: Session, services: Services, comment: PageComment, staff: Staff, text: str, now: datetime
) -> _Told:
    if not normalize(text).strip():
        raise NotAllowed("Chưa có nội dung.")
    if len(text) > MAX_TEXT:
        raise NotAllowed("Tin nhắn dài quá 1.900 ký tự.")
    _out(tx, comment, staff, now, text.strip(), {})
    return "Đã gửi riêng; nếu nền tảng chưa nhận, lý do hiện bên dưới.", {}


def _nudge(
    tx: Session, services: Services, comment: PageComment, staff: Staff, text: str, now: datetime
) -> _Told:
    words = services.catalog.messages["comment_nudge"]
    _out(tx, comment, staff, now, words, {"public": True})
    return "Đã nhắc dưới bình luận, không nêu nội dung.", {}


def _hide(
    tx: Session, services: Services, comment: PageComment, staff: Staff, text: str, now: datetime
) -> _Told:
    reason = text.strip()
    if not reason or len(reason) > MAX_REASON:
        raise NotAllowed("Ghi lý do ẩn (tối đa 300 ký tự); lý do được lưu vào lịch sử.")
    _out(tx, comment, staff, now, "", {"hide": True})
    comment.hidden = True
    return "Đã ẩn bình luận trên Trang.", {"reason": mask(reason)}


def _out(
    tx: Session,
    comment: PageComment,
    staff: Staff,
    now: datetime,
    text: str,
    payload: dict[str, bool],
) -> None:
    talk = conversations.get(tx, comment.conversation_id or "")
    assert talk is not None  # noqa: S101 - ``moves`` has looked
    conversations.add_outbound(
        tx, talk, text=text, payload={"comment": comment.id, **payload}, author="staff", now=now,
        case_id=comment.case_id, staff_id=staff.id, sealed=comment.sealed,
    )  # fmt: skip
