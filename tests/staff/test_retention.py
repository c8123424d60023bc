"""The page of keeping and erasing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from intake_api.flow import retention
from intake_api.store import cases
from tests import builders
from tests.staff import house

PAGE = "/can-bo/luu-giu"


def _old_case(app: Any) -> Any:
    case = house.make_case(app, now=builders.NOW - timedelta(days=900))
    with house.services_of(app).store.transaction() as tx:
        found = cases.by_code(tx, case.code)
        assert found is not None
        found.state, found.closed_at = "closed", builders.NOW - timedelta(days=890)
    return case


def test_dry_run_request_approval_and_report(app: Any) -> None:
    case = _old_case(app)
    admin = house.desk(app, "quantri", "admin", None)
    leader = house.desk(app, "lanhdao", "leader", None)
    assert "Thời hạn giữ" in admin.get(PAGE)
    page = admin.post(f"{PAGE}/chay-thu", 200).get_data(as_text=True)
    assert "Chạy thử, chưa xóa gì" in page
    assert "1 ý kiến (phản ánh, phê bình: 1)" in page
    admin.post(f"{PAGE}/de-nghi")
    admin.post(f"{PAGE}/de-nghi", 422)
    admin.post(f"{PAGE}/1", 409, verdict="yes")
    leader.get(PAGE)
    leader.post(f"{PAGE}/1", verdict="yes")
    assert house.reload(app, case).text == case.text
    retention.housekeeping(house.services_of(app), now=builders.NOW)
    assert house.reload(app, case).text == ""
    page = leader.get(PAGE)
    assert "đã xóa xong" in page
    assert case.code not in page


def test_few_sealed_cases_are_told_to_nobody_outside_their_lane(app: Any) -> None:
    services = house.services_of(app)
    for count in range(1, 6):
        case = house.make_case(app, house.BRIBE, now=builders.NOW - timedelta(days=2900))
        with services.store.transaction() as tx:
            found = cases.by_code(tx, case.code)
            assert found is not None
            found.state, found.closed_at = "closed", builders.NOW - timedelta(days=2800)
        if count in (1, 4, 5):
            admin = (
                house.desk(app, "quantri", "admin", None)
                if count == 1
                else house.sign_in(app, "quantri")
            )
            admin.get(PAGE)
            page = admin.post(f"{PAGE}/chay-thu", 200).get_data(as_text=True)
            told = "5 ý kiến; kênh mật: 5" if count == 5 else "0 ý kiến; kênh mật: dưới 5"
            assert told in page
            assert "tố cáo: " not in page
    with services.store.reading() as tx:
        none = retention.plan(tx, services, now=builders.NOW - timedelta(days=2000))
    assert retention.told(none, services)["sealed"] is None  # none looks like few


def test_other_roles_have_no_such_page(app: Any) -> None:
    for username, role, unit in (
        ("vanphong", "coordinator", "VP"), ("kenhmat", "confidential_officer", None),
        ("khtc", "lead", "KHTC"), ("bientap", "editor", None),
    ):  # fmt: skip
        desk = house.desk(app, username, role, unit)
        desk.get(PAGE, 403)
        desk.post(f"{PAGE}/chay-thu", 403)
        desk.post(f"{PAGE}/1", 403, verdict="yes")
