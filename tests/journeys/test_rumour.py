"""A rumour goes round: people report it, an alert opens, the office answers with a source, a second
person approves, and the assistant tells the next person who asks.

Through the doors: the interface that takes feedback, the workbench's pages, the assistant's door.
Rasa would only pass the question on.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_api.jobs import watch
from tests.flow.watch_house import put, weeks
from tests.journeys.town import Town, opened
from tests.staff import house

REPORTED = (
    "Trên mạng lan truyền tin học sinh toàn tỉnh được nghỉ học một tuần vì dịch, có phải tin giả",
    "Nhóm phụ huynh chia sẻ tin học sinh toàn tỉnh nghỉ học một tuần vì dịch, tin này sai sự thật",
    "Có tin giả nói học sinh toàn tỉnh nghỉ học một tuần vì dịch, đề nghị Sở lên tiếng đính chính",
    "Facebook lan truyền tin giả học sinh toàn tỉnh nghỉ học một tuần, phụ huynh hoang mang",
    "Tin đồn học sinh toàn tỉnh được nghỉ học một tuần vì dịch là tin giả đúng không Sở",
    "Zalo lớp tôi gửi tin sai sự thật học sinh toàn tỉnh nghỉ học một tuần vì dịch",
    "Đề nghị Sở bác bỏ tin giả học sinh toàn tỉnh nghỉ học một tuần vì dịch đang lan truyền",
    "Tôi thấy tin giả trên mạng nói học sinh toàn tỉnh nghỉ học một tuần vì dịch bệnh",
    "Ai đó tung tin giả học sinh toàn tỉnh nghỉ học một tuần vì dịch, phụ huynh rất lo",
)
ANSWER = "Sở không cho học sinh toàn tỉnh nghỉ học; các trường dạy và học bình thường."


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Weeks of calm lie behind it."""
    with opened(tmp_path, "b.", "c.") as made:
        put(made.store, weeks(40))
        yield made


def report(town: Town, number: int, text: str) -> None:
    answer = town.app.test_client().post(
        "/api/v1/feedback", json={"description": text},
        headers={"Idempotency-Key": f"{number:032x}"},
        environ_base={"REMOTE_ADDR": f"10.0.0.{number + 1}"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.get_data(as_text=True)


def test_a_rumour_is_seen_answered_and_told_to_the_next_person(town: Town) -> None:
    office = house.desk(town.app, "vanphong", "coordinator", "VP")
    leader = house.desk(town.app, "lanhdao", "leader", None)
    question = "có phải học sinh toàn tỉnh được nghỉ học một tuần vì dịch không ạ"
    assert ANSWER not in str(town.ask(question))

    # Nine people report it on one morning.
    for number, text in enumerate(REPORTED):
        report(town, number, text)
    assert watch.look(town.runtime.services) >= 1
    assert "Tin sai sự thật: cảnh báo" in office.get("/can-bo/thong-bao")
    alerts = office.get("/can-bo/canh-bao")
    number = re.search(r"/can-bo/canh-bao/(\d+)", alerts)
    assert number is not None
    page = office.get(f"/can-bo/canh-bao/{number[1]}")
    assert "nghỉ học một tuần" in page

    # The office drafts the correction from what people wrote, on a document of the register.
    office.get("/can-bo/hoi-dap/van-ban/moi")
    document = office.post(
        "/can-bo/hoi-dap/van-ban/moi", title="Công văn 123/SGDĐT-VP", issuer="Sở GDĐT",
        issued_on="2026-11-23", valid_from="2026-11-23",
    ).location.rsplit("/", 1)[1]  # fmt: skip
    listed = office.get("/can-bo/tin-don")
    rumour = re.search(r"/can-bo/tin-don/(\d+)", listed)
    assert rumour is not None and "9 người" in listed and "chưa có đính chính" in listed
    path = f"/can-bo/tin-don/{rumour[1]}"
    assert "Chọn văn bản" in office.post(path, 422, title="a", answer="b", questions="c").text
    form = office.get(path)
    offered = re.search(r'name="questions"[^>]*>\n([^<]*)</textarea>', form)
    assert offered is not None and offered[1].count("\n") >= 3
    drafted = office.post(
        path, title="Có phải học sinh toàn tỉnh được nghỉ học một tuần vì dịch?", answer=ANSWER,
        questions=f"{offered[1]}\n{question}", document=document,
    )  # fmt: skip
    assert "đã soạn đính chính" in office.get("/can-bo/tin-don")
    office.get(drafted.location)
    office.post(f"{drafted.location}/buoc/gui")

    # Somebody else reads and approves it.
    page = leader.get(drafted.location)
    lock = re.search(r'name="lock" value="(\d+)"', page)
    assert lock is not None
    leader.post(f"{drafted.location}/buoc/duyet", lock=lock[1])

    published = time.monotonic()
    while ANSWER not in str(found := town.ask(f"cho hỏi {question}", town.somebody())):
        assert time.monotonic() - published < 5, found
        time.sleep(0.1)
    assert found["decision"] == "answer" and ANSWER in found["answers"][0]["text"]
    assert "123/SGDĐT-VP" in found["answers"][0]["source"]
