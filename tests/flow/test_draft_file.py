"""A draft as Word shows it: automatic numbers, tables, what was struck out."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from intake_api.domain.clauses import split
from intake_api.flow import consult, draft_file
from intake_api.flow.services import Services
from tests import builders
from tests.flow import drafts, samples


def places(data: bytes) -> list[str]:
    return [one.place for one in split(draft_file.lines(data)).clauses]


def test_numbers_that_word_writes_by_itself_are_read() -> None:
    assert places(drafts.numbered()) == [
        "Điều 1", "Điều 2", "Khoản 1 Điều 2", "Khoản 2 Điều 2", "Điểm a khoản 2 Điều 2",
        "Điểm b khoản 2 Điều 2", "Điều 3", "Khoản 1 Điều 3",
    ]  # fmt: skip


def test_what_was_struck_out_or_hidden_does_not_come_along() -> None:
    found = split(draft_file.lines(drafts.edited())).clauses
    text = "\n".join(one.text for one in found)
    assert [one.place for one in found] == ["Điều 1", "Khoản 1 Điều 1", "Điều 2", "Phụ lục"]
    assert found[0].text == "Mức thu mới"
    assert "cũ" not in text and "nội bộ" not in text
    assert "THCS | 20.000 đồng" in found[1].text


def test_a_line_break_begins_a_clause_like_a_paragraph_does() -> None:
    made = docx.Document()
    made.add_paragraph("Điều 1. Một\n1. Khoản một\n2. Khoản hai")
    assert places(drafts.saved(made)) == ["Điều 1", "Khoản 1 Điều 1", "Khoản 2 Điều 1"]


def test_a_draft_that_stands_in_a_table_beside_its_explanation_is_split() -> None:
    made = docx.Document()
    table = made.add_table(rows=2, cols=2)
    table.cell(0, 0).text = "Điều 1. Một\n1. Khoản một"
    table.cell(0, 1).text = "Vì cần có."
    table.cell(1, 0).text = "Điều 2. Hai"
    assert places(drafts.saved(made)) == ["Điều 1", "Khoản 1 Điều 1", "Điều 2"]


def test_decomposed_letters_are_read_as_letters() -> None:
    import unicodedata

    text = [unicodedata.normalize("NFD", line) for line in drafts.TEACHING]
    assert "Khoản 2 Điều 2" in places(drafts.write(text))


def refused(services: Services, data: bytes) -> str:
    with pytest.raises(consult.Refused) as error:
        consult.read_draft(services, "du-thao.docx", data)
    assert error.value.field == "tep"
    return str(error.value)


@pytest.fixture
def services(tmp_path: object) -> Services:
    return builders.make_services(None)  # type: ignore[arg-type]


def test_what_is_no_word_document_is_refused_in_one_sentence(services: Services) -> None:
    assert "không phải văn bản Word" in refused(services, samples.pdf())
    assert "không phải văn bản Word" in refused(services, samples.plain_zip())
    assert "trống" in refused(services, b"")
    assert "hỏng" in refused(services, samples.docx())
    assert "hỏng" in refused(services, drafts.write()[:-200])


def test_a_bomb_is_refused(services: Services) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w:document/>" + b" " * (101 * 1024 * 1024))
    assert "quá lớn" in refused(services, out.getvalue())


def test_entities_are_not_expanded(services: Services) -> None:
    data = drafts.write(["Điều 1. Một"])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.infolist():
            body = before.read(part)
            if part.filename == "word/document.xml":
                head = b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
                body = body.replace(b"?>", b"?>" + head, 1).replace(b"M\xe1\xbb\x99t", b"X&a;")
            after.writestr(part.filename, body)
    read = draft_file.lines(out.getvalue())
    assert [one.text for one in read] == ["Điều 1. X"]


def test_an_old_font_is_told(services: Services) -> None:
    made = docx.Document()
    run = made.add_paragraph().add_run("§iÒu 1. Ph¹m vi")
    run.font.name = ".VnTime"
    assert "Unicode" in refused(services, drafts.saved(made))


def test_an_empty_document_is_refused(services: Services) -> None:
    assert "không có chữ" in refused(services, drafts.write(["", "  "]))
