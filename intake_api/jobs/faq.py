"""Approved answers by the clock: published on their day, told of when they end or are to be
reviewed; gaps put together while nobody waits for it."""

from __future__ import annotations

import time
from datetime import date, timedelta

import structlog

from intake_api.flow import entries, faq_telling, gaps
from intake_api.flow.services import Services, local_day
from intake_api.store import faq
from intake_api.store import gaps as store

log = structlog.get_logger()
ROUND_SECONDS = 20.0
# Putting gaps together may take a minute with twenty thousand of them: no more than a twentieth
# of the time goes into it, and it is not done again before something came in.
LEAST_WAIT, SHARE = 300.0, 20.0
# Rows of a file that was decided on; what was taken of it stands in the revisions.
KEEP_FILES = timedelta(days=30)


class FaqRound:
    """Each ``round`` does what is due; nothing is lost when it is not called for a day."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._looked: date | None = None
        self._mark: tuple[int, int] | None = None
        self._next = float("-inf")

    def round(self) -> int:
        """Publishes, tells, puts together; returns how many entries were published."""
        services, now = self._services, self._services.now()
        store_, today, done = services.store, local_day(now), 0
        with store_.reading() as tx:
            due = bool(faq.due(tx, today))
        if due:
            with store_.transaction() as tx:
                done = entries.publish_due(tx, services, now=now)
        if due or self._looked != today:
            with store_.transaction() as tx:
                faq_telling.look_through(tx, services, now=now)
                gaps.forget(tx, now)
                faq.forget_imports(tx, now - KEEP_FILES, ("taken", "dropped"))
            self._looked = today
        if time.monotonic() >= self._next:
            self._put_together()
        return done

    def _put_together(self) -> None:
        store_, began = self._services.store, time.monotonic()
        with store_.reading() as tx:
            mark = store.mark_of_open(tx)
            found = store.open_gaps(tx, gaps.MOST_GAPS) if mark != self._mark else []
        if mark == self._mark:
            self._next = began + LEAST_WAIT
            return
        made = gaps.put_together(found, self._services.now())
        with store_.transaction() as tx:
            store.replace_clusters(tx, made)
        self._mark = mark
        took = time.monotonic() - began
        self._next = time.monotonic() + max(LEAST_WAIT, SHARE * took)
        log.info("gaps put together", gaps=len(found), clusters=len(made), seconds=round(took, 1))
