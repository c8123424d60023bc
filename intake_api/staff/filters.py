"""What the queue's address asks for: a standing view, filters that combine, a place to go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from flask import url_for

from intake_api.domain import access
from intake_api.domain.catalog import Catalog
from intake_api.domain.model import OPEN_STATES, STAFF_LABEL, Channel, Role, State
from intake_api.domain.worktime import LOCAL
from intake_api.flow.services import local_day
from intake_api.staff import counted, words
from intake_api.staff.typed import whole
from intake_api.store import search
from intake_api.store.queue import Counts, Cursor, Filter
from intake_api.store.registers import Staff
from vntext import normalize, parse_code

_CHOSEN = ("view", "state", "kind", "topic", "channel", "unit", "assignee", "urgent", "sort")
# The views that every person has; the address carries the key.
VIEWS: dict[str, str] = {
    "": "Đang mở",
    "mine": "Của tôi",
    "unit": "Đơn vị tôi",
    "unassigned": "Chưa ai nhận",
    "today": "Đến hạn hôm nay",
    "overdue": "Quá hạn",
    "waiting": "Đang chờ",
    "reopened": "Mở lại",
    "drafted": "Chờ duyệt",
    "named": "Nhắc tôi",
    "spam": "Rác",
}
# What each view is for, told where it is empty.
VIEW_EMPTY: dict[str, tuple[str, str]] = {
    "spam": (
        "Chưa có ý kiến nào bị đánh dấu rác",
        "Ý kiến bị đánh dấu rác nằm ở đây để xem lại; bấm “Không phải rác” để đưa trở lại.",
    ),
    "mine": (
        "Anh/chị chưa giữ ý kiến nào",
        "Mở một ý kiến chưa ai nhận rồi bấm “Nhận xử lý”; nó sẽ nằm ở đây tới khi được trả lời.",
    ),
    "unit": ("Đơn vị không còn ý kiến nào đang mở", "Ý kiến mới chuyển tới sẽ hiện ở đây."),
    "unassigned": (
        "Ý kiến nào cũng đã có người nhận",
        "Ý kiến mới, hoặc vừa chuyển từ đơn vị khác tới, nằm ở đây tới khi có người nhận.",
    ),
    "today": ("Hôm nay không có ý kiến nào đến hạn", "Xem “Đang mở” để biết những hạn kế tiếp."),
    "overdue": (
        "Không có ý kiến nào quá hạn",
        "Hạn tính theo giờ làm việc; thời gian chờ người gửi hoặc cơ quan khác không tính.",
    ),
    "waiting": (
        "Không có ý kiến nào đang chờ",
        "Ý kiến chờ người gửi bổ sung hoặc chờ cơ quan phối hợp nằm ở đây; đồng hồ tạm dừng.",
    ),
    "reopened": (
        "Không có ý kiến nào được mở lại",
        "Người gửi chưa hài lòng với trả lời có thể mở lại; ý kiến đó nằm ở đây.",
    ),
    "drafted": ("Không có bản soạn nào chờ duyệt", "Bản soạn của chuyên viên chờ lãnh đạo ở đây."),
    "named": (
        "Không có ghi chú nào nhắc anh/chị",
        "Đồng nghiệp gõ @ và tên đăng nhập của anh/chị trong ghi chú thì ý kiến đó nằm ở đây.",
    ),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for, checked; ``params`` is the address again, without the place."""

    filter: Filter
    params: dict[str, str]
    query: str
    view: str
    newest_first: bool
    cursor: Cursor | None

    @property
    def plain(self) -> bool:
        """True when nothing but the view narrows the list."""
        return not set(self.params) - {"view", "sort"}


def sees_several(staff: Staff) -> bool:
    """True for people who see more than one unit's cases."""
    return access.scope(staff.role, staff.unit).units is None


def day_end(now: datetime) -> datetime:
    """The last moment of the local day."""
    return datetime.combine(local_day(now) + timedelta(days=1), time(), LOCAL) - timedelta(
        microseconds=1
    )


def read(args: Mapping[str, str], catalog: Catalog, staff: Staff, now: datetime) -> Wanted:
    """Reads the address; codes that the catalogue does not have are left out."""
    choices: dict[str, Any] = {
        "view": {name for name in VIEWS if name},
        "state": {"all", *(str(state) for state in State)},
        "kind": catalog.kinds,
        "topic": catalog.topics,
        "channel": {str(channel) for channel in Channel},
        "unit": catalog.units if sees_several(staff) else {},
        "urgent": {"1"},
        "sort": {"new", "due"},
        **counted.choices(catalog),
    }
    params = {name: args[name] for name, known in choices.items() if args.get(name, "") in known}
    person = args.get("assignee", "")
    if whole(person, digits=7) is not None:
        params["assignee"] = person
    query = normalize(args.get("q", "")).strip()[:200]
    if query:
        params["q"] = query
    params.update(counted.days(args))
    params = {name: params[name] for name in (*_CHOSEN, *counted.NAMES, "q") if name in params}
    wanted = _filter(params, query, staff, now)
    view = "" if wanted.code else params.get("view", "")
    return Wanted(
        filter=wanted,
        params=params,
        query=query,
        view=view,
        newest_first=_newest_first(params, wanted),
        cursor=read_cursor(args.get("sau", ""), after=True)
        or read_cursor(args.get("truoc", ""), after=False),
    )


def _filter(params: Mapping[str, str], query: str, staff: Staff, now: datetime) -> Filter:
    code = parse_code(query)
    if code:
        # A code names one case, wherever it stands: ended ones are found as well.
        return Filter(code=code)
    view = params.get("view", "")
    # A search looks everywhere unless it is told where; without one, ended cases are left out.
    state = params.get("state", "open" if view or not query else "all")
    found = Filter(
        state="" if state == "all" else state,
        kind=params.get("kind", ""),
        topic=params.get("topic", ""),
        channel=params.get("channel", ""),
        unit=params.get("unit", ""),
        urgent="urgent" in params,
        assignee_id=int(params["assignee"]) if "assignee" in params else None,
        words=search.words_of(query),
        senders=access.may_find_senders(staff.role),
        counted=counted.read(params),
    )
    return replace(found, **_of_view(view, staff, now))


def _of_view(view: str, staff: Staff, now: datetime) -> dict[str, Any]:
    narrowed: dict[str, dict[str, Any]] = {
        "mine": {"assignee_id": staff.id},
        "unit": {"unit": staff.unit or "?"},
        "unassigned": {"unassigned": True},
        "today": {"due_until": day_end(now)},
        "overdue": {"overdue": True},
        "waiting": {"waiting": True},
        "reopened": {"state": str(State.REOPENED)},
        "drafted": {"state": str(State.ANSWER_DRAFTED)},
        "named": {"naming": staff.id, "state": ""},
        "spam": {"state": str(State.REJECTED_SPAM)},
    }
    return narrowed.get(view, {})


def _newest_first(params: Mapping[str, str], wanted: Filter) -> bool:
    if wanted.state not in ("open", *OPEN_STATES):
        return True  # ended cases have no due date to go by
    # Whoever searches looks for what is recent.
    return params.get("sort", "new" if wanted.words else "due") == "new"


def read_cursor(raw: str, *, after: bool) -> Cursor | None:
    """The place that ``write_cursor`` wrote; None for anything else."""
    calm, _, rest = raw.partition("~")
    due, _, number = rest.rpartition("~")
    good = calm in ("0", "1") and number.isascii() and number.isdigit() and len(number) < 12
    if not good or (due and due not in ("infinity", "9999-12-31") and not _is_moment(due)):
        return None
    return Cursor(calm == "1", due, int(number), after)


def _is_moment(raw: str) -> bool:
    try:
        datetime.fromisoformat(raw)
    except ValueError:
        return False
    return len(raw) <= 40


def write_cursor(cursor: Cursor | None) -> dict[str, str]:
    """The place as a part of the address."""
    if cursor is None:
        return {}
    raw = f"{int(cursor.calm)}~{cursor.due}~{cursor.id}"
    return {"sau" if cursor.after else "truoc": raw}


def link(params: Mapping[str, str], **changes: str) -> str:
    """The queue's address with changes; what is empty stays out of it."""
    merged = {name: value for name, value in {**params, **changes}.items() if value}
    return url_for("staff.queue", **merged)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class View:
    """A standing view: its words, how many, where it leads, and whether it is on."""

    name: str
    words: str
    count: int | None
    href: str
    on: bool
    level: str = ""


def views(counts: Counts, wanted: Wanted, staff: Staff) -> list[View]:
    """The views beside the list. Filters stay when the view changes, search words do not."""
    keep = {name: value for name, value in wanted.params.items() if name not in ("q", "state")}
    found = []
    for name, title in VIEWS.items():
        if name == "unit" and not staff.unit:
            continue
        # Spam is looked through now and then: nobody has to get it down to nothing.
        number: int | None = getattr(counts, name or "open", None)
        level = "late" if name == "overdue" and number else ""
        on = wanted.view == name and not wanted.query and "state" not in wanted.params
        found.append(View(name, title, number, link(keep, view=name), on, level))
    return found


def choices(catalog: Catalog, staff: Staff, now: datetime, people: list[Staff]) -> dict[str, Any]:
    """What the filters offer."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for topic in catalog.topics.values():
        groups.setdefault(topic.group_name, []).append((topic.code, topic.name))
    today, several = local_day(now), sees_several(staff)
    hidden = {State.ERASED, State.MERGED}
    units = [(unit.code, unit.name) for unit in catalog.units.values() if unit.exists_on(today)]
    return {
        "states": [
            ("", "Đang mở"),
            ("all", "Tất cả"),
            *((str(one), STAFF_LABEL[one]) for one in State if one not in hidden),
        ],
        "kinds": [(kind.code, kind.name) for kind in catalog.kinds.values()],
        "topic_groups": groups,
        "channels": [(str(one), words.CHANNEL_WORD[one]) for one in Channel],
        "units": units if several else [],
        "all_units": units,
        "people": [(str(one.id), one.name) for one in colleagues(people, staff)],
    }


def colleagues(people: list[Staff], staff: Staff) -> list[Staff]:
    """Who may hold a case that this person sees."""
    workers = (Role.COORDINATOR, Role.HANDLER, Role.LEAD)
    if staff.role == Role.CONFIDENTIAL_OFFICER:
        workers = (Role.CONFIDENTIAL_OFFICER,)  # type: ignore[assignment]
    several = sees_several(staff)
    return [
        one
        for one in people
        if one.active and one.role in workers and (several or one.unit == staff.unit)
    ]
