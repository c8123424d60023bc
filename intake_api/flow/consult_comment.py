"""A comment on a draft: stored first, like every submission, then put beside what others said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain import clauses as splitting
from intake_api.domain import consulting
from intake_api.domain.model import Channel, Route
from intake_api.flow import clocks, formed, receive, triage
from intake_api.flow.services import Services, local_day
from intake_api.store import cases, consultations, events
from intake_api.store.consult_tables import Consultation, DraftClause, Opinion
from intake_api.store.tables import Case
from vntext import normalize

if TYPE_CHECKING:
    from intake_api.store import Session


def from_form(
    tx: Session,
    services: Services,
    found: Consultation,
    clause: DraftClause | None,
    form: formed.FormInput,
    *,
    organisation: str | None,
    named: bool,
    now: datetime,
) -> formed.FormReceived:
    """Keeps what was written on the public page. Words that accuse somebody or tell of danger are
    no comment on a draft: they go to the confidential lane and stand nowhere else."""
    decision = triage.decide(
        services, text=form.text, place_text=None, channel=Channel.FORM, now=now,
        kind=consulting.KIND,
    )  # fmt: skip
    kind: str | None = consulting.KIND
    if triage.sealed(services, decision.classification):
        kind = None
        decision = triage.decide(
            services, text=form.text, place_text=None, channel=Channel.FORM, now=now
        )
    else:
        decision = replace(decision, route=_route(services, found, now))
    received = formed.submit_form(tx, services, form, now, decision=decision, kind=kind)
    _join(
        tx, services, received.case, found, clause, organisation=organisation, named=named, now=now
    )
    return received


def from_letter(
    tx: Session, services: Services, found: Consultation, clause: DraftClause | None, *,
    text: str, organisation: str, staff_id: int, now: datetime,
) -> Case:  # fmt: skip
    """Keeps what an office wrote on paper, typed in by staff. Raises receive.TextMissing and
    receive.TextTooLong."""
    decision = triage.decide(
        services, text=text, place_text=None, channel=Channel.FORM, now=now, kind=consulting.KIND
    )
    received = receive.submit(
        tx, services, text=text, channel=Channel.FORM, now=now, kind=consulting.KIND,
        decision=replace(decision, route=_route(services, found, now)), actor=f"staff:{staff_id}",
    )  # fmt: skip
    _join(
        tx, services, received.case, found, clause, organisation=organisation, named=False, now=now
    )
    return received.case


def _route(services: Services, found: Consultation, now: datetime) -> Route:
    unit = services.catalog.unit_on(found.unit, local_day(now)).code
    return Route(unit, (), consulting.RULE, "Góp ý dự thảo do đơn vị này soạn thảo.")


def adopt(
    tx: Session, services: Services, case: Case, found: Consultation, clause: DraftClause | None,
    *, asking: bool, now: datetime,
) -> Opinion | None:  # fmt: skip
    """Makes a case that came in by another way a contribution; None for a sealed one."""
    if case.confidential:
        return None
    before = (case.kind, case.unit)
    case.kind = consulting.KIND
    route = _route(services, found, now)
    case.unit, case.copies = route.unit, None
    case.route_rule, case.route_reason = route.rule, route.reason
    clocks.reckon(tx, services.catalog, case)
    if before != (case.kind, case.unit):
        case.version += 1
        data = {"kind": [before[0], case.kind], "unit": [before[1], case.unit]}
        events.append(
            tx, at=now, actor="system", action="taken_as_opinion", case_id=case.id,
            data={"consultation": found.id, **data},
        )  # fmt: skip
    made = _join(tx, services, case, found, clause, organisation=None, named=False, now=now)
    if made is not None:
        made.asking = asking
    return made


def adopt_named(tx: Session, services: Services, case: Case, *, now: datetime) -> Opinion | None:
    """Takes in a case whose own words name a draft that takes comments, where nobody can be asked
    (the general form, e-mail); None for every other case."""
    if case.kind != consulting.KIND and not consulting.speaks_of_draft(case.text):
        return None
    open_now = consultations.takes_comments(tx, now, now - consulting.RECENT)
    found = draft_meant(open_now, case.text)
    if found is None:
        return None
    clause = clause_named(consultations.clauses(tx, found.id), case.text)
    return adopt(tx, services, case, found, clause, asking=False, now=now)


def draft_meant(drafts: Sequence[Consultation], text: str) -> Consultation | None:
    """The draft that a text names. Nothing is guessed: it may be one of the Ministry that is
    meant."""
    number = consulting.meant(text, [(one.id, one.title) for one in drafts])
    return next((one for one in drafts if one.id == number), None)


def clause_named(parts: Sequence[DraftClause], text: str) -> DraftClause | None:
    """The clause of a draft that a text names, or None."""
    plain = [splitting.Clause(one.kind, one.label, one.place, "", None) for one in parts]
    number = splitting.find(plain, text)
    return None if number is None else parts[number]


def _join(
    tx: Session, services: Services, case: Case, found: Consultation, clause: DraftClause | None,
    *, organisation: str | None, named: bool, now: datetime,
) -> Opinion | None:  # fmt: skip
    """The opinion that a case is from now on, grouped; once, however often it is sent."""
    known = consultations.opinion(tx, case.id)
    if known is not None or case.confidential:
        return known
    office = " ".join(normalize(organisation or "").split())[: consulting.MAX_ORGANISATION]
    made = consultations.add_opinion(
        tx,
        Opinion(
            case_id=case.id, consultation_id=found.id, clause_id=clause.id if clause else None,
            organisation=office or None, named=named,
            late=case.received_at >= found.closes_at, at=case.received_at,
        ),
    )  # fmt: skip
    put_together(tx, found, made, case)
    return made


def put_together(tx: Session, found: Consultation, made: Opinion, case: Case) -> None:
    """Finds the group of those who said the same of this clause, or begins one. What comes when
    the answers stand already is in no group: it is answered by itself."""
    if found.state != "announced":
        return
    near = consultations.near(tx, found.id, made.clause_id, without=made.case_id)
    clause = consultations.clause_of(tx, made.clause_id)
    number = consulting.like(case.text, near, clause.text if clause else "")
    group = consultations.group(tx, number) if number is not None else None
    if group is None:
        group = consultations.add_group(tx, found.id, made.clause_id)
    made.group_id = group.id
    tx.flush()


def set_clause(tx: Session, found: Consultation, made: Opinion, clause: DraftClause | None) -> None:
    """The person says which clause was meant."""
    case = cases.by_id(tx, made.case_id)
    made.clause_id, made.asking, made.group_id = clause.id if clause else None, False, None
    tx.flush()
    if case is not None:
        put_together(tx, found, made, case)
    consultations.drop_empty(tx, found.id)
