"""What a sender adds to a case on the status page, with files; it may be a matter of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain.model import Channel
from intake_api.flow import citizen, formed, receive, triage
from intake_api.flow.formed import FormFile, FormInput, FormReceived
from intake_api.flow.services import Services
from intake_api.store import conversations
from intake_api.store.tables import Case, Conversation
from vntext import normalize

if TYPE_CHECKING:
    from intake_api.store import Session


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the words: part of the case, or a sealed case of their own (``apart``, with
    its PIN), in an emergency with the numbers to call."""

    apart: FormReceived | None = None
    danger: bool = False


def write(
    tx: Session,
    services: Services,
    case: Case,
    *,
    text: str,
    once: str,
    now: datetime,
    files: Sequence[FormFile] = (),
) -> Written:
    """Keeps what the sender adds. ``once`` names this very sending: sent twice it is kept once.
    Raises receive.TextMissing or receive.TextTooLong.

    Words that tell of danger or accuse somebody never join an open case: whoever handles that
    one must not read them. It does not come in on the case's own channel, so that channel's
    window stays as it was.
    """
    if not normalize(text).strip():
        raise receive.TextMissing
    if len(text) > receive.MAX_TEXT:
        raise receive.TextTooLong
    understood = services.classifier.classify(text, channel=case.channel)
    if not case.confidential and (understood.danger or triage.sealed(services, understood)):
        form = FormInput(text=text, form_token=_apart(case, once), files=tuple(files))
        return Written(formed.submit_form(tx, services, form, now), understood.danger)
    key = _key(case, once)
    if conversations.known_message(tx, key) is not None:
        return Written()
    talk = _conversation(tx, case, now)
    before = talk.last_inbound_at
    message = conversations.add_inbound(
        tx, talk, text=text, payload=None, channel_message_id=key, now=now, state="done"
    )
    talk.last_inbound_at = before
    message.case_id, message.sealed = case.id, case.confidential
    formed.keep_files(tx, case, message, files, now=now)
    citizen.supplement(tx, services, case, now=now)
    return Written(danger=understood.danger)


def _key(case: Case, once: str) -> str:
    return f"status:{case.id}:{once}"


def known(tx: Session, case: Case, once: str) -> bool:
    """True when this very sending is on record, here or as a sealed case of its own."""
    if conversations.known_message(tx, _key(case, once)) is not None:
        return True
    name = f"form-{_apart(case, once)}"
    return conversations.find(tx, channel=Channel.FORM, external_id=name) is not None


def _apart(case: Case, once: str) -> str:
    return f"apart-{case.id}-{once}"


def apart_pin(services: Services, case: Case, once: str) -> str:
    """The PIN of the sealed case that this saying becomes, should it become one."""
    return receive.steady_pin(services, f"form:{_apart(case, once)}")


def _conversation(tx: Session, case: Case, now: datetime) -> Conversation:
    talk = conversations.get(tx, case.conversation_id or "")
    if talk is None:
        # A case that came through the API: from now on the status page is its channel.
        talk = conversations.get_or_create(
            tx, channel=Channel.FORM, external_id=f"case-{case.id}", now=now
        )
        case.conversation_id = talk.id
    return talk
