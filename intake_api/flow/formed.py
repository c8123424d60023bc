"""The feedback form: a whole comment with its files in one step."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain.model import Channel
from intake_api.flow import receive
from intake_api.flow.services import Services
from intake_api.store import cases, conversations
from intake_api.store.tables import Attachment, Case, Message

if TYPE_CHECKING:
    from intake_api.store import Session


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file that was inspected: its bytes as they came and the copy that may be shown."""

    filename: str
    content_type: str
    original: bytes
    shown: bytes


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


@dataclass(frozen=True, slots=True)
class FormReceived:
    """The case and its PIN, the same however often the form is sent."""

    case: Case
    pin: str


def submit_form(tx: Session, services: Services, form: FormInput, now: datetime) -> FormReceived:
    """Puts a form on record. Raises receive.TextMissing or receive.TextTooLong.

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
    message = conversations.add_inbound(
        tx,
        conversation,
        text=form.text,
        payload=None,
        channel_message_id=None,
        now=now,
        state="done",
    )
    received = receive.submit(
        tx,
        services,
        text=form.text,
        channel=Channel.FORM,
        now=now,
        conversation=conversation,
        place_text=form.place_text,
        sender=receive.Sender(form.name, form.phone, form.email, form.anonymous, form.role),
        consent_at=now if form.consent else None,
        pin=pin,
    )
    message.case_id, message.sealed = received.case.id, received.case.confidential
    keep_files(tx, received.case, message, form.files, now=now)
    return FormReceived(received.case, pin)


def keep_files(
    tx: Session, case: Case, message: Message, files: Sequence[FormFile], *, now: datetime
) -> None:
    """Keeps inspected files beside the message they came with."""
    for one in files:
        cases.add_attachment(
            tx,
            Attachment(
                case_id=case.id,
                message_id=message.id,
                filename=one.filename[:200],
                content_type=one.content_type,
                size=len(one.original),
                sha256=hashlib.sha256(one.original).hexdigest(),
                original=one.original,
                shown=one.shown,
                created_at=now,
            ),
        )
