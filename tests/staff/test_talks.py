"""The pages on which officers speak directly, and those of the Page's comments."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from intake_api.flow import converse, takeover
from intake_api.store import cases, conversations, outbox, pages
from intake_api.store.page_tables import PageComment, PagePost
from intake_api.store.tables import Case, Conversation
from tests import builders
from tests.flow.test_converse import event
from tests.staff import house

OFFICE = ("vanphong", "coordinator", "VP")


def asking(app: Any, text: str = "cho tôi gặp cán bộ, số 0912345678") -> str:
    """Somebody without a case who asked for a person."""
    services = house.services_of(app)
    with services.store.transaction() as tx:
        talk = builders.make_conversation(tx, channel="messenger")
        conversations.add_inbound(
            tx, talk, text=text, payload=None, channel_message_id=None, now=builders.NOW,
            state="done",
        )  # fmt: skip
        takeover.ask(tx, talk, now=builders.NOW)
        return talk.id


def press(desk: house.Desk, address: str, verb: str, status: int = 303, **form: Any) -> Any:
    desk.get(address)
    return desk.post(f"{address}/{verb}", status, **form)


def texts(app: Any, name: str) -> list[str]:
    with house.services_of(app).store.reading() as tx:
        return [m.text for m in conversations.messages(tx, name)]


def test_who_asked_for_a_person_is_listed_spoken_with_and_handed_back(app: Any) -> None:
    name, desk = asking(app), house.desk(app, *OFFICE)
    listed = desk.get("/can-bo/tro-chuyen")
    assert "gặp cán bộ" in listed and "0912345678" not in listed and "chờ cán bộ" in listed
    address = f"/can-bo/tro-chuyen/{name}"
    page = desk.get(address)
    assert "Trợ lý tự động đang trả lời" in page and "<textarea" not in page
    press(desk, address, "tiep-nhan")
    assert "Anh/chị đang trả lời" in desk.get(address)
    press(desk, address, "gui", text="Chào anh/chị")
    assert texts(app, name)[-1] == "Chào anh/chị"
    assert "chờ cán bộ" not in desk.get("/can-bo/tro-chuyen")
    assert "Chào anh/chị" in desk.client.get(f"{address}?phan=moi").get_data(as_text=True)
    press(desk, address, "tra-lai")
    assert "tiếp tục" in texts(app, name)[-1]
    assert "không có ai chờ" in desk.get("/can-bo/tro-chuyen")


def test_words_that_the_sender_changed_are_told_as_such_on_both_pages(app: Any) -> None:
    services = house.services_of(app)
    case = builders.make_case(services, text=house.FEES, channel="messenger").case
    with services.store.transaction() as tx:
        (message,) = cases.messages(tx, tx.get_one(Case, case.id))
        message.channel_message_id = "messenger:mid.1"
        talk = conversations.get(tx, message.conversation_id)
        assert talk is not None
        changed = event(
            "thu 900 nghìn, gọi 0912345678", "edit:mid.1:1", kind="edit", of="mid.1",
            external_id=talk.external_id,
        )  # fmt: skip
        converse.store_events(tx, services, channel="messenger", events=[changed], now=builders.NOW)
    desk = house.desk(app, *OFFICE)
    for address in (f"/can-bo/y-kien/{case.code}", f"/can-bo/y-kien/{case.code}/truc-tiep"):
        page = desk.get(address)
        assert "Người gửi đã sửa tin trước" in page and "thu 900 nghìn" in page
        assert "0912345678" not in page


def test_a_conversation_is_passed_to_the_pages_inbox_only_where_there_is_one(app: Any) -> None:
    name, desk = asking(app), house.desk(app, *OFFICE)
    address = f"/can-bo/tro-chuyen/{name}"
    assert "hộp thư của Trang" not in desk.get(address)
    press(desk, address, "hop-thu", 422)
    run = app.extensions["langnghe"]
    app.extensions["langnghe"] = replace(run, services=replace(run.services, page_inbox=True))
    assert "Chuyển sang hộp thư của Trang" in desk.get(address)
    press(desk, address, "hop-thu")
    page = desk.get(address)
    assert "Hộp thư của Trang (Meta) đang trả lời" in page
    assert "Chuyển sang hộp thư của Trang</button>" not in page
    press(desk, address, "tiep-nhan")
    assert "Anh/chị đang trả lời" in desk.get(address)
    with house.services_of(app).store.reading() as tx:
        said = conversations.messages(tx, name)
    ways = [m.payload["thread"] for m in said if m.payload and "thread" in m.payload]
    assert ways == ["pass_thread", "take_thread"]


def test_an_empty_or_late_message_is_said_and_kept_in_the_form(app: Any) -> None:
    name, desk = asking(app), house.desk(app, *OFFICE)
    address = f"/can-bo/tro-chuyen/{name}"
    refused = press(desk, address, "gui", 422, text="viết mà chưa tiếp nhận")
    assert "viết mà chưa tiếp nhận" in refused.get_data(as_text=True)
    press(desk, address, "tiep-nhan")
    assert "Chưa có nội dung" in press(desk, address, "gui", 422, text=" ").get_data(as_text=True)
    press(desk, address, "nhay", 404)


@pytest.mark.parametrize(
    ("username", "role", "unit", "status"),
    [("khtc", "lead", "KHTC", 404), ("bientap", "editor", None, 404),
     ("kenhmat", "confidential_officer", None, 404), ("lanhdao", "leader", None, 200)],
)  # fmt: skip
def test_other_roles_do_not_read_along(
    app: Any, username: str, role: str, unit: str | None, status: int
) -> None:
    name, desk = asking(app), house.desk(app, username, role, unit)
    desk.get(f"/can-bo/tro-chuyen/{name}", status)
    if status == 200:
        refused = press(desk, f"/can-bo/tro-chuyen/{name}", "tiep-nhan", 422)
        assert "chỉ xem" in refused.get_data(as_text=True)


def test_a_sealed_word_puts_the_whole_talk_into_its_lane(app: Any) -> None:
    name = asking(app)
    with house.services_of(app).store.transaction() as tx:
        talk = tx.get_one(Conversation, name)
        said = conversations.add_inbound(
            tx, talk, text=house.BRIBE, payload=None, channel_message_id=None, now=builders.NOW
        )
        said.sealed = True
    office = house.desk(app, *OFFICE)
    assert name not in office.get("/can-bo/tro-chuyen")
    office.get(f"/can-bo/tro-chuyen/{name}", 404)
    lane = house.desk(app, "kenhmat", "confidential_officer", None)
    assert name in lane.get("/can-bo/tro-chuyen")
    assert "nhận tiền" in lane.get(f"/can-bo/tro-chuyen/{name}")


def test_from_a_case_a_lead_speaks_and_a_handler_once_it_is_hers(app: Any) -> None:
    case = house.make_case(app)
    lead, hand = house.desk(app), house.desk(app, "khtc.cv", "handler", "KHTC")
    address = f"/can-bo/y-kien/{case.code}/truc-tiep"
    assert address in lead.get(f"/can-bo/y-kien/{case.code}")
    refused = press(hand, address, "tiep-nhan", 422).get_data(as_text=True)
    assert "cần nhận xử lý" in refused
    press(lead, address, "tiep-nhan")
    press(lead, address, "gui", text="Anh/chị cho biết lớp nào?")
    assert "Anh/chị cho biết lớp nào?" in lead.get(f"/can-bo/y-kien/{case.code}")
    other = house.desk(app, "cttt", "lead", "CTTT")
    other.get(address, 404)


# ------------------------------------------------------------------------------------- comments


def comment(app: Any, text: str = "cô Lan lớp 3A giao bài nhiều", **given: Any) -> int:
    services = house.services_of(app)
    with services.store.transaction() as tx:
        number = tx.query(PageComment).count() + 1
        if pages.post(tx, "1001_7") is None:
            post = PagePost(id="1001_7", text="Thông báo lịch học", permalink="",
                            created_at=builders.NOW, changed_at=builders.NOW)  # fmt: skip
            pages.add_post(tx, post)
        talk = builders.make_conversation(tx, channel="comment", external_id=f"7_{number}:a")
        values = {
            "remote_id": f"7_{number}", "post_id": "1001_7", "author_id": "a", "text": text,
            "created_at": builders.NOW, "changed_at": builders.NOW, "look": "named",
            "step": "invite", "conversation_id": talk.id, "sealed": False, "hidden": False,
            "permalink": "", "is_post": False, "by_page": False, **given,
        }  # fmt: skip
        made = PageComment(**values)
        pages.add(tx, made)
        said = conversations.add_inbound(
            tx, talk, text=text, payload={"comment": made.id}, channel_message_id=None,
            now=builders.NOW, state="done",
        )  # fmt: skip
        made.message_id = said.id
        return made.id


def kept(app: Any, number: int) -> PageComment:
    with house.services_of(app).store.reading() as tx:
        found = pages.comment(tx, number)
        assert found is not None
        return found


def outgoing(app: Any) -> list[dict[str, Any]]:
    with house.services_of(app).store.reading() as tx:
        rows = tx.query(conversations.Message).filter_by(direction="out")
        return [{"text": m.text, **(m.payload or {})} for m in rows]


def test_comments_that_somebody_should_look_at_are_listed_in_their_thread(app: Any) -> None:
    number, quiet = comment(app), comment(app, "hóng", look="", step="keep")
    desk = house.desk(app, *OFFICE)
    page = desk.get("/can-bo/binh-luan")
    assert "giao bài nhiều" in page and "cô Lan" not in page and "hóng" not in page
    assert "Nêu tên" in page
    assert "hóng" in desk.get("/can-bo/binh-luan?xem=tat-ca&trang=9")
    page = desk.get(f"/can-bo/binh-luan/{number}")
    assert "Thông báo lịch học" in page and f"/can-bo/binh-luan/{quiet}" in page
    desk.get("/can-bo/binh-luan/999", 404)


def test_every_act_on_a_comment_is_done_and_on_record(app: Any) -> None:
    desk, number = house.desk(app, *OFFICE), comment(app)
    address = f"/can-bo/binh-luan/{number}"
    press(desk, address, "xem")
    assert kept(app, number).look == ""
    press(desk, address, "rieng", text="Mời chị cho biết thêm")
    press(desk, address, "nhac")
    assert "Ghi lý do" in press(desk, address, "an", 422, text="").get_data(as_text=True)
    press(desk, address, "an", text="nêu tên giáo viên")
    private, nudge, hidden = outgoing(app)
    assert private == {"text": "Mời chị cho biết thêm", "comment": number}
    assert nudge["public"] and "Lan" not in nudge["text"]
    assert hidden["hide"] and kept(app, number).hidden
    press(desk, address, "lap")
    case_id = kept(app, number).case_id
    with house.services_of(app).store.reading() as tx:
        case = cases.by_id(tx, case_id or 0)
    assert case is not None and case.channel == "comment"
    press(desk, address, "lap", 422)
    press(desk, address, "bay", 404)


def test_a_sealed_comment_is_for_its_lane_and_never_nudged(app: Any) -> None:
    number = comment(app, house.BRIBE, sealed=True, look="sealed", step="seal")
    office = house.desk(app, *OFFICE)
    assert "nhận tiền" not in office.get("/can-bo/binh-luan?xem=tat-ca")
    office.get(f"/can-bo/binh-luan/{number}", 404)
    lane = house.desk(app, "kenhmat", "confidential_officer", None)
    page = lane.get(f"/can-bo/binh-luan/{number}")
    assert "nhận tiền" in page and "/nhac" not in page
    press(lane, f"/can-bo/binh-luan/{number}", "nhac", 422)
    assert outgoing(app) == []


@pytest.mark.parametrize(("role", "unit"), [("lead", "KHTC"), ("editor", None), ("admin", None)])
def test_roles_without_comments_are_told(app: Any, role: str, unit: str | None) -> None:
    desk = house.desk(app, "ai", role, unit)
    desk.get("/can-bo/binh-luan", 403)
    desk.get("/can-bo/tro-chuyen", 403)


def test_a_case_shows_the_post_it_came_from_and_how_else_to_reach_the_person(app: Any) -> None:
    number, case = comment(app), house.make_case(app, channel="messenger")
    services = house.services_of(app)
    with services.store.transaction() as tx:
        found = pages.comment(tx, number)
        assert found is not None
        found.case_id = case.id
        talk = tx.get_one(Conversation, tx.get_one(Case, case.id).conversation_id)
        said = conversations.add_outbound(
            tx, talk, text="Sở trả lời", payload=None, author="staff", now=builders.NOW,
            case_id=case.id,
        )  # fmt: skip
        row = outbox.of_messages(tx, [said.id])[said.id]
        outbox.mark_held(tx, row.id, reason="quá thời hạn")
    page = house.desk(app, *OFFICE).get(f"/can-bo/y-kien/{case.code}")
    assert "Thông báo lịch học" in page and "giao bài nhiều" in page
    assert "Trả lời chưa tới người gửi: quá thời hạn" in page
    assert re.search(rf'href="/can-bo/binh-luan/{number}"', page)
    lead = house.desk(app).get(f"/can-bo/y-kien/{case.code}")
    assert "đề nghị Văn phòng Sở" in lead
