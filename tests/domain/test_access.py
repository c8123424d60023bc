from __future__ import annotations

import pytest

from intake_api.domain import access
from intake_api.domain.model import Role

EVERYBODY = [role for role in Role if role != Role.CONFIDENTIAL_OFFICER]


@pytest.mark.parametrize("role", EVERYBODY)
def test_sealed_cases_exist_for_the_confidential_officer_alone(role: Role) -> None:
    assert not access.may_see(role, "TTR", confidential=True, case_unit="TTR")


def test_the_confidential_officer_sees_nothing_else() -> None:
    assert access.may_see(Role.CONFIDENTIAL_OFFICER, None, confidential=True, case_unit="TTR")
    assert not access.may_see(Role.CONFIDENTIAL_OFFICER, None, confidential=False, case_unit="VP")


def test_units_see_their_own_and_read_copies() -> None:
    assert access.may_see(Role.HANDLER, "KHTC", confidential=False, case_unit="KHTC")
    assert access.may_see(Role.HANDLER, "KHTC", confidential=False, case_unit="VP", copies=["KHTC"])
    assert not access.may_see(Role.HANDLER, "KHTC", confidential=False, case_unit="VP")
    assert not access.may_act(Role.HANDLER, "KHTC", confidential=False, case_unit="VP")


@pytest.mark.parametrize("role", [Role.ADMIN, Role.EDITOR, "made-up"])
def test_without_content_rights_nothing_is_listed(role: str) -> None:
    assert access.scope(role, "VP") == access.Scope(sealed=False, units=())


@pytest.mark.parametrize(
    ("role", "unit", "assigned", "may"),
    [
        (Role.COORDINATOR, "VP", False, True),
        (Role.LEAD, "KHTC", False, True),
        (Role.LEAD, "VP", False, False),
        (Role.HANDLER, "KHTC", False, False),
        (Role.HANDLER, "KHTC", True, True),
        (Role.LEADER, None, True, False),
        (Role.ADMIN, None, True, False),
        (Role.CONFIDENTIAL_OFFICER, None, False, False),
    ],
)
def test_personal_data_of_a_normal_case(
    role: Role, unit: str | None, assigned: bool, may: bool
) -> None:
    found = access.may_reveal(role, unit, confidential=False, case_unit="KHTC", assigned=assigned)
    assert found is may


def test_personal_data_of_a_sealed_case_is_for_its_officer() -> None:
    for role in Role:
        found = access.may_reveal(role, "VP", confidential=True, case_unit="VP", assigned=True)
        assert found is (role == Role.CONFIDENTIAL_OFFICER)


def test_holds_of_sealed_cases_exist_for_the_confidential_officer_alone() -> None:
    lanes = {role: access.lane_of_holds(role) for role in Role}
    assert [role for role, lane in lanes.items() if lane] == [Role.CONFIDENTIAL_OFFICER]
    seen = {role for role, lane in lanes.items() if lane is False}
    assert seen == {Role.ADMIN, Role.LEADER, Role.COORDINATOR}
    for role in Role:
        assert access.may_hold_cases(role, sealed=True) is bool(lanes[role])
        normal = role in (Role.ADMIN, Role.LEADER)
        assert access.may_hold_cases(role, sealed=False) is normal
        assert access.may_lift_holds(role) is normal


def test_leaders_neither_correct_nor_seal_and_handlers_do_not_export() -> None:
    assert not access.may_correct(Role.LEADER)
    assert not access.may_seal(Role.LEADER)
    assert not access.may_export(Role.HANDLER)
    assert access.may_correct(Role.HANDLER)
    assert access.may_export(Role.LEADER)
