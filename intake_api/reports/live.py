"""Facts kept in a process and brought up to date by what has happened since: a page that counts a
million cases must not read them each time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

import numpy as np

from intake_api.domain.catalog import Catalog
from intake_api.reports.facts import Facts, facts
from intake_api.store import Session, Store, queue
from intake_api.store import figures as reads
from intake_api.store.figures import Columns

# More changed cases than this are read sooner as a whole.
_MANY = 20_000


class LiveFacts:
    """The facts of this moment. Every change of a case is an event of the audit chain: the cases
    of new events are read again, nothing else."""

    def __init__(self, store: Store, catalog: Catalog) -> None:
        self._store, self._catalog = store, catalog
        self._lock = threading.Lock()
        self._known: Facts | None = None
        self._room: dict[str, np.ndarray] = {}
        self._event = 0

    @contextmanager
    def using(self, tx: Session) -> Iterator[Facts]:
        """Facts as new as what ``tx`` sees, which nobody changes within the block: they are
        brought up to date where they stand. Raises StoreUnavailable like every read."""
        with self._lock:
            # The event first: what is committed in between is read now and again next time.
            newest = queue.newest_event(tx)
            if self._known is None or (
                newest != self._event and not self._refresh(tx, self._known)
            ):
                self._known, self._room = facts(reads.read(tx), self._catalog), {}
            self._event = newest
            yield self._known

    def warm(self) -> None:
        """Reads everything before anybody asks."""
        with self._store.reading() as tx, self.using(tx):
            pass

    def _refresh(self, tx: Session, known: Facts) -> bool:
        """Reads again what has changed; False when everything is to be read."""
        ids = reads.changed_since(tx, self._event, _MANY)
        if not ids:
            return ids is not None
        fresh = facts(reads.read_again(tx, sorted(ids), known.columns.words), self._catalog)
        new = fresh.columns.id[~np.isin(fresh.columns.id, known.columns.id)]
        if len(known.columns) and len(new) and new.min() < known.columns.id[-1]:
            return False  # cases stand in the order of their numbers
        self._known = patched(known, fresh, self._room)
        return True


def patched(old: Facts, fresh: Facts, room: dict[str, np.ndarray]) -> Facts:
    """``old`` with the cases of ``fresh`` in their places or at the end. ``room`` holds the arrays
    with space to grow; a million cases are not copied for one that is new."""
    ids = fresh.columns.id
    known = np.isin(ids, old.columns.id)
    new = np.flatnonzero(~known)
    at = np.searchsorted(old.columns.id, ids)
    at[new] = len(old.columns) + np.arange(len(new))
    before = {name: getattr(old, name)[at[known]] for name in old.quickest}

    def put(name: str, was: np.ndarray, now: np.ndarray) -> np.ndarray:
        size = len(was) + len(new)
        held = room.get(name)
        if held is None or len(held) < size:
            held = room[name] = np.empty(size + size // 16 + 1_000, was.dtype)
            held[: len(was)] = was
        held[at] = now
        return held[:size]

    columns = Columns(
        put("id", old.columns.id, ids),
        {
            name: put(f"of.{name}", one, fresh.columns.of[name])
            for name, one in old.columns.of.items()
        },
        fresh.columns.words,
        fresh.columns.waits[:0],  # they have done their work in ``answer``
    )
    arrays: dict[str, Any] = {
        one.name: put(one.name, getattr(old, one.name), getattr(fresh, one.name))
        for one in fields(Facts)
        if isinstance(getattr(old, one.name), np.ndarray)
    }
    quickest = {
        name: _reordered(order, arrays[name], at)
        if (before[name] >= 0).any() or (arrays[name][at] >= 0).any()
        else order
        for name, order in old.quickest.items()
    }
    return replace(fresh, columns=columns, quickest=quickest, **arrays)


def _reordered(order: np.ndarray, minutes: np.ndarray, changed: np.ndarray) -> np.ndarray:
    stays = np.ones(len(minutes), bool)
    stays[changed] = False
    kept = order[stays[order]]
    new = changed[minutes[changed] >= 0]
    new = new[np.argsort(minutes[new], kind="stable")]
    where = np.searchsorted(minutes[kept], minutes[new])
    return np.insert(kept, where, new).astype(np.int32)
