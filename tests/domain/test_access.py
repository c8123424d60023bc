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
