"""What is done with a comment below a post of the Page. Pure: what was understood in, a step out.

A comment is said in front of everybody, so the rule is narrow: only a question that an approved
entry answers for sure is answered in public. Everything else is met in private or only kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from vntext import find_pii, fold


class Step(StrEnum):
    """``keep``: chatter, only stored. ``answer``: in public. ``invite``: a private reply asks to
    go on there. ``record``: becomes a case at once. ``seal``, ``emergency``: the same in the
    confidential lane."""

    KEEP = "keep"
    ANSWER = "answer"
    INVITE = "invite"
    RECORD = "record"
    SEAL = "seal"
    EMERGENCY = "emergency"


STEP_TITLE: dict[Step, str] = {
    Step.KEEP: "Chỉ lưu",
    Step.ANSWER: "Trả lời công khai",
    Step.INVITE: "Mời nhắn riêng",
    Step.RECORD: "Lập ý kiến",
    Step.SEAL: "Chuyển kênh mật",
    Step.EMERGENCY: "Khẩn: an toàn của trẻ",
}

LOOK_TITLE: dict[str, str] = {
    "named": "Nêu tên hoặc thông tin của người cụ thể",
    "toxic": "Lời lẽ nặng",
    "unanswered": "Câu hỏi chưa có câu trả lời chắc chắn",
    "danger": "Trẻ có thể đang gặp nguy hiểm",
    "sealed": "Nội dung cần giữ kín",
}
FEEDBACK = frozenset({"suggestion", "criticism", "complaint", "misinformation", "draft_comment"})
# Asked in the press's name in public: the press desk answers, as with any press inquiry.
RECORDED = FEEDBACK | {"press_inquiry", "denunciation", "child_protection"}
# A sentence that says what happened has about so many words; "thu tiền hoài" has not.
FEWEST_WORDS = 7
SURE = 0.4
# Said to another reader, "tôi cũng thế" is agreement, no matter of its own.
ASIDE_WORDS, ASIDE_SURE = 10, 0.6
# The model learnt what spam is from messages, and short grumbling under a post looks like it. It
# is believed when it is very sure, or when the words name no matter of schools (0 to 1).
SPAM_SURE, A_MATTER = 0.95, 0.6
# Entry and score (0 to 1) from which an answer may stand in public; measured on the held-out
# questions and on the questions without an entry (tests/quality).
PUBLIC_SURE = 0.9

_TEACHER = re.compile(
    r"\b(?:co|thay|giao vien|gv|gvcn|hieu truong|hieu pho|chu nhiem|bao mau|ke toan|ong|ba)\b"
)
_CHILD = re.compile(r"\b(?:chau|be|em|con|hoc sinh|hs|hoc tro|ban)\b")
_BEFORE = 28  # characters before a name in which its title stands


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a comment names, by the titles before the names."""

    teacher: bool = False
    child: bool = False
    contact: bool = False  # somebody's number, address or e-mail stands there

    @property
    def anybody(self) -> bool:
        return self.teacher or self.child or self.contact


def named_in(text: str) -> Named:
    """Teachers and children that ``text`` names, and personal data in it. A name without a title
    names nobody here: people call their friends by tagging them."""
    teacher = child = contact = False
    for span in find_pii(text):
        if span.kind != "name":
            contact = True
            continue
        before = fold(text[max(0, span.start - _BEFORE) : span.start])
        near = fold(span.text)
        # The title nearest to the name says who it is: "cô giáo mắng cháu An" names a child.
        places = [
            (match.end(), which)
            for which, pattern in (("t", _TEACHER), ("c", _CHILD))
            for match in pattern.finditer(f"{before} {near}")
        ]
        if places:
            nearest = max(places)[1]
            teacher, child = teacher or nearest == "t", child or nearest == "c"
    return Named(teacher, child, contact)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood of a comment. ``answer_score``: how sure the answer is that the
    knowledge base would give; None when it would give none. ``to_page``: said to the Page, not to
    another reader."""

    kind: str
    kind_confidence: float
    words: int
    danger: bool = False
    sealed: bool = False
    toxic: bool = False
    named: Named = Named()
    answer_score: float | None = None
    to_page: bool = True
    matter: float = 0.0  # how sure it is that the words are about some matter of schools


@dataclass(frozen=True, slots=True)
class Plan:
    """The step, and whether staff should look at the comment themselves (``look`` says why)."""

    step: Step
    look: str = ""  # "", named, toxic, unanswered


def plan(heard: Heard) -> Plan:
    """Decides what is done with one comment."""
    if heard.danger:
        return Plan(Step.EMERGENCY, "danger")
    if heard.sealed:
        return Plan(Step.SEAL, "sealed")
    feedback = heard.kind in RECORDED
    grumbling = heard.matter >= A_MATTER and heard.kind_confidence < SPAM_SURE and heard.words > 2
    if heard.words < 2 or (heard.kind == "spam" and not grumbling):
        return Plan(Step.KEEP)
    words, confidence = (FEWEST_WORDS, SURE) if heard.to_page else (ASIDE_WORDS, ASIDE_SURE)
    sure = feedback and heard.kind_confidence >= confidence and heard.words >= words
    if heard.named.anybody:
        if heard.kind == "praise" and not heard.named.contact:
            return Plan(Step.KEEP, "named" if heard.named.child else "")
        return Plan(Step.RECORD if sure else Step.INVITE, "named")
    if sure:
        return Plan(Step.RECORD, "toxic" if heard.toxic else "")
    if not heard.to_page or heard.kind == "praise":
        return Plan(Step.KEEP)
    if heard.kind == "question":
        if heard.answer_score is not None and heard.answer_score >= PUBLIC_SURE and not heard.toxic:
            return Plan(Step.ANSWER)
        return Plan(Step.INVITE, "unanswered") if heard.words >= 3 else Plan(Step.KEEP)
    if heard.words < 3:
        return Plan(Step.KEEP)
    return Plan(Step.INVITE, "toxic" if heard.toxic else "")
