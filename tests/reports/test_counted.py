"""The queue finds the very cases that a figure has counted, whatever they went through."""

from __future__ import annotations

import random
from datetime import timedelta

from intake_api.domain import period
from intake_api.domain.access import Scope
from intake_api.domain.model import State
from intake_api.reports import figures
from intake_api.reports.shapes import Query
from intake_api.staff import counted
from intake_api.store import Session, Store, queue
from intake_api.store.queue import Filter
from tests.builders import NOW, the_catalog
from tests.reports.rows import put, row

EVERYTHING = Scope(sealed=False, units=None)


def found(tx: Session, query: Query) -> int:
    """How many cases the filter of a figure finds in the queue."""
    given = query.filter
    wanted = Filter(
        state="" if given["state"] == "all" else given["state"],
        kind=given.get("kind", ""), topic=given.get("topic", ""), unit=given.get("unit", ""),
        channel=given.get("channel", ""), urgent="urgent" in given, counted=counted.read(given),
    )  # fmt: skip
    return queue.count(tx, EVERYTHING, wanted, NOW)


def test_every_figure_and_its_list_agree(store: Store) -> None:
    rng = random.Random(11)
    rows = []
    for _ in range(150):
        got = NOW - timedelta(hours=rng.randrange(24 * 60))
        answered = got + timedelta(hours=rng.randrange(900))
        again = answered + timedelta(hours=rng.randrange(-300, 300))
        rows.append(
            row(
                received_at=got, state=str(rng.choice(list(State))),
                ended_as=rng.choice([None, None, "rejected_spam", "merged", "closed"]),
                answered_at=rng.choice([None, answered]), clock_from=rng.choice([None, again]),
                closed_at=rng.choice([None, answered + timedelta(days=2)]),
                due_at=rng.choice([None, got + timedelta(days=rng.randrange(40))]),
                paused_at=rng.choice([None, got + timedelta(days=5)]),
                reopened=rng.randrange(2), urgent=rng.random() < 0.2,
                kind=rng.choice(["criticism", "spam", "question"]),
                topic=rng.choice(["b.dich_benh", "dd.hoc_phi", "x.khac"]),
                channel=rng.choice(["web", "zalo"]), unit=rng.choice(["VP", "KHTC"]),
                level=rng.choice(["th", "thcs", None]),
                district=rng.choice(["Phủ Lý", "Lý Nhân", None]),
            )
        )  # fmt: skip
    put(store, *rows)
    checked = 0
    with store.reading() as tx:
        seen = figures.collect(tx, the_catalog(), period.quarter(2026, 4), EVERYTHING, now=NOW)
        queries = [
            (one.id, one.query, one.value) for one in seen.numbers.values() if one.query.filter
        ]
        for table in seen.tables.values():
            queries += [(table.id, one.query, one.values[0]) for one in table.rows]
        for name, query, value in queries:
            if query.filter:
                assert found(tx, query) == value, (name, query.filter)
                checked += 1
    assert checked > 30
