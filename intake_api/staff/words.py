"""How the workbench says times, places, deliveries and events. Vietnamese, pure functions."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from intake_api.domain import routing, worktime
from intake_api.domain.catalog import CalendarRule, Catalog
from intake_api.domain.durations import parse
from intake_api.domain.model import (
    OPEN_STATES,
    OUTCOME_TITLE,
    SENTIMENT_TITLE,
    STAFF_LABEL,
    Channel,
    Outcome,
    Sentiment,
    State,
)
from intake_api.domain.workflow import ACTION_TITLE
from intake_api.domain.worktime import LOCAL
from intake_api.store.registers import Event
from intake_api.store.tables import Case, Message, Outbox
from vntext import mask

CHANNEL_WORD: dict[str, str] = {
    Channel.MESSENGER: "Messenger",
    Channel.WEB: "Trò chuyện",
    Channel.FORM: "Biểu mẫu",
    Channel.ZALO: "Zalo",
    Channel.EMAIL: "Thư điện tử",
    Channel.API: "Hệ thống khác",
    Channel.COMMENT: "Bình luận",
}
_FIELD = {"kind": "loại", "topic": "chủ đề", "sentiment": "sắc thái", "urgent": "khẩn"}


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline for people. ``level``: late, soon, ok, done or none."""

    words: str
    exact: str
    level: str


def clock(moment: datetime, now: datetime) -> str:
    """``10h05`` today, ``10h05, 21/11`` this year, with the year before that."""
    local, today = moment.astimezone(LOCAL), now.astimezone(LOCAL)
    time = f"{local.hour}h{local.minute:02d}"
    if local.date() == today.date():
        return time
    if local.year == today.year:
        return f"{time}, {local.day}/{local.month}"
    return f"{time}, {worktime.day_in_words(local.date())}"


def day_heading(moment: datetime, now: datetime) -> str:
    """``Hôm nay``, ``Hôm qua`` or ``thứ Hai, 23/11/2026``."""
    day, today = moment.astimezone(LOCAL).date(), now.astimezone(LOCAL).date()
    if day == today:
        return "Hôm nay"
    if day == today - timedelta(days=1):
        return "Hôm qua"
    return f"{worktime.WEEKDAYS[day.weekday()].capitalize()}, {worktime.day_in_words(day)}"


def is_open(case: Case) -> bool:
    return State(case.state) in OPEN_STATES


def due(case: Case, now: datetime, calendar: CalendarRule) -> Due:
    """When the case must be answered, or how it ended."""
    if not is_open(case):
        ended = case.closed_at or case.answered_at
        verb = "trả lời" if case.state == State.ANSWERED else "kết thúc"
        if ended is None:
            return Due(STAFF_LABEL[State(case.state)].lower(), "", "done")
        return Due(f"{verb} {clock(ended, now)}", worktime.moment_in_words(ended), "done")
    if case.due_at is None:
        return Due("không đặt hạn", "", "none")
    if case.paused_at is not None and case.due_at >= case.paused_at:
        return Due("đang tạm dừng", worktime.moment_in_words(case.due_at), "none")
    words = worktime.left_in_words(calendar, case.due_at, now)
    return Due(words, worktime.moment_in_words(case.due_at), _level(case.due_at, now, calendar))


def first_contact(case: Case, now: datetime, calendar: CalendarRule) -> Due | None:
    """The first clock (somebody takes notice), while nobody has; None once it no longer counts."""
    if not is_open(case) or case.acknowledge_at is None or case.first_response_at is not None:
        return None
    level = _level(case.acknowledge_at, now, calendar)
    left = case.acknowledge_at - now
    if level == "late" and -left < timedelta(hours=24):
        words = f"quá hạn {_span(-left)}"
    elif timedelta(0) <= left < timedelta(hours=1):
        words = f"còn {_span(left)}"
    else:
        words = worktime.left_in_words(calendar, case.acknowledge_at, now)
    return Due(words, worktime.moment_in_words(case.acknowledge_at), level)


def _span(length: timedelta) -> str:
    minutes = max(1, int(length.total_seconds() // 60))
    return f"{minutes // 60} giờ" if minutes >= 60 else f"{minutes} phút"


def _level(moment: datetime, now: datetime, calendar: CalendarRule) -> str:
    if now > moment:
        return "late"
    day, today = moment.astimezone(LOCAL).date(), now.astimezone(LOCAL).date()
    return "soon" if day <= worktime.next_working_day(calendar, today) else "ok"


def first_line(text_masked: str, limit: int = 180) -> str:
    """The masked text in one line, cut at a word."""
    line = " ".join(text_masked.split())
    if len(line) <= limit:
        return line
    return line[:limit].rsplit(" ", 1)[0] + "…"


def place(case: Case) -> str:
    """Where it happened; what the person wrote as a place may name people, so it is masked."""
    known = ", ".join(part for part in (case.school, case.district) if part)
    return known or first_line(mask(case.place_text or ""), 80)


def unit_name(catalog: Catalog, code: str) -> str:
    unit = catalog.units.get(code)
    return unit.name if unit else code


def kind_name(catalog: Catalog, code: str) -> str:
    kind = catalog.kinds.get(code)
    return kind.name if kind else code


def topic_name(catalog: Catalog, code: str) -> str:
    topic = catalog.topics.get(code)
    return topic.name if topic else code


def is_sealed_topic(catalog: Catalog, code: str) -> bool:
    """True when a case of this topic belongs into the confidential lane."""
    topic = catalog.topics.get(code)
    return topic is not None and topic.confidential


_PIN = re.compile(r"(PIN\D{0,3})\d{6}\b")


def without_pin(text: str) -> str:
    """A receipt as staff may read it: the PIN is the sender's alone."""
    return _PIN.sub(r"\1••••••", text)


_AUTHORS = {"citizen": "Người gửi", "bot": "Trợ lý tự động", "system": "Hệ thống"}


def speaker(message: Message, names: Mapping[int, str]) -> str:
    """Who said it, as it stands above the words."""
    if message.author == "citizen" and (message.payload or {}).get("edited"):
        return "Người gửi đã sửa tin trước"
    staff = names.get(message.staff_id or 0, "Cán bộ (hộp thư của Trang)")
    return _AUTHORS.get(message.author) or staff


def delivery(message: Message, row: Outbox | None, now: datetime) -> tuple[str, str] | None:
    """(level, words) of an outgoing message: what the person has of it. None for the rest."""
    if message.direction != "out" or message.state == "draft":
        return None
    if row is None:
        if message.state == "sent":
            seen = f" lúc {clock(message.done_at, now)}" if message.done_at else ""
            return "done", f"đã xem{seen}"
        return "wait", "người gửi chưa xem"
    if row.state == "sent":
        return "done", f"đã gửi lúc {clock(row.sent_at, now)}" if row.sent_at else "đã gửi"
    if row.state == "dropped":
        return "wait", "không gửi: đã qua lúc"
    if row.state == "unknown":
        return "bad", f"không rõ đã tới hay chưa: {row.last_error or 'kênh không trả lời'}"
    if row.state in ("held", "failed"):
        return "bad", f"chưa gửi được: {row.last_error or 'kênh từ chối'}"
    if row.last_error:
        return "bad", f"chưa gửi được: {row.last_error}; thử lại lúc {clock(row.next_at, now)}"
    return "wait", "đang chờ gửi"


def actor_name(actor: str, names: Mapping[int, str]) -> str:
    """Who did something, as people say it."""
    if actor.startswith("staff:"):
        number = actor.removeprefix("staff:")
        return names.get(int(number), "Cán bộ") if number.isdecimal() else "Cán bộ"
    if actor == "api" or actor.startswith("client:"):
        return CHANNEL_WORD[Channel.API]
    return {"citizen": "Người gửi", "bot": "Trợ lý tự động"}.get(actor, "Hệ thống")


# Where an event of merging holds the code of the other case.
OTHERS = ("into", "case", "from_case")


def event_words(
    event: Event, catalog: Catalog, names: Mapping[int, str], unnamed: Collection[str]
) -> str:
    """One event of the case's history as a phrase that follows the actor's name. ``unnamed``: codes
    of other cases that are not there for who reads."""
    data = event.data
    if event.action == "received":
        unit = unit_name(catalog, str(data.get("unit", "")))
        return f"gửi ý kiến; chuyển tới {unit} theo quy tắc {data.get('rule', '')}"
    if event.action == "route":
        before, after = (unit_name(catalog, code) for code in data.get("unit", ("", "")))
        return f"chuyển từ {before} sang {after}: {data.get('reason', '')}"
    if event.action == "corrected":
        return "sửa phân loại: " + "; ".join(_change(catalog, name, data[name]) for name in data)
    if event.action == "close":
        outcome = str(data.get("outcome", ""))
        title = OUTCOME_TITLE[Outcome(outcome)] if outcome in list(Outcome) else outcome
        return f"kết thúc: {title[:1].lower()}{title[1:]}"
    if event.action == "reply" and "consultation" in data:
        return "công bố tiếp thu, giải trình của dự thảo và báo người góp ý"
    if event.action == "reply":
        drafter = data.get("drafted_by")
        own = drafter is None or event.actor == f"staff:{drafter}"
        if own:
            return "gửi trả lời"
        return f"duyệt và gửi trả lời do {names.get(int(drafter or 0), 'người khác')} soạn"
    if event.action == "take" and "given_to" in data:
        return f"giao cho {names.get(int(data['given_to']), 'đồng nghiệp')}"
    if event.action == "rated":
        return f"chấm mức hài lòng {data.get('score', '')} trên 5"
    if event.action in ("resent", "let_go"):
        return {
            "resent": "cho gửi lại một tin chưa gửi được",
            "let_go": "bỏ một tin khỏi danh sách chưa gửi được",
        }[event.action]
    if event.action == "letter_made":
        return f"lập công văn chuyển đến {data.get('agency', '')}"
    if event.action == "revealed":
        return f"xem thông tin người gửi: {data.get('reason', '')}"
    further = _further(event, catalog, unnamed)
    if further:
        return further
    plain = {
        "take": "nhận xử lý",
        "draft_answer": "soạn trả lời, chờ duyệt",
        "reopen": "mở lại",
        "reject_spam": "đánh dấu rác",
        "not_spam": "xác định không phải rác",
        "folded": "ghi thêm lần gửi trùng",
        "sealed": "chuyển sang kênh mật",
        "taken_as_opinion": "đưa vào đợt lấy ý kiến dự thảo",
        "said_more": "nhắn thêm",
        "asked_to_withdraw": "đề nghị rút ý kiến",
        "asked_to_reopen": "đề nghị mở lại lần nữa",
        "own_data": "lấy dữ liệu của mình",
        "asked_to_erase": "đề nghị xóa dữ liệu",
        "erasure_taken_back": "rút đề nghị xóa",
        "held": "đặt lệnh giữ, không xóa",
        "hold_lifted": "bỏ lệnh giữ",
        "lift_asked": "đề nghị bỏ lệnh giữ",
        "lift_refused": "không đồng ý bỏ lệnh giữ",
        "own_data_withheld": "hỏi lấy dữ liệu của mình",
        "noted": "ghi chú nội bộ",
        "approve": "duyệt bản soạn",
        "open_proposed": "đề nghị đăng công khai",
        "open_agreed": "đồng ý cho đăng công khai",
        "open_declined": "không đồng ý cho đăng công khai",
        "open_published": "đăng lên trang công khai",
        "open_taken_back": "gỡ khỏi trang công khai",
        "resume": "tiếp tục xử lý; thời hạn chạy tiếp",
    }
    if event.action in plain:
        return plain[event.action]
    title = ACTION_TITLE.get(event.action, event.action)
    return f"{title[:1].lower()}{title[1:]}"


def _further(event: Event, catalog: Catalog, unnamed: Collection[str]) -> str:
    """Events of waiting, extending, forwarding and merging; empty for others."""
    data = dict(event.data)
    data.update({name: "một ý kiến khác" for name in OTHERS if data.get(name) in unnamed})
    reason = f": {data['reason']}" if data.get("reason") else ""
    if event.action == "return":
        wanted = str(data.get("wanted", ""))
        wish = f" (đề nghị {unit_name(catalog, wanted)})" if wanted else ""
        to = unit_name(catalog, str(data.get("unit", ("", routing.COORDINATOR))[1]))
        return f"trả lại {to}{wish}{reason}"
    if event.action in ("extended", "extension_asked") and data.get("length"):
        verb = "gia hạn" if event.action == "extended" else "xin gia hạn"
        return f"{verb} {parse(str(data['length']))}{reason}"
    said = {
        "ask_citizen": "hỏi thêm người gửi; thời hạn tạm dừng",
        "wait_external": f"chờ {data.get('agency', 'cơ quan khác')} phối hợp{reason}",
        "forward_outside": f"chuyển {data.get('agency', 'cơ quan khác')}{reason}",
        "merge": f"gộp vào {data.get('into', '')}",
        "merged_in": f"nhận thêm {data.get('case', '')} gộp vào",
        "unmerge": f"tách khỏi {data.get('from_case', '')}",
        "unmerged": f"tách {data.get('case', '')} ra",
        "lapse": "kết thúc vì người gửi không bổ sung",
        "unseal_asked": f"xin mở niêm phong{reason}",
        "unsealed": "cho phép đọc ý kiến",
        "unseal_refused": "không cho phép đọc ý kiến",
        "unsealed_read": "xem ý kiến đã mở niêm phong",
        "unseal_ended": "lượt đọc kết thúc",
    }
    return said.get(event.action, "")


def _change(catalog: Catalog, field: str, pair: Any) -> str:
    old, new = (str(part) for part in pair)
    if field == "kind":
        old, new = kind_name(catalog, old), kind_name(catalog, new)
    elif field == "topic":
        old, new = topic_name(catalog, old), topic_name(catalog, new)
    elif field == "sentiment":
        old, new = (
            SENTIMENT_TITLE[Sentiment(part)] if part in list(Sentiment) else part
            for part in (old, new)
        )
    elif field == "urgent":
        old, new = ("có" if part == "True" else "không" for part in (old, new))
    return f"{_FIELD.get(field, field)} {old} → {new}"
