"""Open311 GeoReport v2: reports in, requests out, each as its rules of privacy allow.

Anybody may ask for requests. Whoever shows no key is told of what came in through Open311 the
service, state, unit and dates, and the words that stand on the open page; what the sender wrote,
and where, is told to a key that may read the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake_api.domain import deadline, open311, texts
from intake_api.domain import partners as words
from intake_api.domain.access import CASES_READ, Scope
from intake_api.domain.model import Channel, Place, State
from intake_api.domain.workflow import TransitionNotAllowed
from intake_api.flow import partners, receive, triage
from intake_api.flow.clients import Client
from intake_api.flow.services import Services
from intake_api.store import cases, clients, openly
from intake_api.store.tables import Attachment, Case

if TYPE_CHECKING:
    from intake_api.store import Session

ANYBODY = Scope(sealed=False, units=None)
NOT_TOLD = "Nội dung không công khai."
SEALED = (
    "Sở đã nhận và giữ kín nội dung này; không có mã tra cứu. Muốn theo dõi kín bằng mã và PIN, "
    "xin gửi qua biểu mẫu trên trang của Sở."
)
NO_CONSENT = "Thông tin liên hệ không được lưu vì chưa có đồng ý (attribute[consent]=yes)."


@dataclass(frozen=True, slots=True)
class Report:
    """What a client sends. Everything was checked for form, nothing for meaning."""

    service: open311.Service
    description: str
    place_text: str | None = None
    media_url: str | None = None
    sender: receive.Sender = field(default_factory=receive.Sender)
    consent: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What the client is told: no number for what must not be followed up."""

    request_id: str | None
    notice: str


def decide(services: Services, report: Report, now: datetime) -> triage.Decision:
    """Understands a report, before the transaction: classifying needs no lock."""
    return triage.decide(
        services, text=report.description, place_text=report.place_text, channel=Channel.API,
        now=now, kind=report.service.kind, topic=report.service.topic,
    )  # fmt: skip


def take(
    tx: Session,
    services: Services,
    report: Report,
    decision: triage.Decision,
    *,
    client: Client,
    now: datetime,
) -> Taken:
    """Puts a report on record. Raises receive.TextMissing or receive.TextTooLong."""
    asked = report.sender
    named = bool(asked.name or asked.phone or asked.email)
    sender = asked if report.consent or not named else receive.Sender(role=asked.role)
    received = partners.submit(
        tx, services, text=report.description, now=now, place_text=report.place_text,
        sender=sender, consent=report.consent, decision=decision, pin=None, client=client,
        kind=report.service.kind, open311=True,
    )  # fmt: skip
    case = received.case
    if report.media_url:
        name = report.media_url.rstrip("/").rpartition("/")[2].partition("?")[0]
        cases.add_attachment(
            tx,
            Attachment(
                case_id=case.id, filename=name[:200] or "tep", content_type="", size=0, sha256="",
                remote_url=report.media_url, created_at=now,
            ),
        )  # fmt: skip
    notes = [NO_CONSENT] if named and not report.consent else []
    if decision.classification.danger or case.kind == "child_protection":
        return Taken(None, " ".join([*services.catalog.messages["danger"].splitlines(), *notes]))
    if case.confidential or report.service.blackbox:
        return Taken(None, " ".join([SEALED, *notes]))
    due = deadline.due_in_words(case.due_at)
    notice = f"Trả lời {due}." if due else "Không đặt hạn trả lời."
    return Taken(case.code, " ".join([notice, *notes]))


def scope_of(client: Client | None) -> tuple[Scope, bool]:
    """Whose requests are listed, and whether only those that came in through Open311."""
    if client is not None and CASES_READ in client.scopes:
        return client.scope, False
    return ANYBODY, True


def requests(
    tx: Session,
    services: Services,
    wanted: clients.Wanted,
    *,
    client: Client | None,
    skip: int = 0,
    limit: int = open311.MOST,
) -> list[dict[str, Any]]:
    """Requests as the specification shapes them, the newest first."""
    scope, _ = scope_of(client)
    found = clients.page(tx, scope, wanted, skip=skip, limit=limit)
    numbers = [case.id for case in found]
    changed = clients.changed_at(tx, numbers, tuple(words.TOLD))
    mine = clients.sent_by(tx, numbers, client.id) if client else set()
    told = set(numbers) if client and CASES_READ in client.scopes else mine
    published = openly.told_of(tx, numbers)
    return [
        _shaped(
            services, case, changed.get(case.id, case.received_at), told=case.id in told,
            instead=published.get(case.id, NOT_TOLD),
        )
        for case in found
    ]  # fmt: skip


def _shaped(
    services: Services, case: Case, changed: datetime, *, told: bool, instead: str
) -> dict[str, Any]:
    catalog = services.catalog
    unit = catalog.units[case.unit].name
    here = open311.read_point(case.place_text) if told else None
    place = texts.place_line(Place(case.school, case.level, case.district), case.place_text)
    named = [one.code for one in catalog.units.values() if one.name == case.place_text]
    return {
        "service_request_id": case.code,
        "status": "open" if words.is_open(case.state) else "closed",
        "status_notes": _notes(case, unit),
        "service_name": catalog.topics[case.topic].name,
        "service_code": case.topic,
        "description": case.text_masked if told else instead,
        "agency_responsible": unit,
        "service_notice": f"Trả lời {deadline.due_in_words(case.due_at)}" if case.due_at else None,
        "requested_datetime": open311.local_iso(case.received_at),
        "updated_datetime": open311.local_iso(changed),
        "expected_datetime": open311.local_iso(case.due_at),
        "address": (place or None) if told and here is None else None,
        "address_id": named[0] if told and named else None,
        "zipcode": None,
        "lat": here[0] if here else None,
        "long": here[1] if here else None,
        "media_url": None,
    }


def _notes(case: Case, unit: str) -> str:
    if case.state == State.MERGED:
        return "Trùng với ý kiến khác về việc này"
    return texts.state_label(case.state, unit)


@dataclass(frozen=True, slots=True)
class Update:
    """What the sender's system reports of a request that it sent."""

    update_id: str
    closed: bool
    description: str


def update(
    tx: Session, services: Services, case: Case, told: Update, *, client: Client, now: datetime
) -> None:
    """Adds what was said, once for each ``update_id``, and follows the status where the workflow
    lets the sender: what was answered is confirmed, what is open withdrawn, what ended reopened.
    Raises receive.TextMissing or receive.TextTooLong."""
    once = partners.key_of(client, f"update:{told.update_id}")
    if partners.was_said(tx, case, once):
        return
    partners.say(tx, services, case, text=told.description, once=once, now=now)
    tx.flush()
    wish = _wish(case, closed=told.closed)
    if wish is None:
        return
    try:
        partners.turn(tx, services, case, to=wish, now=now)
    except (TransitionNotAllowed, partners.TooLate):
        return  # the words are on record; an officer reads them


def _wish(case: Case, *, closed: bool) -> str | None:
    if closed == (not words.is_open(case.state)) and case.state != State.ANSWERED:
        return None
    if not closed:
        return None if case.state == State.ANSWERED else partners.REOPENED
    return partners.CONFIRMED if case.state == State.ANSWERED else partners.WITHDRAWN


def listed_codes(text: str, most: int = open311.MOST) -> Sequence[str]:
    """The codes of a comma-separated list, each once, at most as many as are listed."""
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))[:most]
