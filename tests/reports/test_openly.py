"""A month for everybody: no small count anywhere, frozen, named by its digest."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from intake_api.domain import period
from intake_api.jobs import openly as jobs
from intake_api.reports import openly
from intake_api.store import Store, events
from intake_api.store import openly as reads
from tests.builders import NOW, MovingClock, make_services, make_staff, the_catalog
from tests.reports.rows import answered, put, row

OCTOBER = period.month(2026, 10)
THEN = NOW - timedelta(days=28)  # a Monday


def month(store: Store) -> dict[str, Any]:
    with store.reading() as tx:
        return openly.month(tx, the_catalog(), OCTOBER, now=NOW)


def said(body: dict[str, Any]) -> dict[str, str]:
    return {one["id"]: one["said"] for one in body["numbers"]}


def table(body: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in body["tables"] if one["id"] == name)
    return found


def rows(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {one["code"]: one["value"] for one in table(body, name)["rows"]}


def test_an_empty_month_says_so(store: Store) -> None:
    body = month(store)
    found = said(body)
    assert (found["received"], found["answered"], found["satisfaction"]) == (
        "0", "không có", "không nêu",
    )  # fmt: skip
    assert [one["said"] for one in body["unsealing"].values()] == ["0", "0", "0"]


def test_a_month_is_told_without_small_counts(store: Store) -> None:
    late = {"received_at": THEN, "due_at": THEN}
    put(
        store,
        *[answered(received_at=THEN) for _ in range(20)],
        *[answered(**late) for _ in range(6)],
        *[row(received_at=THEN, due_at=THEN + timedelta(days=15)) for _ in range(7)],
        *[answered(received_at=THEN, topic="i.ts_lop10", unit="KTQLCL", level="thpt")
          for _ in range(3)],
        answered(received_at=THEN, reopened=1),
        row(received_at=THEN, state="rejected_spam"),
        row(received_at=NOW),
    )  # fmt: skip
    body = month(store)
    found = said(body)
    assert found["received"] == "37"
    assert found["answered"] == "81% (30 trên 37)"
    assert found["on_time"] == "65% (24 trên 37)"
    assert found["reopened"] == "dưới 5 trên 30"
    assert found["answer_median"] == "1 ngày làm việc"
    # Three are hidden, and the others with them: the total would give them away.
    assert rows(body, "unit") == {"KHTC": None, "KTQLCL": None}
    assert table(body, "unit")["total"] == 37
    for one in body["tables"]:
        assert all(line["value"] is None or line["value"] >= 5 for line in one["rows"])
    told = json.dumps(body, ensure_ascii=False)
    assert "previous" not in told and '"reopened": 1' not in told


def test_sealed_cases_are_one_number_or_none(store: Store) -> None:
    put(store, *[row(received_at=THEN, confidential=True, kind="denunciation") for _ in range(3)])
    body = month(store)
    assert said(body)["received"] == "0" and said(body)["sealed"] == "không nêu"
    assert "denunciation" not in json.dumps(body)


def test_unsealings_are_counted_and_small_counts_are_not_told(store: Store) -> None:
    from intake_api.store.lane_tables import Unsealing

    staff = make_staff(store)
    (number,) = put(store, row(received_at=THEN, confidential=True))

    def asked(count: int, **given: Any) -> None:
        with store.transaction() as tx:
            for _ in range(count):
                tx.add(
                    Unsealing(
                        **{"case_id": number, "reader_id": staff.id, "asked_by": staff.id,
                           "asked_at": THEN, "reason": "x", "hours": 1, "state": "refused",
                           **given}
                    )
                )  # fmt: skip

    asked(3)
    first = month(store)["unsealing"]
    assert [one["said"] for one in first.values()] == ["dưới 5", "không nêu", "không nêu"]
    asked(3)
    asked(6, state="ended", ends_at=THEN + timedelta(hours=1))
    asked(4, asked_at=NOW)  # another month
    second = month(store)["unsealing"]
    assert [one["value"] for one in second.values()] == [12, 6, 6]


def test_months_are_frozen_once_and_named_in_the_chain(store: Store, clock: MovingClock) -> None:
    services = make_services(store, clock=clock)
    put(store, *[answered(received_at=THEN) for _ in range(6)])
    assert jobs.work(services) == 2, "a week's root and a month"
    put(store, *[answered(received_at=THEN) for _ in range(6)])
    clock.at += timedelta(minutes=10)
    assert jobs.work(services) == 0
    with store.reading() as tx:
        assert reads.months(tx) == [date(2026, 10, 1)]
        kept = reads.month(tx, date(2026, 10, 1))
        assert kept is not None
        assert said(kept.body)["received"] == "6", "what is told once is not told differently"
        assert openly.sha256(kept.body) == kept.sha256
        assert list(events.verify(tx)) == []
    clock.at += timedelta(days=14)  # 7 December: a new week, a new month
    assert jobs.work(services) == 2
    with store.reading() as tx:
        assert [one.week.isoformat() for one in reads.roots(tx)] == ["2026-11-30", "2026-11-16"]
        assert reads.months(tx)[0] == date(2026, 11, 1)
