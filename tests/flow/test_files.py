from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from intake_api.flow import files
from tests.flow import samples


def reason(name: str, data: bytes) -> str:
    with pytest.raises(files.FileRefused) as refused:
        files.inspect(name, data)
    return refused.value.reason_vi


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("đơn.pdf", samples.pdf(), files.PDF),
        ("đơn.docx", samples.docx(), files.DOCX),
        ("ảnh.jpg", samples.jpeg_with_place(), files.JPEG),
        ("ảnh.png", samples.png_with_text(), files.PNG),
    ],
)
def test_the_four_kinds_are_kept_byte_for_byte(name: str, data: bytes, kind: str) -> None:
    kept = files.inspect(name, data)
    assert (kept.content_type, kept.filename, kept.original) == (kind, name, data)


def test_the_shown_photograph_tells_nothing_and_stands_upright() -> None:
    data = samples.jpeg_with_place()
    assert b"Exif" in data
    shown = files.inspect("a.jpg", data).shown
    for trace in (b"Exif", b"ghi chu kin", b"profile", "Máy ảnh".encode()):
        assert trace not in shown
    with Image.open(io.BytesIO(shown)) as picture:
        assert picture.size == (40, 60)
        assert not picture.getexif()


def test_the_shown_png_loses_its_text_and_keeps_its_transparency() -> None:
    shown = files.inspect("a.png", samples.png_with_text()).shown
    assert b"Nguyen Van A" not in shown
    with Image.open(io.BytesIO(shown)) as picture:
        assert picture.mode == "RGBA"


@pytest.mark.parametrize(
    "data",
    [b"MZ\x90\x00" + b"\0" * 80, b"hello", b"<html><script>", b"GIF89a" + b"\0" * 30,
     samples.plain_zip(), b"\0" * 64, b"x %PDF-1.4"],
)  # fmt: skip
def test_the_name_does_not_make_the_file(data: bytes) -> None:
    for name in ("a.pdf", "a.docx", "a.jpg", "a.png"):
        assert reason(name, data) == files.NOT_ALLOWED


def test_empty_and_too_big_files_are_refused() -> None:
    assert "trống" in reason("a.pdf", b"")
    assert "10 MB" in reason("a.pdf", samples.pdf() + b" " * files.MAX_FILE)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = samples.docx({"word/media/x.xml": b"\0" * (files.MAX_UNPACKED + 1)})
    assert len(bomb) < 1_000_000
    assert "quá lớn" in reason("a.docx", bomb)


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(samples.docx({"word/x.bin": b"\0" * 5_000_000}))
    true = struct.pack("<I", 5_000_000)
    # Both headers claim ten bytes: the declared total is harmless, the content is not.
    while (at := data.find(true)) >= 0:
        data[at : at + 4] = struct.pack("<I", 10)
    assert "hỏng" in reason("a.docx", bytes(data))


def test_too_many_parts_macros_and_passwords_are_refused() -> None:
    many = samples.docx({f"word/{n}.xml": b"" for n in range(files.MAX_PARTS)})
    assert "quá lớn" in reason("a.docx", many)
    assert "macro" in reason("a.docx", samples.docx({"word/vbaProject.bin": b"x"}))
    locked = bytearray(samples.docx())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = locked.find(mark)
        locked[at + offset] |= 1
    assert "mật khẩu" in reason("a.docx", bytes(locked))


@pytest.mark.parametrize("cut", [10, 60, 200])
def test_cut_off_files_are_refused_in_words(cut: int) -> None:
    assert reason("a.docx", samples.docx()[:-cut])
    assert reason("a.jpg", samples.jpeg_with_place()[: cut * 2])
    assert reason("a.png", samples.png_with_text()[:30])


def test_a_picture_that_unfolds_too_large_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (9_000, 7_000)).save(out, "PNG", optimize=True)
    assert "quá lớn" in reason("a.png", out.getvalue())


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        (r"C:\Users\a\đơn.pdf", "đơn.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("hoá đơn\u202efdp.exe", "hoá đơnfdp.exe.pdf"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("...", "tep.pdf"),
        ("", "tep.pdf"),
        ("x" * 400 + ".pdf", "x" * 120 + ".pdf"),
        ("BÁO CÁO.PDF", "BÁO CÁO.PDF"),
    ],
)
def test_names_are_made_safe(given_name: str, kept: str) -> None:
    assert files.safe_name(given_name, files.PDF) == kept


@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff"]))
def test_any_bytes_are_kept_or_refused_never_worse(data: bytes, start: bytes) -> None:
    try:
        said = files.inspect("a", start + data).filename
    except files.FileRefused as refused:
        said = refused.reason_vi
    assert said


def test_a_damaged_docx_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", "xin chào " * 10_000)
    raw = bytearray(out.getvalue())
    start = raw.find(b"word/document.xml") + len("word/document.xml")
    raw[start : start + 20] = b"\xff" * 20
    with pytest.raises(files.FileRefused):
        files.inspect("đơn.docx", bytes(raw))


def test_a_picture_that_breaks_the_reader_is_refused() -> None:
    from PIL import PngImagePlugin

    text = PngImagePlugin.PngInfo()
    text.add_text("c", "a" * 5_000_000, zip=True)
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG", pnginfo=text)
    with pytest.raises(files.FileRefused):
        files.inspect("ảnh.png", out.getvalue())
