"""Many cases at once: every row is checked by itself and told of by itself.

A row that fails changes nothing and stops nobody else. The door goes through the rows in
portions of ``PORTION``, one transaction each, so that a thousand rows never keep the database
from a citizen who is writing at that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain import access, deadline, templates
from intake_api.domain.model import STAFF_LABEL
from intake_api.domain.workflow import ACTION_TITLE, TransitionNotAllowed
from intake_api.flow import answer, merging
from intake_api.flow.acting import Acting, NotAllowed, StaleVersion, open_case
from intake_api.flow.services import Services
from intake_api.store import queue
from intake_api.store.registers import Staff
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session

UNSEEN = 0  # the version of a row that the officer has not seen as it is; no case is at it
PORTION = 50
LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One case that was chosen, with the version the officer saw (None: as it is now)."""

    code: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one row; ``words`` say why when it was not done."""

    code: str
    done: bool
    words: str = ""
    conversation_id: str | None = None


# What a row's own report says besides that it is done, when there is something to say.
Step = Callable[["Session", Case, Acting], "str | None"]


def portions(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """The rows, each code once, in portions for one transaction each."""
    single = list({row.code: row for row in rows}.values())[:LIMIT]
    for start in range(0, len(single), PORTION):
        yield single[start : start + PORTION]


def do(tx: Session, rows: Sequence[Row], *, staff: Staff, now: datetime, step: Step) -> list[Told]:
    """Does ``step`` with every row of a portion; returns what became of each, in their order."""
    scope = access.scope(staff.role, staff.unit, staff.id)
    found = {
        case.code: case for case in queue.by_codes(tx, scope, [row.code for row in rows], lock=True)
    }
    return [_one(tx, found.get(row.code), row, staff, now, step) for row in rows]


def _one(tx: Session, case: Case | None, row: Row, staff: Staff, now: datetime, step: Step) -> Told:
    if case is None:
        return Told(row.code, False, "không có trong phần việc của anh/chị")
    version = case.version if row.version is None else row.version
    try:
        said = step(tx, case, Acting(staff, version, now)) or ""
    except StaleVersion:
        came = "mới tới hoặc " if version == UNSEEN else ""
        return Told(row.code, False, f"{came}vừa có người khác thay đổi; mở ra xem lại")
    except TransitionNotAllowed as refused:
        wanted = ACTION_TITLE.get(refused.action, refused.action).lower()
        state = STAFF_LABEL[refused.state].lower()
        return Told(row.code, False, f"đang ở trạng thái “{state}”, không {wanted} được")
    except NotAllowed as refused:
        return Told(row.code, False, str(refused))
    return Told(row.code, True, said, case.conversation_id)


def close_with(services: Services, *, outcome: str, template: str | None) -> Step:
    """A step that ends a case, answering with a template first when one is named."""

    def step(tx: Session, case: Case, by: Acting) -> None:
        if template is None:
            answer.close(tx, case, by, services=services, outcome=outcome)
            return
        text = templates.fill(
            services.catalog.templates[template]["text"], case_words(services, case)
        )
        answer.reply(tx, case, by, services=services, text=text)
        after = Acting(by.staff, case.version, by.now)
        answer.close(tx, case, after, services=services, outcome=outcome)

    return step


def merge_into(services: Services, *, code: str, staff: Staff) -> Step:
    """A step by which a case follows the one with ``code``; the step raises NotAllowed when that
    one is not there for this person."""

    def step(tx: Session, case: Case, by: Acting) -> None:
        try:
            into = open_case(tx, code=code, staff=staff)
        except KeyError:
            raise NotAllowed(f"không có ý kiến {code} trong phần việc của anh/chị") from None
        merging.merge(tx, case, by, services=services, into=into)

    return step


def case_words(services: Services, case: Case) -> dict[str, str]:
    """What the variables of a reply template stand for in this case."""
    unit = services.catalog.units.get(case.unit)
    return {
        "code": case.code,
        "unit": unit.name if unit else case.unit,
        "school": case.school or "nhà trường",
        "due": deadline.due_in_words(case.due_at) or "trong thời gian sớm nhất",
    }
