"""What a sender taps about a case, answered by the intake itself in the transaction that stores
it: it works while the assistant is away, and nothing is closed or taken up again by a guess."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake_api.domain import taps
from intake_api.domain.model import State
from intake_api.domain.taps import Tap
from intake_api.domain.workflow import TransitionNotAllowed
from intake_api.flow import citizen, consult_chat, gaps
from intake_api.flow.services import Services
from intake_api.store import cases, conversations
from intake_api.store.tables import Case, Conversation, Message

if TYPE_CHECKING:
    from intake_api.store import Session


def heard(
    tx: Session,
    services: Services,
    talk: Conversation,
    message: Message,
    payload: str | None,
    *,
    now: datetime,
) -> bool:
    """Does what a button of the intake's own stands for, or what was asked about a comment on a
    draft; False when the message is for the assistant."""
    tap = taps.read(payload)
    if tap is not None:
        return do(tx, services, talk, message, tap, now=now)
    slug = taps.unhelpful(payload)
    if slug is not None and gaps.unhelpful(tx, services, talk, message, slug, now=now):
        return True
    return consult_chat.heard(tx, services, talk, message, payload, now=now)


def do(
    tx: Session,
    services: Services,
    talk: Conversation,
    message: Message,
    tap: Tap,
    *,
    now: datetime,
) -> bool:
    """Does what was tapped and says so; False when the case is none of this conversation."""
    case = cases.by_code(tx, tap.code, lock=True)
    if case is None or case.conversation_id != talk.id:
        return False
    message.state, message.done_at = "done", now
    message.case_id, message.sealed = case.id, case.confidential
    name, payload = _outcome(tx, services, case, tap, now)
    conversations.add_outbound(
        tx, talk, text=services.catalog.messages[name].format(code=case.code), payload=payload,
        author="system", now=now, case_id=case.id, sealed=case.confidential,
    )  # fmt: skip
    return True


def _outcome(
    tx: Session, services: Services, case: Case, tap: Tap, now: datetime
) -> tuple[str, dict[str, Any] | None]:
    """(sentence of the catalogue, buttons below it)."""
    if tap.what == "rate":
        citizen.rate(tx, case, tap.score or 3, now=now)
        return "rated", None
    try:
        if tap.what == "confirm":
            if case.state != State.MERGED:
                citizen.confirm(tx, services, case, now=now)
            return "confirmed", taps.marks(case.code)
        done = citizen.reopen(tx, services, case, now=now)
    except TransitionNotAllowed:
        # A second tap, or an answer that was overtaken: what is true now is said.
        closed = tap.what == "confirm" and case.closed_at is not None
        return ("confirmed", taps.marks(case.code)) if closed else ("still_open", None)
    return {"reopened": "reopened", "asked": "reopen_asked"}.get(done, "reopen_too_late"), None
