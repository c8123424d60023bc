"""Numbers out of forms and addresses."""

from __future__ import annotations

import re
from typing import Any

import pytest

from intake_api.staff.typed import whole


def test_only_plain_digits_that_fit_are_a_number() -> None:
    assert whole("0") == 0 and whole("007") == 7 and whole("999999999") == 999_999_999
    assert whole("12345", digits=5) == 12_345 and whole("123456", digits=5) is None


@pytest.mark.parametrize("raw", ["", " 1", "-1", "1.0", "abc", "٣", "²", "9" * 10, "9" * 5000])
def test_anything_else_is_none(raw: str) -> None:
    assert whole(raw) is None


def test_no_address_takes_a_number_that_no_column_holds(app: Any) -> None:
    paths = app.url_map.bind("localhost")
    met = 0
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<any\(\W*(\w+)[^>]*>", r"\1", rule.rule)
        if "<int:" not in path:
            continue
        method, words = min(rule.methods), re.sub(r"<\w+>", "x", path)
        assert paths.test(re.sub(r"<int:\w+>", str(2**31 - 1), words), method)
        assert not paths.test(re.sub(r"<int:\w+>", str(2**31), words), method)
        met += 1
    assert met > 20
