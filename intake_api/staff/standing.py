"""How a case stands and which of the further moves a person may make with it now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain import access, workflow
from intake_api.domain.durations import parse
from intake_api.domain.ledger import WAITING_FOR
from intake_api.domain.model import OPEN_STATES, Role, State
from intake_api.flow import extending
from intake_api.flow.services import Services
from intake_api.staff import words
from intake_api.store import cases, ledgers
from intake_api.store.registers import Event, Staff
from intake_api.store.tables import Case, Message

if TYPE_CHECKING:
    from intake_api.store import Session

Sees = Callable[[Case], bool]


@dataclass(frozen=True, slots=True)
class Waits:
    """What a case waits for, as the page says it."""

    why: str
    asked: str
    since: datetime
    limit: datetime | None


@dataclass(frozen=True, slots=True)
class More:
    """What this person may do with this case besides ``casepage.Moves``; and how it stands."""

    ask: bool
    wait: bool
    resume: bool
    approve: bool
    forward: bool
    give_back: bool
    last_bounce: bool  # a transfer by this person gives the case back to the office
    merge: bool
    unmerge: bool
    extend: str  # the length that the catalogue leaves, in words; empty: none or not allowed
    ask_extend: str
    asked_why: str  # why the handler asked for a later date; empty when nobody asked
    waits: Waits | None
    leads_to: str  # code of the case that this one follows; empty when none
    followers: tuple[str, ...]

    @property
    def any(self) -> bool:
        """True when there is at least one form to show."""
        return any(
            (self.ask, self.wait, self.resume, self.approve, self.forward, self.give_back,
             self.merge, self.unmerge, self.extend, self.ask_extend)
        )  # fmt: skip


def possible(
    tx: Session, services: Services, case: Case, staff: Staff, draft: Message | None, sees: Sees
) -> More:
    """What the workflow, the access rules and the catalogue leave to this person now; ``sees``
    tells which other cases may be named to them."""
    lane = {"confidential": case.confidential, "case_unit": case.unit}
    acts = access.may_act(staff.role, staff.unit, **lane)  # type: ignore[arg-type]
    allowed = set(workflow.allowed(State(case.state), Role(staff.role))) if acts else set()
    entries = ledgers.extension_entries(tx, case.id)
    given = sum(one.at is not None for one in entries)
    length = extending.next_length(services, case, given) if case.state in OPEN_STATES else None
    said = str(parse(length)) if length and acts else ""
    asked = ledgers.asked_extension(tx, case.id)
    pause = ledgers.open_pause(tx, case.id) if case.paused_at else None
    link = ledgers.leading(tx, case)
    return More(
        ask="ask_citizen" in allowed and case.conversation_id is not None,
        wait="wait_external" in allowed,
        resume="resume" in allowed,
        approve="approve" in allowed and draft is not None and draft.staff_id != staff.id,
        forward="forward_outside" in allowed,
        give_back="return" in allowed and case.bounces < workflow.MOST_BOUNCES,
        last_bounce=staff.role == Role.LEAD and case.bounces + 1 >= workflow.MOST_BOUNCES,
        merge="merge" in allowed,
        unmerge="unmerge" in allowed,
        extend=said if access.may_extend(staff.role, extended=given) else "",
        ask_extend=said if access.may_ask_extension(staff.role) and asked is None else "",
        asked_why=asked.reason if asked else "",
        waits=_waits(pause),
        leads_to=link.code if link.id != case.id and sees(link) else "",
        followers=tuple(one.code for one in ledgers.followers(tx, case.id) if sees(one)),
    )


def unnamed(tx: Session, history: Sequence[Event], sees: Sees) -> set[str]:
    """Codes of other cases in a case's history that this person may not see."""
    told = {str(one.data[name]) for one in history for name in words.OTHERS if name in one.data}
    return {code for code in told if (one := cases.by_code(tx, code)) is None or not sees(one)}


def _waits(pause: ledgers.PauseEntry | None) -> Waits | None:
    if pause is None:
        return None
    return Waits(WAITING_FOR.get(pause.why, pause.why), pause.asked, pause.since, pause.limit_at)
