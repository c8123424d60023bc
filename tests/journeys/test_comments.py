"""From a comment below a post to an answer thirty hours later, and on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.house import House, field_value, opened, until

pytestmark = pytest.mark.rasa
CODE = re.compile(r"PA-\d{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


class Later:
    """Real time, and more when a test says so."""

    def __init__(self) -> None:
        self.more = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.more


@pytest.fixture(scope="module")
def later() -> Later:
    return Later()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, later: Later) -> Iterator[House]:
    with opened(
        tmp_path_factory.mktemp("house"), changes={"LANGNGHE_HUMAN_AGENT_APPROVED": "true"},
        human_agent_approved=True, echo_sends=True, now=later.now,
    ) as made:  # fmt: skip
        yield made


def said(house: House, psid: str) -> str:
    return "\n".join(one.text for one in house.twin.sent_to(psid))


def hear(house: House, psid: str, words: str, wanted: str) -> str:
    """Says something in Messenger and waits for an answer with ``wanted`` in it."""
    before = len(house.twin.sent_to(psid))
    assert house.twin.say(psid, words).acknowledged

    def answer() -> str | None:
        text = "\n".join(one.text for one in house.twin.sent_to(psid)[before:])
        return text if text and wanted in text else None

    return str(until(answer, what=f"an answer to {words!r} with {wanted!r}"))


def pass_time(house: House, later: Later, hours: int) -> None:
    """So many hours later, with the same data."""
    later.more += timedelta(hours=hours)
    for name in ("intake", "jobs"):
        house.kill(name)
    house.env["LANGNGHE_NOW"] = later.now().isoformat()
    house.start("intake", "jobs")


def test_from_a_comment_to_an_answer_after_thirty_hours_and_on(house: House, later: Later) -> None:
    wall = house.twin.wall
    psid = wall.psid("me")
    wall.post("Thông báo các khoản thu đầu năm học", post_id="1001_7")
    # A comment that says too little to be worked on: nothing is said in public.
    assert wall.comment("me", "thu tiền vô lý quá", comment_id="7_1", post_id="7").acknowledged
    invited = until(lambda: said(house, psid), what="the private reply")
    assert "trợ lý tự động" in invited
    assert wall.below("7_1") == []
    assert [one.messaging_type for one in house.twin.sent_to(psid)] == ["PRIVATE_REPLY"]

    # She goes on in Messenger: the form, the code.
    hear(house, psid, "Trường THPT A Kim Bảng thu quỹ lớp 500k mà không có phiếu thu gì cả", "")
    hear(house, psid, "ẩn danh", "")
    text = said(house, psid)
    if not CODE.search(text):
        text = hear(house, psid, "đúng rồi, gửi đi", "PA-")
    found = CODE.search(text)
    assert found is not None
    code = found[0]

    # Thirty hours later a person answers: only with the tag for people's own words.
    pass_time(house, later, 30)
    with closing(house.officer("khtc")) as khtc:
        page = khtc.get(f"/can-bo/y-kien/{code}").text
        assert "Thông báo các khoản thu" in page  # the post that she commented on
        assert "thu tiền vô lý quá" in page
        answer = house.reply(khtc, code, page, "Nhà trường đã trả lại khoản thu sai.")
        assert answer.status_code == 200
    until(lambda: "trả lại khoản thu sai" in said(house, psid), what="the officer's answer")
    reply = next(one for one in house.twin.sent_to(psid) if "trả lại khoản" in one.text)
    assert (reply.messaging_type, reply.tag) == ("MESSAGE_TAG", "HUMAN_AGENT")

    # She is not content: the case is open again.
    tap = next(one for one in reply.quick_replies if "reopen" in one["payload"])
    house.twin.say(psid, tap["title"], quick_reply=tap["payload"])
    until(lambda: "đã được mở lại" in said(house, psid), what="that it is open again")
    with closing(house.officer("khtc")) as khtc:
        assert "Mở lại" in khtc.get(f"/can-bo/y-kien/{code}").text


def test_a_child_in_danger_in_a_comment_is_met_at_once_and_only_in_private(house: House) -> None:
    wall = house.twin.wall
    wall.comment("child", "chau bi bo danh chay mau dau cuu chau voi", comment_id="7_2")
    first = until(lambda: house.twin.sent_to(wall.psid("child")), what="the numbers")[0]
    assert all(number in first.text.splitlines()[0] for number in ("111", "113", "115"))
    assert wall.below("7_2") == []
    with closing(house.officer("vanphong")) as office, closing(house.officer("kenhmat")) as lane:
        assert "chay mau" not in office.get("/can-bo/binh-luan?xem=tat-ca").text
        assert "chay mau" in lane.get("/can-bo/binh-luan").text


def test_an_officer_speaks_instead_of_the_assistant_and_gives_back(house: House) -> None:
    psid = "wants-somebody"
    hear(house, psid, "cho tôi gặp cán bộ", "cán bộ")
    with closing(house.officer("vanphong")) as office:
        listed = office.get("/can-bo/tro-chuyen").text
        address = re.search(r'href="(/can-bo/tro-chuyen/[0-9a-f]+)"', listed)
        assert address is not None

        def press(verb: str, **form: str) -> None:
            page = office.get(address[1]).text
            token = field_value(page, "csrf_token")
            answer = office.post(f"{address[1]}/{verb}", data={"csrf_token": token, **form})
            assert answer.status_code == 200

        press("tiep-nhan")
        until(lambda: "trợ lý tự động tạm dừng" in said(house, psid).lower(), what="the handover")
        press("gui", text="Chào anh/chị, Văn phòng Sở nghe đây.")
        until(lambda: "Văn phòng Sở nghe" in said(house, psid), what="her words")
        before = len(house.twin.sent_to(psid))
        house.twin.say(psid, "điểm liệt thi tốt nghiệp là bao nhiêu")
        until(lambda: "điểm liệt" in office.get(f"{address[1]}?phan=moi").text, what="his question")
        assert len(house.twin.sent_to(psid)) == before  # the assistant keeps out of it
        press("tra-lai")
    until(lambda: "tiếp tục" in said(house, psid), what="the assistant is back")
    hear(house, psid, "điểm liệt thi tốt nghiệp là bao nhiêu", "Nguồn:")
