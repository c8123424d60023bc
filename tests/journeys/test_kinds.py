"""Every kind of message, from what a citizen writes to what she reads on the status page.

Through the doors, with the real classifier, catalogue and routing; Rasa would only pass the words
on.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake_api.store import cases, events
from intake_api.store.tables import Case
from tests import builders
from tests.staff import house

ANSWER = "Sở đã xem xét việc này và trả lời như sau."
WORDS = {
    "question": "Cho tôi hỏi năm nay lớp 10 tuyển sinh theo cách nào và nộp hồ sơ ở đâu ạ?",
    "suggestion": "Tôi đề nghị Sở bố trí thêm lớp bồi dưỡng tin học cho giáo viên vào dịp hè.",
    "criticism": "Nhà vệ sinh trường tiểu học bẩn và hỏng vòi nước cả tháng nay, không ai sửa.",
    "complaint": "Tôi khiếu nại quyết định kỷ luật đối với con tôi, đề nghị hủy quyết định này.",
    "denunciation": "Tôi tố cáo hiệu trưởng trường tiểu học nhận tiền chạy lớp chọn của phụ huynh.",
    "child_protection": "Cháu tôi bị bố dượng đánh bầm tím khắp người, đang trốn, cứu cháu với.",
    "press_inquiry": "Tôi là phóng viên báo Lao Động, đề nghị Sở cung cấp thông tin về vụ việc.",
    "misinformation": "Trên mạng lan truyền tin đề thi vào 10 bị lộ, nhờ Sở kiểm tra tin giả này.",
    "praise": "Cảm ơn cô giáo lớp 3A đã tận tình dạy dỗ các cháu suốt năm học vừa qua.",
    "draft_comment": "Góp ý dự thảo: đề nghị sửa khoản 2 Điều 5 của dự thảo về dạy thêm cho rõ.",
    "spam": "Bán sim số đẹp giá rẻ, vay tiền nhanh lãi suất thấp liên hệ zalo ngay hôm nay.",
}
SEALED = ("denunciation", "child_protection")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Any]:
    with house.opened(lambda: builders.make_app(builders.make_store(tmp_path))) as made:
        yield made


def send(app: Any, text: str) -> dict[str, str]:
    """What somebody wrote in the chat on the website, as a case; her code and PIN."""
    received = builders.make_case(house.services_of(app), text=text)
    return {"code": received.case.code, "pin": received.pin}


def status(app: Any, receipt: dict[str, str]) -> dict[str, Any]:
    """What the sender reads with code and PIN."""
    answer = app.test_client().get(
        f"/api/v1/feedback/{receipt['code']}", headers={"X-Pin": receipt["pin"]}
    )
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json
    return found


def stored(app: Any, receipt: dict[str, str]) -> Case:
    with house.services_of(app).store.reading() as tx:
        found = cases.by_code(tx, receipt["code"])
    assert found is not None
    return found


def people(app: Any, kind: str, unit: str) -> tuple[house.Desk, house.Desk]:
    """Who writes the answer and who sends it."""
    if kind in SEALED:
        return (
            house.desk(app, "kenhmat", "confidential_officer", None),
            house.desk(app, "kenhmat2", "confidential_officer", None),
        )
    return house.desk(app, "cv", "handler", unit), house.desk(app, "lanhdao.dv", "lead", unit)


def test_the_words_name_every_kind() -> None:
    assert set(WORDS) == set(builders.the_catalog().kinds)


@pytest.mark.parametrize("kind", [kind for kind in WORDS if kind != "spam"])
def test_from_the_citizens_words_to_the_answer_she_reads(app: Any, kind: str) -> None:
    receipt = send(app, WORDS[kind])
    case = stored(app, receipt)
    assert case.kind == kind
    assert case.confidential is (kind in SEALED)
    stranger = house.desk(app, "la", "handler", "TCCB" if case.unit != "TCCB" else "KHTC")
    stranger.get(f"/can-bo/y-kien/{case.code}", 404)
    writer, sender = people(app, kind, case.unit)
    assert case.code in writer.get("/can-bo/")
    writer.act(case, "nhan")
    writer.act(stored(app, receipt), "soan", text=ANSWER)
    assert ANSWER not in str(status(app, receipt))
    sender.get(f"/can-bo/y-kien/{case.code}")
    sender.act(stored(app, receipt), "tra-loi", text=ANSWER)
    told = status(app, receipt)
    assert told["state"] == "answered"
    assert ANSWER in told["last_reply"]
    with house.services_of(app).store.reading() as tx:
        assert list(events.verify(tx)) == []


def test_advertising_waits_among_the_junk_and_may_come_back(app: Any) -> None:
    case = stored(app, send(app, WORDS["spam"]))
    assert case.kind == "spam"
    office = house.desk(app, "vanphong", "coordinator", "VP")
    assert case.code not in office.get("/can-bo/?view=spam")  # a person decides, not the machine
    office.act(case, "rac")
    assert case.code in office.get("/can-bo/?view=spam")
    assert case.code not in office.get("/can-bo/")
