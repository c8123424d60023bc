"""Builders with good defaults: what a test does not care about it does not name."""

from __future__ import annotations

import base64
import functools
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from intake_api import classify, knowledge
from intake_api.app import create_app
from intake_api.domain import catalog
from intake_api.flow import receive, shipped
from intake_api.flow.services import AssistantUnavailable, BotReply, Services
from intake_api.runtime import Runtime
from intake_api.settings import ROOT, Settings
from intake_api.staff.accounts import hash_password
from intake_api.store import Store, conversations, migrate, registry
from intake_api.store.db import Base
from intake_api.store.registers import Staff
from intake_api.store.tables import Conversation

# A Monday morning, with the calendar of that year published.
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PASSWORD = "mat-khau-thu-nghiem"
MODELS = ROOT / "var" / "models" / "current"
FEW = {"hoc-phi-2023", "day-them-2012", "day-them-2025-cam", "phuc-khao-2025"}
SEALING_KEY = base64.urlsafe_b64encode(b"s" * 32).decode()


@dataclass
class MovingClock:
    """A clock that tests move by hand."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass
class ListQueue:
    """Keeps what would be handed to the jobs process."""

    processed: list[str] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)

    def process(self, conversation_id: str) -> None:
        self.processed.append(conversation_id)

    def deliver(self, conversation_id: str) -> None:
        self.delivered.append(conversation_id)


@dataclass
class ScriptedAssistant:
    """Stands where Rasa stands: answers by a function, remembers, can be away."""

    answer: Callable[[str], list[BotReply]] = lambda text: [BotReply(f"Nghe: {text}")]
    away: bool = False
    turns: list[dict[str, Any]] = field(default_factory=list)
    remembered: dict[int, list[BotReply]] = field(default_factory=dict)

    def turn(self, *, sender: str, text: str, metadata: dict[str, Any]) -> list[BotReply]:
        if self.away:
            raise AssistantUnavailable("away")
        self.turns.append({"sender": sender, "text": text, "metadata": metadata})
        replies = self.answer(text)
        self.remembered[metadata["message_id"]] = replies
        return replies

    def answered_before(self, *, sender: str, message_id: int) -> list[BotReply] | None:
        if self.away:
            raise AssistantUnavailable("away")
        return self.remembered.get(message_id)


@functools.cache
def _empty_database() -> Path:
    """A migrated SQLite file, made once per test process by the real migrations."""
    path = ROOT / "var" / "tests" / f"empty-{os.getpid()}-{secrets.token_hex(4)}.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    store = Store(f"sqlite:///{path}")
    migrate.upgrade(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return path


def make_store(folder: Path) -> Store:
    """A migrated, empty SQLite store in ``folder``."""
    path = folder / "langnghe.db"
    shutil.copyfile(_empty_database(), path)
    return Store(f"sqlite:///{path}", keys=[SEALING_KEY])


@functools.cache
def _postgres(url: str) -> Store:
    """One database per test process, made by the real migrations."""
    name = f"langnghe_{os.getpid()}_{secrets.token_hex(3)}"
    admin = sa.create_engine(
        url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    store = Store(url.rsplit("/", 1)[0] + f"/{name}", keys=[SEALING_KEY])
    migrate.upgrade(store)
    return store


def make_postgres_store() -> Store:
    """The process's PostgreSQL store, emptied. Needs LANGNGHE_TEST_POSTGRES_URL."""
    store = _postgres(os.environ["LANGNGHE_TEST_POSTGRES_URL"])
    names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        connection.exec_driver_sql(
            f"INSERT INTO chain_head (id, last_id, last_hash) VALUES (1, 0, '{'0' * 64}')"
        )
    return store


@functools.cache
def the_catalog() -> catalog.Catalog:
    return catalog.load(ROOT / "intake_api" / "catalog")


@functools.cache
def the_classifier() -> classify.Classifier:
    return classify.load(MODELS)


@functools.cache
def the_entries() -> tuple[Any, ...]:
    return tuple(knowledge.load_entries(ROOT / "data"))


@functools.cache
def the_index() -> knowledge.Index:
    return knowledge.load(MODELS, list(the_entries()))


def make_services(
    store: Store,
    *,
    clock: MovingClock | None = None,
    assistant: Any = None,
    queue: Any = None,
    knowledge: Any = None,
    **changes: Any,
) -> Services:
    """The services of a process, with the real catalogue and models, on ``store``."""
    return Services(
        store=store,
        catalog=the_catalog(),
        classifier=the_classifier(),
        knowledge=knowledge or the_index,
        assistant=assistant or ScriptedAssistant(),
        queue=queue or ListQueue(),
        pin_key=b"test",
        now=(clock or MovingClock()).now,
        **changes,
    )


def make_settings(**changes: Any) -> Settings:
    given: dict[str, Any] = {
        "environment": "test",
        "secret_key": "k" * 40,
        "bot_token": "b" * 40,
        "sealing_keys": SEALING_KEY,
        "messenger_page_id": "1001",
        "messenger_app_id": "3003",
        "messenger_app_secret": "test-app-secret",
        "messenger_verify_token": "test-verify",
        "messenger_page_token": "test-page-token",
    }
    return Settings(**{**given, **changes})


def make_app(store: Store, *, clock: MovingClock | None = None, **changes: Any) -> Any:
    """The whole web application on ``store``; ``app.extensions["langnghe"]`` is its runtime."""
    clock = clock or MovingClock()
    settings = make_settings(database_url=store.url, **changes.pop("settings", {}))
    services = make_services(store, clock=clock, **changes)
    return create_app(Runtime(settings, store, clock, services))  # type: ignore[arg-type]


def make_conversation(
    tx: Any, *, channel: str = "web", external_id: str | None = None, now: datetime = NOW
) -> Conversation:
    name = external_id or secrets.token_hex(6)
    return conversations.get_or_create(tx, channel=channel, external_id=name, now=now)


def make_case(
    services: Services,
    *,
    text: str = "Trường THPT A Kim Bảng thu quỹ lớp 500 nghìn không có phiếu thu, đề nghị kiểm tra",
    channel: str = "web",
    now: datetime = NOW,
    sender: receive.Sender | None = None,
    kind: str | None = None,
) -> receive.Received:
    """One case with its conversation, committed."""
    with services.store.transaction() as tx:
        conversation = make_conversation(tx, channel=channel, now=now)
        message = conversations.add_inbound(
            tx,
            conversation,
            text=text,
            payload=None,
            channel_message_id=None,
            now=now,
            state="done",
        )
        received = receive.submit(
            tx, services, text=text, channel=channel, now=now, conversation=conversation,
            sender=sender, kind=kind,
        )  # fmt: skip
        message.case_id, message.sealed = received.case.id, received.case.confidential
    return received


@functools.cache
def _hashed(password: str) -> str:
    # Argon2 is slow by design: one hash serves every test.
    return hash_password(password)


def make_staff(
    store: Store,
    *,
    username: str = "khtc",
    role: str = "lead",
    unit: str | None = "KHTC",
    password: str = PASSWORD,
) -> Staff:
    """One account, committed."""
    with store.transaction() as tx:
        return registry.add_staff(
            tx,
            Staff(
                username=username,
                name=f"Người thử {username}",
                password_hash=_hashed(password),
                role=role,
                unit=unit,
                session_stamp="s",
                created_at=NOW,
            ),
        )


def load_faq(store: Store, keep: Callable[[Any], bool] = lambda _entry: True) -> None:
    """Publishes the project's FAQ entries into ``store``, or those to ``keep``."""
    with store.transaction() as tx:
        shipped.take_in(tx, [one for one in the_entries() if keep(one)], now=NOW)


def load_few(store: Store) -> None:
    """Publishes a few entries, so that a test takes milliseconds."""
    load_faq(store, lambda one: one.slug in FEW)
