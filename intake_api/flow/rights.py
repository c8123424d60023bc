"""What a sender says about a case that the assistant knows nothing of: own data, a case sent
elsewhere (a chat cannot prove who they are, the status page can, so it says where), and words
after an answer that was not clear. Answered by the intake itself, without the assistant, which
would look for an open case of this conversation or for nothing at all."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain import taps, workflow
from intake_api.domain.model import State
from intake_api.flow import citizen
from intake_api.flow.services import Services
from intake_api.store import cases, conversations
from intake_api.store.tables import Case, Conversation, Message
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
# The answer said "Nếu chưa rõ, anh/chị nhắn lại tại đây"; what is longer tells a new matter.
MOST_UNCLEAR = 25
_OTHER = {"title": "Hỏi việc khác", "payload": "/ask_question"}
_UNCLEAR = re.compile(
    r"\b(?:chua|khong|ko|k) (?:duoc |thay )?(?:ro|hieu|hai long|thoa dang|thuyet phuc|dong y)\b"
    r"|\btra loi (?:(?:nhu|the|vay|nay|do|la) )*(?:chua|khong|ko|sai)\b"
    r"|\bmo lai (?:y kien|gop y|phan anh|ho so|viec|vu|giup|cho)\b|\bmo lai$"
)


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
        return _unclear(tx, services, talk, message, folded, now=now)
    message.state, message.done_at = "done", now
    conversations.add_outbound(
        tx, talk, text=words, payload=None, author="system", now=now, sealed=message.sealed
    )
    return True


def _unclear(
    tx: Session, services: Services, talk: Conversation, message: Message, folded: str, *,
    now: datetime,
) -> bool:  # fmt: skip
    """Keeps what somebody says of an answer with its case, whose officer is told, and offers to
    take it up again: nothing is taken up by a guess."""
    case = _answered(tx, talk, now)
    if case is None or message.sealed != case.confidential:
        return False
    if len(folded.split()) > MOST_UNCLEAR or _UNCLEAR.search(folded) is None:
        return False
    citizen.supplement(tx, services, case, now=now, message=message)
    message.state, message.done_at = "done", now
    buttons = [*taps.left(case.code, frozenset({"reopen"})), _OTHER]
    conversations.add_outbound(
        tx, talk, text=services.catalog.messages["answer_unclear"].format(code=case.code),
        payload={"buttons": buttons}, author="system", now=now, case_id=case.id,
        sealed=case.confidential,
    )  # fmt: skip
    return True


def _answered(tx: Session, talk: Conversation, now: datetime) -> Case | None:
    """The newest case of a conversation, while its answer may still be called unclear."""
    case = next(iter(cases.of_conversation(tx, talk.id, limit=1, lock=True)), None)
    if case is None or case.state not in (State.ANSWERED, State.CLOSED):
        return None
    ended = case.closed_at or case.answered_at
    return case if ended is not None and now - ended <= workflow.REOPEN else None


def _wants_own_data(folded: str) -> bool:
    return (
        len(folded.split()) <= MOST_WORDS
        and _OWN_DATA.search(folded) is not None
        and _ELSEWHERE.search(folded) is None
    )
