"""Files that people attach: what they really are, and a copy that is safe to show.

Pure functions over bytes. The extension and the browser's word count for nothing: the content
decides.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import puremagic
from PIL import Image, ImageOps

from intake_api.domain.scanning import Scanner, ScannerAway
from intake_api.flow import stripping

MAX_FILE = 10 * 1024 * 1024
MAX_FILES = 5
MAX_UNPACKED = 100 * 1024 * 1024
MAX_PARTS = 2000
MAX_PIXELS = 60_000_000
MAX_NAME = 120

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JPEG = "image/jpeg"
PNG = "image/png"
# What only comes through a chat: recordings, and pictures that are shown as PNG.
MP4, MOV, M4A = "video/mp4", "video/quicktime", "audio/mp4"
MP3, AAC, AMR = "audio/mpeg", "audio/aac", "audio/amr"
GIF, WEBP = "image/gif", "image/webp"
EXTENSION = {
    PDF: ".pdf", DOCX: ".docx", JPEG: ".jpg", PNG: ".png", MP4: ".mp4", MOV: ".mov", M4A: ".m4a",
    MP3: ".mp3", AAC: ".aac", AMR: ".amr",
}  # fmt: skip
_OWN = {kind: {ending} for kind, ending in EXTENSION.items()}
_OWN[JPEG] |= {".jpeg", ".jpe", ".jfif"}
FORM = frozenset({PDF, DOCX, JPEG, PNG})
SENT = FORM | {MP4, MOV, M4A, MP3, AAC, AMR, GIF, WEBP}

# What a damaged archive raises, besides what zipfile itself does about it.
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, RuntimeError, EOFError,
    ValueError, OSError,
)  # fmt: skip
NOT_ALLOWED = "Nội dung tệp không phải PDF, DOCX, JPG hay PNG."
NOT_ALLOWED_SENT = "Nội dung tệp không phải ảnh, PDF, DOCX, ghi âm hay video thường dùng."
INFECTED = "Tệp có mã độc nên không được nhận."


class FileRefused(ValueError):
    """The file cannot be taken; ``reason_vi`` says why, for the person who sent it."""

    def __init__(self, reason_vi: str) -> None:
        self.reason_vi = reason_vi
        super().__init__(reason_vi)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was taken: its bytes as they came and the copy that may be shown."""

    filename: str
    content_type: str
    original: bytes
    # None while nobody could look it over: kept, shown to nobody.
    shown: bytes | None

    @property
    def unseen(self) -> bool:
        return self.shown is None


def inspect(
    filename: str, data: bytes, scanner: Scanner | None = None, *, kinds: frozenset[str] = FORM
) -> Kept:
    """Returns what to keep of one attached file: of one of these ``kinds``, by its content, and
    clean as far as there is a ``scanner``. Raises FileRefused."""
    if not data:
        raise FileRefused("Tệp trống, không có nội dung.")
    if len(data) > MAX_FILE:
        raise FileRefused("Tệp lớn hơn 10 MB.")
    kind = _kind(data)
    if kind not in kinds:
        raise FileRefused(NOT_ALLOWED if kinds == FORM else NOT_ALLOWED_SENT)
    if kind == DOCX:
        _check_docx(data)
    shown = _shown(data, kind)
    kind = PNG if kind in (GIF, WEBP) else kind
    kept = Kept(safe_name(filename, kind), kind, data, shown)
    return kept if scanner is None else _scanned(kept, scanner)


def _scanned(kept: Kept, scanner: Scanner) -> Kept:
    try:
        found = scanner.scan(kept.original)
    except ScannerAway:
        # Nobody's file is turned away because a machine is away: it waits, unseen.
        return replace(kept, shown=None)
    if found is not None:
        raise FileRefused(INFECTED)
    return kept


def _shown(data: bytes, kind: str) -> bytes:
    """The copy without what tells more than its maker meant to show."""
    if kind in (JPEG, PNG, GIF, WEBP):
        return _clean_image(data, kind)
    strip: Callable[[bytes], bytes] | None = {
        PDF: stripping.pdf, DOCX: stripping.docx, MP4: stripping.mp4, MOV: stripping.mp4,
        M4A: stripping.mp4, MP3: stripping.mp3,
    }.get(kind)  # fmt: skip
    try:
        return strip(data) if strip is not None else data
    except ValueError as error:
        raise FileRefused("Tệp bị hỏng hoặc đặt mật khẩu, không mở được.") from error


def safe_name(filename: str, content_type: str) -> str:
    """The name without folders, control and direction marks, with the ending of its content."""
    name = unicodedata.normalize("NFC", re.split(r"[\\/]", filename)[-1])
    # Category C holds control characters and the marks that make "fdp.exe" read "exe.pdf".
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .") or "tep"
    stem, dot, ending = name.rpartition(".")
    if not dot or f".{ending.lower()}" not in _OWN[content_type]:
        stem, ending = name, EXTENSION[content_type][1:]
    return f"{(stem or 'tep')[:MAX_NAME]}.{ending}"


def _kind(data: bytes) -> str:
    """What the content is, whatever it is called."""
    if data.startswith(b"PK\x03\x04"):
        return DOCX  # _check_docx says whether it is one
    try:
        found = {match.mime_type for match in puremagic.magic_string(data)}
    except (puremagic.PureError, ValueError):
        found = set()
    # puremagic names every candidate; each is confirmed by its own first bytes.
    if data.startswith(b"%PDF-") and PDF in found:
        return PDF
    for kind, start in _STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp":
        return {b"M4A ": M4A, b"qt  ": MOV}.get(data[8:12], MP4)
    if len(data) > 2 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:
        return AAC if data[1] & 0x06 == 0 else MP3
    return ""


_STARTS = (
    (JPEG, b"\xff\xd8\xff"),
    (PNG, b"\x89PNG\r\n\x1a\n"),
    (GIF, b"GIF87a"),
    (GIF, b"GIF89a"),
    (AMR, b"#!AMR"),
    (MP3, b"ID3"),
)


def _check_docx(data: bytes) -> None:
    """A DOCX is a zip with a Word document in it, not encrypted, no bomb, without macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if not {"[Content_Types].xml", "word/document.xml"} <= names:
                raise FileRefused(NOT_ALLOWED)
            if any(part.flag_bits & 0x1 for part in parts):
                raise FileRefused("Tệp DOCX đặt mật khẩu nên không đọc được.")
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise FileRefused("Tệp có macro; xin lưu lại dạng DOCX thường hoặc PDF.")
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise FileRefused("Tệp DOCX giải nén ra quá lớn.")
            _read_all(archive, parts)
    except FileRefused:
        raise
    except BROKEN_ZIP as error:
        raise FileRefused("Tệp DOCX bị hỏng, không mở được.") from error


def _read_all(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Unpacks everything once, counting: the sizes a zip declares may be lies."""
    total = 0
    for part in parts:
        with archive.open(part) as stream:
            while piece := stream.read(1 << 20):
                total += len(piece)
                if total > MAX_UNPACKED:
                    raise FileRefused("Tệp DOCX giải nén ra quá lớn.")


def _clean_image(data: bytes, kind: str) -> bytes:
    """The picture drawn anew: upright, without place, camera, comments or anything behind it."""
    form = "JPEG" if kind == JPEG else "PNG"
    read = {GIF: "GIF", WEBP: "WEBP"}.get(kind, form)
    try:
        with Image.open(io.BytesIO(data), formats=[read]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise FileRefused("Ảnh có kích thước quá lớn (hơn 60 triệu điểm ảnh).")
            upright = ImageOps.exif_transpose(picture)
            mode = _mode(upright, form)
            pixels = upright.convert(mode)
    except FileRefused:
        raise
    except Exception as error:
        # A hostile picture raises whatever it likes inside Pillow: struct.error, ValueError …
        raise FileRefused("Ảnh bị hỏng, không mở được.") from error
    # A new picture carries no ``info``: Pillow would copy profiles and text blocks along.
    clean = Image.new(mode, pixels.size)
    clean.paste(pixels)
    out = io.BytesIO()
    if form == "JPEG":
        clean.save(out, "JPEG", quality=88, optimize=True)
    else:
        clean.save(out, "PNG", optimize=True)
    return out.getvalue()


def _mode(picture: Image.Image, form: str) -> str:
    if form == "JPEG":
        return "L" if picture.mode == "L" else "RGB"
    clear = picture.mode in ("LA", "RGBA", "PA") or "transparency" in picture.info
    return "RGBA" if clear else ("L" if picture.mode in ("1", "L") else "RGB")
