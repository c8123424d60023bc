"""Words of the domain shared by every room: states, roles, results of understanding.

Enumerations are stored by value; the Vietnamese title that people read stands beside each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    """States of a case; which move is allowed from where stands in ``workflow.MOVES``."""

    RECEIVED = "received"
    TRIAGED = "triaged"
    ROUTED = "routed"
    IN_PROGRESS = "in_progress"
    AWAITING_CITIZEN = "awaiting_citizen"
    AWAITING_EXTERNAL = "awaiting_external"
    ANSWER_DRAFTED = "answer_drafted"
    ANSWER_APPROVED = "answer_approved"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    FORWARDED_OUTSIDE = "forwarded_outside"
    REJECTED_SPAM = "rejected_spam"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


# What the citizen reads for each state; {unit} is filled in by the caller.
CITIZEN_LABEL: dict[State, str] = {
    State.RECEIVED: "Đã tiếp nhận",
    State.TRIAGED: "Đã phân loại",
    State.ROUTED: "Đã chuyển {unit}",
    State.IN_PROGRESS: "Đang xử lý",
    State.AWAITING_CITIZEN: "Chờ anh/chị bổ sung",
    State.AWAITING_EXTERNAL: "Chờ cơ quan phối hợp",
    State.ANSWER_DRAFTED: "Đang xử lý",
    State.ANSWER_APPROVED: "Đang xử lý",
    State.ANSWERED: "Đã trả lời",
    State.CLOSED: "Kết thúc",
    State.REOPENED: "Mở lại",
    State.MERGED: "Đã gộp với ý kiến khác",
    State.FORWARDED_OUTSIDE: "Đã chuyển cơ quan có thẩm quyền",
    State.REJECTED_SPAM: "Không xử lý",
    State.WITHDRAWN: "Anh/chị đã rút",
    State.ERASED: "Đã xóa theo yêu cầu",
}

# What the officer reads.
STAFF_LABEL: dict[State, str] = {
    **CITIZEN_LABEL,
    State.ROUTED: "Đã chuyển đơn vị",
    State.AWAITING_CITIZEN: "Chờ người gửi bổ sung",
    State.ANSWER_DRAFTED: "Đã soạn trả lời",
    State.ANSWER_APPROVED: "Đã duyệt trả lời",
    State.REJECTED_SPAM: "Rác",
    State.WITHDRAWN: "Người gửi đã rút",
}

OPEN_STATES = frozenset(
    {
        State.RECEIVED,
        State.TRIAGED,
        State.ROUTED,
        State.IN_PROGRESS,
        State.AWAITING_CITIZEN,
        State.AWAITING_EXTERNAL,
        State.ANSWER_DRAFTED,
        State.ANSWER_APPROVED,
        State.REOPENED,
    }
)


PAUSED_STATES = frozenset({State.AWAITING_CITIZEN, State.AWAITING_EXTERNAL})


class Role(StrEnum):
    """Who may do what: ``workflow`` and ``access`` read this, nothing else decides."""

    COORDINATOR = "coordinator"
    HANDLER = "handler"
    LEAD = "lead"
    CONFIDENTIAL_OFFICER = "confidential_officer"
    LEADER = "leader"
    EDITOR = "editor"
    ADMIN = "admin"
    SERVICE = "service"
    CITIZEN = "citizen"


ROLE_TITLE: dict[Role, str] = {
    Role.COORDINATOR: "Điều phối (Văn phòng)",
    Role.HANDLER: "Chuyên viên xử lý",
    Role.LEAD: "Lãnh đạo đơn vị",
    Role.CONFIDENTIAL_OFFICER: "Cán bộ kênh mật",
    Role.LEADER: "Lãnh đạo Sở",
    Role.EDITOR: "Biên tập hỏi đáp",
    Role.ADMIN: "Quản trị hệ thống",
    Role.SERVICE: "Trợ lý tự động",
    Role.CITIZEN: "Người gửi",
}


class Channel(StrEnum):
    MESSENGER = "messenger"
    WEB = "web"
    FORM = "form"
    ZALO = "zalo"
    EMAIL = "email"
    API = "api"
    COMMENT = "comment"  # below a post of the Page


CHANNEL_TITLE: dict[Channel, str] = {
    Channel.MESSENGER: "Messenger",
    Channel.WEB: "Trang web (trò chuyện)",
    Channel.FORM: "Biểu mẫu trên web",
    Channel.ZALO: "Zalo",
    Channel.EMAIL: "Thư điện tử",
    Channel.API: "Hệ thống khác",
    Channel.COMMENT: "Bình luận trên Trang",
}


class Sentiment(StrEnum):
    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


SENTIMENT_TITLE: dict[Sentiment, str] = {
    Sentiment.NEGATIVE: "Tiêu cực",
    Sentiment.NEUTRAL: "Trung tính",
    Sentiment.POSITIVE: "Tích cực",
}


class Outcome(StrEnum):
    """How a case ended, for counting."""

    ANSWERED = "answered"
    CORRECTED = "corrected"
    UNFOUNDED = "unfounded"
    GUIDED = "guided"
    NOTED = "noted"
    LAPSED = "lapsed"


OUTCOME_TITLE: dict[Outcome, str] = {
    Outcome.ANSWERED: "Đã trả lời, giải thích",
    Outcome.CORRECTED: "Đã chấn chỉnh, khắc phục",
    Outcome.UNFOUNDED: "Phản ánh chưa có cơ sở",
    Outcome.GUIDED: "Đã hướng dẫn gửi đúng nơi",
    Outcome.NOTED: "Ghi nhận, tiếp thu",
    Outcome.LAPSED: "Không nhận được thông tin bổ sung",
}


@dataclass(frozen=True, slots=True)
class Scored:
    """A code with the probability (0 to 1) that it is the right one."""

    code: str
    score: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where the matter happened, as far as the text says. Every field may be None."""

    school: str | None = None
    level: str | None = None  # mn | th | thcs | thpt | gdtx
    district: str | None = None  # "Phủ Lý" …
    grade: int | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """What was understood of one message. Confidences run from 0 to 1.

    ``reasons`` are short Vietnamese phrases with the words that decided; they never quote
    personal data. ``pii`` holds exact substrings of the text that was classified.
    """

    kind: str
    kind_confidence: float
    topic: str
    topics: tuple[Scored, ...]
    sentiment: str
    urgent: bool
    confidential: bool
    toxic: bool
    danger: bool
    pii: tuple[str, ...]
    place: Place
    confidence: float
    reasons: tuple[str, ...]
    model_version: str
    issues: tuple[str, ...] = ()  # two or more topic codes when the text raises several matters


@dataclass(frozen=True, slots=True)
class Route:
    """Which unit gets the case, which others read along, and why (shown to staff)."""

    unit: str
    copies: tuple[str, ...]
    rule: str  # number of the rule in docs/routing.md that decided, such as "3b"
    reason: str  # one Vietnamese sentence


@dataclass(frozen=True, slots=True)
class Deadline:
    """Two clocks of a case as aware UTC moments; ``None`` where the kind has none."""

    acknowledge_at: datetime | None
    resolve_at: datetime | None
    explanation: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer stands: document, issuer, date (ISO or year) and article."""

    document: str
    issuer: str
    date: str
    article: str = ""

    def line(self) -> str:
        """Returns the one line printed below an answer."""
        where = f"{self.article}, {self.document}" if self.article else self.document
        return f"Nguồn: {where}"


@dataclass(frozen=True, slots=True)
class Version:
    """One dated answer of an entry. ``valid_to`` None: no end known."""

    valid_from: date
    valid_to: date | None
    answer: str
    details: tuple[str, ...]
    more: str
    source: Source
    published: bool = True

    def holds_on(self, day: date) -> bool:
        """True when this version is the law of ``day`` (both ends included)."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Entry:
    """An approved question with its variants and its dated answers (one file of data/faq)."""

    slug: str
    topic: str
    owner: str
    title: str
    short: str
    questions: tuple[str, ...]
    versions: tuple[Version, ...]
    family: str = ""
    basis: str = "verified"
    review_by: date | None = None
    instead: tuple[str, ...] = ()
    related: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What the ranker learns: entries of one family are told apart by the date alone."""
        return self.family or self.slug

    def version_on(self, day: date) -> Version | None:
        """The published version that holds on ``day``, or None."""
        for version in self.versions:
            if version.published and version.holds_on(day):
                return version
        return None


@dataclass(frozen=True, slots=True)
class Answer:
    """One candidate answer: the entry, the version that holds, and how sure the ranker is."""

    entry: Entry
    version: Version
    score: float
    past: bool = False  # the asked day lies in the past and the version no longer holds today


@dataclass(frozen=True, slots=True)
class Reply:
    """What ``knowledge`` decided: ``answer`` (one), ``suggest`` (up to three) or ``decline``."""

    decision: str
    answers: tuple[Answer, ...]
    as_of: date
    year_named: bool = False
    words: tuple[str, ...] = field(default=())
