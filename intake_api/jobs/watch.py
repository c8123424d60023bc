"""The clock of the early warning: once an hour days are counted and looked at."""

from __future__ import annotations

from intake_api.flow import watching
from intake_api.flow.services import Services

SECONDS = 3600.0


def look(services: Services) -> int:
    """One pass; returns how many alerts are new or rose. Counting goes in portions, so that whoever
    writes meanwhile waits for one of them only; for the reckoning nobody waits."""
    store, now = services.store, services.now()
    left = True
    while left:
        with store.transaction() as tx:
            left = watching.count(tx, now=now)
    with store.reading() as tx:
        found = watching.rising(tx, services, now=now)
    if not found:
        return 0
    with store.transaction() as tx:
        return len(watching.open_alerts(tx, services, found, now=now))
