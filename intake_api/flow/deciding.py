"""Reminders of what waits for a second person: accounts and erasing runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain import people
from intake_api.domain.reminding import Kind
from intake_api.flow import reminding
from intake_api.store import accounts, erasing, registry

if TYPE_CHECKING:
    from intake_api.store import Session

# Told at once, and again for as long as nobody has decided.
AGAIN = timedelta(days=2)


def remind(tx: Session, *, now: datetime) -> int:
    """Tells whoever may decide about each request that waits; returns how many notices were made.
    The words say only that something waits: who asked and about whom stands on the page."""
    made = 0
    for one in accounts.open_requests(tx):
        made += _tell(
            tx, "Một đề nghị về tài khoản chờ duyệt", "/can-bo/duyet-tai-khoan",
            f"account:{one.id}", asked_by=one.asked_by, subject=one.staff_id,
            since=one.asked_at, now=now,
        )  # fmt: skip
    run = erasing.open_run(tx)
    if run is not None and run.decided_at is None:
        made += _tell(
            tx, "Một đợt xóa dữ liệu hết thời hạn giữ chờ duyệt", "/can-bo/luu-giu",
            f"erasing:{run.id}", asked_by=run.asked_by, subject=0, since=run.asked_at, now=now,
        )  # fmt: skip
    return made


def _tell(
    tx: Session,
    words: str,
    path: str,
    once: str,
    *,
    asked_by: int | None,
    subject: int,
    since: datetime,
    now: datetime,
) -> int:
    able = [
        one.id
        for one in registry.all_staff(tx)
        if one.active and people.may_decide(one.role, one.id, asked_by=asked_by, subject=subject)
    ]
    turn = (now - since) // AGAIN
    return reminding.tell_people(
        tx, Kind.DECIDE, able, words=words, path=path, once=f"{once}:{turn}", now=now
    )
