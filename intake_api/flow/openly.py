"""Publishing an answered question on the open page: staff propose words without personal data, the
sender agrees to these very words, a lead publishes; each of them may take it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain import access, openness
from intake_api.flow.acting import Acting, NotAllowed, begin, record
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, events, openly
from intake_api.store.open_tables import Publication
from intake_api.store.openly import AGREED, DECLINED, PROPOSED, PUBLISHED, TAKEN_BACK
from intake_api.store.tables import Case
from vntext import mask, normalize

if TYPE_CHECKING:
    from intake_api.store import Session


def _possible(services: Services, case: Case) -> None:
    why = openness.why_not(
        services.catalog, kind=case.kind, topic=case.topic, confidential=case.confidential,
        state=case.state,
    )  # fmt: skip
    if why:
        raise NotAllowed(why)


def _clean(text: str, what: str) -> str:
    """Words that everybody may read. Raises NotAllowed with what is wrong with them."""
    said = normalize(text).strip()
    if not said:
        raise NotAllowed(f"Cần viết {what} để đăng.")
    if len(said) > openness.MAX_WORDS:
        raise NotAllowed(f"{what.capitalize()} dài quá {openness.MAX_WORDS:,} ký tự.")
    if mask(said) != said:
        raise NotAllowed(f"Trong {what} còn thông tin cá nhân; xóa hoặc viết lại rồi đề nghị.")
    return said


def propose(
    tx: Session, case: Case, by: Acting, *, services: Services, question: str, answer: str
) -> Publication:
    """Puts words before the sender, who is asked on the own channel. What was proposed before is
    replaced: other words need another yes. Raises NotAllowed."""
    begin(case, by)
    if not access.may_propose_open(by.staff.role):
        raise NotAllowed("Vai trò của anh/chị không đề nghị đăng công khai.")
    _possible(services, case)
    words = _clean(question, "câu hỏi"), _clean(answer, "câu trả lời")
    found = openly.of_case(tx, case.id, lock=True)
    if found is not None and found.state == PUBLISHED:
        raise NotAllowed("Ý kiến này đang được đăng; gỡ xuống trước khi sửa.")
    if found is None:
        found = Publication(case_id=case.id)
    found.state, found.question, found.answer = PROPOSED, *words
    found.proposed_by, found.proposed_at = by.staff.id, by.now
    found.agreed_at = found.published_at = found.published_by = None
    openly.add(tx, found)
    record(tx, case, by, "open_proposed", {})
    _ask(tx, services, case, by.now)
    return found


def _ask(tx: Session, services: Services, case: Case, now: datetime) -> None:
    """Asks the sender of this very case: nobody else can say yes for them."""
    talk = conversations.get(tx, case.conversation_id) if case.conversation_id else None
    if talk is not None:
        words = services.catalog.messages["open_asked"].format(code=case.code)
        conversations.add_outbound(
            tx, talk, text=words, payload=None, author="system", now=now, case_id=case.id
        )


def publish(tx: Session, case: Case, by: Acting, *, services: Services) -> None:
    """Puts on the open page what its sender agreed to. Raises NotAllowed."""
    begin(case, by)
    if not access.may_publish_open(by.staff.role):
        raise NotAllowed("Lãnh đạo đơn vị hoặc lãnh đạo Sở đăng công khai.")
    found = openly.of_case(tx, case.id, lock=True)
    if found is None or found.state != AGREED:
        raise NotAllowed("Người gửi chưa đồng ý cho đăng đúng những lời này.")
    _possible(services, case)
    found.state, found.published_by, found.published_at = PUBLISHED, by.staff.id, by.now
    record(tx, case, by, "open_published", {"publication": found.id})


def drop(tx: Session, case: Case, by: Acting, *, services: Services) -> None:
    """Takes a proposal away, or what is published from the page. Raises NotAllowed."""
    begin(case, by)
    found = openly.of_case(tx, case.id, lock=True)
    if found is None or found.state in (DECLINED, TAKEN_BACK):
        raise NotAllowed("Không có gì đang đăng hoặc đang đề nghị.")
    may = access.may_publish_open if found.state == PUBLISHED else access.may_propose_open
    if not may(by.staff.role):
        raise NotAllowed("Vai trò của anh/chị không gỡ được.")
    found.state = TAKEN_BACK
    record(tx, case, by, "open_taken_back", {"publication": found.id})


# ------------------------------------------------------------------------------- the sender


@dataclass(frozen=True, slots=True)
class Offer:
    """What the sender is asked, or agreed to: the words themselves. ``state``: proposed, agreed or
    published."""

    state: str
    question: str
    answer: str


def offer(tx: Session, case: Case) -> Offer | None:
    """What the status page shows of a publication; None when there is nothing to say."""
    found = None if case.confidential else openly.of_case(tx, case.id)
    if found is None or found.state not in (PROPOSED, AGREED, PUBLISHED):
        return None
    return Offer(found.state, found.question, found.answer)


def agree(tx: Session, case: Case, *, yes: bool, now: datetime) -> str:
    """The sender's word: yes to a proposal, or no, which also takes down what is published.
    Returns ``agreed``, ``declined``, ``taken_back`` or "" when nothing is asked any more."""
    found = openly.of_case(tx, case.id, lock=True)
    if found is None or case.confidential:
        return ""
    if yes and found.state == PROPOSED:
        found.state, found.agreed_at, action = AGREED, now, "open_agreed"
    elif not yes and found.state in (PROPOSED, AGREED):
        found.state, action = DECLINED, "open_declined"
    elif not yes and found.state == PUBLISHED:
        found.state, action = TAKEN_BACK, "open_taken_back"
    else:
        return ""
    events.append(tx, at=now, actor="citizen", action=action, case_id=case.id)
    return found.state


def suggested(tx: Session, case: Case) -> tuple[str, str]:
    """Words to begin a proposal with: the case and its newest answer, masked."""
    replies = [
        one for one in cases.messages(tx, case)
        if one.case_id == case.id and one.author == "staff" and one.state != "draft"
    ]  # fmt: skip
    answer = mask(replies[-1].text) if replies else ""
    return case.text_masked, "\n".join(
        line for line in answer.splitlines() if case.code not in line
    ).strip()
