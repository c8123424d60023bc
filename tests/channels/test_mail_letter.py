from __future__ import annotations

import pytest

from intake_api.channels.mail_letter import read
from tests.mail_house import USER, letter


def test_a_letter_is_read_with_its_thread_and_its_files() -> None:
    found = read(
        letter(
            files=(("phiếu thu.pdf", b"%PDF-1.4"),),
            In_Reply_To="<ba@so.vn>",
            References="<mot@so.vn> <hai@so.vn> <ba@so.vn>",
        )
    )
    assert found.sender == "hoa@vidu.example"
    assert found.message_id == "<mot@vidu.example>"
    assert found.references == ("<ba@so.vn>", "<hai@so.vn>", "<mot@so.vn>")
    assert "không có phiếu thu" in found.text
    assert [(one.name, one.data) for one in found.files] == [("phiếu thu.pdf", b"%PDF-1.4")]
    assert found.sent_at is not None and found.sent_at.isoformat() == "2026-11-23T09:00:00+07:00"
    assert found.automatic == ""


def test_html_is_read_as_text_without_its_scripts() -> None:
    found = read(letter(html="<p>Thu <b>500.000</b> đồng</p><script>alert(1)</script><p>Lớp 6A"))
    assert "Thu 500.000 đồng" in found.text
    assert "alert" not in found.text


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "auto-replied"),
        ({"Auto_Submitted": "auto-generated; x=y"}, "auto-generated"),
        ({"Auto_Submitted": "no"}, ""),
        ({"Precedence": "bulk"}, "bulk"),
        ({"Return_Path": "<>"}, "null sender"),
        ({"List_Id": "<tin.vidu.example>"}, "list"),
        ({"X_Autoreply": "yes"}, "auto reply"),
        ({"X_Loop": USER}, "loop"),
        ({"X_Loop": "ai.do@vidu.example"}, ""),
        ({"X_Auto_Response_Suppress": "All"}, ""),  # Exchange writes it into people's letters too
    ],
)
def test_letters_of_programs_are_told_from_those_of_people(
    headers: dict[str, str], why: str
) -> None:
    assert read(letter(**headers), own=USER).automatic == why


@pytest.mark.parametrize(
    ("sender", "why"),
    [("no-reply@vidu.example", "robot"), ("MAILER-DAEMON@vidu.example", "robot"),
     ("Noriko <noriko@vidu.example>", ""), (USER, "loop")],
)  # fmt: skip
def test_nobody_sits_behind_some_addresses(sender: str, why: str) -> None:
    assert read(letter(sender=sender), own=USER).automatic == why


def test_a_returned_letter_names_ours() -> None:
    raw = (
        "From: MAILER-DAEMON@vidu.example\nTo: gopy@so.example.vn\nSubject: Undelivered\n"
        "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; "
        'boundary="x"\n\n--x\nContent-Type: text/plain\n\nSorry\n'
        "--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; vidu\n\n"
        "Final-Recipient: rfc822; hoa@vidu.example\nAction: {action}\nStatus: 5.1.1\n\n"
        "--x\nContent-Type: text/rfc822-headers\n\nMessage-ID: <outbox-1.a@so.example.vn>\n"
        "Subject: Re\n\n--x--\n"
    )
    assert read(raw.replace("{action}", "failed").encode()).failed == (
        "<outbox-1.a@so.example.vn>",
    )
    late = read(raw.replace("{action}", "delayed").encode())
    assert late.failed == ()
    assert late.automatic == "robot"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"From: <<>>\nSubject: =?utf-8?q?=ff=fe?=\nDate: hom qua\n\nchao",
        b"From: a@b.vn\nContent-Type: text/plain; charset=khong-co\n\nch\xc3\xa0o",
        b"From: a@b.vn\nContent-Type: multipart/mixed\n\nkhong co ranh gioi",
        b"From: a@b.vn\nContent-Transfer-Encoding: base64\n\n!!!",
        b"Message-ID: khong ngoac\nReferences: " + b"<x@y> " * 500 + b"\n\nx",
    ],
)
def test_broken_letters_are_read_as_far_as_they_go(raw: bytes) -> None:
    found = read(raw)
    assert "\x00" not in found.text + found.subject
    assert len(found.references) <= 30


def test_old_vietnamese_letters_are_decoded() -> None:
    raw = b"From: a@b.vn\nContent-Type: text/plain; charset=windows-1258\n\n"
    assert "Ho\u0323c phi\u0301" in read(raw + "Ho\u0323c phi\u0301".encode("cp1258")).text
