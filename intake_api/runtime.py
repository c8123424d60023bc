"""Composition root: builds what a process needs from the settings. No Flask here."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from intake_api import classify
from intake_api.channels.clamd import Clamd
from intake_api.clock import Clock
from intake_api.domain import catalog
from intake_api.flow import publish
from intake_api.flow.services import Assistant, Queue, Services
from intake_api.knowledge import Index, Ranker
from intake_api.learning import versions
from intake_api.rasa_client import RasaClient
from intake_api.settings import Settings
from intake_api.store import Store, registry

# How often a process looks whether an entry was published. With the building of the index (three
# quarters of a second at most) what is published is live in every process within two seconds.
FRESH_SECONDS = 0.5


class LiveIndex:
    """The FAQ index of this moment: looks twice a second whether an entry was published."""

    def __init__(self, store: Store, ranker: Ranker) -> None:
        self._store, self._ranker = store, ranker
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._marks: dict[str, str] = {}
        self._looked = 0.0

    def __call__(self) -> Index:
        if self._index is not None and time.monotonic() - self._looked < FRESH_SECONDS:
            return self._index
        with self._lock:
            if self._index is None or time.monotonic() - self._looked >= FRESH_SECONDS:
                self._refresh()
        assert self._index is not None  # noqa: S101 - _refresh has set it
        return self._index

    def _refresh(self) -> None:
        with self._store.reading() as tx:
            marks = registry.faq_fingerprints(tx)
            if self._index is None or marks != self._marks:
                self._index = Index(publish.read_entries(tx), self._ranker)
                self._marks = marks
        self._looked = time.monotonic()


@dataclass(frozen=True, slots=True)
class Runtime:
    """What a process runs on."""

    settings: Settings
    store: Store
    clock: Clock
    services: Services


def build(
    settings: Settings,
    *,
    queue: Queue,
    assistant: Assistant | None = None,
    store: Store | None = None,
) -> Runtime:
    """Builds a runtime. Raises CatalogError, ModelMissing or ModelBroken with what is wrong."""
    store = store or Store(settings.database_url, keys=settings.keys)
    # One version for the life of the process, whatever is promoted meanwhile.
    models = versions.serving(settings.model_dir)
    clock = Clock(settings)
    services = Services(
        store=store,
        catalog=catalog.load(settings.catalog_dir),
        classifier=classify.load(models),
        knowledge=LiveIndex(store, Ranker.load(models)),
        assistant=assistant or RasaClient(settings.rasa_url, timeout=settings.bot_timeout_seconds),
        queue=queue,
        pin_key=settings.secret_key.get_secret_value().encode(),
        now=clock.now,
        human_agent_approved=settings.human_agent_approved,
        scanner=Clamd(settings.clamd) if settings.clamd else None,
        utility_template=settings.messenger_utility_template,
        page_inbox=bool(settings.messenger_inbox_app_id),
    )
    return Runtime(settings, store, clock, services)
