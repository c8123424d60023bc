"""Tracking codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vntext import check_char, find_codes, format_code, looks_like_code, parse_code
from vntext.codes import ALPHABET

bodies = st.text(alphabet=ALPHABET, min_size=7, max_size=7)
months = st.builds(lambda y, m: f"{y:02d}{m:02d}", st.integers(23, 40), st.integers(1, 12))
CODE = format_code("2611", "7K3M9QX")


def test_known_code() -> None:
    assert CODE == "PA-2611-7K3M-9QXM"
    assert check_char("2611-7k3m-9qx") == "M"


@pytest.mark.parametrize(("yymm", "body"), [("2613", "7K3M9QX"), ("26a1", "7K3M9QX"),
                                            ("2611", "7K3M9Q"), ("2611", "7K3M9QU")])  # fmt: skip
def test_bad_parts_are_refused(yymm: str, body: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        format_code(yymm, body)


def test_check_char_refuses_u() -> None:
    with pytest.raises(ValueError, match="base32"):
        check_char("U")


@pytest.mark.parametrize(
    "typed",
    ["PA-2611-7K3M-9QXM", "pa-2611-7k3m-9qxm", "PA 2611 7K3M 9QXM cho em hỏi", "PA26117K3M9QXM",
     "mã pa2611-7k3m9qxm nhé", "pa–2611–7k3m–9qxm", "PA.2611.7K3M.9QXM", "2611-7K3M-9QXM",
     "PA-26II-7K3M-9QXM", "(PA-2611-7K3M-9QXM)."],
)  # fmt: skip
def test_found_however_typed(typed: str) -> None:
    assert find_codes(typed) == [CODE]
    assert parse_code(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    ["PA-2611-7K3M-9QXN", "PA-2613-7K3M-9QXM", "PA-2611-7K3M", "số 0912 3456 7890", "cho em hỏi",
     "XPA-2611-7K3M-9QXM", "pa 2611", "PA-2611-7K3M-9QXMM", ""],
)  # fmt: skip
def test_wrong_ones_are_not_found(typed: str) -> None:
    assert find_codes(typed) == []


def test_keyboard_noise_is_undone() -> None:
    code = format_code("2611", "AS3DD9E")
    noisy = code.replace("AS", "Á").replace("DD", "Đ").lower()
    assert find_codes(noisy) == [code]
    vni = format_code("2611", "A13D9EE")
    assert find_codes(vni.replace("A1", "Á").replace("D9", "đ")) == [vni]


def test_two_codes_have_no_single_reading() -> None:
    other = format_code("2612", "ABCDEFG")
    assert find_codes(f"{CODE} và {other}, {CODE}") == [CODE, other]
    assert parse_code(f"{CODE} {other}") is None


@pytest.mark.parametrize("typed", ["PA-2611-7K3M-9QXN", "pa 2611 7k3m", "PA26117K3M9QX", CODE,
                                   "2611-7k3m-9qxz"])  # fmt: skip
def test_looks_like_code(typed: str) -> None:
    assert looks_like_code(typed)


@pytest.mark.parametrize("typed", ["cho hỏi điểm", "phòng pa", "0912345678", "năm 2023-2024",
                                   "em nộp pa 2 lần", "thi 2025-2026-2027"])  # fmt: skip
def test_does_not_look_like_code(typed: str) -> None:
    assert not looks_like_code(typed)


@given(months, bodies)
def test_round_trip(yymm: str, body: str) -> None:
    code = format_code(yymm, body)
    assert find_codes(code.lower().replace("-", " ")) == [code]


@given(months, bodies, st.integers(4, 11), st.sampled_from(ALPHABET))
def test_single_wrong_character_is_caught(yymm: str, body: str, at: int, char: str) -> None:
    chars = list(format_code(yymm, body).replace("-", "")[2:])
    if chars[at] != char:
        chars[at] = char
        assert find_codes("PA" + "".join(chars)) == []


@given(months, bodies, st.integers(4, 10))
def test_swapped_neighbours_are_caught(yymm: str, body: str, at: int) -> None:
    chars = list(format_code(yymm, body).replace("-", "")[2:])
    a, b = chars[at], chars[at + 1]
    if a != b and {a, b} != {"0", "Z"}:
        chars[at], chars[at + 1] = b, a
        assert find_codes("PA" + "".join(chars)) == []


@given(st.text())
def test_never_raises(text: str) -> None:
    find_codes(text)
    looks_like_code(text)
