"""What waits for a second person is told to whoever may decide, until somebody has."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from intake_api.domain.people import Wish
from intake_api.domain.reminding import Kind
from intake_api.flow import deciding, people, retention
from intake_api.flow.people import Asked
from intake_api.flow.services import Services
from intake_api.store import erasing
from intake_api.store.notice_tables import Notice
from intake_api.store.retention_tables import RetentionRun
from tests.builders import NOW, make_staff


def told(services: Services) -> list[tuple[int, str]]:
    with services.store.reading() as tx:
        query = select_of(Kind.DECIDE)
        return [(one.staff_id, one.path or "") for one in tx.execute(query).scalars()]


def select_of(kind: Kind) -> sa.Select[Notice]:
    return sa.select(Notice).where(Notice.kind == kind).order_by(Notice.id)


def remind(services: Services, days: float = 0) -> int:
    with services.store.transaction() as tx:
        return deciding.remind(tx, now=NOW + timedelta(days=days))


def test_a_request_about_an_account_is_told_until_it_is_decided(services: Services) -> None:
    admin = make_staff(services.store, username="quantri", role="admin", unit=None)
    second = make_staff(services.store, username="quantri2", role="admin", unit=None)
    leader = make_staff(services.store, username="lanhdao", role="leader", unit=None)
    make_staff(services.store, username="khtc", role="lead", unit="KHTC")
    asked = Asked(Wish.CREATE, role="handler", unit="VP", reason="người mới")
    with services.store.transaction() as tx:
        request = people.create(
            tx, username="moi", name="Người Mới", asked=asked, by=admin, now=NOW
        )
    assert remind(services) == 2
    page = "/can-bo/duyet-tai-khoan"
    assert set(told(services)) == {(second.id, page), (leader.id, page)}  # never who asked
    assert remind(services, 1.9) == 0
    assert remind(services, 2) == 2
    with services.store.transaction() as tx:
        (words,) = {one.words for one in tx.execute(select_of(Kind.DECIDE)).scalars()}
        assert "Người Mới" not in str(words)
        people.decide(tx, request.id, by=leader, approve=True, now=NOW)
    assert remind(services, 4) == 0


def test_an_erasing_run_is_told_until_it_is_decided(services: Services) -> None:
    admin = make_staff(services.store, username="quantri", role="admin", unit=None)
    leader = make_staff(services.store, username="lanhdao", role="leader", unit=None)
    with services.store.transaction() as tx:
        run = RetentionRun(asked_by=admin.id, asked_at=NOW, plan={"cases": 1})
        erasing.add(tx, run)
    assert remind(services) == 1
    assert told(services) == [(leader.id, "/can-bo/luu-giu")]
    with services.store.transaction() as tx:
        retention.decide(tx, run.id, by=leader, approve=True, now=NOW)
    assert remind(services, 2) == 0  # approved, and only waits to be done
