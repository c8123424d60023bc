"""A case that changed under an open page: one sending for two clicks, a lost race shows what
happened since and keeps the words."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from intake_api.flow import citizen
from intake_api.store import cases
from tests import builders
from tests.staff import house
from tests.staff.desk_case import ANSWER, actions, page_of, sent


def test_a_double_click_sends_once_and_is_no_conflict(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page_of(desk, case)
    for _ in range(3):
        desk.act(case, "tra-loi", text=ANSWER)
    assert len(sent(app, case)) == 1
    assert actions(app, case).count("reply") == 1


def test_two_clicks_at_the_very_same_moment_send_once(app: Any) -> None:
    case = house.make_case(app)
    desks = [house.desk(app), house.sign_in(app, "khtc")]
    for one in desks:
        page_of(one, case)
    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(one.act, case, "tra-loi", text=ANSWER) for one in desks]
    assert [one.result().status_code for one in done] == [303, 303]
    assert len(sent(app, case)) == 1


def test_another_text_after_ones_own_reply_is_a_conflict(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page_of(desk, case)
    desk.act(case, "tra-loi", text=ANSWER)
    page = desk.act(case, "tra-loi", 409, text="Một câu khác hẳn").get_data(as_text=True)
    assert "Một câu khác hẳn" in page  # the words are kept though replying is over
    assert "Nội dung anh/chị đã viết (chưa gửi)" in page
    assert len(sent(app, case)) == 1


def test_a_lost_race_shows_what_changed_and_keeps_the_words(app: Any) -> None:
    case = house.make_case(app)
    slow = house.desk(app)
    quick = house.desk(app, "vanphong", "coordinator", "VP")
    page_of(slow, case)
    quick.act(case, "nhan")
    quick.act(house.reload(app, case), "phan-loai", kind="suggestion", topic="dd.hoc_phi",
              sentiment="neutral")  # fmt: skip
    page = slow.act(case, "tra-loi", 409, text=ANSWER).get_data(as_text=True)
    assert "vừa được thay đổi" in page
    assert "Người thử vanphong nhận xử lý" in page
    assert "loại Phản ánh, phê bình → Góp ý, kiến nghị" in page
    assert ANSWER in page
    assert f'name="version" value="{house.reload(app, case).version}"' in page
    assert sent(app, case) == []
    # Having read what changed, the same words go out.
    slow.act(house.reload(app, case), "tra-loi", text=ANSWER)
    assert len(sent(app, case)) == 1


def test_a_sender_who_wrote_meanwhile_is_what_changed(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page_of(desk, case)
    desk.act(case, "phan-loai", kind=case.kind, topic="dd.hoc_phi", sentiment=case.sentiment)
    mine = house.reload(app, case)
    services = house.services_of(app)
    with services.store.transaction() as tx:
        found = cases.by_code(tx, case.code)
        assert found is not None
        citizen.supplement(tx, services, found, now=builders.NOW)
    # The same move again is no second click of the first one: nothing of it was done.
    page = desk.act(
        mine, "phan-loai", 409, kind="question", topic="dd.hoc_phi", sentiment=case.sentiment
    ).get_data(as_text=True)
    assert "<li>Người gửi nhắn thêm</li>" in page
    assert house.reload(app, case).kind == case.kind


def test_a_newer_draft_stands_before_ones_own_unsent_words(
    app: Any, clock: builders.MovingClock
) -> None:
    case = house.make_case(app)
    lead, handler = house.desk(app), house.desk(app, "khtc.cv", "handler", "KHTC")
    page_of(handler, case)
    handler.act(case, "soan", text="Bản một, còn sai số tiền.")
    page_of(lead, case)
    lead.post(
        f"/can-bo/y-kien/{case.code}/dang-viet", 204, text="Bản một, còn sai số tiền. Sửa nhé"
    )
    clock.at += timedelta(minutes=5)
    page_of(handler, case)
    handler.act(house.reload(app, case), "soan", text="Bản hai, đã đúng.")
    page = page_of(lead, case)
    assert re.search(r'<textarea[^>]* name="text"[^>]*>\s*Bản hai, đã đúng\.</textarea>', page)
    assert "Chữ anh/chị viết dở trước bản soạn này" in page
    assert "Sửa nhé" in page


def test_a_draft_that_changed_meanwhile_is_the_one_to_approve_next(app: Any) -> None:
    case = house.make_case(app)
    lead, handler = house.desk(app), house.desk(app, "khtc.cv", "handler", "KHTC")
    page_of(handler, case)
    handler.act(case, "soan", text="Bản một,\ncòn sai số tiền.")
    first = house.reload(app, case)
    page = page_of(lead, case)
    assert 'name="given" value="Bản một,\ncòn sai số tiền."' in page
    handler.act(first, "soan", text="Bản hai, đã đúng.")
    given = "Bản một,\r\ncòn sai số tiền."
    page = lead.act(first, "tra-loi", 409, text=given, given=given).get_data(as_text=True)
    assert "soạn trả lời, chờ duyệt" in page
    assert re.search(r'<textarea[^>]* name="text"[^>]*>\s*Bản hai, đã đúng\.</textarea>', page)
    page = lead.act(first, "tra-loi", 409, text="Lời khác.", given=given).get_data(as_text=True)
    assert re.search(r'<textarea[^>]* name="text"[^>]*>\s*Lời khác\.</textarea>', page)
    assert sent(app, case) == []


def test_a_case_that_moved_away_meanwhile_is_not_there(app: Any) -> None:
    case = house.make_case(app)
    slow = house.desk(app)
    house.desk(app, "vanphong", "coordinator", "VP").act(
        case, "chuyen", unit="CTTT", reason="thuộc đơn vị khác"
    )
    slow.act(case, "tra-loi", 404, text=ANSWER)


def test_a_move_that_the_workflow_refuses_says_what_is_allowed(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page_of(desk, case)
    desk.act(case, "ket-thuc", outcome="noted")
    page = desk.act(house.reload(app, case), "tra-loi", 409, text=ANSWER).get_data(as_text=True)
    assert "Không thể «Gửi trả lời»" in page
    assert "Mở lại" in page
    assert ANSWER in page
    page = page_of(desk, case)
    assert "/viec/tra-loi" not in page
    assert "/viec/mo-lai" in page
