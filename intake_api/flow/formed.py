"""The feedback form: a whole comment with its files in one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain.model import Channel
from intake_api.flow import floods, receive, triage
from intake_api.flow.services import Services
from intake_api.store import cases, conversations
from intake_api.store.tables import Case, Message

if TYPE_CHECKING:
    from intake_api.store import Session


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file that was inspected: its bytes as they came and the copy that may be shown."""

    filename: str
    content_type: str
    original: bytes
    shown: bytes | None


@dataclass(frozen=True, slots=True)
class FormInput:
    """What a person filled in. ``form_token`` names this very form: sent twice, kept once."""

    text: str
    form_token: str
    role: str | None = None
    place_text: str | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    anonymous: bool = False
    consent: bool = False
    files: tuple[FormFile, ...] = field(default=())
    origin: str = ""  # where it came from (an address), to tell floods; kept only as a keyed hash


@dataclass(frozen=True, slots=True)
class FormReceived:
    """The case and its PIN, the same however often the form is sent. No PIN for a copy that
    joined an earlier case: only whoever sent that one may read it."""

    case: Case
    pin: str | None


def submit_form(
    tx: Session,
    services: Services,
    form: FormInput,
    now: datetime,
    *,
    decision: triage.Decision | None = None,
    kind: str | None = None,
) -> FormReceived:
    """Puts a form on record; ``decision`` and ``kind`` where the page it stood on tells what it is
    about. Raises receive.TextMissing or receive.TextTooLong.

    The case gets a conversation of its own, which the status page shows: the answer reaches
    the person there.
    """
    name = f"form-{form.form_token}"
    pin = receive.steady_pin(services, f"form:{form.form_token}")
    # A double click waits here for the first one and then finds its case.
    conversation = conversations.get_or_create(tx, channel=Channel.FORM, external_id=name, now=now)
    before = cases.of_conversation(tx, conversation.id, limit=1)
    if before:
        return FormReceived(before[0], pin)
    copy = cases.of_tied_message(tx, conversation.id)
    if copy is not None:
        return FormReceived(copy, None)
    message = conversations.add_inbound(
        tx,
        conversation,
        text=form.text,
        payload=None,
        channel_message_id=None,
        now=now,
        state="done",
    )
    decision = decision or triage.decide(
        services, text=form.text, place_text=form.place_text, channel=Channel.FORM, now=now
    )
    joined = _joined(tx, services, form, message, decision, now)
    if joined is not None:
        keep_files(tx, joined, message, form.files, now=now)
        return FormReceived(joined, None)
    received = receive.submit(
        tx,
        services,
        decision=decision,
        text=form.text,
        channel=Channel.FORM,
        now=now,
        conversation=conversation,
        place_text=form.place_text,
        sender=receive.Sender(form.name, form.phone, form.email, form.anonymous, form.role),
        consent_at=now if form.consent else None,
        kind=kind,
        pin=pin,
    )
    message.case_id, message.sealed = received.case.id, received.case.confidential
    keep_files(tx, received.case, message, form.files, now=now)
    if form.origin:
        floods.note(tx, services, case_id=received.case.id, origin=form.origin, now=now)
    return FormReceived(received.case, pin)


def _joined(
    tx: Session,
    services: Services,
    form: FormInput,
    message: Message,
    decision: triage.Decision,
    now: datetime,
) -> Case | None:
    understood = decision.classification
    if not form.origin or understood.danger:
        return None
    return floods.joined(
        tx,
        services,
        origin=form.origin,
        text=form.text,
        message=message,
        confidential=triage.sealed(services, understood),
        now=now,
    )


def keep_files(
    tx: Session, case: Case, message: Message, files: Sequence[FormFile], *, now: datetime
) -> None:
    """Keeps inspected files beside the message they came with."""
    for one in files:
        cases.keep_file(tx, one, message_id=message.id, case_id=case.id, now=now)
