from __future__ import annotations

import pytest

from actions.contact import Contact, is_contact, read_contact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nguyễn Thị Lan 0900000123", Contact("Nguyễn Thị Lan", "0900000123")),
        ("0900 000 341", Contact(None, "0900000341")),
        ("tên em là Linh, sđt 0900.000.652", Contact("Linh", "0900000652")),
        ("email: meo.con@example.com", Contact(None, None, "meo.con@example.com")),
        ("họ tên: Vũ Thị D", Contact("Vũ Thị D")),
        ("le van c", Contact("le van c")),
    ],
)
def test_details_are_read(text: str, expected: Contact) -> None:
    assert read_contact(text) == expected
    assert is_contact(text)


@pytest.mark.parametrize("text", ["lan 09000", "090000012", "lan@", "số của tôi 0900 000"])
def test_broken_numbers_are_noticed(text: str) -> None:
    contact = read_contact(text)
    assert contact.broken
    assert contact.phone is None
    assert contact.email is None


@pytest.mark.parametrize(
    "text",
    [
        "nhà trường còn bắt học cả thứ bảy nữa, tôi thấy rất vô lý",
        "hoc sinh lop toi so lam",
        "truong thu tien khong phieu",
        "co giao con mang cac chau truoc ca lop nua, rat qua dang",
    ],
)
def test_another_sentence_is_no_contact(text: str) -> None:
    assert not is_contact(text)
