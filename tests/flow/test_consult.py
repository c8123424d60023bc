"""A consultation from the uploaded draft to the answers that everybody is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from intake_api.domain import consulting
from intake_api.domain.model import State
from intake_api.flow import answer, consult, consult_comment, consult_tell, status
from intake_api.flow.consult import By, Plan, Refused
from intake_api.flow.services import Services
from intake_api.reports import opinions
from intake_api.store import cases, consultations, events
from intake_api.store.consult_tables import Consultation
from intake_api.store.registers import Staff
from intake_api.store.tables import Case
from tests import builders
from tests.flow import drafts
from tests.flow.consult_house import PLAN, TODAY, Office
from tests.flow.desk import Desk, again, told
from tests.store.dump import everything

BASE = "https://lang-nghe.example"


@pytest.fixture
def office(services: Services, clock: builders.MovingClock) -> Office:
    return Office(services, clock)


def refused(work: Any, *args: Any, **given: Any) -> str:
    with pytest.raises(Refused) as error:
        work(*args, **given)
    return str(error.value)


def test_from_the_upload_to_the_answer_on_everybodys_channel(office: Office) -> None:
    services, made = office.services, office.opened()
    first = office.say(made, "Nên cho dạy thêm tới 21 giờ vì phụ huynh đón muộn", "Khoản 1 Điều 2")
    alike = office.say(
        made, "đề nghị cho dạy thêm tới 21 giờ vì phụ huynh đi làm về muộn", "Khoản 1 Điều 2",
        organisation="Trường THPT Chuyên Biên Hòa",
    )  # fmt: skip
    other = office.say(made, "Bỏ hẳn việc đăng ký với hiệu trưởng", "Khoản 2 Điều 2",
                       name="Nguyễn Thị Hoa", role="giao_vien", named=True)  # fmt: skip
    whole = office.say(made, "Quy định này nên lùi một năm", name="Trần Kín", role="phu_huynh")
    assert first.case.kind == consulting.KIND and first.case.unit == "GDTRH" and first.pin
    assert first.case.due_at is None
    places = [(row.place, row.subjects, row.count) for row in office.rows(made)]
    assert places == [
        ("Toàn dự thảo", "01 cá nhân (phụ huynh)", 1),
        ("Khoản 1 Điều 2", "Trường THPT Chuyên Biên Hòa; 01 cá nhân", 2),
        ("Khoản 2 Điều 2", "Nguyễn Thị Hoa (giáo viên)", 1),
    ]
    assert "chưa trình" in refused(office.do, made, consult.submit, office.lead)
    office.ahead(31)
    assert "Còn 3 nhóm" in refused(office.do, made, consult.submit, office.lead)
    office.answer_all(made, "partly")
    office.do(made, consult.submit, office.lead)
    assert told(services, first.case) == []  # nothing leaves before the leader has approved
    office.do(made, consult.publish, office.leader)
    assert consult_tell.work(services, BASE) == 4
    assert consult_tell.work(services, BASE) == 0
    for one in (first, alike, other, whole):
        case = again(services, one.case)
        (message,) = told(services, case)
        assert case.state == State.ANSWERED and case.code in message.text
        assert "Tiếp thu một phần" in message.text and f"{BASE}/du-thao/{made.id}" in message.text
    with services.store.reading() as tx:
        view = status.view(tx, services, again(services, other.case))
        assert list(events.verify(tx)) == []
    assert view.draft is not None and view.draft.place == "Khoản 2 Điều 2" and view.draft.group


def test_dates_that_run_backwards_or_are_over_are_refused(office: Office) -> None:
    for last, words in ((TODAY - timedelta(days=1), "từ ngày bắt đầu"), (None, "ngày hết hạn")):
        plan = Plan(PLAN.title, PLAN.unit, first=TODAY, last=last)
        assert words in refused(office.prepared, plan)
    past = Plan(PLAN.title, PLAN.unit, first=date(2026, 1, 1), last=date(2026, 2, 1))
    assert "đã qua" in refused(office.prepared, past)


def test_the_last_day_counts_until_midnight_in_ha_nam(office: Office) -> None:
    made = office.opened()
    assert consulting.last_day(made.closes_at) == TODAY + timedelta(days=30)
    assert made.closes_at.isoformat() == "2026-12-24T00:00:00+07:00"


def test_a_comment_after_the_closing_day_is_kept_and_marked(office: Office) -> None:
    made = office.opened()
    office.ahead(32)
    late = office.say(made, "Nên bỏ khoản này", "Khoản 1 Điều 2")
    (row,) = office.rows(made)
    assert (row.count, row.late) == (1, 1)
    with office.services.store.reading() as tx:
        found = consultations.opinion(tx, late.case.id)
    assert found is not None and found.late


def test_what_comes_when_the_answers_stand_is_answered_by_itself(office: Office) -> None:
    made = office.opened()
    office.say(made, "Nên bỏ khoản này", "Khoản 1 Điều 2")
    office.published(made)
    late = office.say(made, "Tôi vừa đọc, không đồng ý", "Khoản 1 Điều 2")
    assert len(office.rows(made)) == 1 and office.rows(made)[0].count == 1
    consult_tell.work(office.services, BASE)
    assert again(office.services, late.case).state == State.ROUTED


def test_what_came_in_while_a_leader_read_is_sorted_when_it_is_given_back(office: Office) -> None:
    made = office.opened()
    office.say(made, "Nên bỏ khoản này", "Khoản 1 Điều 2")
    office.ahead(31)
    office.answer_all(made)
    office.do(made, consult.submit, office.lead)
    office.say(made, "Mức thu phải ghi rõ ràng", "Điều 1")
    assert len(office.rows(made)) == 1
    assert "Ghi lý do" in refused(office.do, made, consult.give_back, office.leader, reason=" ")
    office.do(made, consult.give_back, office.leader, reason="Viết rõ hơn")
    assert len(office.rows(made)) == 2
    assert office.again(made).state == "announced"


def test_sealed_words_never_stand_in_a_consultation(office: Office) -> None:
    made = office.opened()
    words = "Tôi tố cáo ông hiệu trưởng nhận hối lộ 50 triệu để duyệt nơi dạy thêm"
    sealed = office.say(made, words, "Khoản 2 Điều 2")
    assert sealed.case.confidential
    assert office.rows(made) == ()
    # One that is sealed later goes the same way, and its words with it.
    open_one = office.say(made, "Nên ghi rõ ai kiểm tra", "Điều 3", organisation="Tổ Kín Tiếng")
    assert not open_one.case.confidential and len(office.rows(made)) == 1
    Desk(office.services, "dieuphoi", "coordinator", "VP").do(answer.seal, open_one.case)
    assert office.rows(made) == ()
    assert "Kín Tiếng" not in everything(office.services.store)


def test_who_takes_an_opinion_back_stands_in_the_table_no_more(office: Office) -> None:
    from intake_api.flow import citizen

    made = office.opened()
    one = office.say(made, "Nên bỏ khoản này", "Khoản 1 Điều 2")
    with office.services.store.transaction() as tx:
        case = cases.by_id(tx, one.case.id, lock=True)
        assert case is not None
        citizen.withdraw(tx, office.services, case, now=office.services.now())
    assert office.rows(made) == ()


def test_sent_twice_is_kept_once(office: Office) -> None:
    made = office.opened()
    first = office.say(made, "Nên bỏ khoản này", "Khoản 1 Điều 2")
    second = office.say(made, "Nên bỏ khoản này", "Khoản 1 Điều 2")
    assert first.case.id == second.case.id
    assert office.rows(made)[0].count == 1


def test_groups_are_split_and_merged_by_hand(office: Office) -> None:
    made = office.opened()
    said = [
        office.say(made, f"Nên cho dạy thêm tới 21 giờ ở lớp {number}", "Khoản 1 Điều 2").case.id
        for number in (6, 7, 8)
    ]
    (row,) = office.rows(made)
    with office.services.store.reading() as tx:
        whole = consultations.clauses(tx, made.id)[-1]
    office.do(made, _regroup, office.hand, cases=said[:1], target=None, clause_id=whole.id)
    assert [(one.place, one.count) for one in office.rows(made)] == [
        ("Khoản 1 Điều 2", 2), (whole.place, 1),
    ]  # fmt: skip
    target = row.group
    office.do(made, _regroup, office.hand, cases=said[:1], target=target)
    assert [one.count for one in office.rows(made)] == [3]
    assert "chỉ xem" in refused(office.do, made, _regroup, office.other, cases=said, target=target)
    assert "ít nhất một" in refused(office.do, made, _regroup, office.hand, cases=[], target=target)


def _regroup(
    tx: Any, found: Consultation, by: By, *, cases: list[int], target: int | None,
    clause_id: int | None = None,
) -> None:  # fmt: skip
    group = consultations.group(tx, target) if target else None
    consult.regroup(tx, found, by, cases=cases, target=group, clause_id=clause_id)


def test_each_step_is_for_those_it_belongs_to(office: Office) -> None:
    made = office.prepared()
    assert "Lãnh đạo đơn vị" in refused(office.do, made, consult.announce, office.hand)
    assert "Lãnh đạo đơn vị" in refused(office.do, made, consult.announce, office.other)
    office.do(made, consult.announce, office.lead)
    assert "đã công bố" in refused(office.do, made, consult.announce, office.lead)
    office.say(made, "Nên bỏ khoản này", "Khoản 1 Điều 2")
    office.ahead(31)
    assert "Đơn vị soạn thảo" in refused(office.do, made, consult.submit, office.other)
    office.answer_all(made)
    assert "Không có gì chờ duyệt" in refused(office.do, made, consult.publish, office.leader)
    office.do(made, consult.submit, office.lead)
    assert "Lãnh đạo Sở duyệt" in refused(office.do, made, consult.publish, office.lead)


def test_an_announced_draft_keeps_its_text_and_never_closes_earlier(office: Office) -> None:
    made = office.opened()
    draft = consult.read_draft(office.services, "moi.docx", drafts.write(["Điều 1. Khác"]))
    later = Plan(PLAN.title, PLAN.unit, PLAN.basis, TODAY, TODAY + timedelta(days=40))
    sooner = Plan(PLAN.title, PLAN.unit, PLAN.basis, TODAY, TODAY + timedelta(days=20))

    def change(tx: Any, found: Any, by: By, plan: Plan, draft: Any = None) -> None:
        consult.change(tx, office.services, found, plan, by, draft)

    assert "lùi về sau" in refused(office.do, made, change, office.hand, plan=sooner)
    assert "không thay tệp" in refused(
        office.do, made, change, office.hand, plan=later, draft=draft
    )
    office.do(made, change, office.hand, plan=later)
    assert consulting.last_day(office.again(made).closes_at) == TODAY + timedelta(days=40)


def test_a_draft_in_preparation_is_replaced_whole(office: Office) -> None:
    made = office.prepared()
    draft = consult.read_draft(office.services, "moi.docx", drafts.write(["Điều 1. Khác"]))
    office.do(
        made,
        lambda tx, found, by: consult.change(tx, office.services, found, PLAN, by, draft),
        office.hand,
    )
    with office.services.store.reading() as tx:
        assert [one.place for one in consultations.clauses(tx, made.id)] == ["Điều 1"]


def test_a_letter_of_an_office_is_typed_in(office: Office) -> None:
    made = office.opened()
    with office.services.store.transaction() as tx:
        found = consultations.get(tx, made.id)
        assert found is not None
        case = consult_comment.from_letter(
            tx, office.services, found, None, text="Nhất trí với dự thảo.",
            organisation="UBND xã Thanh Hà", staff_id=office.hand.id, now=office.services.now(),
        )  # fmt: skip
    assert office.rows(made)[0].subjects == "UBND xã Thanh Hà"
    office.published(made)
    consult_tell.work(office.services, BASE)
    assert again(office.services, case).state == State.ANSWERED


def test_a_remark_in_the_margin_keeps_the_file_in_the_house(office: Office) -> None:
    made = office.prepared(data=drafts.edited())
    with office.services.store.reading() as tx:
        assert not consultations.has_file(tx, made.id)
        assert consultations.draft_file(tx, made.id) is None
    assert any("track changes" in words for words in made.warnings)


def test_an_erased_opinion_is_gone_and_the_rest_stays(office: Office) -> None:
    from intake_api.store import erasing

    made = office.opened()
    one = office.say(made, "Nên bỏ khoản này", "Khoản 1 Điều 2", organisation="Tổ Toán")
    with office.services.store.transaction() as tx:
        case = tx.get_one(Case, one.case.id)
        erasing.take_out(tx, case)
        case.state = State.ERASED
    assert office.rows(made) == ()
    with office.services.store.reading() as tx:
        assert consultations.opinion(tx, one.case.id) is None


def test_the_period_opens_by_itself(office: Office) -> None:
    plan = Plan(PLAN.title, PLAN.unit, "", TODAY + timedelta(days=2), TODAY + timedelta(days=9))
    made = office.opened(plan=plan)
    assert office.again(made).opened_at is None
    office.ahead(2)
    consult_tell.work(office.services, BASE)
    assert office.again(made).opened_at is not None


def test_people_are_told_when_it_is_their_turn(office: Office) -> None:
    from intake_api.flow import reminding
    from intake_api.store import notices

    def told_to(who: Staff) -> list[str]:
        with office.services.store.reading() as tx:
            return [notice.words or "" for notice, _case in notices.of_person(tx, who.id)]

    made = office.opened()
    office.say(made, "Nên bỏ khoản này", "Khoản 1 Điều 2")
    with office.services.store.transaction() as tx:
        reminding.from_events(tx, now=office.services.now())
    assert told_to(office.lead) == []  # each comment by itself is nobody's news
    office.ahead(31)
    for _ in range(2):
        consult_tell.work(office.services, BASE)
    assert ["hết hạn góp ý" in one for one in told_to(office.lead)] == [True]
    office.answer_all(made)
    office.do(made, consult.submit, office.lead)
    assert "chờ duyệt" in told_to(office.leader)[0]
    office.do(made, consult.give_back, office.leader, reason="Viết rõ hơn")
    assert "trả lại" in told_to(office.lead)[0]


def test_the_queue_holds_them_for_who_asks_for_their_kind(office: Office) -> None:
    from intake_api.domain.access import Scope
    from intake_api.store import queue

    made = office.opened()
    one = office.say(made, "Nên bỏ khoản này", "Khoản 1 Điều 2").case
    scope = Scope(sealed=False, units=("GDTRH",), staff_id=office.hand.id)

    def listed(**wanted: Any) -> list[str]:
        with office.services.store.reading() as tx:
            page = queue.page(tx, scope, queue.Filter(**wanted), now=office.services.now())
            counted = queue.counts(
                tx, scope, staff_id=office.hand.id, unit="GDTRH", now=office.services.now(),
                until=office.services.now(),
            )  # fmt: skip
            assert (counted.open > 0) == bool(page.cases) or wanted
        return [case.code for case in page.cases]

    assert listed(state="open") == []
    assert listed(kind="draft_comment") == listed(code=one.code) == [one.code]
    # Without its consultation it is a case like any other.
    office.do(made, consult.withdraw, office.lead, reason="Soạn lại")
    assert listed(state="open") == [one.code]


def test_words_that_name_a_draft_are_taken_in_from_a_letter(office: Office) -> None:
    from intake_api.channels.mail_letter import read
    from intake_api.flow import mail
    from tests.mail_house import USER, letter

    made = office.opened()
    for text in ("Góp ý dự thảo dạy thêm: Điều 3 nên quy định rõ mức phạt.",
                 "Góp ý dự thảo thông tư học bạ số: thời hạn lưu quá ngắn."):  # fmt: skip
        with office.services.store.transaction() as tx:
            raw = letter(text, subject="Góp ý", message_id=f"<{len(text)}@vidu.example>")
            mail.take(tx, office.services, read(raw, own=USER), now=office.services.now())
    (row,) = office.rows(made)
    assert (row.place, row.count) == ("Điều 3", 1)


def test_marks_that_no_document_can_hold_break_no_table(office: Office) -> None:
    made = office.opened()
    office.say(made, "Nên bỏ\x0b khoản\x1f này 😀", "Khoản 1 Điều 2", organisation="Tổ\x07 Văn")
    office.published(made)
    with office.services.store.reading() as tx:
        table = opinions.gather(tx, office.again(made))
    assert table.rows[0].said == "Nên bỏ khoản này 😀" and table.rows[0].subjects == "Tổ Văn"
    file = opinions.docx(table, office.services.catalog, now=office.services.now())
    assert file[:2] == b"PK"
    assert opinions.xlsx(table)[:2] == b"PK"


def test_a_draft_on_which_nobody_spoke_is_published_as_well(office: Office) -> None:
    made = office.opened()
    office.published(made)
    with office.services.store.reading() as tx:
        table = opinions.gather(tx, office.again(made))
    file = opinions.docx(table, office.services.catalog, now=office.services.now())
    assert table.rows == () and file[:2] == b"PK"
