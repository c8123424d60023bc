"""The index of the search and of the queue, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from intake_api.domain.access import Scope
from intake_api.flow import receive
from intake_api.flow.services import Services
from intake_api.store import Store, cases, migrate, queue, search
from intake_api.store.tables import Case
from tests import builders

ALL = Scope(sealed=False, units=None)
SEALED = Scope(sealed=True, units=None)
SENDER = receive.Sender("Nguyễn Đức Đông", "0912 345 678", None)


def found(store: Store, query: str, scope: Scope = ALL, *, senders: bool = True) -> list[str]:
    wanted = queue.Filter(words=search.words_of(query), senders=senders)
    with store.reading() as tx:
        page = queue.page(tx, scope, wanted, now=builders.NOW, newest_first=True)
    return [case.code for case in page.cases]


def change(store: Store, code: str, **values: Any) -> None:
    with store.transaction() as tx:
        case = cases.by_code(tx, code)
        assert case is not None
        for name, value in values.items():
            setattr(case, name, value)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("Đường sá ổ gà", [("duong", "du0ng*"), ("sa",), ("o",), ("ga",)]),
        ("0912 345 678", [("0912345678*",)]),
        ("+84 912-345-678", [("0912345678*",)]),
        ("thanh*", [("thanh*",)]),
        ("voay", [("voay", "v0ay*")]),
        ("v0ay", [("v0ay*",)]),
        ("lớp 10", [("lop",), ("10",)]),
        ('"a" OR b) :*', [("a",), ("or",), ("b",)]),
        ("năm 2025-2026", [("nam",), ("2025 2026", "20252026*")]),
        ("…", []),
    ],
)
def test_words_of_a_search(query: str, wanted: list[tuple[str, ...]]) -> None:
    assert list(search.words_of(query)) == wanted


def test_words_are_found_without_marks_and_in_any_order(services: Services, store: Store) -> None:
    text = "Đường vào trường có ổ gà, gọi 0987 654 321 để biết thêm"
    code = builders.make_case(services, text=text, sender=SENDER).case.code
    for query in ("duong vao truong", "TRƯỜNG đường", "ổ gà", "0987654321", "098765*", code[3:12]):
        assert found(store, query) == [code], query
    for query in ("duong pho", "ruong", "gà trống"):
        assert found(store, query) == [], query


def test_a_sender_is_found_only_where_senders_may_be(services: Services, store: Store) -> None:
    code = builders.make_case(services, sender=SENDER).case.code
    assert found(store, "duc dong") == [code]
    assert found(store, "duc dong", senders=False) == []
    assert found(store, "0912345678", senders=False) == []
    assert found(store, "quy lop", senders=False) == [code]


def index_rows(store: Store) -> int:
    with store.reading() as tx:
        return int(tx.execute(sa.text("SELECT count(*) FROM case_search")).scalar_one())


def test_a_sealed_case_is_never_in_the_index(services: Services, store: Store) -> None:
    text = "Hiệu trưởng nhận tiền chạy lớp chọn"
    code = builders.make_case(services, text=text, sender=SENDER, kind="denunciation").case.code
    assert index_rows(store) == 0
    with store.reading() as tx:
        assert tx.execute(sa.text("SELECT max(folded) FROM contact")).scalar_one() == ""
    assert found(store, "chay lop") == []
    assert found(store, "chay lop", SEALED) == [code]
    assert found(store, code[3:12], SEALED) == [code]


def test_whatever_seals_a_case_takes_it_out_of_the_index(services: Services, store: Store) -> None:
    code = builders.make_case(services, sender=SENDER).case.code
    assert index_rows(store) == 1
    # Not even through the code that seals: a bare statement does.
    with store.transaction() as tx:
        tx.execute(sa.text("UPDATE cases SET confidential = true"))
    assert index_rows(store) == 0
    with store.reading() as tx:
        assert tx.execute(sa.text("SELECT max(folded) FROM contact")).scalar_one() == ""
    with store.transaction() as tx:
        tx.execute(sa.text("UPDATE cases SET confidential = false"))
    assert found(store, "quy lop") == [code]
    assert found(store, "duc dong") == []


def test_the_index_follows_every_change(services: Services, store: Store) -> None:
    code = builders.make_case(services, sender=SENDER).case.code
    change(store, code, folded="chu khac han")
    assert found(store, "quy lop") == []
    assert found(store, "khac han") == [code]
    assert found(store, "duc dong") == [code]
    with store.transaction() as tx:
        tx.execute(sa.text("DELETE FROM contact"))
    assert found(store, "duc dong") == []
    assert found(store, "khac han") == [code]


def test_the_index_knows_the_unit_and_nobody_finds_it_by_typing(
    services: Services, store: Store
) -> None:
    code = builders.make_case(services, sender=SENDER).case.code
    for unit in ("PGD-PL", "KTQLCL"):
        change(store, code, unit=unit)
        with store.reading() as tx:
            # The index alone says so, before the case itself is looked at.
            query = search.narrowed(
                tx, sa.select(Case), search.words_of("quy lop"), senders=True, units=[unit, "VP"]
            )
            assert [case.code for case in tx.execute(query).scalars()] == [code]
            elsewhere = search.narrowed(
                tx, sa.select(Case), search.words_of("quy lop"), senders=True, units=["VP"]
            )
            assert tx.execute(elsewhere).all() == []
        assert found(store, "quy lop", Scope(sealed=False, units=(unit,))) == [code]
        assert found(store, "quy lop", Scope(sealed=False, units=("VP",))) == []
        assert found(store, unit.replace("-", "")) == found(store, unit) == []


@pytest.mark.parametrize(
    ("query", "wanted"),
    [("0912345", True), ("ST9D", True), ("2611-ST9D", True), ("năm 2025", False), ("2025", False),
     ("học phí", False), ("thanh*", False)],
)  # fmt: skip
def test_few_cases_hold_a_number_or_part_of_a_code(
    services: Services, store: Store, query: str, wanted: bool
) -> None:
    """PostgreSQL reads every case backwards for the beginning of a word, unless told so."""
    with store.reading() as tx:
        rare = "+" in str(search.number(tx, search.words_of(query)))
    assert rare is (wanted and not store.is_sqlite)


def test_a_lost_index_comes_back_with_the_next_migration(services: Services, store: Store) -> None:
    code = builders.make_case(services, sender=SENDER).case.code
    with store.engine.begin() as connection:
        search.remove(connection)
    migrate.upgrade(store)
    with store.engine.begin() as connection:
        search.fill(connection)
    assert found(store, "quy lop") == [code]
    assert found(store, "duc dong") == [code]


def test_the_queue_is_read_from_its_index(services: Services, store: Store) -> None:
    """Without it the database sorts every open case for each page."""
    for number in range(3):
        builders.make_case(services, now=builders.NOW + timedelta(hours=number))
    with store.transaction() as tx:
        if not store.is_sqlite:  # three rows are read faster without any index
            tx.execute(sa.text("SET LOCAL enable_seqscan = off"))
            tx.execute(sa.text("SET LOCAL enable_sort = off"))
        page = queue.page(tx, ALL, queue.Filter(state="open"), now=builders.NOW, limit=1)
        assert page.after is not None
        asked: list[tuple[str, Any]] = []
        sa.event.listen(
            store.engine, "before_cursor_execute", lambda *given: asked.append(given[2:4])
        )
        queue.page(
            tx, ALL, queue.Filter(state="open"), now=builders.NOW, limit=1, cursor=page.after
        )
        statement, values = asked[0]
        explain = "EXPLAIN QUERY PLAN " if store.is_sqlite else "EXPLAIN "
        plan = str(tx.connection().exec_driver_sql(explain + statement, values).all())
    assert "ix_cases_open" in plan, plan
    assert "TEMP B-TREE" not in plan and "Sort" not in plan, plan


def test_counting_stops_where_people_stop_reading(services: Services, store: Store) -> None:
    builders.make_case(services)
    with store.reading() as tx:
        assert queue.count(tx, ALL, queue.Filter(state="open"), builders.NOW) == 1


def test_finds_come_newest_first_page_by_page(services: Services, store: Store) -> None:
    made = [builders.make_case(services).case.code for _ in range(5)]
    wanted = queue.Filter(words=search.words_of("quy lop"))
    seen: list[str] = []
    cursor = None
    with store.reading() as tx:
        while True:
            page = queue.page(
                tx, ALL, wanted, now=builders.NOW, newest_first=True, cursor=cursor, limit=2
            )
            seen += [case.code for case in page.cases]
            if page.after is None:
                break
            cursor = page.after
        assert page.before is not None
        back = queue.page(
            tx, ALL, wanted, now=builders.NOW, newest_first=True, cursor=page.before, limit=2
        )
    assert seen == made[::-1]
    assert [case.code for case in back.cases] == [made[2], made[1]]
