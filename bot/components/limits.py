"""How long a text may be, and how sure the classifier must be, for each control intent."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# intent → (most words, least confidence)
LIMITS = {
    "restart": (10, 0.45),
    "cancel": (14, 0.35),
    "skip": (14, 0.3),
    "affirm": (12, 0.3),
    "deny": (12, 0.3),
    "anonymous": (20, 0.3),
    "greet": (12, 0.3),
    "goodbye": (12, 0.3),
    # A fact by itself ("THCS Trần Phú") is short; with a verb it is somebody's sentence.
    "inform": (7, 0.0),
    # Nobody is handed over on a weak guess ("sdt so la gi").
    "talk_to_person": (10_000, 0.35),
    # The intake looks for danger in every message before Rasa does, with rules that miss little;
    # a weak guess here would only raise false alarms about dirty kitchens.
    "report_danger": (10_000, 0.45),
}


def readable(text: str, best: dict[str, Any]) -> bool:
    """Whether there is anything to understand: a letter, a figure, or a known sign ("👍")."""
    if any(c.isalnum() for c in text):
        return True
    return best["confidence"] >= 0.5 and any(unicodedata.category(c) == "So" for c in text)


# A journalist says so. Without one of these words a wish to ask is an ordinary question.
_PRESS = re.compile(
    r"\b(?:phong vien|nha bao|bao chi|bao dai|toa soan|dai (?:truyen hinh|phat thanh|tieng noi"
    r"|ptth)"
    r"|vtv|vov|pv|ptv|btv|truyen hinh|bien tap|phong su|phong van|phat ngon|hop bao|thong cao"
    r"|tap chi"
    r"|ban tin|tin tuc|podcast|tac nghiep|ban doc|len (?:bai|song|trang|bao)|viet bai|bai viet"
    r"|dang (?:bai|tai)"
    r"|chuyen de|trich (?:loi|dan)|quay phim|ghi hinh|ekip|dua tin|bai bao|kenh|cho dai|ben dai)\b"
    r"|\b(?:ben|lam|cua|o|cho|la|to|gio in|tra loi|mot|1|luat|vu|em|goi) bao\b"
    r"(?! (?:gio|nhieu|lau|hiem|xa|cao|dam|mau|ve))"
    r"|\bbao (?:\w+ ){0,3}(?:muon|xin|can|de nghi|nhan|dang|len|hoi|chuyen|mang|dien tu"
    r"|phap luat)\b"
    r"|^bao (?!gio|nhieu|lau)"
)


def says_press(folded: str) -> bool:
    """Whether one of the words of a journalist is in the text (without diacritics)."""
    return bool(_PRESS.search(folded))


# Sentences that command a language model. There is none here to be commanded, and such a text must
# not become somebody's comment either. "Nhà trường bỏ qua hướng dẫn của Sở" is a comment.
_MODEL = re.compile(
    r"\b(?:system prompt|prompt (?:he thong|goc|ban dau)|(?:cau )?lenh he thong|jailbreak"
    r"|developer mode|che do (?:nha phat trien|khong gioi han)|tro ly khong gioi han)\b"
    r"|\b(?:bo qua|bo het|quen|phot lo|lo|xoa|ignore|disregard|forget|override)"
    r"(?: (?:di|het|moi|tat ca|toan bo|cac|nhung|all|any|the|your|my)){0,4}"
    r" (?:huong dan|chi dan|chi thi|cau lenh|lenh|quy tac|luat le|thiet lap|instructions?|rules?"
    r"|prompts?)(?: (?:truoc|o tren|tren|ban dau|cu|he thong|cua ban|cua may|da cho|previous|above"
    r"|prior|di|tren day|duoc giao)\b)"
    r"|\b(?:ignore|disregard|forget)(?: \w+){0,3} (?:previous|above|prior)\b"
    r"|^(?:\W*(?:va|nay|ok|tu|ke tu|bay|gio|tu gio|bay gio|luc nay)){0,4} ?(?:ban|may|m|bot|tro ly)"
    r" (?:la|se la|hay la|phai|hay|dong vai) (?:dong vai|mot|1|chatgpt|gpt|dan|ten|hacker|ke|con)\b"
    r"|^(?:hay |please )?(?:dong vai|gia vo la|nhap vai|act as|pretend)\b"
)


def commands_a_model(folded: str) -> bool:
    """Whether a text (without diacritics) gives orders to a language model."""
    return bool(_MODEL.search(folded))


def believable(intent: dict[str, Any], words: int) -> bool:
    """Whether a text of so many words may be this intent (``name``, ``confidence``)."""
    limit = LIMITS.get(intent["name"])
    if limit is None:
        return True
    most, least = limit
    return words <= most and intent["confidence"] >= least
