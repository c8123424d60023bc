"""Fills a database with many cases of a lifelike spread: rows in bulk, the index afterwards."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rich.console import Console

from benchmarks import parts
from benchmarks.serving import (
    Program,
    commands,
    environment,
    free_ports,
    langnghe,
    require_free,
    start,
    stopping,
    wait,
)
from intake_api.domain import catalog, deadline, tracking
from intake_api.domain.model import OPEN_STATES, State
from intake_api.settings import ROOT
from intake_api.store import Store, events, prints, search
from intake_api.store.registers import Staff
from intake_api.store.tables import Case, Contact, Conversation, Message
from vntext import fold, mask

PORTION = 2000
# The share of open cases: a department that keeps up, years after it has begun.
OPEN_SHARE = 0.05
LEVELS = ("mn", "th", "thcs", "thpt", None)
DISTRICTS = ("Phủ Lý", "Duy Tiên", "Kim Bảng", "Lý Nhân", "Thanh Liêm", "Bình Lục", None)
_SCHOOLS = ("THCS Trần Phú", "THPT Chuyên Biên Hòa", "Tiểu học Quang Trung", "THPT A Kim Bảng")
ENDED = (State.CLOSED, State.CLOSED, State.ANSWERED, State.MERGED, State.REJECTED_SPAM)
_WORKING = (State.ROUTED, State.ROUTED, State.IN_PROGRESS, State.AWAITING_CITIZEN, State.REOPENED)


@dataclass(frozen=True)
class House:
    """The intake alone, on a database full of cases."""

    port: int
    password: str
    store: Store
    program: Program


@contextlib.contextmanager
def house(
    console: Console, folder: Path, url: str, cases: int, how: Callable[[Store, int], None]
) -> Iterator[House]:
    """Fills an empty database and serves it, with the accounts of development."""
    (port,) = free_ports(1)
    require_free(port)
    env = environment((port, port, port), folder, url)
    with contextlib.closing(migrated(env, url)) as store, stopping([]) as programs:
        started = time.monotonic()
        how(store, cases)
        console.print(f"{cases} cases filled in after {time.monotonic() - started:.0f} s")
        program = start("intake", commands((port, port, port), url)["intake"], env, folder)
        programs.append(program)
        wait(program, port, "/can-bo/dang-nhap")
        yield House(port, env["LANGNGHE_RUN_PASSWORD"], store, program)


def migrated(env: Mapping[str, str], url: str) -> Store:
    """Migrates an empty database; it holds the accounts of development and nothing else."""
    langnghe(env, "migrate")
    langnghe(env, "staff", "seed")
    return Store(url)


def fill(store: Store, count: int) -> None:
    """Puts ``count`` cases with conversation, message, contact and event into a migrated store."""
    rng = random.Random(2026)
    loaded = catalog.load(ROOT / "intake_api" / "catalog")
    with store.reading() as tx:
        staff = list(tx.execute(sa.select(Staff.id, Staff.unit)))
    with loading(store):
        for portion in batched(_rows(rng, loaded, staff, count), PORTION):
            _write(store, portion)
    with store.engine.begin() as connection:
        search.fill(connection)
        prints.fill(connection)
    analyze(store)


@contextlib.contextmanager
def loading(store: Store) -> Iterator[None]:
    """Cases are put in without the search's index, and with numbers of their own."""
    with store.engine.begin() as connection:
        search.remove(connection)
    yield
    with store.engine.begin() as connection:
        search.install(connection)
        if not store.is_sqlite:
            # The next case is given a number after these.
            connection.exec_driver_sql(
                "SELECT setval(pg_get_serial_sequence('cases', 'id'), max(id)) FROM cases"
            )


def analyze(store: Store) -> None:
    """Tells the database's planner what there is now."""
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if store.is_sqlite else "VACUUM ANALYZE")


def _write(store: Store, portion: Sequence[dict[str, Any]]) -> None:
    with store.transaction() as tx:
        tx.execute(sa.insert(Conversation), [row["conversation"] for row in portion])
        tx.execute(sa.insert(Case), [row["case"] for row in portion])
        tx.execute(sa.insert(Message), [row["message"] for row in portion])
        tx.execute(sa.insert(Contact), [row["contact"] for row in portion if row["contact"]])
        for row in portion:
            events.append(
                tx, at=row["case"]["received_at"], actor="citizen", action="received",
                case_id=row["case"]["id"], data={"unit": row["case"]["unit"], "rule": "4"},
            )  # fmt: skip


def _rows(
    rng: random.Random, loaded: catalog.Catalog, staff: list[Any], count: int
) -> Iterator[dict[str, Any]]:
    now, texts = datetime.now(UTC), parts.feedback_texts()
    units, topics = [one for one in loaded.units if one != "VP"], list(loaded.topics)
    kinds = [one.code for one in loaded.kinds.values() if not one.confidential]
    step, codes = timedelta(days=900) / count, set[str]()
    for number in range(1, count + 1):
        received = now - timedelta(days=900) + step * number
        still = rng.random() < OPEN_SHARE * (4 if number > 0.9 * count else 0.67)
        unit, kind = rng.choice(units), rng.choice(kinds)
        holders = [one.id for one in staff if one.unit == unit]
        text = f"{rng.choice(texts)} {rng.choice(texts)}"
        due = deadline.deadlines(loaded, kind, received) if number % 20 == 0 else None
        while (code := tracking.new_code(received)) in codes:
            pass  # one in two fillings of a million meets a code twice
        codes.add(code)
        school = rng.choice((*_SCHOOLS, None))
        talk = f"{number:032x}"
        yield {
            "conversation": {
                "id": talk, "channel": "web", "external_id": talk, "created_at": received,
                "last_inbound_at": received,
            },
            "case": {
                "id": number, "code": code, "pin_hash": "0", "conversation_id": talk,
                "channel": rng.choice(("messenger", "web", "form")),
                "state": str(rng.choice(_WORKING if still else ENDED)), "version": 1,
                "text": text, "text_masked": mask(text) if number % 10 == 0 else text,
                "folded": fold(" ".join((code, text, school or "", *search.code_words(code)))),
                "kind": kind, "topic": rng.choice(topics), "sentiment": "negative",
                "urgent": rng.random() < 0.02, "confidential": rng.random() < 0.01,
                "classification": {"reasons": [], "model_version": "-"}, "school": school,
                "level": rng.choice(LEVELS), "district": rng.choice(DISTRICTS),
                "unit": unit, "route_rule": "4", "route_reason": "-",
                "assignee_id": rng.choice([*holders, None]) if holders else None,
                "received_at": received,
                "first_response_at": received + timedelta(hours=rng.randrange(1, 60)),
                "answered_at": None if still else received + timedelta(hours=rng.randrange(2, 300)),
                "due_at": due.resolve_at if due else received + timedelta(days=7),
                "due_explanation": due.explanation if due else "",
                "closed_at": None if still else received + timedelta(days=3),
            },
            "message": {
                "conversation_id": talk, "case_id": number, "direction": "in",
                "author": "citizen", "text": text, "state": "done", "created_at": received,
                "sealed": False, "attempts": 0,
            },
            "contact": {
                "case_id": number, "name": f"Nguyễn Thị Mẫu {number}",
                "phone": f"09{number:08d}",
                "folded": search.sender_words(f"Nguyễn Thị Mẫu {number}", f"09{number:08d}", None),
            }
            if number % 2
            else None,
        }  # fmt: skip


assert all(state in OPEN_STATES for state in _WORKING)
