"""Letters to staff: they say that there is something to look at, never what.

A letter is written when it is sent, from the notices that wait. A mail server that was away for a
day therefore costs nobody anything: when it is back, each person gets one letter with everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain import reminding, worktime
from intake_api.domain.model import Role
from intake_api.domain.reminding import Kind
from intake_api.flow.services import Services, local_day
from intake_api.store import notices, registry
from intake_api.store.notice_tables import Notice, Reach
from intake_api.store.registers import Staff

if TYPE_CHECKING:
    from intake_api.store import Session

SUBJECT = "Lắng nghe: có việc cần anh/chị xem"
END = (
    "Thư tự động, xin không trả lời thư này. Nội dung chỉ xem được sau khi đăng nhập; "
    "đổi cách nhắc trong mục Nhắc việc."
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter that is due: to whom, its words, and what it tells."""

    staff_id: int
    address: str
    text: str
    notices: tuple[int, ...]
    digest: bool


def due(tx: Session, services: Services, *, base_url: str, now: datetime) -> list[Letter]:
    """The letters that are due now, at most one for each person."""
    waiting, reaches = notices.waiting_letters(tx), notices.reaches(tx)
    morning = _digest_time(services, now)
    found = []
    for staff in registry.all_staff(tx):
        reach = reaches.get(staff.id)
        if not staff.active or reach is None or not reach.email or reach.refused:
            continue
        if _away(reach, now):
            continue
        digest = morning and reach.digest and reach.last_digest_on != local_day(now)
        told = notices.for_digest(tx, staff.id) if digest else waiting.get(staff.id, [])
        lately = reach.last_letter_at and now - reach.last_letter_at < reminding.BETWEEN_LETTERS
        if lately and not digest:
            continue
        hand = _in_hand(tx, services, staff, now) if digest else ""
        if told or hand:
            text = _words(staff, told, hand, base_url)
            ids = tuple(one.id for one in told)
            found.append(Letter(staff.id, reach.email, text, ids, digest))
    return found


def _away(reach: Reach, now: datetime) -> bool:
    return bool(
        reach.away_from and reach.away_to and reach.away_from <= local_day(now) <= reach.away_to
    )


def _digest_time(services: Services, now: datetime) -> bool:
    """True on a working day once work has begun."""
    opened = worktime.windows(services.catalog.calendar, local_day(now))
    return bool(opened) and now >= opened[0][0]


def _in_hand(tx: Session, services: Services, staff: Staff, now: datetime) -> str:
    if staff.role == Role.CONFIDENTIAL_OFFICER:
        return ""  # not even how much there is
    calendar = services.catalog.calendar
    soon = worktime.advance(calendar, now, reminding.working(calendar, reminding.SOON))
    open_now, near, late = notices.in_hand(tx, staff.id, now, soon)
    if not near and not late:
        return ""
    return f"Trong tay anh/chị: {open_now} ý kiến đang mở, {near} sắp đến hạn, {late} quá hạn."


def _words(staff: Staff, told: Sequence[Notice], hand: str, base_url: str) -> str:
    lines = [f"Kính gửi {staff.name},", ""]
    if staff.role == Role.CONFIDENTIAL_OFFICER:
        lines.append("Trên bàn làm việc có nội dung mới cần anh/chị xem.")
    elif told:
        counts = Counter(one.kind for one in told)
        lines.append("Trên bàn làm việc có việc cần anh/chị xem:")
        lines += [f"- {reminding.TITLE[kind]}: {counts[kind]}" for kind in Kind if counts[kind]]
    if hand:
        lines += ["", hand] if told else [hand]
    lines += ["", f"Xem danh sách: {base_url.rstrip('/')}/can-bo/thong-bao", "", END]
    return "\n".join(lines)


def gone(tx: Session, letter: Letter, *, now: datetime) -> None:
    """The mail server has taken the letter."""
    notices.sent(tx, letter.notices)
    reach = notices.reach(tx, letter.staff_id)
    reach.last_letter_at = now
    if letter.digest:
        reach.last_digest_on = local_day(now)


def refused(tx: Session, letter: Letter, *, reason: str) -> None:
    """The address takes no letters; its owner sees that on the page of reminders."""
    notices.reach(tx, letter.staff_id).refused = reason
