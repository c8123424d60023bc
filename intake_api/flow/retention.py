"""Keeping no longer than the rules say: a plan first, another person's approval, then a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from intake_api.domain import people, worktime
from intake_api.domain.durations import Duration
from intake_api.domain.model import State
from intake_api.domain.worktime import LOCAL
from intake_api.flow import erasing as one_case
from intake_api.flow.people import Refused
from intake_api.flow.services import Services, local_day
from intake_api.store import cases, conversations, erasing, events, holds
from intake_api.store.registers import Staff
from intake_api.store.retention_tables import RetentionRun
from intake_api.store.tracker import TrackerStore

if TYPE_CHECKING:
    from intake_api.store import Session

BATCH = 50
RAW_EVENTS = timedelta(days=30)
# So few sealed cases are not told outside their lane, none at all neither.
FEWEST = 5
# The assistant's session ends after eight hours and a draft after a day: nothing needs older words.
TRACKED = timedelta(hours=48)


def cut_off(services: Services, kind: str, now: datetime) -> datetime | None:
    """Cases of this kind that ended before this moment have been kept long enough; None where
    they are kept for good."""
    return _cut_off(services.catalog.kinds[kind].keep, now)


def _cut_off(keep: Duration | None, now: datetime) -> datetime | None:
    if keep is None:
        return None
    if keep.unit == "mo":
        day = worktime.months_later(local_day(now), -keep.amount)
        return datetime(day.year, day.month, day.day, tzinfo=LOCAL)
    return now - timedelta(days=keep.amount)


def plan(tx: Session, services: Services, *, now: datetime) -> dict[str, Any]:
    """The dry run: how many cases of each kind, and how much of theirs, would go today."""
    kinds: dict[str, int] = {}
    ids: list[int] = []
    for code in services.catalog.kinds:
        before = cut_off(services, code, now)
        found = erasing.ended_before(tx, code, before) if before else []
        if found:
            kinds[code] = len(found)
            ids += found
    talks = _old_talks(tx, services, now)
    return {"kinds": kinds, "cases": len(ids), "talks": len(talks), **erasing.contents(tx, ids)}


def told(found: dict[str, Any], services: Services) -> dict[str, Any]:
    """A plan or report as somebody outside the confidential lane may read it: its kinds are one
    number, from five on, and the whole does not give away what is hidden."""
    kinds = services.catalog.kinds
    sealed = {code for code in found["kinds"] if code in kinds and kinds[code].confidential}
    number = sum(found["kinds"][code] for code in sealed)
    hidden = number < FEWEST
    return {
        **found,
        "kinds": {code: n for code, n in found["kinds"].items() if code not in sealed},
        "cases": found["cases"] - (number if hidden else 0),
        "sealed": None if hidden else number,
    }


def _old_talks(
    tx: Session, services: Services, now: datetime, limit: int | None = None
) -> Sequence[str]:
    before = _cut_off(services.catalog.keep_talks, now)
    return erasing.talks_before(tx, before, limit=limit) if before else ()


def ask(tx: Session, services: Services, *, by: Staff, now: datetime) -> RetentionRun:
    """Puts a plan before a second person. Raises Refused."""
    if not people.may_manage(by.role):
        raise Refused("Vai trò của anh/chị không đề nghị xóa dữ liệu.")
    if erasing.open_run(tx) is not None:
        raise Refused("Đang có một đợt xóa chờ duyệt hoặc chờ chạy.")
    found = plan(tx, services, now=now)
    if not found["cases"] and not found["talks"]:
        raise Refused("Hôm nay không có ý kiến hay cuộc trò chuyện nào hết thời hạn giữ.")
    made = RetentionRun(asked_by=by.id, asked_at=now, plan=found)
    erasing.add(tx, made)
    data = {"run": made.id, "cases": found["cases"], "talks": found["talks"]}
    events.append(tx, at=now, actor=f"staff:{by.id}", action="retention_asked", data=data)
    return made


def decide(tx: Session, run_id: int, *, by: Staff, approve: bool, now: datetime) -> RetentionRun:
    """Approves or refuses a run. Raises Refused for whoever asked for it."""
    found = erasing.run(tx, run_id)
    if found is None or found.decided_at is not None:
        raise Refused("Đợt xóa này đã được giải quyết.")
    if not people.may_decide(by.role, by.id, asked_by=found.asked_by, subject=0):
        raise Refused("Đợt xóa cần một người khác duyệt.")
    found.decided_by, found.decided_at, found.approved = by.id, now, approve
    done = "retention_approved" if approve else "retention_refused"
    events.append(tx, at=now, actor=f"staff:{by.id}", action=done, data={"run": found.id})
    return found


def carry_out(services: Services, *, now: datetime) -> dict[str, Any] | None:
    """Does the approved run in small transactions, so that nobody waits for it; each case is
    looked at again before it goes. A run that was cut short goes on where it stood. Returns the
    report, None when no run is approved."""
    store = services.store
    with store.reading() as tx:
        run = erasing.approved_run(tx)
    if run is None:
        return None
    while True:
        with store.transaction() as tx:
            current = erasing.run(tx, run.id)
            if current is None or current.done_at is not None:
                return None
            report = _batch(tx, services, current, now)
            if report.pop("more"):
                continue
            current.done_at = now
            data = {"run": current.id, "cases": report["cases"], "talks": report["talks"]}
            events.append(tx, at=now, actor="system", action="retention_done", data=data)
            return report


def _batch(tx: Session, services: Services, run: RetentionRun, now: datetime) -> dict[str, Any]:
    """Erases up to BATCH cases; what was ended after the plan was made is not among them."""
    report = dict(run.report or {"kinds": {}, "cases": 0})
    kinds, rows = Counter(report["kinds"]), Counter(report.get("rows", {}))
    left = BATCH
    for code in services.catalog.kinds:
        before = cut_off(services, code, run.asked_at)
        for number in erasing.ended_before(tx, code, before, limit=left) if before else ():
            case = cases.by_id(tx, number, lock=True)
            if case is None or State(case.state) not in erasing.ERASABLE:
                continue
            gone = one_case.erase(tx, services, case, why="retention", now=now)
            if gone is not None:
                kinds[code] += 1
                rows.update(gone)
                left -= 1
        if not left:
            break
    talks = report.get("talks", 0)
    for talk in _old_talks(tx, services, run.asked_at, left) if left else ():
        # Whoever places a hold has this row too: one of the two comes first.
        conversations.get(tx, talk, lock=True)
        if holds.of(tx, conversation_id=talk) is not None:
            continue
        rows["message"] += erasing.take_out_talk(tx, talk)
        talks, left = talks + 1, left - 1
    report.update(kinds=dict(kinds), cases=kinds.total(), talks=talks, rows=dict(rows))
    run.report = report
    return {**report, "more": not left}


def housekeeping(services: Services, *, now: datetime) -> None:
    """What goes by itself: erasures that senders asked for, old events of channels, and
    the run that two people decided."""
    with services.store.transaction() as tx:
        one_case.grant(tx, services, now=now)
    with services.store.transaction() as tx:
        erasing.forget_old_raw(tx, now - RAW_EVENTS)
    carry_out(services, now=now)


def forget_tracked(services: Services, tracker: TrackerStore, *, now: datetime) -> int:
    """Has the assistant forget what is older than it needs, and everything of people who were
    erased; returns how many events went. Raises StoreUnavailable."""
    gone = tracker.forget_before(now - TRACKED)
    senders = {one.rpartition(":")[2]: one for one in tracker.senders()}
    with services.store.reading() as tx:
        erased = erasing.erased_among(tx, list(senders))
    return gone + tracker.forget(senders[one] for one in erased)
