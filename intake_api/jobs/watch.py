"""The clock of the early warning: once an hour days are counted and looked at."""

from __future__ import annotations

from intake_api.flow import watching
from intake_api.runtime import Runtime

SECONDS = 3600.0


def look(runtime: Runtime) -> int:
    """One pass; returns how many alerts are new or rose. Counting goes in portions, so that whoever
    writes meanwhile waits for one of them only."""
    store, now = runtime.store, runtime.clock.now()
    left = True
    while left:
        with store.transaction() as tx:
            left = watching.count(tx, now=now)
    with store.transaction() as tx:
        return len(watching.look(tx, runtime.services, now=now))
