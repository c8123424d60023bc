"""Pages of the early warning: who sees them, the steps, the log, the spokesperson."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from intake_api.store import watching
from intake_api.store.registers import Event
from intake_api.store.tables import Case
from intake_api.watch.model import Level
from tests.flow.watch_house import LUNCH, look, put, weeks, written
from tests.staff import house

PAGE = "/can-bo/canh-bao"


def _alert(app: Any, people: int = 12) -> int:
    services = house.services_of(app)
    rows = [written(0, "b.bua_an_ban_tru", LUNCH) for _ in range(people)]
    put(services.store, weeks(40) + rows)
    (found,) = look(services)
    return found.id


def _version(app: Any, number: int) -> int:
    with house.services_of(app).store.reading() as tx:
        found = watching.alert(tx, number)
    assert found is not None
    return found.version


def _step(
    app: Any, desk: house.Desk, number: int, name: str, status: int = 303, **form: Any
) -> str:
    form.setdefault("version", _version(app, number))
    answer = desk.post(f"{PAGE}/{number}/{name}", status, **form)
    return str(answer.get_data(as_text=True))


def test_from_the_alert_to_its_lesson(app: Any) -> None:
    office = house.desk(app, "vanphong", "coordinator", "VP")
    leader = house.desk(app, "lanhdao", "leader", None)
    number = _alert(app)
    assert "Bữa ăn bán trú" in office.get(PAGE)
    assert "Bữa ăn bán trú: cảnh báo" in office.get("/can-bo/thong-bao")
    page = office.get(f"{PAGE}/{number}")
    assert "12 người" in page and "đau bụng" in page and "Theo dõi" in page
    _step(app, office, number, "nhan")
    _step(app, office, number, "nang-muc", reason="Đơn vị xác nhận có 5 cháu đi viện")
    assert "do lãnh đạo Sở quyết định" in office.get(f"{PAGE}/{number}")
    assert "lãnh đạo Sở" in _step(app, office, number, "nang-muc", 422, reason="nặng hơn")
    assert "lãnh đạo Sở" in _step(app, office, number, "dong", 422, lesson="xong")
    leader.get(f"{PAGE}/{number}")
    _step(app, leader, number, "nang-muc", reason="Nhiều trường cùng một bếp")
    spoke = {"who": "Bà Nguyễn Thị A, Phó Giám đốc", "where": "Báo Hà Nam", "what": "Đã đình chỉ"}
    assert "ủy quyền" in _step(app, leader, number, "phat-ngon", 422, **spoke)
    _step(app, leader, number, "phat-ngon", authorised="1", **spoke)
    _step(app, leader, number, "dong", lesson="Kiểm tra bếp ăn trước khai giảng")
    page = leader.get(f"{PAGE}/{number}")
    for words in ("Nâng mức: mức sự cố", "Báo Hà Nam", "Kiểm tra bếp ăn", "Nhiều trường cùng"):
        assert words in page
    assert "Kiểm tra bếp ăn" in leader.get(PAGE)
    with house.services_of(app).store.reading() as tx:
        found = watching.alert(tx, number)
        assert found is not None and (found.state, found.level) == ("closed", Level.INCIDENT)
        told = tx.execute(sa.select(Event.action).where(Event.action.like("alert%"))).scalars()
        assert set(told) == {
            "alert_opened", "alert_acknowledged", "alert_raised", "alert_spoke", "alert_closed",
        }  # fmt: skip


def test_nobody_else_sees_alerts(app: Any) -> None:
    number = _alert(app)
    for role, unit in (
        ("lead", "KHTC"), ("handler", "KHTC"), ("editor", None), ("admin", None),
        ("confidential_officer", None),
    ):  # fmt: skip
        desk = house.desk(app, role.replace("_", "."), role, unit)
        desk.get(PAGE, 403)
        desk.get(f"{PAGE}/{number}", 403)
        desk.get("/can-bo/mat-khau")
        _step(app, desk, number, "nhan", 403)


def test_steps_say_what_is_missing_and_change_nothing(app: Any) -> None:
    number = _alert(app)
    leader = house.desk(app, "lanhdao", "leader", None)
    leader.get(PAGE)
    for name, form in (
        ("nang-muc", {"reason": " "}), ("tam-gac", {"days": "90"}), ("tam-gac", {"days": "x"}),
        ("ghi-chu", {"text": ""}), ("dong", {"lesson": ""}), ("phat-ngon", {"who": "A"}),
        ("nhan", {"version": 99}),
    ):  # fmt: skip
        before = _version(app, number)
        assert "Cần xem lại" in _step(app, leader, number, name, 422, **form)
        assert _version(app, number) == before
    _step(app, leader, number, "khong-co", 404)
    leader.get(f"{PAGE}/999", 404)


def test_left_aside_it_stands_apart(app: Any) -> None:
    number = _alert(app)
    office = house.desk(app, "vanphong", "coordinator", "VP")
    office.get(PAGE)
    _step(app, office, number, "tam-gac", days="3")
    assert "Đang tạm gác" in office.get(PAGE)


def test_what_is_sealed_later_is_no_evidence_any_more(app: Any) -> None:
    number = _alert(app)
    services = house.services_of(app)
    with services.store.transaction() as tx:
        for case in tx.execute(sa.select(Case).where(Case.topic == "b.bua_an_ban_tru")).scalars():
            case.confidential = True
    office = house.desk(app, "vanphong", "coordinator", "VP")
    page = office.get(f"{PAGE}/{number}")
    assert "Không còn ý kiến nào hiển thị được" in page and LUNCH not in page
