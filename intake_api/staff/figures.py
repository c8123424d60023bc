"""Figures for leaders and for every unit: one page, its tables as files, all of it by address."""

from __future__ import annotations

import contextlib
import csv
import io
import tempfile
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from intake_api.domain import access
from intake_api.domain.worktime import day_in_words
from intake_api.flow import disclose
from intake_api.flow.acting import Acting, NotAllowed
from intake_api.flow.services import local_day
from intake_api.reports import figures, sheets, titles
from intake_api.reports.live import LiveFacts
from intake_api.reports.shapes import MINUTES, Figures, Row, Table, Value
from intake_api.staff import accounts, export, figures_asked, figures_words
from intake_api.staff.figures_asked import Address
from intake_api.store import Session, StoreUnavailable

_KEY = "langnghe.figures"
# The head of the page, in order.
TILES = (
    "received", "answered", "open", "on_time_rate", "first_median", "answer_median", "satisfaction",
    "reopened_rate", "bot_rate", "gaps", "sealed",
)  # fmt: skip


def live_facts(app: Any) -> LiveFacts:
    """The facts that this process keeps."""
    kept = app.extensions.get(_KEY)
    if kept is None:
        run = app.extensions["langnghe"]
        kept = app.extensions.setdefault(_KEY, LiveFacts(run.store, run.services.catalog))
    found: LiveFacts = kept
    return found


def warm(app: Any) -> None:
    """Reads the cases before anybody asks for figures; a database that is away is met later."""
    with contextlib.suppress(StoreUnavailable):
        live_facts(app).warm()


def _address() -> Address:
    staff, run = accounts.me(), accounts.runtime()
    if access.scope(staff.role, staff.unit).units == ():
        abort(403, "Vai trò của anh/chị không xem được trang này.")
    return figures_asked.read(request.args, run.services.catalog, staff, run.clock.now())


def _measured(tx: Session, address: Address) -> Figures:
    run = accounts.runtime()
    with live_facts(current_app).using(tx) as known:
        return figures.measure(tx, known, run.services.catalog, address.asked, now=run.clock.now())


def page() -> ResponseReturnValue:
    """The dashboard of what the person at work may see."""
    address, run = _address(), accounts.runtime()
    with run.store.reading() as tx:
        found = None if address.problem else _measured(tx, address)
    shown = _shown(address, found)
    return render_template("staff/figures/page.html", **shown), 422 if address.problem else 200


def _shown(address: Address, found: Figures | None) -> dict[str, Any]:
    run, staff = accounts.runtime(), accounts.me()
    catalog, asked, compared = run.services.catalog, address.asked, address.compared
    calendar = catalog.calendar
    numbers = found.numbers if found else {}
    before = found.compared[0 if compared == "previous" else 1] if found else asked.period
    charts = [
        (one, figures_words.chart(one, compared, before.title))
        for one in (found.tables.values() if found else ())
    ]
    return {
        "address": address, "found": found, "before": before, "compared": figures_asked.COMPARED,
        "tiles": [
            figures_words.tile(numbers[name], compared, calendar)
            for name in TILES if name in numbers
        ],
        "numbers": [figures_words.tile(one, compared, calendar) for one in numbers.values()],
        "charts": charts, "place": 1 if compared == "previous" else 2,
        "said": lambda value, unit: figures_words.value(value, unit, calendar, short=True),
        "periods": figures_asked.periods(local_day(run.clock.now())),
        "choices": _choices(address), "may_export": access.may_export(staff.role),
        "params": address.params, "scope_name": _scope_name(address),
        "before_word": figures_asked.COMPARED[compared],
        "narrowed_words": _narrowed_words(address),
        "day_hours": figures_words.day_minutes(calendar) / 60,
    }  # fmt: skip


def _scope_name(address: Address) -> str:
    scope, catalog = address.asked.scope, accounts.runtime().services.catalog
    if scope.sealed:
        return "Kênh mật"
    units = scope.units or ((address.asked.narrowed.unit,) if address.asked.narrowed.unit else ())
    return ", ".join(titles.name(catalog, "unit", one) for one in units) or "Toàn Sở"


def _narrowed_words(address: Address) -> str:
    catalog = accounts.runtime().services.catalog
    narrowed = address.asked.narrowed.params()
    return "; ".join(titles.name(catalog, name, code) for name, code in narrowed.items())


def _choices(address: Address) -> dict[str, list[tuple[str, str]]]:
    catalog, scope = accounts.runtime().services.catalog, address.asked.scope
    left_out = set() if scope.units is None else {"unit"}
    if scope.sealed:
        left_out |= {"unit", "district"}
    return {
        name: [(code, titles.name(catalog, name, code)) for code in titles.order(catalog, name)]
        for name in ("unit", "kind", "group", "topic", "channel", "district", "level")
        if name not in left_out
    }


# ---------------------------------------------------------------- files
def _taken(table: str, form: str) -> tuple[Address, Figures]:
    address, run = _address(), accounts.runtime()
    if table and table not in titles.TABLES:
        abort(404)
    if address.problem:
        given: dict[str, Any] = request.args.to_dict()
        abort(redirect(url_for("staff.figures", **given), 303))  # it says what is wrong
    by = Acting(accounts.me(), 0, run.clock.now())
    try:
        with run.store.transaction() as tx:
            disclose.take_figures(
                tx, by, described={**address.params, "table": table, "file": form}
            )
    except NotAllowed as error:
        abort(403, description=str(error))
    with run.store.reading() as tx:
        return address, _measured(tx, address)


def _cell(value: Value, unit: str) -> Value:
    """Numbers stay numbers; working time is written in hours."""
    return round(value / 60, 2) if value is not None and unit == MINUTES else value


def _headings(table: Table) -> list[str]:
    hours = " (giờ làm việc)"
    return [
        table.dimension,
        *(one.title + (hours if one.unit == MINUTES else "") for one in table.columns),
    ]


def _row(table: Table, row: Row) -> list[Value | str]:
    if row.hidden:
        return [row.title, *[figures_words.HIDDEN] * len(table.columns)]
    cells = (_cell(one, at.unit) for one, at in zip(row.values, table.columns, strict=True))
    return [row.title, *cells]


def _lines(table: Table) -> list[list[Value | str]]:
    return [_row(table, row) for row in (*table.rows, table.total)]


def _above(address: Address, found: Figures) -> list[str]:
    day = local_day(accounts.runtime().clock.now())
    narrowed = _narrowed_words(address)
    return [
        f"Sở Giáo dục và Đào tạo Hà Nam – {_scope_name(address)}, {found.period.title}",
        f"Lấy số liệu ngày {day_in_words(day)}." + (f" Chỉ tính: {narrowed}." if narrowed else ""),
        request.url_root.rstrip("/") + url_for("staff.figures", **address.params),  # type: ignore[arg-type]
    ]


def table_csv(table: str) -> ResponseReturnValue:
    """One table as CSV."""
    _, found = _taken(table, "csv")
    one = found.tables.get(table) or abort(404)
    buffer = io.StringIO("\ufeff", newline="")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(_headings(one))
    for line in _lines(one):
        writer.writerow(["" if cell is None else _safe(cell) for cell in line])
    name = f"so-lieu-{found.period.code or found.period.first}-{table}.csv"
    return Response(
        buffer.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _safe(cell: Value | str) -> Value | str:
    return export.safe_cell(cell) if isinstance(cell, str) else cell


def table_book(table: str) -> ResponseReturnValue:
    """One table as a workbook."""
    address, found = _taken(table, "xlsx")
    one = found.tables.get(table) or abort(404)
    return _book(address, found, [one], f"-{table}")


def whole_book() -> ResponseReturnValue:
    """Every number and table as one workbook."""
    address, found = _taken("", "xlsx")
    return _book(address, found, list(found.tables.values()), "")


def _book(address: Address, found: Figures, tables: list[Table], ending: str) -> Response:
    above = _above(address, found)
    numbers = [
        (one.title, figures_words.HIDDEN if one.hidden else _cell(one.value, one.unit),
         _cell(one.previous, one.unit), _cell(one.last_year, one.unit))
        for one in found.numbers.values()
    ]  # fmt: skip
    head = ("Số liệu (thời gian: giờ làm việc)", "Kỳ này", "Kỳ trước", "Cùng kỳ năm trước")
    pages = [] if ending else [sheets.Sheet("Chung", head, (48, 14, 14, 20), numbers, above)]
    for one in tables:
        widths = (44, *[16] * len(one.columns))
        pages.append(sheets.Sheet(one.title, _headings(one), widths, _lines(one), above))
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer reads it and closes it
    sheets.write(target, pages)
    name = f"so-lieu-{found.period.code or found.period.first}{ending}.xlsx"
    return export.send_book(target, name)


def register(blueprint: Blueprint) -> None:
    """Puts the figures on the door."""
    blueprint.add_url_rule("/so-lieu", "figures", page)
    blueprint.add_url_rule("/so-lieu.xlsx", "figures_book", whole_book)
    blueprint.add_url_rule("/so-lieu/<table>.csv", "figures_csv", table_csv)
    blueprint.add_url_rule("/so-lieu/<table>.xlsx", "figures_table_book", table_book)
