"""History: brought in once, step by step, with its own dates, and in silence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from intake_api.domain.history import BadItem, OldItem
from intake_api.flow import importing
from intake_api.flow.services import Services
from intake_api.store import pages
from intake_api.store.import_tables import ImportBatch
from intake_api.store.page_tables import PageComment
from intake_api.store.tables import Case, Message, Outbox
from tests.builders import NOW, make_case

THEN = datetime(2023, 9, 1, 3, tzinfo=UTC)
FEES = "Trường THCS Trần Phú thu quỹ lớp 500 nghìn không có phiếu thu, đề nghị kiểm tra"
BRIBE = "ông hiệu trưởng nhận tiền chạy lớp chọn của phụ huynh"


def item(text: str = FEES, *, key: str = "row:1", line: int = 2, **given: Any) -> OldItem:
    return OldItem(
        **{"key": key, "kind": "message", "line": line, "text": text, "at": THEN, **given}
    )


def many() -> list[OldItem | BadItem]:
    return [
        OldItem("post:1001_7", "post", 1, "Thông báo thu", THEN, post_id="1001_7"),
        item(FEES, key="comment:7_1", kind="comment", post_id="1001_7", author="4004",
             answer="Đã chấn chỉnh", answered_at=THEN),
        item("hóng", key="comment:7_2", kind="comment", post_id="1001_7"),
        item("Đã chấn chỉnh", key="comment:7_3", kind="comment", post_id="1001_7", by_page=True),
        item(BRIBE, key="row:2"),
        item(FEES + " ngay", key="row:3", place="THCS Trần Phú", channel="zalo"),
        item(FEES + "  NGAY", key="row:4"),
        BadItem(9, "thiếu nội dung"),
        item("mai sau", key="row:5", at=NOW.replace(year=2030)),
    ]  # fmt: skip


def run(services: Services, items: list[OldItem | BadItem], sha: str = "a" * 64) -> ImportBatch:
    with services.store.transaction() as tx:
        batch = importing.begin(
            tx, source="x", sha256=sha, total=len(items), actor="system", now=NOW
        )
    for start in range(batch.position, len(items), 3):
        with services.store.transaction() as tx:
            done = importing.bring_in(tx, services, batch.id, items[start : start + 3], now=NOW)
    with services.store.transaction() as tx:
        importing.end(tx, batch.id, actor="system", now=NOW)
    return done


def rows(services: Services, table: Any) -> list[Any]:
    with services.store.reading() as tx:
        return list(tx.query(table).all())


def test_a_preview_counts_and_changes_nothing(services: Services) -> None:
    with services.store.reading() as tx:
        found = importing.preview(tx, services, many(), now=NOW)
    assert (found.items, found.posts, found.page_words) == (7, 1, 1)
    assert (found.feedback, found.sealed, found.chatter, found.duplicates) == (3, 1, 1, 1)
    assert [bad.line for bad in found.bad] == [9, 2]
    assert rows(services, Case) == []


def test_history_becomes_closed_cases_with_their_own_dates(services: Services) -> None:
    done = run(services, many())
    assert (done.added, done.cases, done.duplicates, done.bad) == (6, 3, 1, 2)
    first, sealed, third = rows(services, Case)
    assert {case.state for case in (first, sealed, third)} == {"closed"}
    assert first.received_at == THEN and first.outcome == "answered"
    assert sealed.confidential and sealed.outcome == "noted"
    assert (third.channel, first.channel) == ("zalo", "comment")
    assert first.code[3:7] == "2309"


def test_nobody_is_sent_anything(services: Services) -> None:
    run(services, many())
    assert rows(services, Outbox) == []
    assert {message.state for message in rows(services, Message)} == {"sent"}


def test_comments_keep_their_thread(services: Services) -> None:
    run(services, many())
    with services.store.reading() as tx:
        thread = pages.thread(tx, "1001_7")
        assert [one.step for one in thread] == ["imported"] * 3
        assert pages.post(tx, "1001_7") is not None
    assert len(rows(services, PageComment)) == 3


def test_the_same_file_and_the_same_things_are_brought_in_once(services: Services) -> None:
    run(services, many())
    again = run(services, many(), sha="b" * 64)
    assert (again.added, again.duplicates) == (0, 7)
    assert len(rows(services, Case)) == 3


def test_what_is_on_record_already_is_found_by_its_words_and_day(services: Services) -> None:
    make_case(services, text=FEES, now=THEN)
    done = run(services, [item("truong THCS tran phu thu quy lop 500 nghin khong co phieu thu, "
                               "de nghi kiem tra")])  # fmt: skip
    assert (done.added, done.duplicates) == (0, 1)


def test_an_interrupted_import_goes_on_where_it_stopped(services: Services) -> None:
    items = many()
    with services.store.transaction() as tx:
        batch = importing.begin(tx, source="x", sha256="a" * 64, total=9, actor="system", now=NOW)
    with services.store.transaction() as tx:
        importing.bring_in(tx, services, batch.id, items[:3], now=NOW)
    done = run(services, items)
    assert (done.position, done.added, done.duplicates) == (9, 6, 1)
    assert len(rows(services, Case)) == 3
