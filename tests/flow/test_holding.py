"""Legal holds on cases and conversations: what they keep, who places, sees and lifts them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from intake_api.flow import erasing, holding, retention
from intake_api.flow.acting import NotAllowed
from intake_api.flow.services import Services
from intake_api.store import cases, conversations, holds, pages, takeovers, unsealings
from intake_api.store.registers import Event, Staff
from intake_api.store.tables import Case, Conversation, Message
from tests.builders import NOW, MovingClock, make_case, make_conversation, make_staff
from tests.flow.desk import actions, again
from tests.flow.page import Page
from tests.flow.test_comments import words_anywhere
from tests.flow.test_converse import event, store_all
from tests.flow.test_retention import TEXT, given, intact
from tests.flow.test_tracked import talk
from tests.store.dump import everything

REASON = "Công văn 12/TAND"
YEARS = timedelta(days=800)
ACCUSES = "Tôi tố cáo ông hiệu trưởng nhận hối lộ, đề nghị Sở xử lý"


@pytest.fixture
def people(services: Services) -> dict[str, Staff]:
    roles = (
        ("office", "coordinator", "VP"), ("admin", "admin", None), ("leader", "leader", None),
        ("deputy", "leader", None), ("officer", "confidential_officer", None),
        ("lead", "lead", "KHTC"),
    )  # fmt: skip
    return {
        name: make_staff(services.store, username=name, role=role, unit=unit)
        for name, role, unit in roles
    }


@pytest.fixture
def page(services: Services, clock: MovingClock) -> Iterator[Page]:
    made = Page(services, clock)
    yield made
    made.close()


def on_case(services: Services, code: str, by: Staff, reason: str = REASON) -> int:
    with services.store.transaction() as tx:
        holding.place_on_case(tx, code=code, reason=reason, by=by, now=services.now())
        case = cases.by_code(tx, code)
        found = holds.of(tx, case_id=case.id) if case else None
        assert found is not None
        return found.id


def on_talk(services: Services, name: str, by: Staff) -> int:
    with services.store.transaction() as tx:
        holding.place_on_talk(tx, name=name, reason=REASON, by=by, now=services.now())
        found = holds.of(tx, conversation_id=name)
        assert found is not None
        return found.id


def lift(services: Services, number: int, by: Staff) -> None:
    with services.store.transaction() as tx:
        holding.lift(tx, services, number, by=by, now=services.now())


def ask(services: Services, number: int, by: Staff) -> None:
    with services.store.transaction() as tx:
        holding.ask_to_lift(tx, number, reason="vụ án đã xong", by=by, now=services.now())


def decide(services: Services, number: int, by: Staff, *, lifts: bool = True) -> None:
    with services.store.transaction() as tx:
        holding.decide(tx, services, number, by=by, now=services.now(), lifts=lifts)


def run(services: Services, people: dict[str, Staff]) -> dict[str, Any] | None:
    """One erasing of what has been kept long enough; None when there is nothing."""
    now = services.now()
    with services.store.transaction() as tx:
        found = retention.plan(tx, services, now=now)
        if not found["cases"] and not found["talks"]:
            return None
        asked = retention.ask(tx, services, by=people["admin"], now=now)
        retention.decide(tx, asked.id, by=people["leader"], approve=True, now=now)
    return retention.carry_out(services, now=now)


def said(services: Services, name: str) -> list[str]:
    with services.store.reading() as tx:
        return [one.text for one in conversations.messages(tx, name)]


def test_a_held_talk_stays_until_another_person_lets_it_go(
    services: Services, people: dict[str, Staff]
) -> None:
    name = talk(services, "hỏi chuyện riêng", YEARS)
    hold = on_talk(services, name, people["office"])
    assert run(services, people) is None
    with pytest.raises(NotAllowed, match="đang được giữ rồi"):
        on_talk(services, name, people["leader"])
    with pytest.raises(NotAllowed, match="Quản trị hoặc lãnh đạo"):
        lift(services, hold, people["office"])
    lift(services, hold, people["admin"])
    with pytest.raises(NotAllowed, match="đã được bỏ"):
        lift(services, hold, people["leader"])
    assert said(services, name) == ["hỏi chuyện riêng"]
    report = run(services, people)
    assert report is not None and report["talks"] == 1
    assert said(services, name) == []
    with pytest.raises(NotAllowed, match="đã được xóa"):
        on_talk(services, name, people["office"])
    with services.store.reading() as tx:
        found = [(e.action, e.actor, e.data) for e in tx.query(Event).order_by(Event.id)]
    told = {"hold": hold, "conversation": name}
    assert found[:2] == [
        ("held", f"staff:{people['office'].id}", told),
        ("hold_lifted", f"staff:{people['admin'].id}", told),
    ]
    intact(services)


def test_what_became_no_case_is_found_again_by_its_day(services: Services) -> None:
    day, names = timedelta(days=1), [talk(services, "hỏi", timedelta(hours=n)) for n in (3, 2)]
    make_case(services, text=TEXT)
    sealed = talk(services, "chuyện kín", timedelta(hours=1))
    with services.store.transaction() as tx:
        tx.query(Message).filter_by(conversation_id=sealed).one().sealed = True
        for name, hours in ((names[0], 1), (sealed, 2)):
            conversations.add_inbound(
                tx, tx.get_one(Conversation, name), text="nữa", payload=None,
                channel_message_id=None, now=NOW - timedelta(hours=hours),
            )  # fmt: skip
    with services.store.reading() as tx:
        for lane, wanted in (
            (False, [(one, "hỏi") for one in names]),
            (True, [(sealed, "chuyện kín")]),
        ):
            found = takeovers.without_case(tx, NOW - day, NOW, sealed=lane)
            assert [(one.id, message.text) for one, message in found] == wanted
            assert takeovers.without_case(tx, NOW, NOW + day, sealed=lane) == []
            assert takeovers.without_case(tx, NOW - 2 * day, NOW - day, sealed=lane) == []


def test_who_placed_it_does_not_lift_it_and_a_reason_is_needed(
    services: Services, people: dict[str, Staff]
) -> None:
    name = talk(services, "hỏi", YEARS)
    for reason, told in ((" ", "Ghi lý do giữ"), ("a" * 501, "dài quá 500")):
        with pytest.raises(NotAllowed, match=told), services.store.transaction() as tx:
            holding.place_on_talk(
                tx, name=name, reason=reason, by=people["leader"], now=services.now()
            )
    hold = on_talk(services, name, people["leader"])
    with pytest.raises(NotAllowed, match="không tự bỏ"):
        lift(services, hold, people["leader"])
    lift(services, hold, people["deputy"])


def test_a_hold_that_came_between_the_list_and_the_erasing_counts(
    services: Services, people: dict[str, Staff], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [talk(services, f"hỏi {number}", YEARS) for number in range(2)]
    with services.store.transaction() as tx:
        asked = retention.ask(tx, services, by=people["admin"], now=NOW)
        retention.decide(tx, asked.id, by=people["leader"], approve=True, now=NOW)
    on_talk(services, names[0], people["office"])
    monkeypatch.setattr(retention, "_old_talks", lambda *_: names)
    report = retention.carry_out(services, now=NOW)
    assert report is not None and report["talks"] == 1
    assert said(services, names[0]) == ["hỏi 0"]
    assert said(services, names[1]) == []


def test_a_hold_on_a_talk_keeps_every_case_with_words_in_it(
    services: Services, people: dict[str, Staff], clock: MovingClock
) -> None:
    case, moved = given(services), given(services)
    first, second = case.conversation_id or "", moved.conversation_id or ""
    with services.store.transaction() as tx:
        wanted = cases.by_id(tx, case.id, lock=True)
        assert wanted is not None
        assert erasing.ask(tx, services, wanted, now=clock.at) == "waiting"
        # What was told below a post goes on in Messenger.
        other = make_conversation(tx, channel="messenger")
        tx.get_one(Case, moved.id).conversation_id = other.id
    held = [on_talk(services, name, people["office"]) for name in (first, second)]
    clock.at += timedelta(hours=25)
    retention.housekeeping(services, now=clock.at)
    with services.store.transaction() as tx:
        found = cases.by_id(tx, moved.id)
        assert found is not None
        assert erasing.ask(tx, services, found, now=clock.at) == "kept"
    clock.at += YEARS
    assert run(services, people) is None
    assert again(services, case).text == again(services, moved).text == TEXT
    for number in held:
        lift(services, number, people["leader"])
    report = run(services, people)
    assert report is not None and report["cases"] == 2
    intact(services)


def test_a_held_case_stays_and_two_people_let_it_go(
    services: Services, people: dict[str, Staff], clock: MovingClock
) -> None:
    case = given(services)
    hold = on_case(services, case.code, people["admin"])
    with pytest.raises(NotAllowed, match="đang được giữ rồi"):
        on_case(services, case.code, people["leader"])
    clock.at += YEARS
    assert run(services, people) is None
    with services.store.transaction() as tx:
        assert erasing.ask(tx, services, cases.by_id(tx, case.id), now=clock.at) == "kept"  # type: ignore[arg-type]
    with pytest.raises(NotAllowed, match="không tự bỏ"):
        lift(services, hold, people["admin"])
    lift(services, hold, people["leader"])
    report = run(services, people)
    assert report is not None and report["cases"] == 1
    with pytest.raises(NotAllowed, match=holding.NO_CASE):
        on_case(services, case.code, people["admin"])
    intact(services)


def test_a_comment_that_its_author_took_back_keeps_its_words_while_it_is_held(
    page: Page, people: dict[str, Staff]
) -> None:
    services = page.services
    fees = page.comment("trường THPT A Kim Bảng thu quỹ lớp 500 nghìn không có phiếu thu")
    vague = page.comment("thu tiền vô lý quá", author="5005")
    with services.store.reading() as tx:
        case = tx.get_one(Case, pages.by_remote(tx, fees).case_id)  # type: ignore[union-attr]
        name = pages.by_remote(tx, vague).conversation_id  # type: ignore[union-attr]
    held = [
        on_case(services, case.code, people["admin"]),
        on_talk(services, name or "", people["office"]),
    ]
    for one in (fees, vague):
        page.change(one, "remove")
    for words in ("500 nghìn", "vô lý quá"):
        assert words_anywhere(services.store, words)
    assert again(services, case).text == case.text
    assert "comment_removed" in actions(services, case)
    for number in held:
        lift(services, number, people["leader"])
    for words in ("500 nghìn", "vô lý quá"):
        assert not words_anywhere(services.store, words)
    assert again(services, case).state == "withdrawn"


def test_what_a_held_person_changed_in_messenger_stays_without_its_event(
    services: Services, people: dict[str, Staff], clock: MovingClock
) -> None:
    changed = event("lời đã sửa", "edit:mid.1:1", kind="edit", of="mid.1", raw={"text": "lời"})
    (name,) = store_all(services, event("lời đầu"), changed)
    on_talk(services, name, people["office"])
    clock.at += YEARS
    retention.housekeeping(services, now=clock.at)
    assert run(services, people) is None
    assert said(services, name) == ["lời đầu", "lời đã sửa"]
    with services.store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM raw_event").scalar_one() == 0


def test_a_sealed_case_is_held_and_let_go_in_its_lane(
    services: Services, people: dict[str, Staff]
) -> None:
    case = make_case(services, text=ACCUSES, kind="denunciation").case
    refusals = []
    for code in (case.code, "PA-2611-0000-0000"):
        for name in ("admin", "leader", "office", "lead"):
            with pytest.raises(NotAllowed) as refused:
                on_case(services, code, people[name])
            refusals.append(str(refused.value))
    assert set(refusals) == {holding.NO_CASE}
    hold = on_case(services, case.code, people["officer"])
    for name in ("admin", "leader", "office"):
        # What is held looks like what was lifted long ago and like what never was.
        for number in (hold, hold + 1):
            with pytest.raises(NotAllowed, match=holding.NO_HOLD):
                lift(services, number, people[name])
            with pytest.raises(NotAllowed, match=holding.NO_HOLD):
                ask(services, number, people[name])
            with pytest.raises(KeyError):
                decide(services, number, people[name])
        with pytest.raises(NotAllowed, match=holding.NO_CASE):
            on_case(services, case.code, people[name])
    with services.store.reading() as tx:
        for name in ("admin", "leader"):
            assert holds.on_cases(tx, sealed=False, reader=people[name].id) == []
    ask(services, hold, people["officer"])
    with pytest.raises(NotAllowed, match="Đã đề nghị"):
        ask(services, hold, people["officer"])
    with pytest.raises(KeyError):
        decide(services, hold, people["admin"])
    decide(services, hold, people["leader"], lifts=False)
    with pytest.raises(KeyError):
        decide(services, hold, people["leader"])
    ask(services, hold, people["officer"])
    decide(services, hold, people["leader"])
    assert actions(services, case)[-5:] == [
        "held", "lift_asked", "lift_refused", "lift_asked", "hold_lifted",
    ]  # fmt: skip
    kept = everything(services.store)
    assert REASON not in kept and "vụ án đã xong" not in kept
    intact(services)


def test_a_hold_goes_into_the_lane_with_its_case(
    services: Services, people: dict[str, Staff]
) -> None:
    case = make_case(services, text=TEXT).case
    hold = on_case(services, case.code, people["leader"])
    with services.store.transaction() as tx:
        tx.get_one(Case, case.id).confidential = True
    with pytest.raises(NotAllowed, match=holding.NO_HOLD):
        lift(services, hold, people["admin"])
    ask(services, hold, people["officer"])
    with pytest.raises(NotAllowed, match="lãnh đạo khác"):
        decide(services, hold, people["leader"])  # who placed it
    with services.store.transaction() as tx:
        unsealings.name(tx, case.id, [people["deputy"].id])
    with pytest.raises(KeyError):
        decide(services, hold, people["deputy"])  # whom it names
    with services.store.reading() as tx:
        assert holds.lifting_asked(tx, reader=people["deputy"].id) == []
        assert len(holds.lifting_asked(tx, reader=people["leader"].id)) == 1


def test_a_sealed_talk_is_held_by_the_officer_alone(
    services: Services, people: dict[str, Staff]
) -> None:
    name = talk(services, "chuyện kín", YEARS)
    with services.store.transaction() as tx:
        for message in tx.query(Message).filter_by(conversation_id=name):
            message.sealed = True
    for one in ("office", "leader", "admin", "lead"):
        with pytest.raises(KeyError):
            on_talk(services, name, people[one])
    hold = on_talk(services, name, people["officer"])
    assert run(services, people) is None
    with services.store.reading() as tx:
        assert holds.on_talks(tx, sealed=False, reader=people["leader"].id) == []
        assert [
            one.id for _hold, one in holds.on_talks(tx, sealed=True, reader=people["officer"].id)
        ] == [name]
    with pytest.raises(NotAllowed, match=holding.NO_HOLD):
        lift(services, hold, people["admin"])
    ask(services, hold, people["officer"])
    decide(services, hold, people["leader"])
    report = run(services, people)
    assert report is not None and report["talks"] == 1


def test_why_a_talk_is_held_is_never_kept_in_plain(
    services: Services, people: dict[str, Staff]
) -> None:
    """It may become a sealed matter tomorrow."""
    name = talk(services, "hỏi", YEARS)
    on_talk(services, name, people["office"])
    assert REASON not in everything(services.store)
    with services.store.reading() as tx:
        assert holds.of(tx, conversation_id=name).reason == REASON  # type: ignore[union-attr]


def test_a_case_that_names_somebody_is_not_theirs_to_hold_or_let_go(
    services: Services, people: dict[str, Staff]
) -> None:
    case, other = make_case(services, text=TEXT).case, make_case(services, text=TEXT).case
    hold = on_case(services, case.code, people["admin"])
    with services.store.transaction() as tx:
        for one in (case, other):
            unsealings.name(tx, one.id, [people["leader"].id])
    with pytest.raises(NotAllowed, match=holding.NO_CASE):
        on_case(services, other.code, people["leader"])
    with pytest.raises(NotAllowed, match=holding.NO_HOLD):
        lift(services, hold, people["leader"])
    with services.store.reading() as tx:
        assert holds.on_cases(tx, sealed=False, reader=people["leader"].id) == []
        assert len(holds.on_cases(tx, sealed=False, reader=people["deputy"].id)) == 1
    lift(services, hold, people["deputy"])
    talk_id = case.conversation_id or ""
    with pytest.raises(KeyError):
        on_talk(services, talk_id, people["leader"])
    hold = on_talk(services, talk_id, people["office"])
    with services.store.reading() as tx:
        assert holds.on_talks(tx, sealed=False, reader=people["leader"].id) == []
        assert len(holds.on_talks(tx, sealed=False, reader=people["deputy"].id)) == 1
    with pytest.raises(NotAllowed, match=holding.NO_HOLD):
        lift(services, hold, people["leader"])
