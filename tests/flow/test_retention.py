"""Erasing: by rule with two people, on request; what stays, what goes, holds, and the chain."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from intake_api.domain.model import State
from intake_api.flow import answer, citizen, erasing, holding, receive, retention, writing
from intake_api.flow.formed import FormFile
from intake_api.flow.people import Refused
from intake_api.flow.services import Services
from intake_api.store import cases, events, notes, ratings, registry
from intake_api.store import erasing as rows
from intake_api.store.db import Base
from intake_api.store.tables import Case
from tests.builders import MovingClock, make_case, make_staff
from tests.flow.desk import Desk, again

WORDS = ("thu quỹ", "0912345678", "Nguyễn Thị Lan", "mẹ cháu Bình", "biên lai")
TEXT = "Trường THPT A Kim Bảng thu quỹ lớp 500 nghìn, tôi là mẹ cháu Bình lớp 7A"


def given(services: Services, **more: Any) -> Case:
    """A case with everything that a person leaves behind, answered and closed."""
    sender = receive.Sender("Nguyễn Thị Lan", "0912345678", "lan@example.vn")
    case = make_case(services, text=TEXT, channel="messenger", sender=sender, **more).case
    with services.store.transaction() as tx:
        registry.add_raw_event(
            tx, channel="messenger", natural_key=f"messenger:raw-{case.id}",
            body={"text": TEXT}, now=services.now(),
        )  # fmt: skip
        found = cases.by_id(tx, case.id, lock=True)
        assert found is not None
        message = cases.messages(tx, found)[0]
        message.channel_message_id = f"messenger:raw-{case.id}"
        file = FormFile("biên lai của Lan.png", "image/png", b"goc", b"che")
        writing.write(
            tx, services, found, text="Tôi gửi thêm biên lai", once="1", now=services.now(),
            files=[file],
        )  # fmt: skip
    lead = _desk(services, "khtc", "lead", "KHTC")
    lead.do(answer.correct, case, kind=case.kind, topic=case.topic, sentiment="neutral",
            urgent=True)  # fmt: skip
    lead.do(answer.reply, case, text="Gửi chị Nguyễn Thị Lan, trường đã trả tiền.")
    with services.store.transaction() as tx:
        found = cases.by_id(tx, case.id, lock=True)
        assert found is not None
        citizen.confirm(tx, services, found, now=services.now(), rating=5)
    return again(services, case)


def _desk(services: Services, username: str, role: str, unit: str | None) -> Desk:
    with services.store.reading() as tx:
        known = registry.staff_by_username(tx, username)
    if known is None:
        return Desk(services, username, role, unit)
    made = Desk.__new__(Desk)
    made.services, made.staff = services, known
    return made


def everything(services: Services) -> str:
    """Every value of every table but the audit chain's links, as one text."""
    found = []
    with services.store.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                found += [str(value) for value in row]
    return "\n".join(found)


def intact(services: Services) -> None:
    with services.store.reading() as tx:
        assert list(events.verify(tx)) == []


def pair(services: Services) -> tuple[Any, Any]:
    admin = make_staff(services.store, username="quantri", role="admin", unit=None)
    leader = make_staff(services.store, username="lanhdao", role="leader", unit=None)
    return admin, leader


def test_by_rule_after_a_plan_and_a_second_person(services: Services, clock: MovingClock) -> None:
    case = given(services)
    admin, leader = pair(services)
    assert all(word in everything(services) for word in WORDS)
    with services.store.transaction() as tx:
        assert retention.plan(tx, services, now=clock.at)["cases"] == 0
        with pytest.raises(Refused, match="không có ý kiến hay cuộc trò chuyện nào"):
            retention.ask(tx, services, by=admin, now=clock.at)
    clock.at += timedelta(days=800)
    with services.store.transaction() as tx:
        found = retention.plan(tx, services, now=clock.at)
    assert found["kinds"] == {case.kind: 1}
    assert (found["attachment"], found["contact"]) == (1, 1)
    assert again(services, case).text == TEXT  # the dry run changed nothing
    with services.store.transaction() as tx:
        run = retention.ask(tx, services, by=admin, now=clock.at)
    assert retention.carry_out(services, now=clock.at) is None
    with pytest.raises(Refused, match="người khác duyệt"), services.store.transaction() as tx:
        retention.decide(tx, run.id, by=admin, approve=True, now=clock.at)
    with services.store.transaction() as tx:
        retention.decide(tx, run.id, by=leader, approve=True, now=clock.at)
    report = retention.carry_out(services, now=clock.at)
    assert report is not None
    assert report["cases"] == 1
    assert report["rows"]["raw_event"] == 1
    left = everything(services)
    for word in (*WORDS, "lan@example.vn", "THPT A"):
        assert word not in left, word
    stone = again(services, case)
    assert (stone.state, stone.kind, stone.topic) == (State.ERASED, case.kind, case.topic)
    assert (stone.received_at, stone.closed_at, stone.outcome) == (
        case.received_at, case.closed_at, case.outcome,
    )  # fmt: skip
    with services.store.reading() as tx:
        assert ratings.rating(tx, case.id).score == 5  # type: ignore[union-attr]
        assert rows.runs(tx)[0].report == report
    intact(services)


def test_whatever_points_to_a_case_goes_unless_it_is_named(services: Services) -> None:
    """A table added tomorrow is emptied by itself; what stays is named, and none is misspelt."""
    assert set(rows.KEPT) <= set(Base.metadata.tables)
    case = given(services)
    with services.store.transaction() as tx:
        found = cases.by_id(tx, case.id, lock=True)
        assert found is not None
        author = registry.all_staff(tx)[0]
        note = notes.Note(
            case_id=case.id, staff_id=author.id, at=services.now(), text="mẹ gọi điện"
        )
        notes.add(tx, note, [author.id])
        assert erasing.erase(tx, services, found, why="retention", now=services.now())
    with services.store.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                targets = {key.target_fullname for key in column.foreign_keys}
                if "cases.id" in targets and table.name not in rows.KEPT:
                    query = sa.select(sa.func.count()).where(column == case.id)
                    assert connection.execute(query).scalar_one() == 0, table.name
    assert "mẹ gọi điện" not in everything(services)


def test_a_hold_placed_after_the_approval_still_counts(
    services: Services, clock: MovingClock
) -> None:
    first, second = given(services), given(services)
    admin, leader = pair(services)
    clock.at += timedelta(days=800)
    with services.store.transaction() as tx:
        run = retention.ask(tx, services, by=admin, now=clock.at)
        assert run.plan["cases"] == 2
        retention.decide(tx, run.id, by=leader, approve=True, now=clock.at)
        holding.place_on_case(tx, code=second.code, reason="Tòa án", by=leader, now=clock.at)
    report = retention.carry_out(services, now=clock.at)
    assert report is not None and report["cases"] == 1
    assert again(services, first).state == State.ERASED
    assert again(services, second).text == TEXT


def test_what_is_open_or_ended_lately_is_not_touched(
    services: Services, clock: MovingClock
) -> None:
    opened = make_case(services, text=TEXT).case
    old = given(services)
    admin, leader = pair(services)
    clock.at += timedelta(days=800)
    young = given(services)
    with services.store.transaction() as tx:
        run = retention.ask(tx, services, by=admin, now=clock.at)
        retention.decide(tx, run.id, by=leader, approve=True, now=clock.at)
    retention.carry_out(services, now=clock.at)
    assert again(services, old).state == State.ERASED
    for kept in (opened, young):
        assert again(services, kept).text == TEXT


def test_many_are_done_in_parts_and_a_cut_short_run_goes_on(
    services: Services, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        given(services)
    admin, leader = pair(services)
    clock.at += timedelta(days=800)
    with services.store.transaction() as tx:
        run = retention.ask(tx, services, by=admin, now=clock.at)
        retention.decide(tx, run.id, by=leader, approve=True, now=clock.at)
    with services.store.transaction() as tx:  # the first part, then the machine stops
        current = rows.run(tx, run.id)
        assert current is not None
        assert retention._batch(tx, services, current, clock.at)["cases"] == 2
    report = retention.carry_out(services, now=clock.at)
    assert report is not None and report["cases"] == 5
    assert retention.carry_out(services, now=clock.at) is None
    intact(services)


def test_a_sender_asks_thinks_better_of_it_and_asks_again(
    services: Services, clock: MovingClock
) -> None:
    case = given(services)

    def ask() -> str:
        with services.store.transaction() as tx:
            found = cases.by_id(tx, case.id, lock=True)
            assert found is not None
            return erasing.ask(tx, services, found, now=clock.at)

    assert ask() == "waiting"
    with services.store.transaction() as tx:
        found = cases.by_id(tx, case.id, lock=True)
        assert found is not None
        assert erasing.take_back(tx, found, now=clock.at)
    clock.at += timedelta(hours=25)
    retention.housekeeping(services, now=clock.at)
    assert again(services, case).text == TEXT
    assert ask() == "waiting"
    clock.at += timedelta(hours=23)
    retention.housekeeping(services, now=clock.at)
    assert again(services, case).state == State.CLOSED
    clock.at += timedelta(hours=2)
    retention.housekeeping(services, now=clock.at)
    assert again(services, case).state == State.ERASED
    assert not any(word in everything(services) for word in WORDS)
    intact(services)


def test_what_the_law_keeps_and_what_is_open_is_not_erased_on_request(
    services: Services, clock: MovingClock
) -> None:
    complaint = make_case(services, kind="complaint").case
    sealed = make_case(services, kind="denunciation").case
    with services.store.transaction() as tx:
        for made in (complaint, sealed):
            found = cases.by_id(tx, made.id, lock=True)
            assert found is not None
            assert erasing.ask(tx, services, found, now=clock.at) == "open"
            found.state, found.closed_at = State.CLOSED, clock.at
            assert erasing.ask(tx, services, found, now=clock.at) == "kept"
    clock.at += timedelta(hours=30)
    retention.housekeeping(services, now=clock.at)
    assert again(services, complaint).text != ""


def test_another_case_of_the_same_person_keeps_its_talk(
    services: Services, clock: MovingClock
) -> None:
    from intake_api.store import conversations

    case = given(services)
    with services.store.transaction() as tx:
        talk = conversations.get(tx, case.conversation_id or "")
        assert talk is not None
        other = receive.submit(
            tx, services, text="Học phí năm nay bao nhiêu", channel="messenger", now=clock.at,
            conversation=talk,
        ).case  # fmt: skip
        found = cases.by_id(tx, case.id, lock=True)
        assert found is not None
        assert erasing.erase(tx, services, found, why="request", now=clock.at)
        assert conversations.get(tx, talk.id).external_id == talk.external_id  # type: ignore[union-attr]
        assert not talk.external_id.startswith("erased")
    assert again(services, other).text == "Học phí năm nay bao nhiêu"


def test_old_events_of_channels_go_by_themselves(services: Services, clock: MovingClock) -> None:
    with services.store.transaction() as tx:
        registry.add_raw_event(
            tx, channel="messenger", natural_key="k", body={"text": "lời cũ"}, now=clock.at
        )
    for days, left in ((29, 1), (2, 0)):
        clock.at += timedelta(days=days)
        retention.housekeeping(services, now=clock.at)
        with services.store.engine.connect() as connection:
            count = connection.exec_driver_sql("SELECT count(*) FROM raw_event").scalar_one()
        assert count == left
