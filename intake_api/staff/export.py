"""The filtered queue as a table to take away: masked, for those who may, every time on record."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from flask import Blueprint, Response, abort, request, send_file
from flask.typing import ResponseReturnValue

from intake_api.domain.catalog import Catalog
from intake_api.domain.model import OUTCOME_TITLE, STAFF_LABEL, Outcome, State
from intake_api.domain.worktime import LOCAL
from intake_api.flow import disclose
from intake_api.flow.acting import Acting, NotAllowed
from intake_api.flow.services import local_day
from intake_api.reports import sheets
from intake_api.staff import accounts, filters, words
from intake_api.store import queue
from intake_api.store.tables import Case

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
    wanted = filters.read(request.args, catalog, staff, now)
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


WIDTHS = (20, 17, 14, 20, 28, 28, 28, 7, 18, 17, 17, 24, 80)


def export_book() -> ResponseReturnValue:
    """The same as a workbook, up to fifty thousand lines, written as it is read."""
    run, staff = accounts.runtime(), accounts.me()
    catalog, now = run.services.catalog, run.clock.now()
    wanted = filters.read(request.args, catalog, staff, now)
    try:
        with run.store.transaction() as tx:
            scope, newest = disclose.export_walk(
                tx, Acting(staff, 0, now), wanted.filter, described=wanted.params
            )
    except NotAllowed as error:
        abort(403, description=str(error))
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer reads it and closes it
    with run.store.reading() as tx:
        found = queue.walk(
            tx, scope, wanted.filter, now=now, newest=newest, limit=disclose.MAX_WALK
        )
        rows = (_cells(case, catalog) for case in found)
        sheets.write(target, [sheets.Sheet("Ý kiến", HEADINGS, WIDTHS, rows)])
    return send_book(target, f"y-kien-{local_day(now):%Y-%m-%d}.xlsx")


def send_book(target: IO[bytes], name: str) -> Response:
    """A written workbook as the answer, read piece by piece."""
    target.seek(0)
    return send_file(target, sheets.KIND, as_attachment=True, download_name=name)


def register(blueprint: Blueprint) -> None:
    """Puts the export on the door."""
    blueprint.add_url_rule("/xuat.csv", "export", export)
    blueprint.add_url_rule("/xuat.xlsx", "export_book", export_book)
