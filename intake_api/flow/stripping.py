"""The copy of a file that may be shown: without who wrote it, where, and with what device.

Pure functions over bytes. What cannot be read safely raises ValueError.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator

import pikepdf

# Parts of a DOCX that say who wrote it; each is replaced by an empty one of its kind.
_ABOUT = {
    "docProps/core.xml": (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties '
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    ),
    "docProps/app.xml": (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
        'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
    ),
    "docProps/custom.xml": (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
        'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
    ),
}
_AUTHOR = re.compile(rb'(w:(?:author|initials|lastModifiedBy)=")[^"]*(")')
# Boxes of an MP4 that hold other boxes, and those that say where, when and with what.
_HOLDERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"})
_TELLING = frozenset({b"udta", b"meta", b"uuid"})
_TIMED = frozenset({b"mvhd", b"tkhd", b"mdhd"})


def pdf(data: bytes) -> bytes:
    """Without document information, XMP, scripts and files inside it."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if document.trailer.get("/Info") is not None:
                del document.trailer["/Info"]
            for name in ("/Metadata", "/OpenAction", "/AA", "/PieceInfo"):
                if name in document.Root:
                    del document.Root[name]
            names = document.Root.get("/Names")
            for name in ("/JavaScript", "/EmbeddedFiles"):
                if names is not None and name in names:
                    del names[name]
            for page in document.pages:
                for name in ("/Metadata", "/AA", "/PieceInfo"):
                    if name in page:
                        del page[name]
            out = io.BytesIO()
            document.remove_unreferenced_resources()
            document.save(out, deterministic_id=True)
    except (pikepdf.PdfError, RuntimeError, TypeError, KeyError) as error:
        raise ValueError("this PDF cannot be read") from error
    return out.getvalue()


def docx(data: bytes) -> bytes:
    """Without names of people and programs; the text is untouched. The archive has been checked
    before: whole, not encrypted, no bomb."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.infolist():
            if part.filename.startswith("docProps/thumbnail"):
                body = b""
            elif part.filename in _ABOUT:
                body = _ABOUT[part.filename].encode()
            else:
                body = before.read(part)
                if part.filename.startswith("word/") and part.filename.endswith(".xml"):
                    body = _AUTHOR.sub(rb"\1\2", body)
            fresh = zipfile.ZipInfo(part.filename)  # the time of packing goes too
            fresh.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(fresh, body)
    return out.getvalue()


def mp4(data: bytes) -> bytes:
    """The same length, for nothing may move: what tells is turned into free space, times to 0."""
    out = bytearray(data)
    for start, kind, body, end in _boxes(data, 0, len(data)):
        if kind in _TELLING:
            out[start + 4 : start + 8] = b"free"
            out[body:end] = bytes(end - body)
        elif kind in _TIMED and end - body >= 20:
            width = 8 if data[body] == 1 else 4
            out[body + 4 : body + 4 + 2 * width] = bytes(2 * width)
    return bytes(out)


def _boxes(
    data: bytes, start: int, end: int, depth: int = 0
) -> Iterator[tuple[int, bytes, int, int]]:
    """(start, kind, start of its body, end) of every box, outer ones first."""
    while start + 8 <= end:
        size, kind = struct.unpack_from("!I4s", data, start)
        body = start + 8
        if size == 1 and start + 16 <= end:
            size = struct.unpack_from("!Q", data, start + 8)[0]
            body = start + 16
        elif size == 0:
            size = end - start
        if size < body - start or start + size > end:
            raise ValueError("a box of this file is longer than the file")
        yield start, kind, body, start + size
        if kind in _HOLDERS and depth < 8:
            yield from _boxes(data, body, start + size, depth + 1)
        start += size


def mp3(data: bytes) -> bytes:
    """Without ID3 tags before and behind the sound."""
    while data[:3] == b"ID3" and len(data) > 10:
        size = 0
        for byte in data[6:10]:
            size = size << 7 | byte & 0x7F
        data = data[10 + size + (10 if data[5] & 0x10 else 0) :]
    if data[-128:-125] == b"TAG":
        data = data[:-128]
    if data[-32:-24] == b"APETAGEX":
        size = struct.unpack("<I", data[-20:-16])[0]
        data = data[: -(size + 32)] if size + 32 <= len(data) else data[:-32]
    if not data:
        raise ValueError("nothing but tags")
    return data
