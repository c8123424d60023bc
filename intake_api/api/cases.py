"""Cases for other systems: a list, one case, its history, and what its sender may still do."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request, url_for

from intake_api.api import answers, payloads
from intake_api.api.operations import (
    IF_MATCH,
    NEEDS_KEY,
    Answer,
    Call,
    Header,
    operation,
)
from intake_api.api.problems import Problem
from intake_api.domain import access, texts
from intake_api.domain import partners as words
from intake_api.domain.model import CITIZEN_LABEL, State
from intake_api.domain.workflow import TransitionNotAllowed
from intake_api.flow import partners, writing
from intake_api.flow.clients import Client
from intake_api.flow.services import Services
from intake_api.store import StoreUnavailable, clients
from intake_api.store.tables import Case
from vntext import mask, parse_code

if TYPE_CHECKING:
    from intake_api.store import Session

blueprint = Blueprint("cases_api", __name__, url_prefix="/api/v1")
TAG = "Ý kiến"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
NOT_FOUND = (("not-found", 404),)


def etag_of(case: Case) -> str:
    return f'"{case.code}.{case.version}"'


def shown(
    tx: Session, services: Services, found: Sequence[Case], client: Client
) -> list[dict[str, Any]]:
    """Cases as another system reads them. What may be asked for is told to their sender only."""
    numbers = [case.id for case in found]
    said = clients.last_answers(tx, numbers)
    mine = clients.sent_by(tx, numbers, client.id)
    return [_shown(services, case, said.get(case.id), case.id in mine) for case in found]


def _shown(services: Services, case: Case, said: str | None, mine: bool) -> dict[str, Any]:
    catalog = services.catalog
    unit = catalog.units[case.unit].name
    return {
        "code": case.code,
        "status": "open" if words.is_open(case.state) else "closed",
        "state": case.state,
        "state_label": texts.state_label(case.state, unit),
        "kind": case.kind,
        "kind_name": catalog.kinds[case.kind].name,
        "topic": case.topic,
        "topic_name": catalog.topics[case.topic].name,
        "unit": case.unit,
        "unit_name": unit,
        "channel": case.channel,
        "urgent": case.urgent,
        "level": case.level,
        "district": case.district,
        "school": case.school,
        "text": case.text_masked,
        "received_at": case.received_at,
        "due_at": case.due_at,
        "first_response_at": case.first_response_at,
        "answered_at": case.answered_at,
        "closed_at": case.closed_at,
        "outcome": case.outcome,
        "reopened": case.reopened,
        "last_answer": mask(said) if said is not None else None,
        "may": partners.possible(case) if mine else [],
    }


def _place(case: Case) -> str:
    micro = (case.received_at - _EPOCH) // _MICROSECOND
    return base64.urlsafe_b64encode(f"{micro}.{case.id}".encode()).decode().rstrip("=")


def _read_place(cursor: str) -> tuple[datetime, int]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        micro, _, number = raw.partition(".")
        return _EPOCH + int(micro) * _MICROSECOND, min(int(number), 2**31 - 1)
    except (ValueError, OverflowError):
        raise bad_place() from None


def bad_place() -> Problem:
    detail = {"detail": "không phải con trỏ của một trang trước", "parameter": "cursor"}
    return Problem("validation", 422, "1 tham số sai", errors=[detail])


def next_link(cursor: str | None, **path: str) -> dict[str, str]:
    """The header that leads on, with the same filters."""
    if cursor is None:
        return {}
    kept = {name: value for name, value in request.args.items() if name != "cursor"}
    address = url_for(str(request.endpoint), _external=True, cursor=cursor, **path, **kept)
    return {"Link": f'<{address}>; rel="next"'}


@operation(
    blueprint, "GET", "/cases", summary="Danh sách ý kiến", tag=TAG,
    answers={200: answers.CasePage}, key=NEEDS_KEY, query=payloads.CaseQuery,
)  # fmt: skip
def listed(call: Call) -> Answer:
    """Mới nhất trước, theo trang. Quyền cases:read thấy mọi ý kiến thường (của một đơn vị, nếu
    khóa gắn với đơn vị); không có quyền đó thì thấy những gì hệ thống này đã gửi. Ý kiến trong
    kênh mật không có ở đây."""
    query: payloads.CaseQuery = call.query
    after = _read_place(query.cursor) if query.cursor else None
    wanted = clients.Wanted(
        open=None if query.status is None else query.status == "open",
        state=query.state, kind=query.kind, topics=(query.topic,) if query.topic else (),
        unit=query.unit, channel=query.channel, since=query.received_from,
        until=query.received_to,
    )  # fmt: skip
    scope = call.known.scope
    with call.run.store.reading() as tx:
        found = clients.page(tx, scope, wanted, after=after, limit=query.limit + 1)
        total = clients.count(tx, scope, wanted) if after is None else None
        items = shown(tx, call.run.services, found[: query.limit], call.known)
    cursor = _place(found[query.limit - 1]) if len(found) > query.limit else None
    page = answers.CasePage(
        items=[answers.Case(**item) for item in items], next_cursor=cursor, total_estimate=total
    )
    return Answer(page, headers=next_link(cursor))


@operation(
    blueprint, "GET", "/cases/<code>", summary="Một ý kiến", tag=TAG,
    answers={200: answers.Case}, key=NEEDS_KEY, problems=NOT_FOUND, etag=True,
)  # fmt: skip
def one(call: Call, code: str) -> Answer:
    """Một ý kiến với ETag cho lần ghi sau. Trả lời của cán bộ đọc ở đây được tính là đã tới người
    gửi, khi chính hệ thống này đã gửi ý kiến."""
    run = call.run
    with run.store.reading() as tx:
        case = _found(tx, call, code)
        (body,) = shown(tx, run.services, [case], call.known)
        waiting = partners.unread(tx, call.known, case)
    if waiting:
        # A page that cannot note that it was read is still read.
        with suppress(StoreUnavailable), run.store.transaction() as tx:
            partners.mark_read(tx, case, waiting, now=call.now)
    return Answer(answers.Case(**body), headers={"ETag": etag_of(case)})


@operation(
    blueprint, "GET", "/cases/<code>/history", summary="Lịch sử công khai của một ý kiến", tag=TAG,
    answers={200: answers.StepPage}, key=NEEDS_KEY, problems=NOT_FOUND, query=payloads.StepQuery,
)  # fmt: skip
def history(call: Call, code: str) -> Answer:
    """Những gì người gửi cũng được biết, cũ nhất trước. Ai làm và ghi chú nội bộ không được nêu."""
    query: payloads.StepQuery = call.query
    after = _read_number(query.cursor) if query.cursor else 0
    with call.run.store.reading() as tx:
        case = _found(tx, call, code)
        found = clients.history(tx, case.id, tuple(words.TOLD), after=after, limit=query.limit + 1)
    items = []
    for event in found[: query.limit]:
        before, later = words.states_of(event.action, event.data)
        items.append(
            answers.Step(
                at=event.at,
                action=event.action,
                title=words.TOLD[event.action],
                state_before=before,
                state_after=later,
            )
        )
    cursor = str(found[query.limit - 1].id) if len(found) > query.limit else None
    page = answers.StepPage(items=items, next_cursor=cursor)
    return Answer(page, headers=next_link(cursor, code=code))


def _read_number(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise bad_place()
    return int(cursor)


@operation(
    blueprint, "POST", "/cases/<code>/messages", summary="Bổ sung thay người gửi", tag=TAG,
    answers={201: answers.Said}, key=NEEDS_KEY, scope=access.FEEDBACK_WRITE,
    body=payloads.MessageBody, problems=NOT_FOUND, idempotent=True,
    headers=(Header("If-Match", "ETag đã đọc, nếu muốn chắc là chưa đổi", pattern=IF_MATCH),),
)  # fmt: skip
def say(call: Call, code: str) -> Any:
    """Chỉ với ý kiến mà hệ thống này đã gửi. Lời tố cáo hoặc báo nguy hiểm thành một ý kiến riêng
    trong kênh mật, với mã và PIN riêng."""
    run, once = call.run, partners.key_of(call.known, f"{code}:{call.key}")

    def work(tx: Session) -> tuple[int, dict[str, Any]]:
        case = _own(tx, call, code)
        done = partners.say(tx, run.services, case, text=call.body.text, once=once, now=call.now)
        apart = done.apart
        notice = run.services.catalog.messages["danger"].splitlines() if done.danger else []
        said = answers.Said(
            code=apart.case.code if apart else case.code, apart=apart is not None,
            pin=apart.pin if apart else None, notice=notice,
        )  # fmt: skip
        return 201, said.model_dump(mode="json")

    with run.store.reading() as tx:
        pin = writing.apart_pin(run.services, _own(tx, call, code, read_only=True), once)
    return call.once(work, pin=pin)


@operation(
    blueprint, "POST", "/cases/<code>/status", summary="Rút, xác nhận, đề nghị xem lại", tag=TAG,
    answers={200: answers.Turned}, key=NEEDS_KEY, scope=access.FEEDBACK_WRITE,
    body=payloads.StatusChange, etag=True, if_match=True,
    problems=(*NOT_FOUND, ("transition-not-allowed", 409), ("window-closed", 409)),
)  # fmt: skip
def turn(call: Call, code: str) -> Answer:
    """Thay người gửi, chỉ với ý kiến mà hệ thống này đã gửi, trên phiên bản đã đọc (If-Match)."""
    run, wish = call.run, call.body.root
    with run.store.transaction() as tx:
        case = _own(tx, call, code)
        try:
            done = partners.turn(
                tx, run.services, case, to=wish.status, now=call.now,
                rating=getattr(wish, "rating", None),
            )  # fmt: skip
        except TransitionNotAllowed:
            label = CITIZEN_LABEL[State(case.state)].format(unit="đơn vị")
            raise Problem(
                "transition-not-allowed", 409, f"Ý kiến đang ở tình trạng: {label}.",
                allowed=partners.possible(case),
            ) from None  # fmt: skip
        except partners.TooLate as late:
            raise Problem("window-closed", 409, str(late)) from None
        tx.flush()
        (body,) = shown(tx, run.services, [done.case], call.known)
        headers = {"ETag": etag_of(done.case)}
    return Answer(answers.Turned(**body, notice=done.notice or None), headers=headers)


def _found(tx: Session, call: Call, code: str) -> Case:
    try:
        return partners.find(tx, call.known, parse_code(code) or "")
    except partners.NotFound:
        raise Problem("not-found", 404) from None


def _own(tx: Session, call: Call, code: str, *, read_only: bool = False) -> Case:
    """The case that the caller sent, for changing at the version that it read."""
    try:
        case = partners.own(tx, call.known, parse_code(code) or "", lock=not read_only)
    except partners.NotFound:
        raise Problem("not-found", 404) from None
    if read_only:
        return case
    read = request.if_match
    if request.headers.get("If-Match") and not (
        read.star_tag or read.contains(etag_of(case).strip('"'))
    ):
        raise Problem(
            "conflict", 412, "Ý kiến đã thay đổi từ lần đọc trước; đọc lại rồi gửi.",
            etag=etag_of(case),
        )  # fmt: skip
    return case


@operation(
    blueprint, "GET", "/catalog", summary="Loại, chủ đề, đơn vị, tình trạng", tag="Danh mục",
    answers={200: answers.CatalogOut},
)  # fmt: skip
def catalog(call: Call) -> Answer:
    """Tên của mọi mã mà các câu trả lời khác dùng."""
    rules = call.run.services.catalog
    made = answers.CatalogOut(
        kinds=[answers.Named(code=one.code, name=one.name) for one in rules.kinds.values()],
        topics=[
            answers.TopicName(
                code=one.code,
                name=one.name,
                group=one.group,
                group_name=one.group_name,
                unit=one.unit,
            )
            for one in rules.topics.values()
        ],
        units=[
            answers.UnitName(
                code=one.code,
                name=one.name,
                level=one.level,
                successor=one.successor,
                valid_to=one.valid_to.isoformat() if one.valid_to else None,
            )
            for one in rules.units.values()
        ],
        states=[
            answers.Named(code=state, name=label.format(unit="đơn vị"))
            for state, label in CITIZEN_LABEL.items()
        ],
    )
    return Answer(made)
