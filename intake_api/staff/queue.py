"""The queue: what is due first, filters that live in the address, and the list to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from intake_api.domain import access
from intake_api.domain.catalog import Catalog
from intake_api.domain.model import OUTCOME_TITLE, STAFF_LABEL, Channel, Outcome, Role, State
from intake_api.domain.worktime import LOCAL
from intake_api.flow import disclose
from intake_api.flow.answer import Acting, NotAllowed
from intake_api.flow.services import local_day
from intake_api.staff import accounts, words
from intake_api.store import cases, registry
from intake_api.store.cases import Filter
from intake_api.store.registers import Staff
from intake_api.store.tables import Case
from vntext import fold, normalize, parse_code

if TYPE_CHECKING:
    from intake_api.store import Session

PAGE = 50
_TOGGLES = ("overdue", "unassigned", "mine")
_EDGES = ".,;:!?\"'()[]“”‘’…"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for, checked; ``params`` is the address again, without the page."""

    filter: Filter
    params: dict[str, str]
    query: str
    page: int


def read_filter(args: MultiDict[str, str], catalog: Catalog, staff: Staff) -> Wanted:
    """Reads the address; codes that the catalogue does not have are left out."""
    choices: dict[str, Any] = {
        "state": {"all", *(str(state) for state in State)},
        "kind": catalog.kinds,
        "topic": catalog.topics,
        "channel": {str(channel) for channel in Channel},
        "unit": catalog.units if sees_several(staff) else {},
    }
    params = {name: args[name] for name, known in choices.items() if args.get(name, "") in known}
    params.update({name: "1" for name in _TOGGLES if args.get(name) == "1"})
    query = normalize(args.get("q", "")).strip()[:200]
    if query:
        params["q"] = query
    state = params.get("state", "open")
    code = parse_code(query)
    if code:
        # A code names one case, wherever it stands: ended ones are found as well.
        searched = Filter(words=fold(code))
    else:
        stripped = (word.strip(_EDGES) for word in fold(query).split())
        searched = Filter(
            state="" if state == "all" else state,
            kind=params.get("kind", ""),
            topic=params.get("topic", ""),
            channel=params.get("channel", ""),
            unit=params.get("unit", ""),
            overdue="overdue" in params,
            unassigned="unassigned" in params,
            assignee_id=staff.id if "mine" in params else None,
            words=" ".join(word for word in stripped if word),
        )
    page = args.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return Wanted(searched, params, query, max(1, number))


def sees_several(staff: Staff) -> bool:
    """True for people who see more than one unit's cases."""
    return access.scope(staff.role, staff.unit).units is None


@dataclass(frozen=True, slots=True)
class Row:
    """One case as the queue shows it: masked."""

    case: Case
    line: str
    kind: str
    topic: str
    place: str
    unit: str
    channel: str
    state: str
    due: words.Due
    first: words.Due | None
    assignee: str


def row_of(case: Case, catalog: Catalog, names: dict[int, str], now: datetime) -> Row:
    """Makes a row of a case."""
    return Row(
        case=case,
        line=words.first_line(words.without_pin(case.text_masked)),
        kind=words.kind_name(catalog, case.kind),
        topic=words.topic_name(catalog, case.topic),
        place=words.place(case),
        unit=words.unit_name(catalog, case.unit),
        channel=words.CHANNEL_WORD.get(case.channel, case.channel),
        state=STAFF_LABEL[State(case.state)],
        due=words.due(case, now, catalog.calendar),
        first=words.first_contact(case, now, catalog.calendar),
        assignee=names.get(case.assignee_id or 0, ""),
    )


def _link(params: dict[str, str], **changes: str) -> str:
    merged = {name: value for name, value in {**params, **changes}.items() if value}
    return url_for("staff.queue", **merged)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Chip:
    """A quick view: its words, how many, where it leads, and whether it is on."""

    words: str
    count: int
    href: str
    on: bool
    level: str = ""


def _chips(count: Any, wanted: Wanted, staff: Staff) -> list[Chip]:
    base, params = wanted.filter, wanted.params
    plain = replace(base, state="open", overdue=False, unassigned=False, assignee_id=None)
    off = dict.fromkeys(("state", *_TOGGLES), "")
    all_open = "state" not in params and not any(name in params for name in _TOGGLES)
    drafted = str(State.ANSWER_DRAFTED)
    at_drafted = params.get("state") == drafted

    def toggle(name: str, label: str, narrowed: Filter, level: str = "") -> Chip:
        href = _link(params, **{name: "" if name in params else "1"})
        return Chip(label, count(narrowed), href, name in params, level)

    return [
        Chip("Đang mở", count(plain), _link(params, **off), all_open),
        toggle("overdue", "Quá hạn", replace(base, overdue=True), "late"),
        toggle("unassigned", "Chưa ai nhận", replace(base, unassigned=True)),
        toggle("mine", "Của tôi", replace(base, assignee_id=staff.id)),
        Chip("Chờ duyệt", count(replace(plain, state=drafted)),
             _link(params, **{**off, "state": "" if at_drafted else drafted}), at_drafted),
    ]  # fmt: skip


def _choices(catalog: Catalog, staff: Staff, now: datetime) -> dict[str, Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for topic in catalog.topics.values():
        groups.setdefault(topic.group_name, []).append((topic.code, topic.name))
    today = local_day(now)
    several = sees_several(staff)
    hidden = {State.ERASED, State.MERGED}
    return {
        "states": [
            ("", "Đang mở"),
            ("all", "Tất cả"),
            *((str(s), STAFF_LABEL[s]) for s in State if s not in hidden),
        ],
        "kinds": [(kind.code, kind.name) for kind in catalog.kinds.values()],
        "topic_groups": groups,
        "channels": [(str(c), words.CHANNEL_WORD[c]) for c in Channel],
        "units": [
            (unit.code, unit.name) for unit in catalog.units.values() if unit.exists_on(today)
        ]
        if several
        else [],
    }


def _ended(tx: Session, scope: access.Scope, wanted: Wanted, now: datetime) -> int:
    """How many ended cases a search among the open ones passed over."""
    if not wanted.query or wanted.filter.state != "open":
        return 0
    return cases.count(tx, scope, replace(wanted.filter, state=""), now)


def queue() -> ResponseReturnValue:
    """One page of the queue."""
    run, staff = accounts.runtime(), accounts.me()
    catalog, now = run.services.catalog, run.clock.now()
    wanted = read_filter(request.args, catalog, staff)
    scope = access.scope(staff.role, staff.unit)
    with run.store.reading() as tx:
        total = cases.count(tx, scope, wanted.filter, now)
        pages = max(1, -(-total // PAGE))
        page = min(wanted.page, pages)
        found = cases.queue(tx, scope, wanted.filter, now=now, offset=(page - 1) * PAGE, limit=PAGE)
        chips = _chips(lambda one: cases.count(tx, scope, one, now), wanted, staff)
        names = {person.id: person.name for person in registry.all_staff(tx)}
        ended = _ended(tx, scope, wanted, now) if not total else 0
    return render_template(
        "staff/queue.html",
        rows=[row_of(case, catalog, names, now) for case in found],
        total=total,
        ended=ended,
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1,
        wanted=wanted,
        chips=chips,
        link=lambda **changes: _link(wanted.params, **changes),
        choices=_choices(catalog, staff, now),
        may_export=access.may_export(staff.role),
        no_content=scope.units == (),
        admin=staff.role == Role.ADMIN,
        several=sees_several(staff),
        sealed=staff.role == Role.CONFIDENTIAL_OFFICER,
    )


HEADINGS = (
    "Mã", "Nhận lúc", "Kênh", "Loại", "Chủ đề", "Đơn vị", "Nơi xảy ra", "Khẩn", "Trạng thái",
    "Hạn trả lời", "Trả lời lúc", "Kết quả", "Nội dung (đã che thông tin cá nhân)",
)  # fmt: skip


# What begins a formula in Excel or LibreOffice, full-width forms included.
_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def safe_cell(value: str) -> str:
    """Text that a spreadsheet cannot take for a formula."""
    line = value.replace("\x00", "")
    return f"'{line}" if line.lstrip(" ")[:1] in _FORMULA else line


def _moment(value: datetime | None) -> str:
    return value.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M") if value else ""


def _cells(case: Case, catalog: Catalog) -> list[str]:
    return [
        case.code,
        _moment(case.received_at),
        words.CHANNEL_WORD.get(case.channel, case.channel),
        words.kind_name(catalog, case.kind),
        words.topic_name(catalog, case.topic),
        words.unit_name(catalog, case.unit),
        words.place(case),
        "khẩn" if case.urgent else "",
        STAFF_LABEL[State(case.state)],
        _moment(case.due_at),
        _moment(case.answered_at),
        OUTCOME_TITLE[Outcome(case.outcome)] if case.outcome else "",
        words.without_pin(case.text_masked),
    ]


def _lines(found: list[Case], catalog: Catalog) -> Iterator[str]:
    # The mark tells Excel that this is UTF-8.
    yield "\ufeff"
    for cells in [list(HEADINGS), *(_cells(case, catalog) for case in found)]:
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
        yield buffer.getvalue()


def export() -> ResponseReturnValue:
    """The filtered queue as a table, masked, for those who may; every time on record."""
    run, staff = accounts.runtime(), accounts.me()
    catalog, now = run.services.catalog, run.clock.now()
    wanted = read_filter(request.args, catalog, staff)
    by = Acting(staff, 0, now)
    try:
        with run.store.transaction() as tx:
            found = disclose.export_rows(tx, by, wanted.filter, described=wanted.params)
    except NotAllowed as error:
        abort(403, description=str(error))
    name = f"y-kien-{local_day(now):%Y-%m-%d}.csv"
    return Response(
        _lines(found, catalog),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    blueprint.add_url_rule("/", "queue", queue)
    blueprint.add_url_rule("/xuat.csv", "export", export)
