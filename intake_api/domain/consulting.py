"""Rules of consultations on drafts: when one is open, who may do what, how people are named.

Law 64/2025/QH15 (promulgating legal documents): a draft is put before the public with a closing
day, calendar days counted; what was said is answered in the table "tổng hợp, tiếp thu, giải
trình". The days of the period are the department's to set; nothing here invents them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from intake_api.domain import likeness
from intake_api.domain.model import Role
from intake_api.domain.texts import SENDER_TITLE
from intake_api.domain.worktime import LOCAL
from vntext import fold, mask

KIND = "draft_comment"
RULE = "dt"  # of docs/routing.md: to the unit that drafts
# So long after the closing day somebody may still be told that it has come.
NEWS = timedelta(days=2)
MAX_TITLE, MAX_BASIS, MAX_ANSWER, MAX_ORGANISATION = 300, 1000, 5000, 200
ANSWERED_IN = "trong bảng tiếp thu, giải trình, công bố sau khi hết thời hạn lấy ý kiến"
# What a comment that comes later than the closing day may still be taken for in the chat.
RECENT = timedelta(days=60)

VERDICT: dict[str, str] = {
    "accepted": "Tiếp thu",
    "partly": "Tiếp thu một phần",
    "explained": "Giải trình",
}
PHASE: dict[str, str] = {
    "preparing": "Đang chuẩn bị",
    "upcoming": "Sắp lấy ý kiến",
    "open": "Đang lấy ý kiến",
    "closed": "Đang tổng hợp",
    "waiting": "Chờ duyệt công bố",
    "published": "Đã công bố kết quả",
    "withdrawn": "Đã rút",
}
# What the public may know of.
SHOWN = frozenset({"upcoming", "open", "closed", "waiting", "published"})


class DatesReversed(ValueError):
    """The period ends before it begins, or lies in the past."""


def phase(state: str, opens_at: datetime, closes_at: datetime, now: datetime) -> str:
    """Where a consultation stands at a moment: a key of ``PHASE``."""
    if state != "announced":
        return state
    if now < opens_at:
        return "upcoming"
    return "open" if now < closes_at else "closed"


def period(first: date, last: date, *, today: date) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last one, local time. Raises
    DatesReversed with a sentence for people."""
    if last < first:
        raise DatesReversed("Ngày hết hạn phải từ ngày bắt đầu trở đi.")
    if last < today:
        raise DatesReversed("Ngày hết hạn đã qua; chọn ngày từ hôm nay trở đi.")
    return _morning(first), _morning(last + timedelta(days=1))


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)


def last_day(closes_at: datetime) -> date:
    """The last local day on which comments are in time."""
    return (closes_at - timedelta(microseconds=1)).astimezone(LOCAL).date()


# ------------------------------------------------------- who may do what (interfaces 6.1)

_DRAFTERS = frozenset({Role.HANDLER, Role.LEAD})


def may_see(role: str, unit: str | None, owner: str) -> bool:
    """True for the office, leaders, and people of the unit that drafts."""
    return role in (Role.COORDINATOR, Role.LEADER) or (role in _DRAFTERS and unit == owner)


def may_list(role: str) -> bool:
    """True when this role has to do with consultations at all."""
    return role in (Role.COORDINATOR, Role.LEADER) or role in _DRAFTERS


def may_make(role: str) -> bool:
    """True when this role may prepare a consultation: the office for any unit, others their own."""
    return role == Role.COORDINATOR or role in _DRAFTERS


def may_work(role: str, unit: str | None, owner: str) -> bool:
    """True when this person may change a draft in preparation and sort what was said."""
    return role == Role.COORDINATOR or (role in _DRAFTERS and unit == owner)


def may_announce(role: str, unit: str | None, owner: str) -> bool:
    """True when this person may put it before the public: the unit's lead, or a leader."""
    return role == Role.LEADER or (role == Role.LEAD and unit == owner)


def may_answer(role: str, unit: str | None, owner: str) -> bool:
    """True when this person answers what was said: the unit that drafts, nobody else."""
    return role in _DRAFTERS and unit == owner


def may_decide(role: str, staff_id: int, asked_by: int | None) -> bool:
    """True when this person may approve and publish: a leader who did not ask for it."""
    return role == Role.LEADER and staff_id != asked_by


# ------------------------------------------------------------------ like opinions

# Shared runs of three words of two opinions on the same clause. Measured on the sayings in
# tests/domain/test_consulting.py: the same wish in other words shares a third and more, other
# wishes about the same clause a tenth.
TOGETHER = 0.3


def like(text: str, groups: Iterable[tuple[int, str]], clause: str = "") -> int | None:
    """The group whose words are most like these, when they are like enough. ``groups``: numbers
    with the words of one of their opinions; a group may come several times. Words that everybody
    takes from the ``clause`` tell nothing."""
    common = likeness.runs(clause) if clause else frozenset()
    wanted = _own(text, common)
    best, number = TOGETHER, None
    for one, words in groups:
        share = likeness.likeness(wanted, _own(words, common))
        if share > best or (share == best and number is None):
            best, number = share, one
    return number


def _own(text: str, common: frozenset[str]) -> frozenset[str]:
    said = likeness.runs(text)
    return said - common or said


# ------------------------------------------------------------------ how people stand in the table


@dataclass(frozen=True, slots=True)
class Who:
    """Who said something, as far as may be shown. ``name`` only with the person's consent."""

    organisation: str | None = None
    name: str | None = None
    role: str | None = None


def subjects(people: Sequence[Who]) -> str:
    """The column "chủ thể góp ý": offices by name, private persons by number and role unless
    they agreed to be named."""
    offices = list(dict.fromkeys(mask(one.organisation) for one in people if one.organisation))
    named = list(
        dict.fromkeys(
            one.name + (f" ({_role(one.role)})" if _role(one.role) else "")
            for one in people
            if one.name and not one.organisation
        )
    )
    others = Counter(_role(one.role) for one in people if not (one.organisation or one.name))
    masked = [
        f"{count:02d} cá nhân" + (f" ({role})" if role else "")
        for role, count in sorted(others.items())
    ]
    return "; ".join([*offices, *named, *masked])


def _role(role: str | None) -> str:
    return SENDER_TITLE.get(role or "", "").lower()


# ------------------------------------------------------------------ what the chat recognises

_ABOUT_DRAFT = re.compile(
    r"\b(?:gop y|y kien|nhan xet|phan bien|dong gop|khong dong y|khong tan thanh|tan thanh"
    r"|de nghi)\b.{0,60}\b(?:ban )?du thao\b"
    r"|\bdu thao\b.{0,120}\b(?:dieu|khoan|chuong|muc|phu luc) (?:\d|[ivx]+\b)"
    r"|\b(?:ve|trong|doi voi|doc) (?:ban |cai )?du thao\b"
    r"|^\W*(?:ban )?du thao\b.{0,120}\b(?:nen|de nghi|can|xin|phai|toi|dung|bo)\b"
)
_EMPTIES = """
du thao ve cua va cac cho theo trong tren dia ban tinh ha nam so giao duc dao tao quy dinh ke hoach
quyet nghi thong tu nam hoc ban hanh sua doi bo sung mot so dieu viec quan ly cong tac thuc hien doi
voi toi gop y nen de la co duoc khong
"""
_EMPTY = frozenset(_EMPTIES.split())


def speaks_of_draft(text: str) -> bool:
    """True when a text comments on a draft document, by its words alone."""
    return _ABOUT_DRAFT.search(" ".join(fold(text).split())) is not None


def fits(text: str, title: str) -> float:
    """How much of what tells a title from others a text has, 0 to 1: pairs of telling words,
    since single ones ("thêm") stand in every other sentence."""
    wanted, said = _pairs(title), re.findall(r"\w+", fold(text))
    if not wanted:
        return 0.0
    return len(wanted & {*pairwise(said)}) / len(wanted)


def _pairs(title: str) -> set[tuple[str, str]]:
    words = re.findall(r"\w+", fold(title))
    telling = {pair for pair in pairwise(words) if not _EMPTY & {*pair}}
    return telling or {pair for pair in pairwise(words) if {*pair} - _EMPTY}


def meant(text: str, titles: Sequence[tuple[int, str]]) -> int | None:
    """Which of several drafts a text means: the one whose title it shares most words with, when
    no other comes close."""
    ranked = sorted(((fits(text, title), -number) for number, title in titles), reverse=True)
    if ranked and ranked[0][0] >= 0.3 and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= 0.15):
        return -ranked[0][1]
    return None
