"""Reports by the clock: figures that are to be taken, drafts of periods that ended, reminders."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from intake_api.domain.reminding import Kind
from intake_api.flow import reminding
from intake_api.flow.services import Services, local_day
from intake_api.reports import calendar, snapshot
from intake_api.store import StoreUnavailable, reports

if TYPE_CHECKING:
    from intake_api.store import Session

log = structlog.get_logger()
CALENDAR_SECONDS = 600.0


class Reports:
    """Each ``round`` does what waits; a wish that was not finished is taken up by the next."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._looked = float("-inf")

    def round(self) -> int:
        """Takes the figures that are wanted; now and then looks at the calendar. Returns how many
        reports got figures."""
        if time.monotonic() - self._looked >= CALENDAR_SECONDS:
            self.look_at_calendar()
            self._looked = time.monotonic()
        with self._services.store.reading() as tx:
            waiting = reports.wanted(tx)
        return sum(self._take(number) for number in waiting)

    def _take(self, number: int) -> bool:
        services, store = self._services, self._services.store
        now = services.now()
        try:
            made = snapshot.take(
                store, services.catalog, number, now=now, told=self._telling(number)
            )
        except StoreUnavailable:
            raise  # it waits, the round says so
        except Exception as error:
            # Whatever it is: one report without figures holds up no other, and its page says so.
            log.error("figures of a report failed", report=number, reason=type(error).__name__)
            with store.transaction() as tx:
                reports.give_up(tx, number, snapshot.FAILED)
            return False
        return made is not None

    def _telling(self, number: int) -> Callable[[int], None]:
        def tell(percent: int) -> None:
            with self._services.store.transaction() as tx:
                reports.progress(tx, number, percent)

        return tell

    def look_at_calendar(self) -> None:
        """Makes the drafts of periods that ended and tells whom it concerns of what is due."""
        services, now = self._services, self._services.now()
        today = local_day(now)
        with services.store.transaction() as tx:
            calendar.open_drafts(tx, services.catalog, today=today, now=now)
            for one in (
                *calendar.to_remind(tx, services.catalog, today=today),
                *calendar.letters_to_ask_about(tx, services.catalog, today=today),
            ):
                tell(tx, one, services)


def tell(tx: Session, one: calendar.ToTell, services: Services) -> None:
    """Puts one line of a report before the people whom it concerns."""
    reminding.tell_people(
        tx, Kind.REPORT, one.people, words=one.words, path=one.path, once=one.once,
        now=services.now(),
    )  # fmt: skip
