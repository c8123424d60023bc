"""Fetches what people sent through a platform before its links expire, and looks it over."""

from __future__ import annotations

import structlog

from intake_api.channels.fetching import Fetcher, Refused, TryLater
from intake_api.flow import files, sent_files
from intake_api.flow.services import Services
from intake_api.store import files as steps

log = structlog.get_logger()


class Arriving:
    """One round takes every file that is due, one after the other."""

    def __init__(self, services: Services, fetcher: Fetcher) -> None:
        self._services, self._fetcher = services, fetcher

    def round(self) -> int:
        """Returns how many files were dealt with."""
        with self._services.store.reading() as tx:
            found = steps.due(tx, self._services.now())
        for one in found:
            self._one(one)
        return len(found)

    def _one(self, due: steps.Due) -> None:
        services, number = self._services, due.attachment_id
        try:
            name, data = self._bytes(due)
            kept = files.inspect(name, data, services.scanner, kinds=files.SENT)
        except TryLater as error:
            self._again(due, error.reason)
        except (Refused, files.FileRefused) as error:
            reason = error.reason_vi if isinstance(error, files.FileRefused) else error.reason
            log.warning("file_refused", attachment=number, reason=reason)
            with services.store.transaction() as tx:
                sent_files.refuse(tx, services, number, reason=reason, now=services.now())
        else:
            if kept.unseen and due.url is None:
                # Looked over again and again: the scanner comes back some day.
                with services.store.transaction() as tx:
                    sent_files.later(
                        tx, number, due.tries, reason="chưa quét được mã độc", now=services.now()
                    )
                return
            with services.store.transaction() as tx:
                sent_files.take(tx, number, kept, now=services.now())

    def _bytes(self, due: steps.Due) -> tuple[str, bytes]:
        with self._services.store.reading() as tx:
            found = steps.open_one(tx, due.attachment_id)
            name = found.filename if found is not None else "tep"
            data = found.original if found is not None else None
        if data is not None or due.url is None:
            return name, data or b""
        return name, self._fetcher.get(due.url)

    def _again(self, due: steps.Due, reason: str) -> None:
        services = self._services
        with services.store.transaction() as tx:
            if due.tries + 1 >= sent_files.MOST_TRIES:
                sent_files.refuse(
                    tx, services, due.attachment_id, reason=sent_files.GAVE_UP,
                    now=services.now(),
                )  # fmt: skip
                return
            sent_files.later(tx, due.attachment_id, due.tries, reason=reason, now=services.now())
