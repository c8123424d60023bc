"""The open page as anybody reads it, and what a sender says to being on it."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest

from intake_api.flow import openly as flow
from intake_api.flow.acting import Acting
from intake_api.jobs import openly as jobs
from intake_api.reports import openly as reports
from intake_api.store import cases, registry
from tests import builders
from tests.builders import NOW
from tests.public.lint import Reader, words
from tests.public.test_mycase import Sender, reply
from tests.reports.rows import answered, put

pytestmark = pytest.mark.usefixtures("no_limits")
THEN = NOW - timedelta(days=28)
WORDS = {"question": "Quỹ lớp có bắt buộc không?", "answer": "Không, mọi khoản góp là tự nguyện."}


@pytest.fixture
def services(app: Any) -> Any:
    return app.extensions["langnghe"].services


def act(services: Any, code: str, step: Any, **given: Any) -> None:
    with services.store.transaction() as tx:
        case = cases.by_code(tx, code, lock=True)
        staff = registry.staff_by_username(tx, "khtc")
        assert case is not None
        assert staff is not None
        step(tx, case, Acting(staff, case.version, NOW), services=services, **given)


def propose(services: Any, code: str) -> None:
    act(services, code, flow.propose, **WORDS)


def publish(services: Any, code: str) -> None:
    act(services, code, flow.publish)


@pytest.fixture
def sender(app: Any, services: Any) -> Sender:
    """Somebody whose comment was answered."""
    made = Sender(app, builders.make_case(services, channel="form"))
    reply(made)
    return made


def test_an_empty_page_says_what_will_be_there(reader: Reader) -> None:
    said = words(reader.get("/cong-khai"))
    assert "Chưa có số liệu tháng nào" in said and "Chưa có câu nào được đăng" in said
    assert "/cong-khai" in reader.client.get("/").text
    words(reader.get("/cong-khai/hoi-dap"))


def test_the_newest_month_stands_first_and_every_file_says_the_same(
    reader: Reader, services: Any
) -> None:
    put(services.store, *[answered(received_at=THEN) for _ in range(9)],
        *[answered(received_at=THEN, topic="dd.hoc_phi") for _ in range(2)])  # fmt: skip
    jobs.work(services)
    said = words(reader.get("/cong-khai"))
    assert "Số liệu tháng 10/2026" in said and "100% (11 trên 11)" in said
    assert said == words(reader.get("/cong-khai/2026-10"))
    taken = reader.client.get("/cong-khai/2026-10.json").json
    assert reports.sha256(taken["figures"]) == taken["sha256"] and taken["sha256"] in said
    text = reader.client.get("/cong-khai/2026-10.csv").data.decode("utf-8-sig")
    lines = {(one["bang"], one["ma"]): one for one in csv.DictReader(io.StringIO(text))}
    assert lines["chung", "received"]["gia_tri"] == "11"
    assert (
        lines["topic", "dd.hoc_phi"]["gia_tri"] == lines["topic", "dd.khoan_thu"]["gia_tri"] == ""
    )
    assert lines["mo_niem_phong", "asked"]["gia_tri"] == "0"


def test_the_roots_of_the_chain_can_be_taken_along(reader: Reader, services: Any) -> None:
    put(services.store, answered())
    jobs.work(services)
    (root,) = reader.client.get("/cong-khai/chuoi.json").json
    assert (root["week"], root["event"]) == ("2026-11-16", 1)
    assert root["hash"] in words(reader.get("/cong-khai"))
    assert root["hash"] in reader.client.get("/cong-khai/chuoi.csv").text


@pytest.mark.parametrize(
    "path",
    [
        "/cong-khai/2026-13", "/cong-khai/2026-10", "/cong-khai/khong-co",
        "/cong-khai/9999-99.json",
        "/cong-khai/2026-10.csv", "/cong-khai/hoi-dap?chu_de=khong.co",
        "/cong-khai/hoi-dap?truoc=abc", "/cong-khai/hoi-dap?truoc=9999999999",
    ],
)  # fmt: skip
def test_what_is_not_there(reader: Reader, path: str) -> None:
    reader.get(path, 404)


def test_a_sender_says_yes_to_these_very_words_and_takes_it_back(
    reader: Reader, services: Any, sender: Sender
) -> None:
    code = sender.case.code
    propose(services, code)
    sender.look()
    assert {"cho-dang", "khong-dang"} <= sender.offers()
    assert WORDS["question"] in words(sender.page)
    assert WORDS["question"] not in words(reader.get("/cong-khai"))
    assert "đã đồng ý" in sender.do("cho-dang")
    assert "cho-dang" not in sender.offers()
    publish(services, code)
    page = reader.get("/cong-khai")
    assert WORDS["answer"] in words(page) and code not in words(page)
    assert WORDS["answer"] in words(reader.get("/cong-khai/hoi-dap?chu_de=dd.khoan_thu"))
    sender.look()
    assert "đã được gỡ" in sender.do("khong-dang")
    assert WORDS["answer"] not in words(reader.get("/cong-khai"))
    # A page that stood open offers what is no longer asked.
    assert "vừa thay đổi" in sender.do("cho-dang")


def test_answers_come_twenty_at_a_time(reader: Reader, services: Any) -> None:
    from intake_api.store import openly
    from intake_api.store.open_tables import Publication

    staff = builders.make_staff(services.store)
    numbers = put(services.store, *[answered() for _ in range(23)])
    with services.store.transaction() as tx:
        for number in numbers:
            openly.add(
                tx,
                Publication(
                    case_id=number, state=openly.PUBLISHED, question=f"Câu {number:02d}?",
                    answer="Có.", proposed_by=staff.id, proposed_at=NOW, published_at=NOW,
                ),
            )  # fmt: skip
    first = reader.get("/cong-khai/hoi-dap")
    assert words(first).count("Câu ") - words(first).count("Câu hỏi") == 20
    older = next(
        one.get("href") for one in first.findall(".//a") if "truoc=" in (one.get("href") or "")
    )
    rest = words(reader.get(str(older)))
    assert "Câu 03?" in rest and "Câu 04?" not in rest and "Xem câu cũ hơn" not in rest


def test_the_page_needs_no_script_and_sets_no_cookie(reader: Reader, services: Any) -> None:
    put(services.store, *[answered(received_at=THEN) for _ in range(9)])
    jobs.freeze(services, date(2026, 10, 1), NOW)
    answer = reader.client.get("/cong-khai")
    assert "<script" not in answer.text and "Set-Cookie" not in answer.headers
