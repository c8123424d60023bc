"""What every act on a case shares: who acts, on which version, and how it is put on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake_api.domain import access, workflow
from intake_api.domain.model import PAUSED_STATES, Role, State
from intake_api.flow import clocks
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, events, ledgers, unsealings
from intake_api.store.registers import Staff
from intake_api.store.tables import Case, Message
from vntext import normalize

if TYPE_CHECKING:
    from intake_api.store import Session

MAX_REASON = 500


class StaleVersion(RuntimeError):
    """Somebody else changed the case meanwhile; ``current`` is its version now."""

    def __init__(self, current: int) -> None:
        self.current = current
        super().__init__(f"the case is at version {current} now")


class NotAllowed(PermissionError):
    """This person may not do that with this case; the message is for the officer."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, on which version of the case, when."""

    staff: Staff
    version: int
    now: datetime

    @property
    def actor(self) -> str:
        return f"staff:{self.staff.id}"


def open_case(tx: Session, *, code: str, staff: Staff) -> Case:
    """The case for changing, locked. Raises KeyError alike for a code that does not exist and
    for one that this person may not see, so that neither can be told from the other."""
    case = cases.by_code(tx, code, lock=True)
    if (
        case is None
        or unsealings.is_named(tx, case.id, staff.id)
        or not access.may_see(
            staff.role,
            staff.unit,
            confidential=case.confidential,
            case_unit=case.unit,
            copies=case.copies or (),
        )
    ):
        raise KeyError(code)
    return case


def begin(case: Case, by: Acting) -> None:
    """Refuses an old version (StaleVersion) and whoever only reads along (NotAllowed)."""
    if case.version != by.version:
        raise StaleVersion(case.version)
    if not access.may_act(
        by.staff.role, by.staff.unit, confidential=case.confidential, case_unit=case.unit
    ):
        raise NotAllowed("Đơn vị của anh/chị chỉ xem ý kiến này.")


def move(
    tx: Session,
    services: Services,
    case: Case,
    by: Acting,
    action: str,
    data: dict[str, Any] | None = None,
    words: dict[str, str] | None = None,
    *,
    to: State | None = None,
) -> State:
    """One step of the workflow by a member of staff; ``to`` where the step restores a state.
    Returns the state before. Raises ``workflow.TransitionNotAllowed``."""
    before = State(case.state)
    planned = workflow.apply(before, action, Role(by.staff.role))
    after = to or planned
    step(tx, services, case, after, by.actor, by.now)
    record(tx, case, by, action, {"from": before, "to": after, **(data or {})}, words)
    return before


def move_by_itself(
    tx: Session,
    services: Services,
    case: Case,
    action: str,
    role: Role,
    now: datetime,
    data: dict[str, Any] | None = None,
    *,
    to: State | None = None,
) -> State:
    """The same for steps of the sender (CITIZEN) or of time (SERVICE). Returns the state before."""
    before = State(case.state)
    actor = "citizen" if role == Role.CITIZEN else "system"
    planned = workflow.apply(before, action, role)
    after = to or planned
    step(tx, services, case, after, actor, now)
    case.version += 1
    events.append(
        tx, at=now, actor=actor, action=action, case_id=case.id,
        data={"from": before, "to": after, **(data or {})},
    )  # fmt: skip
    return before


def step(
    tx: Session, services: Services, case: Case, after: State, actor: str, now: datetime
) -> None:
    """Sets the state; whatever ends a wait closes its pause and puts the clock right."""
    case.state = after
    if case.paused_at is None or after in PAUSED_STATES:
        return
    pause = ledgers.open_pause(tx, case.id)
    if pause is not None:
        # A clock that was set back must not give a pause that ends before it began.
        pause.until, pause.ended_by = max(now, pause.since), actor
        tx.flush()
    case.paused_at = None
    clocks.reckon(tx, services.catalog, case)


def record(
    tx: Session,
    case: Case,
    by: Acting,
    action: str,
    data: dict[str, Any],
    words: dict[str, str] | None = None,
) -> None:
    """Puts what somebody did on record: a version step and an event of the chain. What they
    wrote goes into ``words`` (``events.append``)."""
    case.version += 1
    if case.first_response_at is None:
        case.first_response_at = by.now
    events.append(
        tx, at=by.now, actor=by.actor, action=action, case_id=case.id, data=data, words=words
    )


def reason_of(text: str, missing: str) -> str:
    """A reason as it is kept. Raises NotAllowed(``missing``) when there is none."""
    reason = normalize(text).strip()
    if not reason:
        raise NotAllowed(missing)
    if len(reason) > MAX_REASON:
        raise NotAllowed(f"Lý do dài quá {MAX_REASON} ký tự.")
    return reason


def tell(
    tx: Session,
    services: Services,
    case: Case,
    name: str,
    *,
    now: datetime,
    staff_id: int | None = None,
    **given: str,
) -> list[Message]:
    """Says one of the catalogue's sentences to the sender of a case and to everybody whose case
    follows it, each with the own code. Whoever left no channel is told nothing."""
    return [
        message
        for one in (case, *ledgers.followers(tx, case.id))
        if (message := _say(tx, services, one, name, now, staff_id, given)) is not None
    ]


def _say(
    tx: Session,
    services: Services,
    case: Case,
    name: str,
    now: datetime,
    staff_id: int | None,
    given: dict[str, str],
) -> Message | None:
    talk = conversations.get(tx, case.conversation_id) if case.conversation_id else None
    if talk is None:
        return None
    return conversations.add_outbound(
        tx,
        talk,
        text=services.catalog.messages[name].format(code=case.code, **given),
        payload=None,
        author="staff" if staff_id else "system",
        now=now,
        case_id=case.id,
        staff_id=staff_id,
        sealed=case.confidential,
    )
