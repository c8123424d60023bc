"""The queue: standing views, filters that live in the address, pages that do not shift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from intake_api.domain import access, workflow
from intake_api.domain.catalog import Catalog
from intake_api.domain.model import (
    OPEN_STATES,
    OUTCOME_TITLE,
    STAFF_LABEL,
    Outcome,
    Role,
    State,
)
from intake_api.staff import accounts, counted, filters, words
from intake_api.staff.filters import Wanted
from intake_api.store import queue as reads
from intake_api.store import registry, views
from intake_api.store.queue import COUNT_UP_TO, Counts
from intake_api.store.registers import Staff
from intake_api.store.tables import Case
from intake_api.store.view_tables import SavedView
from vntext import parse_code

if TYPE_CHECKING:
    from intake_api.runtime import Runtime
    from intake_api.store import Session

PAGE = 50


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


@dataclass(frozen=True, slots=True)
class Listed:
    """What the database gave for one page of the queue."""

    page: reads.Page
    counts: Counts
    total: int
    people: list[Staff]
    newest: int
    own: list[SavedView]


def _read(tx: Session, wanted: Wanted, staff: Staff, now: datetime) -> Listed:
    scope = accounts.my_scope()
    counts = reads.counts(
        tx, scope, staff_id=staff.id, unit=staff.unit, now=now, until=filters.day_end(now)
    )
    page = reads.page(
        tx, scope, wanted.filter, now=now, newest_first=wanted.newest_first,
        cursor=wanted.cursor, limit=PAGE,
    )  # fmt: skip
    if wanted.plain:
        known: int | None = getattr(counts, wanted.view or "open", None)
        total = reads.count(tx, scope, wanted.filter, now) if known is None else known
    elif page.before is None and page.after is None:
        total = len(page.cases)
    else:
        total = reads.count(tx, scope, wanted.filter, now)
    own = views.of_person(tx, staff.id)
    return Listed(page, counts, total, registry.all_staff(tx), reads.newest_event(tx), own)


def how_many(total: int) -> str:
    """``1.204 ý kiến`` as people write it; where counting stopped, so many and more."""
    more = total == COUNT_UP_TO + 1
    return f"{'hơn ' if more else ''}{COUNT_UP_TO if more else total:,}".replace(",", ".")


@dataclass(frozen=True, slots=True)
class Naming:
    """A name for a view that could not be kept: why, and the name as it was typed."""

    error: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class OwnView:
    """A view that the person keeps: its name, where it leads, and whether it is on."""

    id: int
    name: str
    href: str
    on: bool


def own_views(kept: list[SavedView], wanted: Wanted) -> list[OwnView]:
    """The person's own views beside the list. What the address says decides which one is on."""
    found = []
    for one in kept:
        params = dict(parse_qsl(one.query))
        found.append(OwnView(one.id, one.name, filters.link(params), params == wanted.params))
    return found


def queue() -> ResponseReturnValue:
    """One page of the queue."""
    run, staff = accounts.runtime(), accounts.me()
    return shown(filters.read(request.args, run.services.catalog, staff, run.clock.now()))


def shown(wanted: Wanted, naming: Naming | None = None) -> str:
    """The page of what is wanted; ``naming`` says what was wrong with a view's name."""
    run, staff = accounts.runtime(), accounts.me()
    now = run.clock.now()
    with run.store.reading() as tx:
        listed = _read(tx, wanted, staff, now)
    values = _shown(run, staff, wanted, listed, now)
    own = own_views(listed.own, wanted)
    values.update(
        own=own, own_on=next((one for one in own if one.on), None), naming=naming or Naming()
    )
    return render_template("staff/queue.html", **values)


def _shown(
    run: Runtime, staff: Staff, wanted: Wanted, listed: Listed, now: datetime
) -> dict[str, Any]:
    catalog, page = run.services.catalog, listed.page
    names = {person.id: person.name for person in listed.people}
    scope = accounts.my_scope()
    return {
        "rows": [row_of(case, catalog, names, now) for case in page.cases],
        "total": listed.total,
        "total_words": how_many(listed.total),
        "after": filters.link(wanted.params, **filters.write_cursor(page.after))
        if page.after
        else "",
        "before": filters.link(wanted.params, **filters.write_cursor(page.before))
        if page.before
        else "",
        "wanted": wanted,
        "counted": counted.said(wanted.params, catalog),
        "counted_names": counted.NAMES,
        "views": filters.views(listed.counts, wanted, staff),
        "view_title": filters.VIEWS[wanted.view],
        "view_empty": filters.VIEW_EMPTY.get(wanted.view),
        "newest": listed.newest,
        "sortable": wanted.filter.state in ("open", *OPEN_STATES),
        "link": lambda **changes: filters.link(wanted.params, **changes),
        "choices": filters.choices(catalog, staff, now, listed.people),
        "outcomes": [(str(one), OUTCOME_TITLE[one]) for one in Outcome],
        "templates": [(name, body["title"]) for name, body in catalog.templates.items()],
        "may_export": access.may_export(staff.role),
        "may_assign": access.may_assign(staff.role),
        "may_merge": workflow.ever(Role(staff.role), "merge"),
        "may_route": workflow.ever(Role(staff.role), "route"),
        "may_close": workflow.ever(Role(staff.role), "close"),
        "works": _works(staff),
        "no_content": scope.units == (),
        "admin": staff.role == Role.ADMIN,
        "several": filters.sees_several(staff),
        "sealed": staff.role == Role.CONFIDENTIAL_OFFICER,
        "max_bulk": reads.COUNT_UP_TO,
    }


def _works(staff: Staff) -> bool:
    """True for those who do things with many cases at once."""
    return staff.role not in (Role.LEADER, Role.ADMIN, Role.EDITOR)


def row(code: str) -> ResponseReturnValue:
    """One row anew, for a list that is open while somebody else works."""
    run, staff = accounts.runtime(), accounts.me()
    catalog, now = run.services.catalog, run.clock.now()
    with run.store.reading() as tx:
        found = reads.by_codes(tx, accounts.my_scope(), [parse_code(code) or ""])
        if not found:
            abort(404)
        names = {person.id: person.name for person in registry.all_staff(tx)}
    return render_template(
        "staff/_row.html",
        row=row_of(found[0], catalog, names, now),
        several=filters.sees_several(staff),
        works=_works(staff),
        fresh=True,
    )


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    blueprint.add_url_rule("/", "queue", queue)
    blueprint.add_url_rule("/dong/<code>", "row", row)
