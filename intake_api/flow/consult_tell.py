"""Tells contributors what became of their opinion, after everything was published at one moment."""

from __future__ import annotations

from datetime import datetime

from intake_api.domain import consulting, taps, workflow
from intake_api.domain.model import State
from intake_api.flow import acting, consult
from intake_api.flow.services import Services
from intake_api.store import Session, cases, consultations, conversations, registry
from intake_api.store.consult_tables import Opinion
from intake_api.store.tables import Case

# So many are told in one transaction: a reader in between waits for none of them.
PORTION = 50


def work(services: Services, base: str) -> int:
    """One round of the jobs process: what opens today, and who has to be told. ``base``: address
    of the public pages. Returns how many were told."""
    now = services.now()
    with services.store.reading() as tx:
        opening = bool(consultations.to_open(tx, now))
        waiting = bool(consultations.untold(tx, 1))
        closing = [one.id for one in consultations.just_closed(tx, now, now - consulting.NEWS)]
    if closing:
        with services.store.transaction() as tx:
            consult.closing(tx, now=now)
    if opening:
        with services.store.transaction() as tx:
            consult.open_due(tx, now=now)
    count = 0
    while waiting:
        with services.store.transaction() as tx:
            told = tell(tx, services, base, now=services.now(), limit=PORTION)
        for conversation_id in told:
            if conversation_id:
                services.queue.deliver(conversation_id)
        count += len(told)
        waiting = len(told) == PORTION
    return count


def tell(tx: Session, services: Services, base: str, *, now: datetime, limit: int) -> list[str]:
    """Answers the next contributors; returns their conversations ("" for who left no channel)."""
    told = []
    for one in consultations.untold(tx, limit):
        case = cases.by_id(tx, one.case_id, lock=True)
        one.told_at = now
        told.append(_answer(tx, services, base, one, case, now) if case is not None else "")
    return told


def _answer(
    tx: Session, services: Services, base: str, one: Opinion, case: Case, now: datetime
) -> str:
    """One contributor: the case is answered by the leader who approved, under the own code."""
    found = consultations.get(tx, one.consultation_id)
    group = consultations.group(tx, one.group_id or 0)
    staff = registry.staff_by_id(tx, found.published_by or 0) if found else None
    if found is None or group is None or staff is None:
        return ""
    by = acting.Acting(staff, case.version, now)
    if (State(case.state), "reply") in workflow.MOVES:
        acting.move(
            tx, services, case, by, "reply", {"consultation": found.id, "group": group.id},
        )  # fmt: skip
        case.answered_at = now
    talk = conversations.get(tx, case.conversation_id) if case.conversation_id else None
    if talk is None:
        return ""
    case.undelivered = case.state == State.ANSWERED
    clause = consultations.clause_of(tx, one.clause_id)
    link = f"{base.rstrip('/')}/du-thao/{found.id}#nhom-{group.id}"
    verdict = consulting.VERDICT[group.verdict or "explained"]
    conversations.add_outbound(
        tx, talk, author="staff", staff_id=staff.id, now=now, case_id=case.id,
        payload=taps.after_answer(case.code) if case.state == State.ANSWERED else None,
        sealed=case.confidential,
        text=services.catalog.messages["opinion_answered"].format(
            code=case.code, place=clause.place if clause else "Toàn dự thảo", title=found.title,
            verdict=verdict, text=group.answer, link=link,
        ),
    )  # fmt: skip
    return talk.id
