"""Small files of every kind, made on the spot."""

from __future__ import annotations

import io
import zipfile

import pikepdf
from PIL import Image, PngImagePlugin


def jpeg_with_place() -> bytes:
    """A photograph that says where, with which camera, and lies on its side."""
    picture = Image.new("RGB", (60, 40), "red")
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"ghi chu kin", icc_profile=b"profile" * 20)
    return out.getvalue()


def png_with_text() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Nguyen Van A")
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 255, 90)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def pdf() -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def docx(extra: dict[str, bytes] | None = None, *, document: bytes = b"<w:document/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def plain_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.txt", "x")
    return out.getvalue()
