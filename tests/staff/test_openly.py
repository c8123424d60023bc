"""The open page from the desk."""

from __future__ import annotations

from typing import Any

import pytest

from intake_api.flow import openly as flow
from intake_api.store import cases
from intake_api.store.tables import Case
from tests import builders
from tests.staff import house

WORDS = {"open_question": "Quỹ lớp có bắt buộc không?", "open_answer": "Không bắt buộc."}


def agree(app: Any, case: Case) -> None:
    with house.services_of(app).store.transaction() as tx:
        found = cases.by_id(tx, case.id)
        assert found is not None
        flow.agree(tx, found, yes=True, now=builders.NOW)


def test_from_a_handlers_proposal_to_the_page(app: Any) -> None:
    case = house.make_case(app)
    lead = house.desk(app)
    page = f"/can-bo/y-kien/{case.code}"
    assert "Đề nghị đăng" not in lead.get(page), "not answered yet"
    lead.act(case, "tra-loi", text="Nhà trường đã trả lại tiền. Gọi 0912345678.")
    handler = house.desk(app, "khtc.cv", "handler", "KHTC")
    shown = handler.get(page)
    offered = shown.partition('id="open_answer"')[2].partition("</textarea>")[0]
    assert "đã trả lại tiền" in offered and "[số điện thoại]" in offered
    assert case.code not in offered, "the sender's code is nobody else's"
    case = house.reload(app, case)
    wrong = handler.act(case, "de-nghi-dang", 422, **{**WORDS, "open_answer": " "})
    assert "Viết câu trả lời sẽ đăng" in wrong.get_data(as_text=True)
    named = handler.act(case, "de-nghi-dang", 403, **{**WORDS, "open_answer": "Gọi 0912345678"})
    assert "còn thông tin cá nhân" in named.get_data(as_text=True)
    handler.act(case, "de-nghi-dang", **WORDS)
    assert "Chờ người gửi đồng ý" in handler.get(page)
    agree(app, case)
    assert "Đăng lên trang công khai" not in handler.get(page)
    assert "Đăng lên trang công khai" in lead.get(page)
    assert case.code in lead.get("/can-bo/cong-khai")
    handler.act(house.reload(app, case), "dang", 403)
    lead.act(house.reload(app, case), "dang")
    assert WORDS["open_answer"] in app.test_client().get("/cong-khai").text
    history = lead.get(page)
    assert "đồng ý cho đăng công khai" in history and "đăng lên trang công khai" in history
    lead.act(house.reload(app, case), "go-dang")
    assert WORDS["open_answer"] not in app.test_client().get("/cong-khai").text


@pytest.mark.parametrize(("role", "status"), [("confidential_officer", 403), ("admin", 403),
                                              ("editor", 403), ("coordinator", 200)])  # fmt: skip
def test_the_list_is_for_those_who_may_propose(app: Any, role: str, status: int) -> None:
    page = house.desk(app, "ai-do", role, "VP" if role == "coordinator" else None)
    page.get("/can-bo/cong-khai", status)


def test_a_list_shows_the_cases_of_the_own_unit(app: Any) -> None:
    case = house.make_case(app)
    lead = house.desk(app)
    lead.act(case, "tra-loi", text="Đã xử lý.")
    lead.act(house.reload(app, case), "de-nghi-dang", **WORDS)
    other = house.desk(app, "cttt", "lead", "CTTT")
    assert case.code not in other.get("/can-bo/cong-khai")


def test_a_sealed_case_is_never_proposed(app: Any) -> None:
    case = house.make_case(app, house.BRIBE)
    officer = house.desk(app, "kenhmat", "confidential_officer", None)
    assert "Trang công khai" not in officer.get(f"/can-bo/y-kien/{case.code}")
    officer.act(case, "de-nghi-dang", 403, **WORDS)
