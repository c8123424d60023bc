"""What the open page needs time for: the root of each week, the figures of each month."""

from __future__ import annotations

from datetime import date, datetime

import structlog

from intake_api.domain import openness, period
from intake_api.flow.services import Services
from intake_api.reports import openly as reports
from intake_api.store import events, openly
from intake_api.store.open_tables import OpenMonth

log = structlog.get_logger()
# How often it is looked; a week and a month are long.
LOOK_SECONDS = 600.0


def work(services: Services) -> int:
    """One round; returns how much was published."""
    now = services.now()
    done = int(keep_root(services, now))
    with services.store.reading() as tx:
        frozen = set(openly.months(tx))
        wanted = list(openness.months_to_freeze(openly.first_received(tx), now))
    for month in wanted:
        if month not in frozen:
            freeze(services, month, now)
            done += 1
    return done


def keep_root(services: Services, now: datetime) -> bool:
    """Keeps the head of the audit chain as the root of the week that ended last, once. A week in
    which nothing ran has none, and the page says so."""
    week = openness.week_before(now)
    with services.store.reading() as tx:
        if openly.has_root(tx, week):
            return False
    with services.store.transaction() as tx:
        return openly.keep_root(tx, week=week, now=now)


def freeze(services: Services, month: date, now: datetime) -> str:
    """Freezes the figures of a month; their digest goes into the audit chain and is returned."""
    wanted = period.month(month.year, month.month)
    with services.store.reading() as tx:
        body = reports.month(tx, services.catalog, wanted, now=now)
    mark = reports.sha256(body)
    with services.store.transaction() as tx:
        openly.keep_month(tx, OpenMonth(month=month, body=body, sha256=mark, taken_at=now))
        data = {"month": wanted.code, "sha256": mark}
        events.append(tx, at=now, actor="system", action="open_month", data=data)
    log.info("month published", month=wanted.code)
    return mark
