"""The register's reads and the letters that are due, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from intake_api.domain.access import Scope
from intake_api.store import Store, cases, register, reports
from intake_api.store.ledgers import MergeEntry
from intake_api.store.report_tables import TransferLetter
from intake_api.store.tables import Contact
from tests.builders import make_staff
from tests.reports import house

WHEN = {"since": house.HALF.since(), "until": house.HALF.until()}
ALL = Scope(sealed=False, units=None)


def test_every_case_once_in_order_whatever_the_portion(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "PORTION", 3)
    numbers = house.add_cases(store, 10)
    house.add_cases(store, 3, unit="TCCB", state="rejected_spam")
    house.add_cases(store, 3, unit="TTR", confidential=True)
    staff = make_staff(store)
    with store.transaction() as tx:
        first = cases.by_id(tx, numbers[0])
        second = cases.by_id(tx, numbers[1])
        assert first is not None and second is not None
        second.received_at = first.received_at  # at the same moment the number decides
        tx.add(Contact(case_id=numbers[0], name="Trần Mẫu"))
        tx.add(
            MergeEntry(case_id=numbers[1], into_id=numbers[0], state_before="routed",
                       at=house.NOW, staff_id=staff.id)
        )  # fmt: skip
    with store.reading() as tx:
        found = list(register.entries(tx, ALL, **WHEN, contacts=True))
        assert register.count(tx, ALL, **WHEN) == 10
        assert [one.case.id for one in found] == numbers
        assert (found[0].people, found[1].into) == (2, found[0].case.code)
        assert [one.contact.name for one in found if one.contact] == ["Trần Mẫu"]
        without = register.entries(tx, ALL, **WHEN, contacts=False)
        assert all(one.contact is None for one in without)
        own = register.entries(tx, Scope(False, ("CTTT",)), **WHEN, contacts=False)
        assert {one.case.unit for one in own} == {"CTTT"}
        with pytest.raises(ValueError, match="never holds sealed"):
            register.count(tx, Scope(sealed=True, units=None), **WHEN)


def test_letters_are_due_while_their_case_is_open(store: Store) -> None:
    numbers = house.add_cases(store, 10)  # every ninth is open, from the first on
    staff, day = make_staff(store), date(2027, 5, 4)
    with store.transaction() as tx:
        for number, ahead in ((0, 0), (9, 3), (0, 4), (1, 0), (0, -40)):
            tx.add(
                TransferLetter(
                    case_id=numbers[number], made_by=staff.id, made_at=house.NOW,
                    addressee="Trường Mẫu", subject="V/v", body="Chữ", signer="office",
                    due_on=day + timedelta(days=ahead),
                )
            )  # fmt: skip
    with store.reading() as tx:
        found = reports.letters_due(tx, day + timedelta(days=3))
        assert [(one.case_id, one.due_on) for one, _code in found] == [
            (numbers[0], day), (numbers[9], day + timedelta(days=3)),
        ]  # fmt: skip
