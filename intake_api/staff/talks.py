"""Live conversations: who waits for a person, and the page on which an officer speaks herself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import access
from intake_api.domain.model import State
from intake_api.domain.worktime import LOCAL
from intake_api.flow import holding, outgoing, takeover
from intake_api.flow.acting import NotAllowed
from intake_api.staff import accounts, casepage, words
from intake_api.staff.casepage import Bubble
from intake_api.staff.typed import day as day_of
from intake_api.store import (
    cases,
    conversations,
    holds,
    outbox,
    registry,
    takeovers,
    transcript,
)
from intake_api.store.registers import Staff
from intake_api.store.tables import Case, Conversation, Message
from intake_api.store.takeover_tables import Takeover
from vntext import mask

if TYPE_CHECKING:
    from intake_api.runtime import Runtime
    from intake_api.store import Session


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation as one person of the staff may see it. ``why_not``: why she may not speak
    in it, "" when she may."""

    conversation: Conversation
    case: Case | None
    messages: list[Message]
    why_not: str


def of_case(tx: Session, code: str, staff: Staff, *, lock: bool = False) -> Talk:
    """The conversation of a case; 404 for what this person may not see."""
    case = casepage.find(tx, code, staff)
    if lock:
        case = cases.by_code(tx, case.code, lock=True) or case
    talk = conversations.get(tx, case.conversation_id) if case.conversation_id else None
    if talk is None:
        abort(404)
    found = transcript.of_case(tx, case, casepage.may_see(tx, staff), reader=staff.id)
    allowed = access.may_converse(
        staff.role, staff.unit, confidential=case.confidential, case_unit=case.unit,
        assigned=case.assignee_id == staff.id,
    )  # fmt: skip
    why = "" if allowed else "Anh/chị cần nhận xử lý ý kiến này để trò chuyện với người gửi."
    if case.state in (State.WITHDRAWN, State.ERASED):
        why = "Người gửi đã rút ý kiến này."
    return Talk(talk, case, found, why)


def without_case(tx: Session, name: str, staff: Staff) -> Talk:
    """A conversation that stands for itself; 404 outside this person's lane, and where all that
    was said is of a case which names them."""
    lane = access.lane_of_talks(staff.role)
    talk = conversations.get(tx, name)
    if lane is None or talk is None or takeovers.is_sealed(tx, name) != lane:
        abort(404)
    said = conversations.newest_messages(tx, name, limit=200)
    reads = transcript.apart(tx, name, casepage.may_see(tx, staff), reader=staff.id)
    found = [one for one in said if reads(one)]
    if said and not found:
        abort(404)
    why = "" if access.may_answer_talks(staff.role) else "Vai trò của anh/chị chỉ xem ở đây."
    return Talk(talk, None, found, why)


def bubbles(tx: Session, talk: Talk, names: dict[int, str], now: datetime) -> list[Bubble]:
    """The messages as the page shows them: people's words masked, as on every page."""
    sent = outbox.of_messages(tx, [m.id for m in talk.messages if m.direction == "out"])
    return [
        Bubble(
            id=m.id,
            author=m.author,
            who=words.speaker(m, names),
            text=words.without_pin(m.text if m.direction == "out" else mask(m.text)),
            at=m.created_at,
            time=words.clock(m.created_at, m.created_at),
            day=words.day_heading(m.created_at, now),
            draft=False,
            delivery=words.delivery(m, sent.get(m.id), now),
            files=[],
        )
        for m in talk.messages
        if m.state != "draft"
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """Who speaks now, in words; ``mine``: the officer who looks."""

    words: str
    mine: bool
    taken: bool
    asked: str = ""


def standing(
    row: Takeover | None, talk: Conversation, staff: Staff, names: dict[int, str], now: datetime
) -> Standing:
    """Who speaks in a conversation at this moment."""
    asked = f"chờ cán bộ từ {words.clock(row.asked_at, now)}" if row and row.asked_at else ""
    if row is None or not row.source or not takeover.paused(talk, now):
        return Standing("Trợ lý tự động đang trả lời", False, False, asked)
    until = words.clock(row.until, now) if row.until else ""
    if row.source in (takeover.INBOX, takeover.INBOX_THREAD):
        who = "Hộp thư của Trang (Meta) đang trả lời"
        return Standing(f"{who}; trợ lý tạm dừng tới {until}", False, True, asked)
    if row.staff_id == staff.id:
        return Standing(
            f"Anh/chị đang trả lời; trợ lý tạm dừng tới {until}, mỗi tin gửi đi tính lại", True,
            True, asked,
        )  # fmt: skip
    who = names.get(row.staff_id or 0, "Một cán bộ khác")
    return Standing(f"{who} đang trả lời; trợ lý tạm dừng tới {until}", False, True, asked)


def _values(tx: Session, run: Runtime, talk: Talk, staff: Staff) -> dict[str, object]:
    now = run.clock.now()
    names = {person.id: person.name for person in registry.all_staff(tx)}
    row = takeovers.of(tx, talk.conversation.id)
    way = outgoing.way_for(tx, run.services, talk.conversation, now=now, by_person=True)
    return {
        "live": talk,
        "talk": bubbles(tx, talk, names, now),
        "standing": standing(row, talk.conversation, staff, names, now),
        "channel": words.CHANNEL_WORD.get(talk.conversation.channel, talk.conversation.channel),
        "may_pass": takeover.may_pass(tx, run.services, talk.conversation, now),
        "window": way.reason if way.mode == "hold" else "",
        "address": _address(talk),
        "newest": talk.messages[-1].id if talk.messages else 0,
        "may_hold": holding.may_hold_talk(tx, talk.conversation.id, by=staff),
        "held": holds.of(tx, conversation_id=talk.conversation.id),
    }


def _address(talk: Talk) -> str:
    if talk.case is not None:
        return url_for("staff.direct_case", code=talk.case.code)
    return url_for("staff.direct", name=talk.conversation.id)


def _show(talk_of: object, typed: str = "", error: str = "") -> ResponseReturnValue:
    run, staff = accounts.runtime(), accounts.me()
    with run.store.reading() as tx:
        values = _values(tx, run, talk_of(tx), staff)  # type: ignore[operator]
    page = "staff/_direct_talk.html" if request.args.get("phan") == "moi" else "staff/direct.html"
    status = 422 if error else 200
    return render_template(page, **values, typed=typed, error=error), status


def direct_case(code: str) -> ResponseReturnValue:
    """The live conversation of a case."""
    staff = accounts.me()
    return _show(lambda tx: of_case(tx, code, staff))


def direct(name: str) -> ResponseReturnValue:
    """The live conversation of somebody who has no case here."""
    staff = accounts.me()
    return _show(lambda tx: without_case(tx, name, staff))


def _do(talk_of: object, verb: str) -> ResponseReturnValue:
    run, staff = accounts.runtime(), accounts.me()
    now, text = run.clock.now(), request.form.get("text", "")
    try:
        with run.store.transaction() as tx:
            talk: Talk = talk_of(tx)  # type: ignore[operator]
            if talk.why_not:
                raise NotAllowed(talk.why_not)
            told = _act(tx, run, talk, staff, verb, text, now)
            name, address = talk.conversation.id, _address(talk)
    except NotAllowed as refused:
        return _show(talk_of, typed=text, error=str(refused))
    run.services.queue.deliver(name)
    if told:
        flash(told, "ok")
    return redirect(address, 303)


def _act(
    tx: Session, run: Runtime, talk: Talk, staff: Staff, verb: str, text: str, now: datetime
) -> str:
    services, conversation = run.services, talk.conversation
    if verb == "tiep-nhan":
        takeover.take(tx, services, conversation, staff=staff, case=talk.case, now=now)
        return "Anh/chị đang trò chuyện trực tiếp; trợ lý đã tạm dừng và người gửi đã được báo."
    if verb == "gui":
        takeover.say(tx, services, conversation, staff=staff, case=talk.case, text=text, now=now)
        return ""
    if verb == "hop-thu":
        takeover.to_inbox(tx, services, conversation, staff=staff, case=talk.case, now=now)
        return "Đã chuyển sang hộp thư của Trang; trợ lý tạm dừng và người gửi đã được báo."
    if verb == "tra-lai":
        takeover.hand_back(tx, services, conversation, actor=f"staff:{staff.id}", now=now)
        return "Đã trả cuộc trò chuyện cho trợ lý; người gửi đã được báo."
    if verb != "xong":
        abort(404)
    takeover.settled(tx, conversation.id)
    return "Đã bỏ khỏi danh sách chờ."


def do_case(code: str, verb: str) -> ResponseReturnValue:
    """Takes over, speaks or hands back, from the page of a case."""
    staff = accounts.me()
    return _do(lambda tx: of_case(tx, code, staff, lock=True), verb)


def do(name: str, verb: str) -> ResponseReturnValue:
    """The same in a conversation without a case."""
    staff = accounts.me()
    return _do(lambda tx: without_case(tx, name, staff), verb)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    href: str
    channel: str
    last: str
    standing: Standing
    code: str


@dataclass(frozen=True, slots=True)
class Past:
    """One conversation that became no case, as the list of a day shows it."""

    href: str
    channel: str
    said: str
    time: str
    held: bool


def _of_day(tx: Session, day: date, lane: bool, staff: Staff) -> list[Past]:
    since = datetime.combine(day, time.min, LOCAL)
    held = {talk.id for _hold, talk in holds.on_talks(tx, sealed=lane, reader=staff.id)}
    return [
        Past(
            href=url_for("staff.direct", name=talk.id),
            channel=talk.channel,
            said=words.first_line(mask(message.text)),
            time=words.clock(message.created_at, message.created_at),
            held=talk.id in held,
        )
        for talk, message in takeovers.without_case(
            tx, since, since + timedelta(days=1), sealed=lane
        )
    ]


def talks() -> ResponseReturnValue:
    """Who waits for a person, and who speaks with one; what was said on a day and became no
    case, to be found again when it must be held."""
    run, staff = accounts.runtime(), accounts.me()
    now, lane = run.clock.now(), access.lane_of_talks(staff.role)
    if lane is None:
        abort(403, description="Danh sách này dành cho Văn phòng, lãnh đạo Sở và kênh mật.")
    asked = request.args.get("ngay", "")
    day = day_of(asked)
    with run.store.reading() as tx:
        past = _of_day(tx, day, lane, staff) if day else None
        names = {person.id: person.name for person in registry.all_staff(tx)}
        may_see = casepage.may_see(tx, staff)
        rows = [
            line
            for row, talk in takeovers.open_ones(tx, sealed=lane)
            if (line := _row(tx, row, talk, staff, names, now, may_see)) is not None
        ]
    errors = {"ngay": "Chọn một ngày trong lịch."} if asked and day is None else {}
    return render_template(
        "staff/talks.html", rows=rows, sealed=lane, past=past, asked=asked, errors=errors
    )


def _row(
    tx: Session, row: Takeover, talk: Conversation, staff: Staff, names: dict[int, str],
    now: datetime, may_see: Callable[[Case], bool],
) -> Row | None:  # fmt: skip
    case = next((one for one in cases.of_conversation(tx, talk.id) if may_see(one)), None)
    newest = conversations.newest_messages(tx, talk.id, 20)
    reads = transcript.apart(tx, talk.id, may_see, reader=staff.id)
    heard = [m for m in newest if reads(m)]
    if newest and not heard:
        return None
    said = [m for m in heard if m.direction == "in"]
    return Row(
        href=url_for("staff.direct", name=talk.id),
        channel=talk.channel,
        last=words.first_line(mask(said[-1].text)) if said else "",
        standing=standing(row, talk, staff, names, now),
        code=case.code if case else "",
    )


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    blueprint.add_url_rule("/tro-chuyen", "talks", talks)
    blueprint.add_url_rule("/tro-chuyen/<name>", "direct", direct)
    blueprint.add_url_rule("/tro-chuyen/<name>/<verb>", "direct_do", do, methods=["POST"])
    blueprint.add_url_rule("/y-kien/<code>/truc-tiep", "direct_case", direct_case)
    blueprint.add_url_rule(
        "/y-kien/<code>/truc-tiep/<verb>", "direct_case_do", do_case, methods=["POST"]
    )
