"""The marks by which cases with like words are found: kept by themselves, bounded, never sealed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from intake_api.domain import likeness
from intake_api.domain.access import Scope
from intake_api.flow import receive, similar
from intake_api.flow.services import Services
from intake_api.store import Store, cases, erasing, prints
from intake_api.store.print_tables import CasePrint
from intake_api.store.tables import Case
from tests import builders

FEES = "Trường THCS Trần Phú thu quỹ lớp 500 nghìn không có phiếu thu, đề nghị Sở kiểm tra"
ALL = Scope(False, None)


def marks(store: Store, case: Case) -> set[int]:
    with store.reading() as tx:
        query = sa.select(CasePrint.print).where(CasePrint.case_id == case.id)
        return set(tx.execute(query).scalars())


def alike(store: Store, case: Case, scope: Scope = ALL) -> list[str]:
    with store.reading() as tx:
        return [one.case.code for one in similar.alike(tx, tx.get_one(Case, case.id), scope)]


def test_marks_follow_every_change_of_the_words(services: Services, store: Store) -> None:
    case = builders.make_case(services, text=FEES).case
    assert marks(store, case) == set(likeness.prints(FEES))
    with store.transaction() as tx:
        tx.get_one(Case, case.id).text = "chuyện khác hẳn"
    assert marks(store, case) == set(likeness.prints("chuyện khác hẳn"))


@pytest.mark.parametrize("how", ["sealed", "erased"])
def test_what_is_sealed_or_erased_loses_them_at_once(
    services: Services, store: Store, how: str
) -> None:
    case, other = (builders.make_case(services, text=FEES).case for _ in range(2))
    assert alike(store, other) == [case.code]
    with store.transaction() as tx:
        found = cases.by_id(tx, case.id, lock=True)
        assert found is not None
        if how == "sealed":
            found.confidential = True
        else:
            erasing.take_out(tx, found)
    assert marks(store, case) == set()
    assert alike(store, other) == []


def test_a_case_that_comes_sealed_has_none(services: Services, store: Store) -> None:
    case = receive_sealed(services)
    assert case.confidential
    assert marks(store, case) == set()


def receive_sealed(services: Services) -> Case:
    with services.store.transaction() as tx:
        return receive.submit(
            tx, services, text=FEES, channel="form", now=builders.NOW, kind="denunciation"
        ).case


def test_a_turn_of_speech_that_everybody_uses_costs_no_more(
    services: Services, store: Store
) -> None:
    """The nearest of each mark are looked at and no more; those that share most come first."""
    twin = builders.make_case(services, text=FEES).case
    case = builders.make_case(services, text=FEES).case
    with store.reading() as tx:
        found = prints.sharing(case.id, likeness.prints(FEES), 10)
        assert tx.execute(sa.select(found)).all() == [(twin.id, len(likeness.prints(FEES)))]
        plan = str(sa.select(found).compile(store.engine))
    assert plan.count("LIMIT") == 2 * len(likeness.prints(FEES)) + 1


def test_marks_of_old_cases_are_made_in_one_go(services: Services, store: Store) -> None:
    case, sealed = builders.make_case(services, text=FEES).case, receive_sealed(services)
    with store.engine.begin() as connection:
        connection.execute(sa.delete(CasePrint))
        prints.fill(connection)
    assert marks(store, case) == set(likeness.prints(FEES))
    assert marks(store, sealed) == set()
