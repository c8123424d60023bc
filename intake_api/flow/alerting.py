"""What people do about an alert. Each step is one line of its log: who decided what, who spoke.

Roles as in interfaces 6.1: the coordinator acknowledges, the leader declares and closes. Levels
rise one at a time and only by a person. Who speaks to the press is settled by the province's
regulation on spokespersons (Decision 29/2019/QĐ-UBND): the head, or whoever the head authorised.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain import access
from intake_api.store import events, watching
from intake_api.store.registers import Staff
from intake_api.store.watch_tables import Alert, AlertEntry
from intake_api.watch.model import LEVEL_TITLE, Level

if TYPE_CHECKING:
    from intake_api.store import Session

LONGEST_SNOOZE = 14  # days
MOST_WORDS = 2000


class Refused(Exception):
    """A step is not done; the words say why, to whoever tried. ``field``: what to look at."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


def _take(tx: Session, number: int, by: Staff, version: int, *, declares: bool = False) -> Alert:
    allowed = access.may_declare_alerts if declares else access.may_acknowledge_alerts
    if not allowed(by.role):
        raise Refused(
            "Việc này do lãnh đạo Sở quyết định."
            if declares
            else "Vai trò của anh/chị không xử lý cảnh báo."
        )
    found = watching.alert(tx, number, lock=True)
    if found is None:
        raise Refused("Không có cảnh báo này.")
    if found.state != "open":
        raise Refused("Cảnh báo này đã đóng.")
    if found.version != version:
        raise Refused("Có người vừa xử lý cảnh báo này; xem lại rồi làm tiếp.")
    found.version += 1
    return found


def _words(text: str, field: str, what: str) -> str:
    words = text.strip()
    if not words:
        raise Refused(what, field)
    if len(words) > MOST_WORDS:
        raise Refused(f"Viết không quá {MOST_WORDS} chữ cái.", field)
    return words


def _log(
    tx: Session, alert: Alert, by: Staff, now: datetime, action: str, words: str = "",
    level: int | None = None,
) -> None:  # fmt: skip
    watching.log(
        tx,
        AlertEntry(
            alert_id=alert.id, at=now, staff_id=by.id, action=action, words=words, level=level
        ),
    )
    events.append(
        tx, at=now, actor=f"staff:{by.id}", action=f"alert_{action}",
        data={"alert": alert.id} | ({"level": LEVEL_TITLE[Level(level)]} if level else {}),
    )  # fmt: skip


def acknowledge(tx: Session, number: int, *, by: Staff, version: int, now: datetime) -> None:
    """Somebody has read it and looks after it. Raises Refused."""
    alert = _take(tx, number, by, version)
    if alert.acknowledged_by is not None:
        raise Refused("Cảnh báo này đã có người nhận.")
    alert.acknowledged_by, alert.acknowledged_at = by.id, now
    _log(tx, alert, by, now, "acknowledged")


def snooze(
    tx: Session, number: int, *, days: int, by: Staff, version: int, now: datetime
) -> None:  # fmt: skip
    """Leaves it aside for some days; a higher level proposed by the numbers ends that."""
    if not 1 <= days <= LONGEST_SNOOZE:
        raise Refused(f"Tạm gác từ 1 đến {LONGEST_SNOOZE} ngày.", "days")
    alert = _take(tx, number, by, version)
    alert.snoozed_until = now + timedelta(days=days)
    _log(tx, alert, by, now, "snoozed", f"{days} ngày")


def raise_level(
    tx: Session, number: int, *, reason: str, by: Staff, version: int, now: datetime
) -> Level:
    """One level up, with the reason. From “sự cố” on the leader declares it."""
    words = _words(reason, "reason", "Ghi lý do nâng mức.")
    found = watching.alert(tx, number)
    wanted = Level(found.level + 1) if found and found.level < Level.CRISIS else None
    alert = _take(tx, number, by, version, declares=wanted is not None and wanted > Level.WARNING)
    if wanted is None:
        raise Refused("Cảnh báo đã ở mức cao nhất.")
    alert.level = int(wanted)
    _log(tx, alert, by, now, "raised", words, int(wanted))
    return wanted


def spoke(
    tx: Session, number: int, *, who: str, where: str, what: str, authorised: bool, by: Staff,
    version: int, now: datetime,
) -> None:  # fmt: skip
    """Puts on record who spoke for the department, where, and what was said."""
    speaker = _words(who, "who", "Ghi họ tên, chức vụ người phát ngôn.")
    place = _words(where, "where", "Ghi nơi phát ngôn, ví dụ tên báo, cổng thông tin.")
    said = _words(what, "what", "Ghi tóm tắt nội dung đã nói.")
    if not authorised:
        raise Refused(
            "Chỉ người phát ngôn hoặc người được ủy quyền mới nói thay Sở; đánh dấu xác nhận.",
            "authorised",
        )
    alert = _take(tx, number, by, version)
    _log(tx, alert, by, now, "spoke", f"{speaker}\n{place}\n{said}")


def note(tx: Session, number: int, *, text: str, by: Staff, version: int, now: datetime) -> None:
    """A line for the log."""
    words = _words(text, "text", "Viết ghi chú trước khi lưu.")
    alert = _take(tx, number, by, version)
    _log(tx, alert, by, now, "noted", words)


def close(tx: Session, number: int, *, lesson: str, by: Staff, version: int, now: datetime) -> None:
    """Ends it with what was learned. Other systems are told."""
    words = _words(lesson, "lesson", "Ghi bài học rút ra trước khi đóng.")
    alert = _take(tx, number, by, version, declares=True)
    alert.state, alert.closed_by, alert.closed_at, alert.lesson = "closed", by.id, now, words
    _log(tx, alert, by, now, "closed", words)
