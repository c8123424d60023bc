"""Numbers out of forms and addresses."""

from __future__ import annotations

import pytest

from intake_api.staff.typed import whole


def test_only_plain_digits_that_fit_are_a_number() -> None:
    assert whole("0") == 0 and whole("007") == 7 and whole("999999999") == 999_999_999
    assert whole("12345", digits=5) == 12_345 and whole("123456", digits=5) is None


@pytest.mark.parametrize("raw", ["", " 1", "-1", "1.0", "abc", "٣", "²", "9" * 10, "9" * 5000])
def test_anything_else_is_none(raw: str) -> None:
    assert whole(raw) is None
