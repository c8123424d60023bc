"""Facts that are kept say what facts that are read anew say."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from intake_api.domain import period
from intake_api.domain.access import Scope
from intake_api.reports import facts, figures, live
from intake_api.reports.figures import Asked
from intake_api.store import Store, events
from intake_api.store import figures as reads
from intake_api.store.tables import Case
from tests.builders import NOW, the_catalog
from tests.reports.rows import answered, put, row

ASKED = Asked(period.year(2026), Scope(sealed=False, units=None))


def _said(store: Store, kept: live.LiveFacts | None) -> Any:
    with store.reading() as tx:
        if kept is None:
            known = facts.facts(reads.read(tx), the_catalog())
            return figures.measure(tx, known, the_catalog(), ASKED, now=NOW).plain()
        with kept.using(tx) as known:
            return figures.measure(tx, known, the_catalog(), ASKED, now=NOW).plain()


def _change(store: Store, number: int, **values: Any) -> None:
    with store.transaction() as tx:
        tx.execute(sa.update(Case).where(Case.id == number).values(**values))
        events.append(tx, at=NOW, actor="system", action="x", case_id=number)


def test_what_has_changed_is_read_again_and_nothing_else(store: Store) -> None:
    rng = random.Random(3)
    kept = live.LiveFacts(store, the_catalog())
    numbers: list[int] = []
    for turn in range(6):
        made = [
            answered(
                timedelta(hours=rng.randrange(1, 400)),
                received_at=NOW - timedelta(days=rng.randrange(1, 300)),
                channel=rng.choice(["web", "zalo", f"neu-{turn}"]),
                topic=rng.choice(["dd.khoan_thu", "i.de_thi", f"moi{turn}.x"]),
                level=rng.choice(["th", "thcs", None]),
            )
            for _ in range(9)
        ]
        numbers += put(store, *made, row(confidential=True))
        for number in rng.sample(numbers, 5):
            later = NOW - timedelta(hours=rng.randrange(100))
            _change(store, number, answered_at=later, state="closed", unit=f"U{turn}", reopened=1)
        _change(store, rng.choice(numbers), confidential=True)
        assert _said(store, kept) == _said(store, None)


def test_nothing_is_read_while_nothing_happens(store: Store) -> None:
    put(store, row())
    kept = live.LiveFacts(store, the_catalog())
    with store.reading() as tx:
        with kept.using(tx) as first:
            assert len(first.columns) == 1
        with kept.using(tx) as again:
            assert again is first
    put(store, row(unit="CTTT"))
    with store.reading() as tx, kept.using(tx) as after:
        assert len(after.columns) == 2


def test_too_much_at_once_is_read_as_a_whole(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_MANY", 3)
    kept = live.LiveFacts(store, the_catalog())
    kept.warm()
    put(store, *[row() for _ in range(5)])
    assert _said(store, kept) == _said(store, None)
