"""The PDF is opened: paper, pages, letters, nothing outside the margins."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest

from intake_api.reports.documents import measure, pdf
from intake_api.reports.documents.model import Text, read
from tests.reports.documents.sample import LETTER, LETTERS, MADE, REPORT, TOPICS

MM = 72 / 25.4


def made(document: Any) -> Any:
    return pypdfium2.PdfDocument(pdf.write(document, made_at=MADE))


@pytest.fixture(scope="module")
def report() -> Any:
    return made(REPORT)


def text(page: Any) -> str:
    found: str = page.get_textpage().get_text_bounded()
    return found.replace("\r\n", "\n")


def test_pages_stand_and_lie_and_count_from_one_in_each_part(report: Any) -> None:
    sizes = [(round(page.get_width() / MM), round(page.get_height() / MM)) for page in report]
    lying = sizes.index((297, 210))
    assert set(sizes[:lying]) == {(210, 297)}
    assert sizes[-1] == (210, 297)
    first = [text(page).splitlines()[0] for page in report]
    assert first[0].startswith("UBND TỈNH HÀ NAM")
    assert first[1:lying] == [str(n) for n in range(2, lying + 1)]
    assert first[lying].startswith("Phụ lục I")
    assert first[lying + 1] == "2"
    assert first[-1].startswith("Phụ lục II")


def test_nothing_stands_outside_the_margins(report: Any) -> None:
    for page in report:
        height, width = page.get_height(), page.get_width()
        words = page.get_textpage()
        for n in range(words.count_rects()):
            left, bottom, right, top = words.get_rect(n)
            assert left >= 30 * MM - 1
            # The space at the end of a line hangs over.
            assert right <= width - 20 * MM + 3.6
            assert bottom >= 20 * MM - 4
            assert top <= height - 8 * MM


def test_every_vietnamese_letter_is_there_and_drawn(report: Any) -> None:
    everything = "".join(text(page) for page in report)
    missing = [one for one in LETTERS if one not in everything]
    assert missing == []
    # What the font lacks would be drawn as the same empty box for every letter.
    for face in ("Regular", "Bold", "Italic", "BoldItalic"):
        font = measure.ImageFont.truetype(measure.FONTS / f"LiberationSerif-{face}.ttf", 40)
        shapes = {bytes(font.getmask(one)) for one in set(LETTERS) - {" "}}
        assert len(shapes) == len(set(LETTERS)) - 1, face


def test_the_words_are_those_of_the_document(report: Any) -> None:
    squeezed = "".join("".join(text(page).split()) for page in report)
    for words in REPORT.words():
        wanted = "".join(words.split())
        assert wanted in squeezed or "".join(words.upper().split()) in squeezed, words


def test_a_letter_is_one_page_with_its_parts() -> None:
    (page,) = made(LETTER)
    found = text(page)
    for words in ("Số: 08/SGDĐT-VP", "V/v xử lý phản ánh", "KHẨN", "- Trường THCS Mẫu.",
                  "CHÁNH VĂN PHÒNG"):  # fmt: skip
        assert words in found


@pytest.mark.parametrize("lines", [24, 26, 28, 30])
def test_a_short_table_stays_on_one_page(lines: int) -> None:
    few = replace(TOPICS, rows=TOPICS.rows[:6], totals=0, caption="Bảng ngắn")
    body = (*(Text(f"Dòng {n}.") for n in range(lines)), few, Text("Hết./."))
    found = [text(page) for page in made(replace(LETTER, body=body))]
    (there,) = [one for one in found if "Bảng ngắn" in one]
    assert all(row[1] in " ".join(there.split()) for row in few.rows)


def test_what_people_write_is_never_part_of_the_program() -> None:
    odd = '#panic("x") $x$ *a* _b_ \\ ` @c <d> [e] "f" //'
    (page,) = made(replace(LETTER, body=(Text(odd),)))
    assert "".join(odd.split()) in "".join(text(page).split())


def test_the_same_document_gives_the_same_file() -> None:
    assert pdf.write(LETTER, made_at=MADE) == pdf.write(LETTER, made_at=MADE)


def test_a_document_survives_being_kept_as_json() -> None:
    for one in (REPORT, LETTER):
        assert read(json.loads(json.dumps(one.plain()))) == one


def test_the_fonts_are_what_their_list_says() -> None:
    listed = json.loads((measure.FONTS / "vendor.json").read_text())["files"]
    there = {path.name for path in measure.FONTS.iterdir()} - {"vendor.json"}
    assert there == set(listed)
    for name, digest in listed.items():
        assert hashlib.sha256((measure.FONTS / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("lines", [21, 22, 23, 24, 25, 26])
def test_the_signature_never_stands_on_a_page_alone(lines: int) -> None:
    body = (*(Text(f"Dòng {n}.") for n in range(lines)), Text("Câu cuối của văn bản./."))
    found = [text(page) for page in made(replace(LETTER, body=body))]
    assert "CHÁNH VĂN PHÒNG" in found[-1] and "Câu cuối của văn bản" in found[-1]
