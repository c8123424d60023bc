"""What the person just wrote, and what kind of sentence it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker

from vntext import views

_QUESTION = re.compile(
    r"\?\s*$|\b(?:bao gio|khi nao|luc nao|bao lau|bao nhieu|ngay nao|nam nao|the nao|nhu nao|ra sao"
    r"|lam sao|o dau|cho nao|noi nao|di dau|kenh nao|la gi|nhung gi|gom gi|can gi|giay to gi"
    r"|nhung mon nao|mon nao|lop nao|truong nao|ai la|ai duoc|ai quyet|tai sao|vi sao|xin hoi"
    r"|may (?:gio|tuoi|ngay|mon|nam|lan|thang|tuan|buoi|tiet|diem|tien|muc|dot)"
    r"|cho (?:\w+ ){0,2}hoi|muon hoi|can hoi|hoi ve|(?:duoc|dung|phai|that) (?:khong|chua)"
    r"|co (?:\S+ ){1,12}(?:khong|chua)"
    r"(?: (?:a|vay|nhi|the|nhe|so|ad|quan tri trang|em|anh|chi|oi|ha|day))*\s*$)"
)
# Words a wish is made of. What is left after taking them away is what the wish is about.
_WISH_WORDS = """
toi minh em con chau bac chi anh co ong ba chung cac ban nguoi nha gia dinh phu huynh hoc sinh
muon can xin cho de nghi duoc phep hay hoi giup voi nhe a oi vang da thua kinh gui den gop y
kien phan khieu nai to cao xuat hien ke bao phe binh khen loi bieu duong so giao duc va dao
tao nganh quy admin quan tri trang mot chuyen viec vai dieu nay khac moi ve truong lop thay
hieu vien noi ra la cam on buc xuc lam qua rat nghe vu 1 tiep lai nua bay gio the o day khong
biet ai ngoai viet
mun p a
"""
_WISH = frozenset(_WISH_WORDS.split())
_WORD = re.compile(r"\w+")
_A_DRAFT = re.compile(r"\b(?:ban )?du thao(?: van ban)?\b")


@dataclass(frozen=True)
class Turn:
    """One message with what Rasa made of it."""

    sender: str
    text: str
    intent: str
    confidence: float
    message_id: int
    metadata: dict[str, Any] = field(default_factory=dict)
    entities: dict[str, str] = field(default_factory=dict)

    @property
    def command(self) -> bool:
        """A button was pressed, or the intake itself speaks: people's own "/" is stripped."""
        return self.text.startswith("/")

    @property
    def typed(self) -> str:
        """What the person wrote; nothing for a button."""
        return "" if self.command else self.text.strip()

    @property
    def only_files(self) -> bool:
        """Files came without a word."""
        return bool(self.metadata.get("attachments")) and not self.text.strip()

    @property
    def words(self) -> int:
        """How many words were typed."""
        return len(_WORD.findall(self.typed))

    def key(self, action: str) -> str:
        """Idempotency key of one action in this turn."""
        return f"{self.sender}/{self.message_id}/{action}"

    def body(self, **more: Any) -> dict[str, Any]:
        """The fields every call to the intake carries, and ``more``."""
        return {"sender": self.sender, "message_id": self.message_id, **more}

    def sure(self, *intents: str, least: float = 0.5) -> bool:
        """Whether the message is one of these intents, by button or with that confidence."""
        return self.intent in intents and (self.command or self.confidence >= least)


def read_turn(tracker: Tracker) -> Turn:
    """Read the latest message out of Rasa's tracker."""
    latest = tracker.latest_message or {}
    metadata = latest.get("metadata") or {}
    intent = latest.get("intent") or {}
    return Turn(
        sender=tracker.sender_id,
        text=latest.get("text") or "",
        intent=intent.get("name") or "",
        confidence=float(intent.get("confidence") or 0.0),
        message_id=int(metadata.get("message_id") or 0),
        metadata=metadata,
        entities={e["entity"]: e["value"] for e in latest.get("entities") or [] if "entity" in e},
    )


def question_shaped(text: str) -> bool:
    """Whether ``text`` has the shape of a question, with or without diacritics and "?"."""
    return bool(_QUESTION.search(views(text).folded))


_SPEAKS_UP = re.compile(
    r"\b(?:muon|xin|can|de) (?:duoc )?(?:gop y|phan anh|kien nghi|khieu nai|to cao|y kien)\b"
)
_THERE = re.compile(
    r"^(?:alo |hello |hi |ad oi |oi )*(?:co )?ai (?:o |dang )?(?:do|day|nghe|truc|khong)\b.{0,12}$"
    r"|^(?:alo |ad |oi )*con (?:do|day) khong\b"
)


def speaks_up(turn: Turn) -> bool:
    """Whether a typed sentence names itself a comment and says about what."""
    folded = views(turn.typed).folded
    return bool(_SPEAKS_UP.search(folded)) and not bare_wish(turn.typed)


def anybody_there(text: str) -> bool:
    """Whether somebody only asks if anybody listens."""
    return bool(_THERE.match(views(text).folded))


def bare_wish(text: str) -> bool:
    """Whether ``text`` only says that somebody wants to speak ("cho em phản ánh chuyện này")."""
    # Which draft is still to be said: the intake asks, once there are words about it.
    words = _WORD.findall(_A_DRAFT.sub(" ", views(text).folded))
    return all(word in _WISH for word in words)
