"""Sizes and fixed words of Decree 30/2020/NĐ-CP, Appendix I, that both writers share."""

from __future__ import annotations

from intake_api.reports.documents import measure
from intake_api.reports.documents.model import Document

BODY = 14  # points; the Decree allows 13 to 14
NUMBER = 13
# The head of the document and its foot: a narrow and a wide column (millimetres).
HEAD = (70, 90)
MOTTO, STATE = "Độc lập - Tự do - Hạnh phúc", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
STATE_SIZE, MOTTO_SIZE, ISSUER_SIZE = 12, 13, 12
# A rule below the issuer or the subject is a third to a half as long as the words.
_SHARE = 0.4
_TEXT_WIDTH = 453.5  # points between the margins of an upright page


def issuer_rule(issuer: str) -> float:
    """Length in points of the rule below the issuer."""
    return measure.width(issuer, ISSUER_SIZE, bold=True) * _SHARE


def rule_length(words: str, size: float) -> float:
    """Length in points of the rule below words that may run over several lines."""
    return min(measure.width(words, size, bold=True), _TEXT_WIDTH) * _SHARE


def belongs_to(document: Document) -> str:
    """The line below an annex's title that says what it belongs to."""
    number, day = document.number.removeprefix("Số: "), document.place_date.split(", ", 1)[-1]
    kind = document.title.capitalize() if document.title else "Công văn"
    return f"(Kèm theo {kind} số {number} {day} của {in_a_sentence(document.issuer)})"


def in_a_sentence(issuer: str) -> str:
    """ "SỞ GIÁO DỤC VÀ ĐÀO TẠO" as it stands within a sentence."""
    return issuer.capitalize().replace("giáo dục", "Giáo dục").replace("đào tạo", "Đào tạo")
