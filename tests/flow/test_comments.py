"""Comments below the Page's posts, from the platform's events to what is said and put on record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from intake_api.flow import comments
from intake_api.flow.services import Services
from intake_api.store import Store, cases, conversations, pages
from intake_api.store.page_tables import PageComment
from intake_api.store.tables import Case, Conversation, Message, RawEvent
from tests.builders import MovingClock
from tests.flow.page import Page

FEES = "trường THPT A Kim Bảng thu quỹ lớp 500 nghìn không có phiếu thu, đề nghị kiểm tra"
VAGUE = "thu tiền vô lý quá"
BRIBE = "ông hiệu trưởng nhận tiền chạy lớp chọn của phụ huynh"
DANGER = "cháu bị bố đánh chảy máu đầu, cứu cháu với"
ASKED = "cho em hỏi điểm liệt thi tốt nghiệp là bao nhiêu ạ"
NAMED = "cô Lan lớp 3A dạy chậm, giao bài tập quá nhiều cho các con"


@pytest.fixture
def page(services: Services, clock: MovingClock) -> Iterator[Page]:
    made = Page(services, clock)
    yield made
    made.close()


def kept(store: Store, name: str) -> PageComment:
    with store.reading() as tx:
        found = pages.by_remote(tx, name)
        assert found is not None
        return found


def all_cases(store: Store) -> list[Case]:
    with store.reading() as tx:
        return list(tx.query(Case).order_by(Case.id).all())


def test_a_sure_question_is_answered_below_the_comment_with_its_source(page: Page) -> None:
    name = page.comment(ASKED)
    (answer,) = page.below(name)
    assert "1,0" in answer and "Nguồn:" in answer and "Trợ lý tự động" in answer
    assert page.private() == []
    assert all_cases(page.services.store) == []


def test_a_question_without_a_sure_answer_is_taken_to_private_once(page: Page) -> None:
    name = page.comment("bao giờ có lịch nghỉ Tết ad ơi")
    assert page.below(name) == []
    (invitation,) = page.private()
    assert "trợ lý tự động của Sở" in invitation
    assert kept(page.services.store, name).look == "unanswered"
    # A second unsure word in the same thread the same day is no second invitation.
    page.comment("lịch nghỉ Tết mấy ngày vậy", parent=name)
    assert len(page.private()) == 1


def test_feedback_becomes_a_case_and_its_receipt_goes_in_private(page: Page) -> None:
    name = page.comment(FEES)
    (case,) = all_cases(page.services.store)
    assert (case.channel, case.text) == ("comment", FEES)
    assert kept(page.services.store, name).case_id == case.id
    (receipt,) = page.private()
    assert case.code in receipt and "PIN" in receipt
    assert page.below(name) == []
    # From now on she is known in Messenger, and the case goes on there.
    with page.services.store.reading() as tx:
        talk = conversations.get(tx, case.conversation_id or "")
    assert talk is not None
    assert (talk.channel, talk.external_id) == ("messenger", "psid-4004")


@pytest.mark.parametrize(("words", "kind"), [(DANGER, "child_protection"), (BRIBE, "denunciation")])
def test_danger_and_accusations_are_met_in_private_and_nothing_is_said_in_public(
    page: Page, words: str, kind: str
) -> None:
    name = page.comment(words)
    (case,) = all_cases(page.services.store)
    assert (case.kind, case.confidential) == (kind, True)
    (said,) = page.private()
    assert ("111" in said.splitlines()[0]) == (kind == "child_protection")
    assert "hiệu trưởng" not in said
    assert page.below(name) == []
    assert kept(page.services.store, name).sealed
    with page.services.store.reading() as tx:
        assert pages.listing(tx, sealed=False, look=False) == []


def test_a_comment_that_names_somebody_is_moved_to_private_and_staff_are_told(page: Page) -> None:
    name = page.comment(NAMED)
    assert page.below(name) == []
    assert "nêu tên" in page.private()[0]
    assert kept(page.services.store, name).look == "named"


@pytest.mark.parametrize(
    "words",
    [
        "hóng",
        "Hoa ơi vào xem nè",
        "Chúc mừng các thầy cô",
        "😀😀",
        "bán sách giáo khoa giá rẻ inbox",
    ],
)
def test_chatter_is_only_kept(page: Page, words: str) -> None:
    name = page.comment(words)
    assert page.below(name) == page.private() == []
    assert all_cases(page.services.store) == []
    assert kept(page.services.store, name).text == words


def test_the_pages_own_comments_and_posts_are_context_and_nobody_is_answered(page: Page) -> None:
    page.twin.wall.comments.clear()
    post = page.twin.wall.add("1001", "Thông báo lịch thi", comment_id="1001_9", post_id="1001_9")
    post.is_post = True
    page.tell(page.twin.wall.event("1001_9", "add"))
    own = page.comment(FEES, author="1001", post_id="9")
    with page.services.store.reading() as tx:
        found = pages.post(tx, "1001_9")
        assert found is not None and found.text == "Thông báo lịch thi"
    assert kept(page.services.store, own).by_page
    assert all_cases(page.services.store) == []


def test_an_edit_is_a_new_version_and_danger_in_it_is_met(page: Page) -> None:
    name = page.comment("hóng")
    page.change(name, "edited", DANGER)
    found = kept(page.services.store, name)
    with page.services.store.reading() as tx:
        assert [one.text for one in pages.versions(tx, found.id)] == ["hóng", DANGER]
    assert "111" in page.private()[0]
    page.change(name, "edited", DANGER)
    assert len(page.private()) == 1


def test_an_edit_of_what_is_on_record_is_more_of_the_same_case(page: Page) -> None:
    name = page.comment(FEES)
    page.change(name, "edited", FEES + " ngay trong tuần này")
    (case,) = all_cases(page.services.store)
    with page.services.store.reading() as tx:
        said = [m.text for m in cases.messages(tx, case) if m.direction == "in"]
    assert said == [FEES, FEES + " ngay trong tuần này"]
    assert len(page.private()) == 1


def words_anywhere(store: Store, words: str) -> bool:
    with store.reading() as tx:
        everything = [
            *(str(row.body) for row in tx.query(RawEvent)),
            *(row.text for row in tx.query(Message)),
            *(row.text for row in tx.query(PageComment)),
            *(f"{row.text} {row.text_masked} {row.folded}" for row in tx.query(Case)),
            *(v.text for row in tx.query(PageComment) for v in pages.versions(tx, row.id)),
        ]
    return any(words in one for one in everything)


def test_a_removed_comment_leaves_a_tombstone_and_no_word(page: Page) -> None:
    name = page.comment(VAGUE + " bí mật này")
    page.change(name, "edited", VAGUE + " bí mật kia")
    page.change(name, "remove")
    found = kept(page.services.store, name)
    assert found.removed_at is not None
    assert not words_anywhere(page.services.store, "bí mật")
    # A late repeat of the words brings nothing back.
    page.twin.wall.comments[name].removed = False
    page.tell(page.twin.wall.event(name, "edited"))
    assert not words_anywhere(page.services.store, "bí mật")


def test_taking_the_comment_back_takes_back_a_case_that_nobody_has_touched(page: Page) -> None:
    name = page.comment(FEES)
    page.change(name, "remove")
    (case,) = all_cases(page.services.store)
    assert case.state == "withdrawn"
    assert not words_anywhere(page.services.store, "phiếu thu")


def test_what_is_sealed_or_gone_on_with_stays_on_record(page: Page) -> None:
    sealed = page.comment(BRIBE)
    page.change(sealed, "remove")
    gone_on = page.comment(FEES, author="5005")
    page.tell(page.twin.text("psid-5005", "có thêm ảnh phiếu thu"), where="messaging")
    page.change(gone_on, "remove")
    first, second = all_cases(page.services.store)
    assert (first.text, second.text) == (BRIBE, FEES)
    assert "withdrawn" not in (first.state, second.state)
    assert kept(page.services.store, sealed).text == ""


def test_events_in_the_wrong_order_end_in_the_same_state(page: Page) -> None:
    made = page.twin.wall.add("4004", "bản đầu")
    first = page.twin.wall.event(made.id, "add")
    made.text = "bản sau cùng"
    page.clock.at += timedelta(minutes=1)
    page.tell(page.twin.wall.event(made.id, "edited"))
    page.clock.at += timedelta(minutes=1)
    page.tell(first)
    found = kept(page.services.store, made.id)
    assert found.text == "bản sau cùng"
    other = page.twin.wall.add("4004", "đã gỡ trước khi tới")
    late = page.twin.wall.event(other.id, "add")
    page.tell(page.twin.wall.event(other.id, "remove"))
    page.tell(late)
    assert kept(page.services.store, other.id).text == ""
    assert not words_anywhere(page.services.store, "đã gỡ trước")


def test_hidden_and_shown_again_is_noted(page: Page) -> None:
    name = page.comment("hóng")
    page.change(name, "hide")
    assert kept(page.services.store, name).hidden
    page.change(name, "unhide")
    assert not kept(page.services.store, name).hidden


def test_a_comment_older_than_a_week_is_no_longer_answered_in_private(page: Page) -> None:
    made = page.twin.wall.add("4004", FEES)
    event = page.twin.wall.event(made.id, "add")
    page.clock.at += timedelta(days=8)
    page.tell(event)
    (case,) = all_cases(page.services.store)
    assert page.private() == []
    with page.services.store.reading() as tx:
        (held,) = [m for m in cases.messages(tx, case) if m.direction == "out"]
    assert held.state == "held"


def test_what_waited_for_her_goes_out_when_she_writes(page: Page) -> None:
    page.comment(FEES)
    (case,) = all_cases(page.services.store)
    with page.services.store.transaction() as tx:
        talk = tx.get_one(Conversation, case.conversation_id)
        conversations.add_outbound(
            tx, talk, text="Sở trả lời", payload=None, author="staff", now=page.clock.at,
            case_id=case.id,
        )  # fmt: skip
    page.send()
    assert "Sở trả lời" not in page.private()
    page.tell(page.twin.text("psid-4004", "sở trả lời chưa"), where="messaging")
    assert "Sở trả lời" in page.private()


def test_a_comment_that_meta_says_was_answered_before_waits_for_the_person(page: Page) -> None:
    made = page.twin.wall.add("4004", FEES)
    made.replied = True
    page.tell(page.twin.wall.event(made.id, "add"))
    assert page.twin.refused == [10900]
    assert kept(page.services.store, made.id).replied_at is not None
    page.send()
    assert page.twin.refused == [10900]


def test_a_long_answer_in_private_is_cut_and_its_rest_waits(page: Page, clock: MovingClock) -> None:
    made = page.twin.wall.add("4004", "hóng")
    page.tell(page.twin.wall.event(made.id, "add"))
    found = kept(page.services.store, made.id)
    with page.services.store.transaction() as tx:
        talk = tx.get_one(Conversation, found.conversation_id)
        long = "Một câu dài về quy định. " * 150
        conversations.add_outbound(
            tx, talk, text=long, payload={"comment": found.id}, author="staff", now=clock.at
        )
    page.send()
    (first,) = page.private()
    assert len(first) <= 2000 and "Phần còn lại" in first
    page.tell(page.twin.text("psid-4004", "gửi tiếp đi"), where="messaging")
    assert "".join(page.private()).count("Một câu dài") == 150


@pytest.mark.parametrize("words", [VAGUE])
def test_who_does_not_answer_the_invitation_is_put_on_record_a_day_later(
    page: Page, words: str
) -> None:
    name = page.comment(words)
    assert len(page.private()) == 1
    page.clock.at += timedelta(hours=23)
    for hours, count in ((0, 0), (2, 1), (0, 0)):
        page.clock.at += timedelta(hours=hours)
        with page.services.store.transaction() as tx:
            done = comments.record_unanswered(tx, page.services, now=page.clock.at)
        assert done == count
    (case,) = all_cases(page.services.store)
    assert kept(page.services.store, name).case_id == case.id
    assert case.kind == "criticism"
