"""Comments on drafts that come through a chat: the words are a case first, then the chat asks what
they are about. Answered by the intake itself, so it works while the assistant is away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from intake_api.domain import clauses as splitting
from intake_api.domain import consulting, worktime
from intake_api.flow import consult_comment
from intake_api.flow.services import Services
from intake_api.store import cases, consultations, conversations
from intake_api.store.consult_tables import Consultation, DraftClause, Opinion
from intake_api.store.tables import Case, Conversation, Message

if TYPE_CHECKING:
    from intake_api.store import Session

# Which clause was meant may be said for so long; only words that say nothing else are taken so.
ASKING = timedelta(hours=24)
# How far back "góp ý dự thảo" may stand before the words themselves came.
BEFORE = timedelta(hours=1)
MOST_BUTTONS = 8
_TAP = re.compile(r"draft:(doc|part|none):(PA-[0-9A-Z-]{5,20}):(\d{1,9}):(\d{1,9})")
WHOLE = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the chat says after the receipt."""

    text: str
    buttons: tuple[dict[str, str], ...] = ()

    @property
    def payload(self) -> dict[str, Any] | None:
        return {"buttons": list(self.buttons)} if self.buttons else None


def adopt(
    tx: Session, services: Services, conversation: Conversation, case: Case, *, now: datetime
) -> Asked | None:
    """Called when a chat's words have become a case: None unless they comment on a draft that
    takes comments. Late ones are kept and told that they are late."""
    if case.confidential or consultations.opinion(tx, case.id) is not None:
        return None
    found = consultations.takes_comments(tx, now, now - consulting.RECENT)
    before = _said_before(tx, conversation, now)
    if not found or not _meant(case, before):
        return None
    one = consult_comment.draft_meant(found, "\n".join([case.text, *before]))
    if one is None:
        return _ask_draft(services, case, found)
    return _take(tx, services, case, one, now)


def _said_before(tx: Session, conversation: Conversation, now: datetime) -> list[str]:
    """What the person said of a draft just before, when it belongs to no other case."""
    return [
        message.text
        for message in conversations.newest_messages(tx, conversation.id, limit=12)
        if message.direction == "in"
        and message.created_at >= now - BEFORE
        and not message.sealed
        and message.case_id is None
        and consulting.speaks_of_draft(message.text)
    ]


def _meant(case: Case, before: list[str]) -> bool:
    """True when the words, the machine, or what was said just before speak of a draft."""
    return case.kind == consulting.KIND or consulting.speaks_of_draft(case.text) or bool(before)


def _ask_draft(services: Services, case: Case, found: list[Consultation]) -> Asked:
    shown = found[:MOST_BUTTONS]
    titles = "\n".join(f"{number}. {one.title}" for number, one in enumerate(shown, start=1))
    buttons = [
        {"title": f"Dự thảo {number}", "payload": f"draft:doc:{case.code}:{one.id}:0"}
        for number, one in enumerate(shown, start=1)
    ]
    buttons.append({"title": "Không phải dự thảo", "payload": f"draft:none:{case.code}:0:0"})
    words = services.catalog.messages["opinion_which_draft"]
    return Asked(words.format(code=case.code, titles=titles), tuple(buttons))


def _take(
    tx: Session, services: Services, case: Case, found: Consultation, now: datetime
) -> Asked | None:
    parts = consultations.clauses(tx, found.id)
    clause = consult_comment.clause_named(parts, case.text)
    asking = clause is None and len(parts) > 1
    made = consult_comment.adopt(tx, services, case, found, clause, asking=asking, now=now)
    if made is None:
        return None
    said = services.catalog.messages
    lines = [said["opinion_taken"].format(code=case.code, title=found.title)]
    if clause is not None:
        lines = [said["opinion_part"].format(code=case.code, place=clause.place, title=found.title)]
    if made.late:
        day = worktime.day_in_words(consulting.last_day(found.closes_at))
        lines.append(said["opinion_late"].format(day=day))
    if not asking:
        return Asked("\n".join(lines))
    lines.append(said["opinion_which_part"])
    return Asked("\n".join(lines), _part_buttons(case, found, parts))


def _part_buttons(
    case: Case, found: Consultation, parts: list[DraftClause]
) -> tuple[dict[str, str], ...]:
    """The articles of a short draft; of a long one the number is typed."""
    heads = [one for one in parts if one.kind in ("article", "heading", "annex", "paragraph")]
    heads = heads if len(heads) < MOST_BUTTONS else []
    made = [
        {"title": one.label[:20], "payload": f"draft:part:{case.code}:{found.id}:{one.number}"}
        for one in heads
    ]
    whole = {"title": "Toàn dự thảo", "payload": f"draft:part:{case.code}:{found.id}:{WHOLE}"}
    other = {"title": "Không phải dự thảo", "payload": f"draft:none:{case.code}:{found.id}:0"}
    return (*made, whole, other)


def heard(
    tx: Session, services: Services, talk: Conversation, message: Message, payload: str | None,
    *, now: datetime,
) -> bool:  # fmt: skip
    """Does what was tapped or typed about a contribution of this conversation, and says so; False
    when the message is about something else."""
    tap = _TAP.fullmatch(payload or "")
    if tap is not None:
        case = cases.by_code(tx, tap[2], lock=True)
        if case is None or case.conversation_id != talk.id or case.confidential:
            return False
        said = _tapped(tx, services, case, tap[1], int(tap[3]), int(tap[4]), now)
        _say(tx, talk, message, case, said, now)
        return True
    if payload is not None or message.state == "ignored" or message.sealed:
        return False  # a button of the assistant's, or words for the officer who is speaking
    if not splitting.only_names(message.text):
        return False
    made = consultations.asking(tx, talk.id, now - ASKING)
    found = consultations.get(tx, made.consultation_id) if made else None
    case = cases.by_id(tx, made.case_id, lock=True) if made else None
    if made is None or found is None or case is None:
        return False
    _say(tx, talk, message, case, _typed(tx, services, case, found, made, message.text), now)
    return True


def _typed(
    tx: Session, services: Services, case: Case, found: Consultation, made: Opinion, text: str
) -> Asked:
    parts = consultations.clauses(tx, found.id)
    clause = consult_comment.clause_named(parts, text)
    if clause is None and not splitting.names_whole(text):
        return Asked(
            f"Dự thảo không có phần này. {services.catalog.messages['opinion_which_part']}",
            _part_buttons(case, found, parts),
        )
    return _set(tx, services, case, found, made, clause)


def _tapped(
    tx: Session, services: Services, case: Case, what: str, draft: int, part: int, now: datetime
) -> Asked:
    said = services.catalog.messages
    found, made = consultations.get(tx, draft), consultations.opinion(tx, case.id)
    if what == "none":
        if made is not None and made.told_at is None:
            consultations.drop_opinion(tx, made)
            consultations.drop_empty(tx, made.consultation_id)
        return Asked(said["opinion_no_draft"].format(code=case.code))
    open_now = found is not None and found.state in ("announced", "waiting")
    if found is None or not open_now:
        return Asked(said["opinion_gone"].format(code=case.code))
    if what == "doc":
        if made is not None:
            return Asked(said["opinion_taken"].format(code=case.code, title=found.title))
        taken = _take(tx, services, case, found, now)
        return taken or Asked(said["opinion_gone"].format(code=case.code))
    if made is None or made.consultation_id != found.id:
        return Asked(said["opinion_gone"].format(code=case.code))
    clause = consultations.clause(tx, found.id, part) if part != WHOLE else None
    return _set(tx, services, case, found, made, clause)


def _set(
    tx: Session, services: Services, case: Case, found: Consultation, made: Opinion,
    clause: DraftClause | None,
) -> Asked:  # fmt: skip
    if found.state == "announced":
        consult_comment.set_clause(tx, found, made, clause)
    place = clause.place if clause else "toàn dự thảo"
    words = services.catalog.messages["opinion_part"]
    return Asked(words.format(code=case.code, place=place, title=found.title))


def _say(
    tx: Session, talk: Conversation, message: Message, case: Case, said: Asked, now: datetime
) -> None:
    message.state, message.done_at = "done", now
    message.case_id = case.id
    conversations.add_outbound(
        tx, talk, text=said.text, payload=said.payload, author="system", now=now, case_id=case.id
    )
