from __future__ import annotations

import pytest

from intake_api.public import fields

GOOD = {"noi_dung": "Thu quỹ không phiếu thu", "an_danh": "1", "dong_y": "1"}


def wrong(**changes: str) -> dict[str, str]:
    return fields.problems(fields.read({**GOOD, **changes}))


def test_content_consent_and_a_word_on_the_name_are_enough() -> None:
    assert wrong() == {}


def test_an_empty_form_says_all_that_is_missing_in_the_order_of_the_page() -> None:
    assert list(fields.problems(fields.read({}))) == ["noi_dung", "ten", "dong_y"]


def test_consent_is_never_taken_for_granted() -> None:
    assert fields.blank().consent is False
    assert "dong_y" in wrong(dong_y="")


@pytest.mark.parametrize("phone", ["0912 345 678", "+84912345678", "0226.385.2537", "(0912)345678"])
def test_telephone_numbers_as_people_write_them(phone: str) -> None:
    assert wrong(an_danh="", dien_thoai=phone) == {}


@pytest.mark.parametrize("phone", ["12", "abc", "09123456789123", "0912 345 67x"])
def test_other_numbers_are_asked_again(phone: str) -> None:
    assert "dien_thoai" in wrong(an_danh="", dien_thoai=phone)


@pytest.mark.parametrize("email", ["a@b", "a b@c.vn", "@c.vn", "a@c.vn, b@c.vn"])
def test_an_address_that_cannot_be_is_asked_again(email: str) -> None:
    assert "thu" in wrong(an_danh="", thu=email)


def test_contact_is_not_looked_at_when_the_name_is_withheld() -> None:
    assert wrong(dien_thoai="12", thu="x") == {}


def test_a_text_one_character_too_long_says_by_how_much() -> None:
    assert "1 ký tự" in wrong(noi_dung="x" * 5001)["noi_dung"]
    assert wrong(noi_dung="x" * 5000) == {}


def test_an_unknown_role_is_not_kept_silently() -> None:
    assert "vai_tro" in wrong(vai_tro="hacker")


def test_the_same_words_from_the_same_form_are_one_sending() -> None:
    token = fields.blank().token
    first = fields.read({**GOOD, "ma_bieu_mau": token})
    assert first.once == fields.read({**GOOD, "ma_bieu_mau": token}).once
    changed = fields.read({**GOOD, "ma_bieu_mau": token, "noi_dung": "khác"})
    assert changed.once != first.once


def test_line_ends_count_once_and_nul_is_dropped() -> None:
    assert fields.read({"noi_dung": "a\r\nb\x00"}).text == "a\nb"


def test_a_made_up_form_name_is_replaced() -> None:
    assert fields.read({"ma_bieu_mau": "'; drop table"}).token.isalnum()
