"""Approving, extending, forwarding, bouncing, merging and parting."""

from __future__ import annotations

import pytest

from intake_api.domain.workflow import TransitionNotAllowed
from intake_api.flow import acting, answer, citizen, extending, merging, outside, status, waiting
from intake_api.flow.services import Services
from intake_api.store import cases, events, ledgers
from intake_api.store.tables import Case
from tests.builders import NOW, make_case
from tests.flow.desk import Desk, actions, again, told


@pytest.fixture
def lead(services: Services) -> Desk:
    return Desk(services, "khtc", "lead", "KHTC")


@pytest.fixture
def coordinator(services: Services) -> Desk:
    return Desk(services, "vanphong", "coordinator", "VP")


def test_who_drafted_does_not_approve(services: Services) -> None:
    boss = Desk(services, "vp", "lead", "VP")
    writer = Desk(services, "vp.cv", "handler", "VP")
    sorter = Desk(services, "vanphong", "coordinator", "VP")
    case = make_case(services, kind="complaint").case
    with pytest.raises(acting.NotAllowed, match="Chưa có bản soạn"):
        boss.do(answer.approve, case)
    boss.do(answer.draft_answer, case, text="Dự thảo.")
    with pytest.raises(acting.NotAllowed, match="không tự duyệt"):
        boss.do(answer.approve, case)
    writer.do(answer.draft_answer, case, text="Dự thảo.")
    with pytest.raises(TransitionNotAllowed):
        sorter.do(answer.approve, case)
    # The coordinator sends simple answers only; this one needs the approval first.
    with pytest.raises(acting.NotAllowed, match="được lãnh đạo đơn vị duyệt"):
        sorter.do(answer.reply, case, text="Dự thảo.")
    assert boss.do(answer.approve, case).state == "answer_approved"
    assert sorter.do(answer.reply, case, text="Dự thảo.").state == "answered"
    assert "Dự thảo." in told(services, case)[-1].text


def test_a_new_draft_needs_a_new_approval(services: Services) -> None:
    boss = Desk(services, "vp", "lead", "VP")
    writer = Desk(services, "vp.cv", "handler", "VP")
    case = make_case(services, kind="complaint").case
    writer.do(answer.draft_answer, case, text="Bản một.")
    boss.do(answer.approve, case)
    boss.do(answer.draft_answer, case, text="Bản hai.")
    with pytest.raises(acting.NotAllowed):
        boss.do(answer.reply, case, text="Bản hai.")


def test_extending_follows_catalogue_and_role(services: Services) -> None:
    boss = Desk(services, "vp", "lead", "VP")
    writer = Desk(services, "vp.cv", "handler", "VP")
    director = Desk(services, "lanhdao", "leader", None)
    case = make_case(services, kind="complaint").case
    due = case.due_at
    with pytest.raises(acting.NotAllowed, match="Cần ghi lý do"):
        boss.do(extending.give, case, reason=" ")
    with pytest.raises(acting.NotAllowed, match="không gia hạn"):
        writer.do(extending.give, case, reason="phức tạp")
    writer.do(extending.ask, case, reason="phải đi xác minh")
    with pytest.raises(acting.NotAllowed, match="Đã có đề nghị"):
        writer.do(extending.ask, case, reason="lần nữa")
    # The lead agrees with the reason that stands there.
    case = boss.do(extending.give, case, reason="")
    assert due is not None and case.due_at is not None
    assert f"{due:%Y-%m-%d} {case.due_at:%Y-%m-%d}" == "2026-12-23 2027-01-07"
    assert "hạn trả lời mới là 17h00 thứ Năm, 7/1/2027" in told(services, case)[-1].text
    assert "xác minh" not in told(services, case)[-1].text
    with pytest.raises(acting.NotAllowed, match="hết số lần"):
        director.do(extending.give, case, reason="thêm nữa")


def test_a_lead_extends_once_then_the_leader(services: Services) -> None:
    officer = Desk(services, "kenhmat", "confidential_officer", None)
    case = make_case(services, kind="denunciation").case
    days = []
    for _ in range(2):
        case = officer.do(extending.give, case, reason="phức tạp")
        assert case.due_at is not None
        days.append(f"{case.due_at:%Y-%m-%d}")
    # 30 days each, moved off the days of rest.
    assert days == ["2027-01-22", "2027-02-22"]
    with pytest.raises(acting.NotAllowed, match="hết số lần"):
        officer.do(extending.give, case, reason="lần ba")


def test_kinds_without_extension_have_none(services: Services, lead: Desk) -> None:
    case = make_case(services).case
    with pytest.raises(acting.NotAllowed, match="không được gia hạn"):
        lead.do(extending.give, case, reason="bận")


def test_forwarding_names_the_agency_and_tells_the_sender(services: Services, lead: Desk) -> None:
    case = make_case(services).case
    with pytest.raises(acting.NotAllowed, match="cơ quan"):
        lead.do(outside.forward, case, agency="", reason="x")
    case = lead.do(outside.forward, case, agency="Sở Nội vụ", reason="ngoài ngành")
    assert (case.state, case.forwarded_to, case.closed_at) == (
        "forwarded_outside", "Sở Nội vụ", NOW,
    )  # fmt: skip
    assert "Sở Nội vụ" in told(services, case)[-1].text
    assert "ngoài ngành" not in told(services, case)[-1].text
    with services.store.reading() as tx:
        assert status.view(tx, services, case).state_label == "Đã chuyển Sở Nội vụ theo thẩm quyền"


def test_after_three_bounces_the_coordinator_decides(
    services: Services, lead: Desk, coordinator: Desk
) -> None:
    other = Desk(services, "tccb", "lead", "TCCB")
    case = lead.do(answer.transfer, make_case(services).case, unit="TCCB", reason="tổ chức")
    case = other.do(answer.transfer, case, unit="KHTC", reason="tài chính")
    case = lead.do(answer.transfer, case, unit="TCCB", reason="không phải")
    # The third one does not reach the unit that was wished for.
    assert (case.unit, case.state, case.bounces) == ("VP", "triaged", 3)
    case = coordinator.do(answer.transfer, case, unit="KHTC", reason="Văn phòng quyết định")
    assert (case.unit, case.bounces) == ("KHTC", 3)
    for move, given in ((answer.transfer, {"unit": "TCCB"}), (answer.give_back, {})):
        with pytest.raises(acting.NotAllowed, match="điều phối"):
            lead.do(move, case, reason="vẫn không phải", **given)


def test_a_handler_gives_back_with_a_reason_and_does_not_route(
    services: Services, lead: Desk
) -> None:
    handler = Desk(services, "khtc.cv", "handler", "KHTC")
    case = make_case(services).case
    with pytest.raises(TransitionNotAllowed):
        handler.do(answer.transfer, case, unit="TCCB", reason="không phải")
    with pytest.raises(acting.NotAllowed, match="lý do"):
        handler.do(answer.give_back, case, reason="")
    case = handler.do(answer.give_back, case, reason="không đúng thẩm quyền")
    assert (case.unit, case.state, case.bounces) == ("VP", "triaged", 1)


def test_a_unit_named_in_the_case_is_never_its_recipient(
    services: Services, coordinator: Desk
) -> None:
    text = "Phòng Tổ chức cán bộ bao che sai phạm trong tuyển dụng, tôi phản ánh việc này"
    case = make_case(services, text=text, kind="criticism").case
    assert case.unit != "TCCB"
    with pytest.raises(acting.NotAllowed, match="bị nêu"):
        coordinator.do(answer.transfer, case, unit="TCCB", reason="nhân sự")


def test_a_case_is_not_given_back_to_the_office_that_it_names(
    services: Services, lead: Desk
) -> None:
    text = "Văn phòng Sở gây khó dễ khi nộp khoản thu quỹ lớp, tôi phản ánh việc này"
    case = make_case(services, text=text, kind="criticism").case
    assert case.unit != "VP"
    with services.store.transaction() as tx:
        tx.merge(case).unit = "KHTC"
    assert lead.do(answer.give_back, case, reason="không đúng thẩm quyền").unit == "TCCB"


def two(services: Services) -> tuple[Case, Case]:
    return make_case(services).case, make_case(services, channel="messenger").case


def test_everybody_whose_case_was_merged_gets_the_answer(services: Services, lead: Desk) -> None:
    first, second = two(services)
    third = make_case(services).case
    lead.do(merging.merge, third, into=second)
    merged = lead.do(merging.merge, second, into=first)
    assert merged.state == "merged"
    lead.do(answer.reply, first, text="Đã trả lại tiền.")
    for case in (first, second, third):
        last = told(services, case)[-1].text
        assert "Đã trả lại tiền." in last and case.code in last
    assert actions(services, first).count("merged_in") == 1


def test_parting_restores_what_was(services: Services, lead: Desk) -> None:
    first, second = two(services)
    second = lead.do(answer.take, second)
    due, holder = second.due_at, second.assignee_id
    lead.do(merging.merge, second, into=first)
    with pytest.raises(TransitionNotAllowed):
        lead.do(answer.take, second)
    second = lead.do(merging.unmerge, second)
    assert (second.state, second.due_at, second.assignee_id) == ("in_progress", due, holder)
    assert second.closed_at is None
    lead.do(answer.reply, first, text="Chỉ cho người thứ nhất.")
    assert "Chỉ cho" not in told(services, second)[-1].text
    lead.do(answer.reply, second, text="Riêng cho người thứ hai.")
    assert "Riêng cho" in told(services, second)[-1].text


def test_who_waits_and_is_merged_goes_on_when_parted(services: Services, lead: Desk) -> None:
    first, second = two(services)
    second = lead.do(answer.take, second)
    lead.do(waiting.ask_citizen, second, question="Lớp nào?")
    second = lead.do(merging.merge, second, into=first)
    assert second.paused_at is None
    assert lead.do(merging.unmerge, second).state == "in_progress"


@pytest.mark.parametrize("case", ["itself", "circle", "ended", "lane"])
def test_merges_that_cannot_be(services: Services, lead: Desk, case: str) -> None:
    first, second = two(services)
    if case == "itself":
        with pytest.raises(acting.NotAllowed, match="chính nó"):
            lead.do(merging.merge, first, into=first)
    elif case == "circle":
        lead.do(merging.merge, second, into=first)
        with pytest.raises(acting.NotAllowed, match="đang được gộp"):
            lead.do(merging.merge, first, into=second)
    elif case == "ended":
        lead.do(answer.close, first, outcome="noted")
        with pytest.raises(acting.NotAllowed, match="không còn mở"):
            lead.do(merging.merge, second, into=first)
    else:
        sealed = make_case(services, kind="denunciation").case
        with pytest.raises(KeyError):
            lead.do(merging.merge, second, into=sealed)


def test_a_withdrawal_does_not_end_what_others_told_too(services: Services, lead: Desk) -> None:
    first, second = two(services)
    lead.do(merging.merge, second, into=first)
    with services.store.transaction() as tx:
        found = cases.by_id(tx, first.id, lock=True)
        assert found is not None
        assert not citizen.withdraw(tx, services, found, now=NOW)
    assert again(services, first).state == "routed"


def test_what_others_follow_is_no_spam(services: Services, lead: Desk) -> None:
    first, second = two(services)
    lead.do(merging.merge, second, into=first)
    with pytest.raises(acting.NotAllowed, match="tách những ý kiến đó ra"):
        lead.do(answer.reject_spam, first)
    lead.do(merging.unmerge, second)
    assert lead.do(answer.reject_spam, first).state == "rejected_spam"


def test_every_new_move_is_in_the_chain(services: Services, lead: Desk) -> None:
    first, second = two(services)
    lead.do(merging.merge, second, into=first)
    lead.do(merging.unmerge, second)
    lead.do(outside.forward, second, agency="Sở Nội vụ", reason="ngoài ngành")
    with services.store.reading() as tx:
        assert list(events.verify(tx)) == []
        assert ledgers.followers(tx, first.id) == []
    assert actions(services, second) == ["received", "merge", "unmerge", "forward_outside"]
