from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from werkzeug.exceptions import (
    InternalServerError,
    RequestEntityTooLarge,
    ServiceUnavailable,
    TooManyRequests,
)

from intake_api.look import day, moment, number, when
from tests import builders
from tests.public import house
from tests.public.lint import Reader, check, words


@pytest.fixture
def app(tmp_path: Path) -> Any:
    made = house.make_app(tmp_path)
    raised = {
        413: RequestEntityTooLarge,
        429: TooManyRequests,
        500: InternalServerError,
        503: ServiceUnavailable,
    }

    @made.get("/loi/<int:status>")
    def fail(status: int) -> None:
        raise raised[status]

    @made.get("/hong")
    def broken() -> None:
        raise ZeroDivisionError("lời người dân")

    made.config["PROPAGATE_EXCEPTIONS"] = False
    yield made
    made.extensions["langnghe"].store.close()


def test_an_unknown_address_is_said_in_vietnamese_with_a_way_on(app: Any) -> None:
    page = Reader(app).get("/khong-co", 404)
    assert "Không tìm thấy trang này" in words(page)
    assert "/tra-cuu" in {one.get("href") for one in page.findall(".//main//a")}


@pytest.mark.parametrize(
    ("status", "said"),
    [(413, "quá lớn"), (429, "quá nhiều lần"), (500, "gặp lỗi"), (503, "CHƯA được lưu")],
)
def test_errors_have_pages_of_their_own(app: Any, status: int, said: str) -> None:
    assert said in words(Reader(app).get(f"/loi/{status}", status))


def test_an_unexpected_error_shows_nothing_of_its_inside(app: Any) -> None:
    answer = app.test_client().get("/hong")
    assert answer.status_code == 500
    assert "người dân" not in words(check(answer.text))


def test_scripts_get_json(app: Any) -> None:
    answer = app.test_client().get("/loi/429", headers={"Accept": "application/json"})
    assert answer.status_code == 429
    assert "chờ khoảng một phút" in answer.json["message"]


def test_a_page_that_was_open_too_long_says_so(app: Any) -> None:
    answer = app.test_client().post("/tra-cuu", data={"ma": "x"})
    assert answer.status_code == 400
    assert "đã mở quá lâu" in words(check(answer.text))


def test_times_are_said_as_people_write_them() -> None:
    assert moment(builders.NOW) == "09h00 thứ Hai, 23/11/2026"
    assert day(builders.NOW) == "23/11/2026"
    assert when("2026-11-23T02:05:00+00:00") == "9h05, 23/11/2026"
    assert when("gì đó") == ""
    assert (number(999), number(12000)) == ("999", "12.000")
    assert moment(None) == day(None) == ""
