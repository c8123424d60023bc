"""What a sender does on the status page, with the page's ticket instead of the PIN."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from intake_api.domain.model import State
from intake_api.flow import answer, receive
from intake_api.flow.acting import Acting
from intake_api.store import cases, events, ratings
from intake_api.store.tables import Case
from tests import builders
from tests.public.lint import Reader, check, words

pytestmark = pytest.mark.usefixtures("no_limits")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8"
    "cfc000000301010018dd8db00000000049454e44ae426082"
)


@pytest.fixture
def received(app: Any) -> receive.Received:
    return builders.make_case(app.extensions["langnghe"].services, channel="form")


class Sender:
    """Somebody at the status page of one case."""

    def __init__(self, app: Any, received: receive.Received) -> None:
        self.app, self.received, self.client = app, received, app.test_client()
        self.services = app.extensions["langnghe"].services
        self.page = self.look()

    def look(self) -> Element:
        reader = Reader(self.app)
        reader.client = self.client
        token = reader.fields("/tra-cuu")["csrf_token"]
        form = {"ma": self.received.case.code, "pin": self.received.pin, "csrf_token": token}
        sent = self.client.post("/tra-cuu", data=form)
        assert sent.status_code == 200
        self.page = check(sent.text)
        return self.page

    def hidden(self, name: str) -> str:
        found = self.page.find(f".//input[@name='{name}']")
        assert found is not None
        return found.get("value", "")

    def offers(self) -> set[str]:
        forms = {form.get("action", "") for form in self.page.findall(".//form")}
        return {one.rsplit("/", 1)[1] for one in forms if "/viec/" in one}

    def do(self, name: str, status: int = 200, **form: Any) -> str:
        """Presses one button of the page; returns what the next one says."""
        given = {"csrf_token": self.hidden("csrf_token"), "ve": self.hidden("ve"), **form}
        if name == "bo-sung":
            given.setdefault("lan", self.hidden("lan"))
        path = "/tra-cuu/du-lieu" if name == "du-lieu" else f"/tra-cuu/viec/{name}"
        sent = self.client.post(path, data=given, content_type="multipart/form-data")
        assert sent.status_code == status, (name, sent.status_code)
        self.page = check(sent.text)
        return words(self.page)

    @property
    def case(self) -> Case:
        with self.services.store.reading() as tx:
            found = cases.by_id(tx, self.received.case.id)
        assert found is not None
        return found


@pytest.fixture
def sender(app: Any, received: receive.Received) -> Sender:
    return Sender(app, received)


def reply(sender: Sender, text: str = "Sở đã kiểm tra, trường đã trả lại tiền.") -> None:
    lead = builders.make_staff(sender.services.store, unit=sender.case.unit)
    with sender.services.store.transaction() as tx:
        case = cases.by_code(tx, sender.case.code, lock=True)
        assert case is not None
        by = Acting(lead, case.version, sender.services.now())
        answer.reply(tx, case, by, services=sender.services, text=text)


def test_what_is_added_reaches_the_case_with_its_file_and_once(sender: Sender) -> None:
    file = (io.BytesIO(PNG), "bien-lai.png")
    lan = sender.hidden("lan")
    said = sender.do("bo-sung", noi_dung="Tôi gửi thêm biên lai thu quỹ.", tep=file, lan=lan)
    assert "Sở đã nhận phần bổ sung" in said
    assert "Anh/chị bổ sung" in said
    assert "Tôi gửi thêm biên lai" in said
    sender.do("bo-sung", noi_dung="Tôi gửi thêm biên lai thu quỹ.", lan=lan)  # a double click
    with sender.services.store.reading() as tx:
        added = [m for m in cases.messages(tx, sender.case) if "thêm biên lai" in m.text]
        (kept,) = cases.attachments(tx, sender.case.id)
        assert list(events.verify(tx)) == []
    assert len(added) == 1
    assert (kept.message_id, kept.content_type) == (added[0].id, "image/png")


@pytest.mark.parametrize(
    ("form", "said"),
    [({"noi_dung": "  "}, "Viết phần bổ sung"), ({"noi_dung": "a" * 5001}, "quá 5.000"),
     ({"noi_dung": "Đây", "tep": (io.BytesIO(b"MZ" + b"0" * 60), "anh.jpg")}, "“anh.jpg”")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_the_words_stay(
    sender: Sender, form: dict[str, Any], said: str
) -> None:
    page = sender.do("bo-sung", 422, **form)
    assert said in page
    field = sender.page.find(".//textarea[@id='noi_dung']")
    assert field is not None and (field.text or "").strip() == form["noi_dung"].strip()


def test_an_accusation_becomes_a_sealed_case_of_its_own(sender: Sender) -> None:
    said = sender.do("bo-sung", noi_dung="Hiệu trưởng nhận tiền chạy lớp chọn của phụ huynh")
    assert "kênh mật" in said
    assert "PIN" in said
    with sender.services.store.reading() as tx:
        own = [m.text for m in cases.messages(tx, sender.case)]
        apart = cases.by_id(tx, sender.case.id + 1)
    assert not any("chạy lớp" in text for text in own)
    assert apart is not None and apart.confidential
    assert "chạy lớp" not in words(sender.look())


def test_danger_gets_the_numbers_first(sender: Sender) -> None:
    said = sender.do("bo-sung", noi_dung="Cháu đang bị bạo hành ở nhà, cứu cháu với")
    assert "111" in said.split("Tình trạng")[0]


def test_content_with_a_mark_closes_and_is_kept(sender: Sender) -> None:
    assert sender.offers() == {"bo-sung", "rut"}
    reply(sender)
    sender.look()
    assert sender.offers() == {"hai-long", "mo-lai", "xoa"}
    said = sender.do("hai-long", diem="4")
    assert "Kết thúc" in said
    assert "4 trên 5" in said
    assert sender.case.state == State.CLOSED
    with sender.services.store.reading() as tx:
        assert ratings.rating(tx, sender.case.id).score == 4  # type: ignore[union-attr]
    assert sender.offers() == {"mo-lai", "xoa"}


def test_a_second_click_changes_nothing(sender: Sender) -> None:
    reply(sender)
    sender.look()
    sender.do("hai-long")
    said = sender.do("hai-long", 409)
    assert "vừa thay đổi" in said
    said = sender.do("hai-long", diem="2")  # the mark alone still counts
    assert "2 trên 5" in said


def test_reopening_takes_one_press_within_thirty_days(
    sender: Sender, clock: builders.MovingClock
) -> None:
    reply(sender)
    clock.at += timedelta(days=29)
    sender.look()
    said = sender.do("mo-lai")
    assert "đã được mở lại" in said
    assert sender.case.state == State.REOPENED
    assert "bo-sung" in sender.offers()


def test_after_thirty_days_it_is_too_late(sender: Sender, clock: builders.MovingClock) -> None:
    reply(sender)
    clock.at += timedelta(days=31)
    sender.look()
    assert "mo-lai" not in sender.offers()
    assert "quá 30 ngày" in sender.do("mo-lai")
    assert sender.case.state == State.ANSWERED


def test_who_reads_the_answer_here_is_told_what_to_press_and_then_where_to_write(
    sender: Sender,
) -> None:
    reply(sender)
    sender.look()
    assert "bấm “Chưa rõ, mở lại” ở trang Tra cứu" in words(sender.page)
    assert "bo-sung" not in sender.offers()
    assert "viết chỗ chưa rõ vào phần bổ sung" in sender.do("mo-lai")
    assert "bo-sung" in sender.offers()


def test_withdrawing_stops_the_work(sender: Sender) -> None:
    said = sender.do("rut")
    assert "Sở dừng xử lý" in said
    assert "Anh/chị đã rút" in said
    assert sender.case.state == State.WITHDRAWN
    assert sender.offers() == {"xoa"}


def test_a_sealed_matter_is_not_withdrawn_by_a_button(app: Any) -> None:
    services = app.extensions["langnghe"].services
    sealed = builders.make_case(services, channel="form", text="Hiệu trưởng nhận tiền chạy lớp")
    sender = Sender(app, sealed)
    assert "cán bộ phụ trách xem xét" in sender.do("rut")
    assert sender.case.state != State.WITHDRAWN


def test_asking_for_erasure_and_thinking_better_of_it(
    sender: Sender, clock: builders.MovingClock
) -> None:
    from intake_api.flow import retention

    assert "rút ý kiến trước" in sender.do("xoa")
    sender.do("rut")
    assert "xoa" in sender.offers()
    assert "trong vòng 72 giờ" in sender.do("xoa")
    assert sender.offers() == {"khong-xoa"}
    assert "được giữ như trước" in sender.do("khong-xoa")
    sender.do("xoa")
    clock.at += timedelta(hours=25)
    retention.housekeeping(sender.services, now=clock.at)
    assert sender.case.text == ""
    sender.client.get("/tra-cuu")
    sent = sender.client.post(
        "/tra-cuu",
        data={
            "ma": sender.received.case.code,
            "pin": sender.received.pin,
            "csrf_token": sender.hidden("csrf_token"),
        },
    )
    assert sent.status_code == 404


def test_a_complaint_is_kept_and_says_so(app: Any) -> None:
    services = app.extensions["langnghe"].services
    made = builders.make_case(services, channel="form", kind="complaint")
    with services.store.transaction() as tx:
        found = cases.by_id(tx, made.case.id)
        assert found is not None
        found.state, found.closed_at = State.CLOSED, services.now()
    sender = Sender(app, made)
    assert "phải giữ hồ sơ" in sender.do("xoa")


def test_ones_own_data_to_read_and_to_take_along(sender: Sender) -> None:
    reply(sender)
    sender.look()
    ticket, token = sender.hidden("ve"), sender.hidden("csrf_token")
    said = sender.do("du-lieu")
    assert sender.received.case.text in said
    assert "trường đã trả lại tiền" in said
    taken = sender.client.post(
        "/tra-cuu/du-lieu", data={"ve": ticket, "csrf_token": token, "dang": "json"}
    )
    assert "attachment" in taken.headers["Content-Disposition"]
    found = json.loads(taken.data)
    assert found["y_kien"]["noi_dung"] == sender.received.case.text
    assert found["xu_ly"]["tinh_trang"] == "Đã trả lời"
    assert "Người thử" not in taken.text  # who of the staff did it is theirs
    with sender.services.store.reading() as tx:
        assert [e.action for e in events.of_case(tx, sender.case.id)].count("own_data") == 2


def test_from_ones_own_data_one_press_leads_back_to_the_case(sender: Sender) -> None:
    sender.do("du-lieu", dang="trang")
    back = sender.do("xem")
    assert sender.received.case.code in back
    assert "rut" in sender.offers()


def test_a_sealed_case_is_not_printed_for_whoever_found_the_receipt(app: Any) -> None:
    services = app.extensions["langnghe"].services
    sealed = builders.make_case(services, channel="form", text="Hiệu trưởng nhận tiền chạy lớp")
    sender = Sender(app, sealed)
    said = sender.do("du-lieu")
    assert "trình bày trực tiếp" in said
    assert "chạy lớp" not in said


def test_without_a_fresh_ticket_nothing_is_done(sender: Sender) -> None:
    from itsdangerous import URLSafeTimedSerializer

    token = sender.hidden("csrf_token")
    signer = URLSafeTimedSerializer("k" * 40, salt="another-page")
    for ticket in ("", "x", str(signer.dumps(sender.case.code))):
        for path in ("/tra-cuu/viec/rut", "/tra-cuu/viec/bo-sung", "/tra-cuu/du-lieu"):
            sent = sender.client.post(
                path, data={"csrf_token": token, "ve": ticket, "noi_dung": "chữ đang viết"}
            )
            assert sent.status_code == 403
            assert "nhập lại mã và PIN" in sent.text
            assert sender.received.case.text not in sent.text
            if path.endswith("bo-sung"):
                assert "chữ đang viết" in sent.text  # nothing that was typed is lost
    assert sender.case.state != State.WITHDRAWN


def test_the_clock_that_stands_still_is_told(sender: Sender) -> None:
    from intake_api.flow import waiting

    lead = builders.make_staff(sender.services.store, unit=sender.case.unit)
    with sender.services.store.transaction() as tx:
        case = cases.by_code(tx, sender.case.code, lock=True)
        assert case is not None
        by = Acting(lead, case.version, sender.services.now())
        waiting.ask_citizen(
            tx, case, by, services=sender.services, question="Xin cho biết tên lớp."
        )
    said = words(sender.look())
    assert "Chờ anh/chị bổ sung" in said
    assert "tạm dừng" in said
    assert "Xin cho biết tên lớp" in said
    said = sender.do("bo-sung", noi_dung="Lớp 7A")
    assert "Đang xử lý" in said
    assert "tạm dừng trong lúc chờ" not in said
