"""Sends notices to other systems, tries again, and gives up at last."""

from __future__ import annotations

import random
from datetime import timedelta

import structlog

from intake_api.channels import webhook_post
from intake_api.channels.base import operator_alarm
from intake_api.domain.webhooks import WAITS
from intake_api.flow import webhooks as writing
from intake_api.flow.services import Services
from intake_api.store import webhooks
from intake_api.store.webhook_tables import WebhookDelivery, WebhookEndpoint

log = structlog.get_logger()
MOST = 200  # in one round
DROPPED = "the case has been sealed since"


def send(services: Services, *, private: frozenset[str] = frozenset()) -> int:
    """Writes what is new and sends what is due; returns how many were taken."""
    with services.store.reading() as tx:
        if webhooks.idle(tx):
            return 0
    with services.store.transaction() as tx:
        writing.write(tx, services, now=services.now())
    count = 0
    for _ in range(MOST):
        now = services.now()
        with services.store.transaction() as tx:
            found = webhooks.take_due(tx, now)
            if found is None:
                return count
            notice, place, case = found
            # It was written while the case was open to all; nothing of it leaves now.
            if case is not None and case.confidential:
                notice.state, notice.last_error, notice.body = "dropped", DROPPED, ""
                continue
            keys = writing.secrets_of(services, place, now)
        answered = webhook_post.post(
            place.url, name=notice.id, body=notice.body, at=now, secrets=keys, private=private
        )
        count += _settle(services, notice, place, answered)
    return count


def _settle(
    services: Services,
    notice: WebhookDelivery,
    place: WebhookEndpoint,
    answered: webhook_post.Answered,
) -> int:
    now = services.now()
    with services.store.transaction() as tx:
        row = webhooks.by_id(tx, notice.id)
        where = webhooks.endpoint(tx, place.id)
        if row is None or where is None:
            return 0
        row.last_status, row.last_error = answered.status, answered.error or None
        if not answered.error:
            row.state, row.sent_at = "sent", now
            return 1
        if answered.gone:
            where.active, row.state = False, "failed"
            operator_alarm("a receiver of notices wants no more", endpoint=place.id)
        elif row.attempts > len(WAITS):
            row.state = "failed"
            operator_alarm("a notice could not be delivered", endpoint=place.id, notice=row.id)
        else:
            wait = WAITS[row.attempts - 1].total_seconds()
            wait = max(answered.after, wait * random.uniform(1.0, 1.2))  # noqa: S311 - spreads
            row.next_at = now + timedelta(seconds=wait)
    log.warning("notice not taken", notice=notice.id, why=answered.error)
    return 0
