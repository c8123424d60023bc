from __future__ import annotations

from datetime import timedelta

import pytest

from intake_api.domain.access import Scope, scope
from intake_api.flow import acting, answer, merging, unsealing
from intake_api.flow.services import Services
from intake_api.store import events, queue, unsealings
from intake_api.store.tables import Case
from tests.builders import NOW, MovingClock, make_case, make_staff
from tests.flow.desk import Desk, actions, again

HOUR = timedelta(hours=1)
ACCUSES = "Tôi tố cáo ông hiệu trưởng nhận hối lộ, đề nghị Sở xử lý"


@pytest.fixture
def officer(services: Services) -> Desk:
    return Desk(services, "kenhmat", "confidential_officer", None)


@pytest.fixture
def leader(services: Services) -> Desk:
    return Desk(services, "lanhdao", "leader", None)


@pytest.fixture
def expert(services: Services) -> Desk:
    return Desk(services, "tccb.cv", "handler", "TCCB")


def sealed(services: Services, text: str = ACCUSES) -> Case:
    case = make_case(services, text=text, kind="denunciation").case
    assert case.confidential
    return case


def asked(services: Services, officer: Desk, case: Case, hours: int = 24) -> int:
    officer.do(unsealing.ask, case, reader="tccb.cv", reason="cần hồ sơ cán bộ", hours=hours)
    with services.store.reading() as tx:
        return unsealings.of_case(tx, case.id)[0].id


def decided(services: Services, number: int, desk: Desk, *, give: bool = True) -> None:
    with services.store.transaction() as tx:
        unsealing.decide(tx, services, number, staff=desk.staff, now=services.now(), give=give)


def reads(services: Services, number: int, desk: Desk) -> Case:
    with services.store.transaction() as tx:
        return unsealing.read(tx, number, staff=desk.staff, now=services.now())


def test_two_people_open_a_case_for_a_third_for_a_while(
    services: Services, officer: Desk, leader: Desk, expert: Desk, clock: MovingClock
) -> None:
    case = sealed(services)
    number = asked(services, officer, case)
    with pytest.raises(KeyError):
        reads(services, number, expert)
    decided(services, number, leader)
    assert reads(services, number, expert).text == ACCUSES
    # Only the one it was opened for, only to read, and in no list.
    for other in (leader, Desk(services, "khtc", "lead", "KHTC")):
        with pytest.raises(KeyError):
            reads(services, number, other)
    with pytest.raises(KeyError):
        expert.do(answer.take, case)
    with services.store.reading() as tx:
        rows = queue.page(tx, scope("handler", "TCCB"), queue.Filter(), now=NOW).cases
    assert rows == []
    clock.at = NOW + 23 * HOUR
    reads(services, number, expert)
    clock.at = NOW + 24 * HOUR
    with pytest.raises(KeyError):
        reads(services, number, expert)
    with services.store.transaction() as tx:
        assert unsealing.expire(tx, now=clock.at) == 1
        assert unsealing.expire(tx, now=clock.at) == 0
    assert actions(services, case)[1:] == [
        "unseal_asked", "unsealed", "unsealed_read", "unsealed_read", "unseal_ended",
    ]  # fmt: skip
    # A clock that is set back opens nothing again.
    clock.at = NOW
    with pytest.raises(KeyError):
        reads(services, number, expert)


def test_a_reader_whom_the_case_turns_out_to_name_reads_no_more(
    services: Services, officer: Desk, leader: Desk, expert: Desk
) -> None:
    case = sealed(services)
    number = asked(services, officer, case)
    decided(services, number, leader)
    with services.store.transaction() as tx:
        unsealings.name(tx, case.id, [expert.staff.id])
    with pytest.raises(KeyError):
        reads(services, number, expert)


def test_the_second_person_is_a_leader_and_somebody_else(
    services: Services, officer: Desk, leader: Desk, expert: Desk
) -> None:
    case = sealed(services)
    number = asked(services, officer, case)
    for desk in (officer, expert, Desk(services, "vanphong", "coordinator", "VP")):
        with pytest.raises(KeyError):
            decided(services, number, desk)
    officer.do(unsealing.ask, case, reader="lanhdao", reason="để chỉ đạo", hours=1)
    with services.store.reading() as tx:
        own = unsealings.of_case(tx, case.id)[0].id
    with pytest.raises(acting.NotAllowed, match="không tự quyết định"):
        decided(services, own, leader)
    decided(services, number, leader, give=False)
    with pytest.raises(KeyError):
        reads(services, number, expert)
    with pytest.raises(KeyError):
        decided(services, number, leader)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"reason": " "}, "lý do"),
        ({"hours": 0}, "giờ"),
        ({"hours": 73}, "giờ"),
        ({"reader": "khong.co"}, "Không có người đọc"),
        ({"reader": "quantri"}, "Không có người đọc"),
    ],
)
def test_what_is_asked_must_make_sense(
    services: Services, officer: Desk, expert: Desk, given: dict[str, object], wrong: str
) -> None:
    make_staff(services.store, username="quantri", role="admin", unit=None)
    case = sealed(services)
    wanted = {"reader": "tccb.cv", "reason": "xác minh", "hours": 2, **given}
    with pytest.raises(acting.NotAllowed, match=wrong):
        officer.do(unsealing.ask, case, **wanted)


def test_the_officer_takes_it_back(
    services: Services, officer: Desk, leader: Desk, expert: Desk
) -> None:
    case = sealed(services)
    number = asked(services, officer, case)
    decided(services, number, leader)
    officer.do(unsealing.take_back, case, number=number)
    with pytest.raises(KeyError):
        reads(services, number, expert)
    with services.store.reading() as tx:
        assert list(events.verify(tx)) == []


def test_who_is_named_does_not_see_the_case(services: Services) -> None:
    named = Desk(services, "kenhmat", "confidential_officer", None)
    other = Desk(services, "kenhmat2", "confidential_officer", None)
    leader = Desk(services, "lanhdao", "leader", None)
    with services.store.transaction() as tx:
        for desk, name in ((named, "Lương Thế Hiển"), (other, "Đỗ Kín"), (leader, "Trịnh Công")):
            tx.merge(desk.staff).name = name
    case = sealed(services, ACCUSES + " và ông LUONG THE HIEN, ông Trịnh  Công bao che")
    with pytest.raises(KeyError):
        named.do(answer.take, case)
    other.do(answer.take, case)

    def listed(desk: Desk) -> int:
        wanted = scope(desk.staff.role, desk.staff.unit, desk.staff.id)
        with services.store.reading() as tx:
            return len(queue.page(tx, wanted, queue.Filter(), now=NOW).cases)

    assert (listed(named), listed(other)) == (0, 1)
    with pytest.raises(acting.NotAllowed, match="bị nêu trong nội dung"):
        other.do(unsealing.ask, case, reader="lanhdao", reason="xin", hours=1)
    make_staff(services.store, username="tccb.cv", role="handler", unit="TCCB")
    number = asked(services, other, case)
    with pytest.raises(KeyError):
        decided(services, number, leader)
    with services.store.reading() as tx:
        assert [one.id for one in unsealings.asked(tx)] == [number]
        assert unsealings.asked(tx, leader.staff.id) == []


def test_what_follows_a_case_is_sealed_with_it(services: Services) -> None:
    lead = Desk(services, "khtc", "lead", "KHTC")
    first, second = make_case(services).case, make_case(services).case
    lead.do(merging.merge, second, into=first)
    lead.do(answer.seal, first)
    assert again(services, second).confidential
    with services.store.reading() as tx:
        assert queue.page(tx, Scope(False, None), queue.Filter(), now=NOW).cases == []


def test_a_follower_that_is_sealed_leaves_no_trace_at_the_other(services: Services) -> None:
    lead = Desk(services, "khtc", "lead", "KHTC")
    first, second = make_case(services).case, make_case(services).case
    lead.do(merging.merge, second, into=first)
    lead.do(answer.seal, second)
    after = again(services, second)
    assert (after.confidential, after.state) == (True, "routed")
    assert not again(services, first).confidential
    assert actions(services, second)[-2:] == ["unmerge", "sealed"]
