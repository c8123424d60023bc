"""What stands beside a case: notes, related cases, approved answers, words that are being typed."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from intake_api.flow import receive
from intake_api.store import cases, conversations, registry, unsealings
from intake_api.store.registers import Event
from tests import builders
from tests.staff import house
from tests.store.dump import everything


def path(case: Any, part: str) -> str:
    return f"/can-bo/y-kien/{case.code}/{part}"


def note(desk: house.Desk, case: Any, text: str, status: int = 303) -> str:
    desk.get(f"/can-bo/y-kien/{case.code}")
    return str(desk.post(path(case, "ghi-chu"), status, note=text).get_data(as_text=True))


# ---------------------------------------------------------------- notes
def test_a_note_is_read_by_colleagues_and_never_sent(app: Any) -> None:
    case = house.make_case(app)
    lead, handler = house.desk(app), house.desk(app, "khtc.cv", "handler", "KHTC")
    note(lead, case, "Đã gọi hiệu trưởng, <b>chờ</b> báo cáo")
    page = handler.get(path(case, "ghi-chu"))
    assert "Đã gọi hiệu trưởng, &lt;b&gt;chờ&lt;/b&gt; báo cáo" in page
    assert "Người thử khtc" in page
    assert house.reload(app, case).version == case.version  # an open page stays good
    assert "ghi chú nội bộ" in handler.get(f"/can-bo/y-kien/{case.code}")
    services = house.services_of(app)
    with services.store.reading() as tx:
        found = cases.by_code(tx, case.code)
        assert found is not None
        assert [m for m in cases.messages(tx, found) if m.direction == "out"] == []
        event = tx.execute(sa.select(Event).where(Event.action == "noted")).scalar_one()
    assert set(event.data) == {"note"}  # the chain cannot be erased, so it does not hold the words


def test_whoever_is_named_finds_it_until_it_is_read(app: Any) -> None:
    case = house.make_case(app)
    lead, handler = house.desk(app), house.desk(app, "khtc.cv", "handler", "KHTC")
    note(lead, case, "@khtc.cv gọi lại giúp nhé, @khtc theo dõi")
    queue = handler.get("/can-bo/?view=named")
    assert case.code in queue
    assert case.code not in lead.get("/can-bo/?view=named")  # naming oneself is no news
    page = handler.get(path(case, "ghi-chu"))
    assert "<b>@Người thử khtc.cv</b> gọi lại" in page
    assert "Có 1 ghi chú nhắc anh/chị" in page
    handler.post(path(case, "ghi-chu/da-doc"))
    assert case.code not in handler.get("/can-bo/?view=named")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  ", "Ghi chú chưa có nội dung"),
        ("x" * 2001, "Ghi chú dài quá 2.000 ký tự"),
        ("@khong.co xem nhé", "Không nhắc được @khong.co"),
        ("@cttt xem nhé", "Không nhắc được @cttt"),  # cannot see the case, so is told nothing
    ],
)
def test_a_note_that_cannot_be_kept_says_why_and_keeps_its_words(
    app: Any, text: str, words: str
) -> None:
    case = house.make_case(app)
    house.desk(app, "cttt", "lead", "CTTT")
    page = note(house.desk(app), case, text, 422)
    assert words in page
    assert text.strip() in page


def test_an_address_in_a_note_names_nobody(app: Any) -> None:
    case = house.make_case(app)
    note(house.desk(app), case, "Thư gửi thcs@vi-du.edu.vn rồi")


def test_nobody_else_reads_or_writes_notes(app: Any) -> None:
    sealed, foreign = house.make_case(app, house.BRIBE), house.make_case(app, house.BULLYING)
    desk = house.desk(app)
    for case in (sealed, foreign):
        for part in ("ghi-chu", "lien-quan", "tra-loi-san"):
            desk.get(path(case, part), 404)
        desk.get("/can-bo/mat-khau")
        desk.post(path(case, "ghi-chu"), 404, note="x")
        desk.post(path(case, "dang-viet"), 404, text="x")


def test_notes_and_typed_words_of_a_sealed_case_are_kept_sealed(app: Any) -> None:
    sealed = house.make_case(app, house.BRIBE)
    officer = house.desk(app, "kenhmat", "confidential_officer", None)
    second = house.desk(app, "kenhmat2", "confidential_officer", None)
    page = f"/can-bo/y-kien/{sealed.code}"
    note(officer, sealed, "@kenhmat2 hỏi lại chuyện phong bì")
    officer.post(path(sealed, "dang-viet"), 204, text="Đã chuyển cho đoàn xác minh")
    assert "hỏi lại chuyện phong bì" in second.get(path(sealed, "ghi-chu"))
    assert sealed.code in second.get("/can-bo/?view=named")
    assert "Đã chuyển cho đoàn xác minh</textarea>" in officer.get(page)
    assert 'data-keep-in="tab"' in officer.get(page)
    assert "Đã chuyển cho đoàn" not in second.get(page)
    held = everything(house.services_of(app).store)
    assert [word for word in ("phong bì", "đoàn xác minh") if word in held] == []


def test_an_officer_whom_a_sealed_case_names_is_told_nothing_of_it(app: Any) -> None:
    sealed = house.make_case(app, house.BRIBE)
    officer = house.desk(app, "kenhmat", "confidential_officer", None)
    house.desk(app, "biennhan", "confidential_officer", None)
    with house.services_of(app).store.transaction() as tx:
        named = registry.staff_by_username(tx, "biennhan")
        assert named is not None
        unsealings.name(tx, sealed.id, [named.id])
    page = note(officer, sealed, "@biennhan xem nhé", 422)
    assert "Không nhắc được @biennhan" in page
    assert "[&#34;biennhan&#34;" not in page


# ---------------------------------------------------------------- related cases
def test_likely_duplicates_and_what_is_tied(app: Any) -> None:
    services = house.services_of(app)
    case = house.make_case(app)
    copied = house.make_case(app, "Kính gửi Sở. " + house.FEES + ". Xin cảm ơn.")
    retold = house.make_case(app, "Lớp con em cũng thu quỹ lớp 500 nghìn mà không phiếu")
    other = house.make_case(app, house.BULLYING)
    sealed = house.make_case(app, house.FEES + ", ông hiệu trưởng nhận tiền")
    with services.store.transaction() as tx:
        conversation = conversations.get(tx, case.conversation_id or "")
        second = receive.submit(
            tx, services, text="Việc khác hẳn: sân trường ngập nước", channel="web",
            now=builders.NOW, conversation=conversation,
        ).case  # fmt: skip
    page = house.desk(app, "vanphong", "coordinator", "VP").get(path(case, "lien-quan"))
    for wanted in (copied.code, retold.code, second.code, "gần như trùng", "cùng sự việc",
                   "cùng người gửi"):  # fmt: skip
        assert wanted in page, wanted
    for hidden in (other.code, sealed.code):
        assert hidden not in page
    officer = house.desk(app, "kenhmat", "confidential_officer", None)
    assert "Chưa thấy ý kiến nào" in officer.get(path(sealed, "lien-quan"))


def test_a_likely_duplicate_is_merged_with_one_press(app: Any) -> None:
    case = house.make_case(app)
    copied = house.make_case(app, "Kính gửi Sở. " + house.FEES + ". Xin cảm ơn.")
    desk = house.desk(app, "vanphong", "coordinator", "VP")
    page = desk.get(path(case, "lien-quan"))
    assert f"Gộp vào {copied.code}" in page
    assert f'name="merge_code" value="{copied.code}"' in page
    desk.act(case, "gop", merge_code=copied.code)
    assert house.reload(app, case).state == "merged"
    assert "đã gộp vào ý kiến này" in desk.get(path(copied, "lien-quan"))
    # Who may not merge is not offered it.
    handler = house.desk(app, "khtc.cv", "handler", "KHTC")
    third = house.make_case(app, house.FEES + ", cả lớp")
    page = handler.get(path(third, "lien-quan"))
    assert copied.code in page
    assert "Gộp vào" not in page


def test_approved_answers_are_offered(app: Any) -> None:
    question = house.make_case(app, "Năm 2026 thi tốt nghiệp THPT mấy môn ạ?")
    desk = house.desk(app)
    page = desk.get(path(question, "tra-loi-san"))
    assert "Nguồn: " in page
    assert 'data-put="text"' in page
    assert "chưa có mục nào" in desk.get(path(house.make_case(app, "Alo quỹ"), "tra-loi-san"))


# ---------------------------------------------------------------- words that are being typed
def test_what_is_typed_is_there_again_after_the_session_has_ended(
    app: Any, clock: builders.MovingClock
) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page = f"/can-bo/y-kien/{case.code}"
    desk.get(page)
    desk.post(path(case, "dang-viet"), 204, text="Sở đang kiểm tra <việc> này")
    desk.client.delete_cookie("session")
    again = house.sign_in(app, "khtc")
    assert "Sở đang kiểm tra &lt;việc&gt; này</textarea>" in again.get(page)
    other = house.desk(app, "vanphong", "coordinator", "VP")
    assert "Sở đang kiểm tra" not in other.get(page)  # unsent words belong to who typed them
    again.get(page)
    again.act(case, "tra-loi", text="Sở đã kiểm tra xong.")
    assert "Sở đang kiểm tra" not in again.get(page)


def test_what_is_typed_is_not_lost_when_a_colleague_was_faster(app: Any) -> None:
    case = house.make_case(app)
    desk, other = house.desk(app), house.desk(app, "vanphong", "coordinator", "VP")
    page = f"/can-bo/y-kien/{case.code}"
    desk.get(page)
    desk.post(path(case, "dang-viet"), 204, text="Số liệu đã đối chiếu: 24 em")
    other.act(case, "tra-loi", text="Sở đã trả lời.")
    assert "Số liệu đã đối chiếu: 24 em" in desk.get(page)
    assert "Số liệu đã đối chiếu" not in other.get(page)


def test_a_part_asked_for_after_the_session_has_ended_is_no_sign_in_page(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    desk.client.delete_cookie("session")
    answer = desk.client.get(path(case, "ghi-chu"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.data) == (401, b"")


def test_an_emptied_field_is_forgotten_and_too_much_is_refused(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    page = f"/can-bo/y-kien/{case.code}"
    desk.get(page)
    desk.post(path(case, "dang-viet"), 204, text="dở dang")
    desk.post(path(case, "dang-viet"), 204, text=" ")
    assert "dở dang" not in desk.get(page)
    assert (
        desk.client.post(
            path(case, "dang-viet"), data={"csrf_token": desk.token, "text": "x" * 8001}
        ).status_code
        == 413
    )


def test_a_template_with_a_hole_is_not_sent(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    desk.get(f"/can-bo/y-kien/{case.code}")
    page = desk.act(case, "tra-loi", 403, text="Gửi {ten_nguoi_gui}: đã xong.").get_data(
        as_text=True
    )
    assert "Mẫu còn chỗ chưa điền: {ten_nguoi_gui}" in page
    assert "Gửi {ten_nguoi_gui}: đã xong." in page


def test_the_case_page_asks_few_questions(app: Any) -> None:
    case = house.make_case(app)
    desk = house.desk(app)
    asked: list[str] = []
    engine = house.services_of(app).store.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    desk.get(f"/can-bo/y-kien/{case.code}")
    assert len([one for one in asked if one.lstrip().startswith("SELECT")]) <= 23
    with house.services_of(app).store.reading() as tx:
        assert registry.staff_by_username(tx, "khtc") is not None


def test_one_text_that_many_send_is_shown_as_one_group_and_hides_nobody(app: Any) -> None:
    text = (
        "Kính gửi Sở, đề nghị xem lại việc tăng học phí năm học mới tại trường THPT A Kim Bảng vì "
        "nhiều gia đình khó khăn, mong Sở sớm trả lời phụ huynh."
    )
    services = house.services_of(app)
    made = [
        builders.make_case(services, text=f"{text} Phụ huynh {name}.", channel="form").case
        for name in ("lớp 10A", "lớp 10B", "lớp 11C", "lớp 12D")
    ]
    desk = house.desk(app, "vanphong", "coordinator", "VP")
    page = desk.get(path(made[0], "lien-quan"))
    assert "Cùng một lời với 3 ý kiến khác" in page
    queue = desk.get("/can-bo/")
    for case in made:
        assert f'data-code="{case.code}"' in queue
    for case in made[1:]:
        assert case.code in page
