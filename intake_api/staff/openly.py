"""The open page from the desk: words are proposed, agreed to by the sender, published."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from intake_api.domain import access, openness
from intake_api.flow import openly as flow
from intake_api.flow.services import Services
from intake_api.staff import accounts
from intake_api.store import openly, registry
from intake_api.store.open_tables import Publication
from intake_api.store.registers import Staff
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.staff.moves import Work
    from intake_api.store import Session

STATES = {
    openly.PROPOSED: "Chờ người gửi đồng ý",
    openly.AGREED: "Người gửi đã đồng ý, chờ lãnh đạo đăng",
    openly.DECLINED: "Người gửi không đồng ý",
    openly.PUBLISHED: "Đang đăng",
    openly.TAKEN_BACK: "Đã gỡ",
}


@dataclass(frozen=True, slots=True)
class Beside:
    """What the case page shows of a publication, and what this person may do about it."""

    found: Publication | None
    state: str
    propose: bool
    publish: bool
    drop: bool
    question: str = ""
    answer: str = ""


def beside(tx: Session, services: Services, case: Case, staff: Staff) -> Beside | None:
    """None where there is nothing to see and nothing to do."""
    why = openness.why_not(
        services.catalog, kind=case.kind, topic=case.topic, confidential=case.confidential,
        state=case.state,
    )  # fmt: skip
    found = openly.of_case(tx, case.id)
    acts = access.may_act(
        staff.role, staff.unit, confidential=case.confidential, case_unit=case.unit
    )
    state = found.state if found else ""
    going = state in (openly.PROPOSED, openly.AGREED)
    proposes = acts and access.may_propose_open(staff.role)
    publishes = acts and access.may_publish_open(staff.role)
    made = Beside(
        found, STATES.get(state, ""),
        propose=proposes and not why and state != openly.PUBLISHED,
        publish=publishes and not why and state == openly.AGREED,
        drop=(proposes and going) or (publishes and state == openly.PUBLISHED),
    )  # fmt: skip
    if not (made.found or made.propose):
        return None
    if not made.propose:
        return made
    question, answer = (found.question, found.answer) if found else flow.suggested(tx, case)
    return replace(made, question=question, answer=answer)


def openly_page() -> ResponseReturnValue:
    """What waits and what is published of the cases that this person may see."""
    run, me = accounts.runtime(), accounts.me()
    if not access.may_propose_open(me.role):
        abort(403, "Vai trò của anh/chị không xem được trang này.")
    states = (openly.AGREED, openly.PROPOSED, openly.DECLINED, openly.PUBLISHED)
    with run.store.reading() as tx:
        found = openly.waiting(tx, accounts.my_scope(), states)
        names = {one.id: one.name for one in registry.all_staff(tx)}
    groups = [
        (STATES[state], [(made, case) for made, case in found if made.state == state])
        for state in states
    ]
    return render_template(
        "staff/openly.html", groups=groups, names=names, topics=run.services.catalog.topics
    )


def _propose(work: Work) -> None:
    flow.propose(
        work.tx, work.case, work.by, services=work.services,
        question=work.form.get("open_question", ""), answer=work.form.get("open_answer", ""),
    )  # fmt: skip


def _publish(work: Work) -> None:
    flow.publish(work.tx, work.case, work.by, services=work.services)


def _drop(work: Work) -> None:
    flow.drop(work.tx, work.case, work.by, services=work.services)


def register(blueprint: Blueprint) -> None:
    """Puts the page on the door, and these moves beside the others."""
    # The case page, which the moves stand on, shows what is ``beside`` it.
    from intake_api.staff.more_moves import needs
    from intake_api.staff.moves import MOVES, Move

    blueprint.add_url_rule("/cong-khai", "openly", openly_page)
    MOVES.update(
        {
            "de-nghi-dang": Move(
                _propose, "open_proposed", "Đã đề nghị đăng {code}; chờ người gửi đồng ý.",
                needs(
                    openness.MAX_WORDS, open_question="Viết câu hỏi sẽ đăng.",
                    open_answer="Viết câu trả lời sẽ đăng.",
                ),
                sends=True,
            ),
            "dang": Move(_publish, "open_published", "Đã đăng {code} lên trang công khai."),
            "go-dang": Move(_drop, "open_taken_back", "Đã gỡ {code}, không đăng."),
        }
    )  # fmt: skip
