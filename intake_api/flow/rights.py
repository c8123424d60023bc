"""What a sender wants with their own data or with a case sent elsewhere: a chat cannot prove who
they are, the status page can, so it says where. Answered by the intake itself, without the
assistant, which would look for a case of this conversation or for nothing at all."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.flow.services import Services
from intake_api.store import cases, conversations
from intake_api.store.tables import Conversation, Message
from vntext import codes, fold

if TYPE_CHECKING:
    from intake_api.store import Session

# Longer messages tell a matter; what they want besides is for people to read.
MOST_WORDS = 12
_MINE = r"(?:toi|em|minh|chau)"
_DATA = r"(?: (?:bo|het|toan bo|moi|cac|nhung|lai|ve))* (?:du lieu|thong tin)(?: ca nhan)?"
_OWN_DATA = re.compile(
    rf"\b(?:xoa|xem|tai|lay|cung cap|giu|luu){_DATA}(?: (?:gi|nao|da gui))* (?:cua|ve) {_MINE}\b"
    rf"|\bxoa{_DATA}(?: (?:di|a|voi|ngay))*$"
)
# The school's books, the ministry's data, a group on the net: no data of this house.
_ELSEWHERE = re.compile(
    r"\b(?:truong|lop|hoc|thi|diem|tuyen sinh|vnedu|smas|nganh|nhom|zalo|facebook|mang|bao|lo)\b"
)
_POLITE = r"(?:(?:da|cho|xin|toi|em|minh|chau|muon|can|nho|giup|hay|de nghi|yeu cau|duoc) )*"
_WITH_CASE = re.compile(rf"{_POLITE}(?:rut|huy|bo sung|gui them|mo lai|xoa)\b")


def heard(tx: Session, services: Services, talk: Conversation, message: Message, *,
          now: datetime) -> bool:  # fmt: skip
    """Says where it is done and ends the turn; False when the message is for the assistant.

    The answer is the same whether or not the code exists: who guesses learns nothing.
    """
    if message.state != "waiting":
        return False
    folded = " ".join(re.findall(r"\w+", fold(message.text).lower()))
    named = codes.find_codes(message.text)
    own = {case.code for case in cases.of_conversation(tx, talk.id)} if named else set()
    if named and own.isdisjoint(named) and _WITH_CASE.match(folded):
        words = services.catalog.messages["case_elsewhere"].format(code=named[0])
    elif _wants_own_data(folded):
        words = services.catalog.messages["own_data_where"]
    else:
        return False
    message.state, message.done_at = "done", now
    conversations.add_outbound(
        tx, talk, text=words, payload=None, author="system", now=now, sealed=message.sealed
    )
    return True


def _wants_own_data(folded: str) -> bool:
    return (
        len(folded.split()) <= MOST_WORDS
        and _OWN_DATA.search(folded) is not None
        and _ELSEWHERE.search(folded) is None
    )
