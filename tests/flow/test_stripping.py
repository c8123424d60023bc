"""The shown copy tells nothing about who made it."""

from __future__ import annotations

import io
import struct
import zipfile

import pikepdf
import pytest
from PIL import Image

from intake_api.flow import files, stripping
from tests.flow import samples


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack("!I", 8 + len(body)) + kind + body


def film(extra: bytes = b"") -> bytes:
    head = box(b"mvhd", bytes(4) + struct.pack("!II", 3_900_000_000, 3_900_000_001) + bytes(92))
    where = box(b"udta", box(b"\xa9xyz", b"+20.5433+105.9229/"))
    return (
        box(b"ftyp", b"isom" + bytes(4))
        + box(b"moov", head + box(b"trak", box(b"meta", b"iPhone cua Lan")) + where + extra)
        + box(b"mdat", b"phim" * 10)
    )


def test_a_film_keeps_its_length_and_loses_place_time_and_device() -> None:
    data = film()
    shown = files.inspect("a.mov", data, kinds=files.SENT).shown
    assert shown is not None and len(shown) == len(data)
    for trace in (b"+20.5433", b"iPhone", struct.pack("!I", 3_900_000_000)):
        assert trace in data and trace not in shown
    assert b"phim" * 10 in shown


def test_a_film_that_lies_about_its_size_is_refused() -> None:
    with pytest.raises(files.FileRefused):
        files.inspect("a.mp4", film(struct.pack("!I", 9999) + b"udta"), kinds=files.SENT)


def test_a_recording_loses_its_tags() -> None:
    tag = b"ID3\x03\x00\x00" + bytes([0, 0, 0, 20]) + b"Lan thu am tai nha.."
    sound = b"\xff\xfb\x90\x00" * 50
    data = tag + sound + b"TAG" + b"Lan".ljust(125, b" ")
    kept = files.inspect("ghi âm.m4a", data, kinds=files.SENT)
    assert (kept.shown, kept.filename, kept.original) == (sound, "ghi âm.m4a.mp3", data)


def test_a_pdf_loses_author_scripts_and_what_is_inside_it() -> None:
    made = pikepdf.new()
    made.add_blank_page()
    with made.open_metadata() as meta:
        meta["dc:creator"] = ["Nguyen Thi Lan"]
    made.docinfo["/Author"] = "Nguyen Thi Lan"
    made.attachments["nhat-ky.txt"] = b"rieng tu"
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    out = io.BytesIO()
    made.save(out)
    shown = files.inspect("đơn.pdf", out.getvalue()).shown
    assert shown is not None
    with pikepdf.open(io.BytesIO(shown)) as seen:
        assert len(seen.pages) == 1 and len(seen.attachments) == 0
        assert "/Info" not in seen.trailer
        assert "/OpenAction" not in seen.Root and "/Metadata" not in seen.Root


def test_a_docx_loses_names_and_keeps_its_text() -> None:
    data = samples.docx(
        {
            "docProps/core.xml": b"<cp>Nguyen Thi Lan</cp>",
            "word/comments.xml": b'<w:comment w:author="Lan" w:initials="L">y</w:comment>',
        },
        document="<w:document>Thu quỹ lớp</w:document>".encode(),
    )
    shown = files.inspect("đơn.docx", data).shown
    assert shown is not None
    with zipfile.ZipFile(io.BytesIO(shown)) as seen:
        everything = b"".join(seen.read(name) for name in seen.namelist())
        assert "Thu quỹ lớp".encode() in seen.read("word/document.xml")
    assert b"Lan" not in everything and b">y<" in everything


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
def test_other_pictures_are_shown_as_png_and_only_taken_in_a_chat(form: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(out, form)
    kept = files.inspect("a.x", out.getvalue(), kinds=files.SENT)
    assert (kept.content_type, kept.original) == (files.PNG, out.getvalue())
    with pytest.raises(files.FileRefused):
        files.inspect("a.x", out.getvalue())


@pytest.mark.parametrize("data", [b"MZ" + bytes(100), b"<html><script>", b"\x7fELF" + bytes(9)])
def test_programs_and_pages_are_refused_whatever_they_are_called(data: bytes) -> None:
    with pytest.raises(files.FileRefused):
        files.inspect("anh.jpg", data, kinds=files.SENT)


def test_a_recording_of_nothing_but_tags_is_refused() -> None:
    with pytest.raises(ValueError, match="tags"):
        stripping.mp3(b"ID3\x03\x00\x00\x00\x00\x00\x05abcde")
