"""Notices to other systems: written from the audit chain, so that no step has to think of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from intake_api.domain import webhooks as rules
from intake_api.flow.services import Services
from intake_api.store import webhooks
from intake_api.store.tables import Case
from intake_api.store.webhook_tables import WebhookDelivery, WebhookEndpoint

if TYPE_CHECKING:
    from intake_api.store import Session

# After a renewal both keys sign for so long.
BOTH = timedelta(hours=48)
# What fell due longer ago than this is no news.
LATE = timedelta(days=2)


def secret_of(services: Services, endpoint: WebhookEndpoint, generation: int | None = None) -> str:
    """The signing key of an endpoint ("whsec_…"), derived from the service's own key."""
    number = generation or endpoint.generation
    mark = f"notice:{endpoint.id}:{number}".encode()
    key = hmac.new(services.pin_key, mark, hashlib.sha256).digest()
    return "whsec_" + base64.b64encode(key).decode("ascii")


def secrets_of(services: Services, endpoint: WebhookEndpoint, now: datetime) -> list[str]:
    """The keys that sign now: the newest, and for two days the one before it."""
    found = [secret_of(services, endpoint)]
    if endpoint.both_until is not None and endpoint.both_until > now:
        found.append(secret_of(services, endpoint, endpoint.generation - 1))
    return found


def renew(endpoint: WebhookEndpoint, now: datetime) -> None:
    """Gives an endpoint a new key; the old one goes on beside it for two days."""
    endpoint.generation += 1
    endpoint.both_until = now + BOTH


def write(tx: Session, services: Services, *, now: datetime) -> int:
    """Writes the notices of everything that happened since the last time. Returns how many."""
    places = [one for one in webhooks.endpoints(tx) if one.active]
    cursor = webhooks.cursor(tx)
    count = 0
    for event, case in webhooks.events_after(tx, cursor.event_id):
        cursor.event_id = event.id
        if case is None:
            if kind := rules.OF_HOUSE.get(event.action):
                body = _json(kind, event.at, dict(event.data))
                count += _add(tx, places, kind, f"event:{event.id}:{kind}", None, body, now)
            continue
        if case.confidential:
            continue
        for kind in rules.types_of(event.action, event.data):
            source = f"event:{event.id}:{kind}"
            states = (event.data.get("from"), event.data.get("to"))
            body = _body(kind, case, event.at, states)
            count += _add(tx, places, kind, source, case.id, body, now)
    return count + _dates(tx, places, now)


def _dates(tx: Session, places: list[WebhookEndpoint], now: datetime) -> int:
    """What falls due within a day, and what is overdue: once for each date that a case has."""
    count = 0
    for kind, start, end in (
        (rules.DUE_SOON, now, now + rules.SOON),
        (rules.OVERDUE, now - LATE, now),
    ):
        wanting = [one for one in places if kind in one.types]
        for case in webhooks.due_between(tx, start, end) if wanting else ():
            due = case.due_at.isoformat() if case.due_at else ""
            source = f"{kind}:{case.id}:{due}"
            body = _body(kind, case, now, (None, None))
            count += _add(tx, wanting, kind, source, case.id, body, now)
    return count


def _add(
    tx: Session,
    places: list[WebhookEndpoint],
    kind: str,
    source: str,
    case_id: int | None,
    body: str,
    now: datetime,
) -> int:
    count = 0
    for place in places:
        if kind not in place.types or webhooks.known_sources(tx, place.id, [source]):
            continue
        webhooks.add(
            tx,
            WebhookDelivery(
                id=f"msg_{secrets.token_hex(16)}",
                endpoint_id=place.id,
                source=source,
                type=kind,
                case_id=case_id,
                body=body,
                state="pending",
                attempts=0,
                next_at=now,
                created_at=now,
            ),
        )
        count += 1
    return count


def _body(kind: str, case: Case, at: datetime, states: tuple[object, object]) -> str:
    """Codes and moments only."""
    data = {
        "tracking_code": case.code,
        "status": states[1] or case.state,
        "status_before": states[0],
        "kind": case.kind,
        "topic": case.topic,
        "unit": case.unit,
        "channel": case.channel,
        "received_at": _iso(case.received_at),
        "due_at": _iso(case.due_at),
    }
    return _json(kind, at, data)


def _json(kind: str, at: datetime, data: dict[str, Any]) -> str:
    told = {key: value for key, value in data.items() if value is not None}
    return json.dumps({"type": kind, "timestamp": _iso(at), "data": told}, ensure_ascii=False)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
