"""The month that everybody may read: frozen figures without small counts, and how they are said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from intake_api.domain import openness
from intake_api.domain.access import Scope
from intake_api.domain.catalog import Catalog
from intake_api.domain.disclosure import HIDE_BELOW
from intake_api.domain.period import Period
from intake_api.reports import figures, snapshot
from intake_api.reports.shapes import Figures, Table
from intake_api.store import openly

if TYPE_CHECKING:
    from intake_api.store import Session

EVERYBODY = Scope(sealed=False, units=None)
TABLES = ("group", "topic", "kind", "channel", "unit", "level", "district")
# What stands beside the whole: number, of which whole, title.
_SHARES = (
    ("answered", "received", "Đã trả lời"),
    ("on_time", "due", "Đúng hạn, trong số đã tới hạn"),
    ("reopened", "answered", "Mở lại, trong số đã trả lời"),
    ("bot_answered", "questions", "Câu hỏi trợ lý trả lời được"),
)
_TIMES = (
    ("first_median", "Có người xử lý sau (một nửa số ý kiến)"),
    ("answer_median", "Có trả lời sau (một nửa số ý kiến)"),
    ("answer_p90", "Có trả lời sau (chín phần mười số ý kiến)"),
)


def month(tx: Session, catalog: Catalog, period: Period, *, now: datetime) -> dict[str, Any]:
    """The figures of a month for everybody, as plain values: freeze and hash this."""
    found = figures.collect(tx, catalog, period, EVERYBODY, now=now, compare=False, public=True)
    return {
        "month": period.code,
        "title": period.title,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "taken_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "hidden_below": HIDE_BELOW,
        "numbers": [*_counts(found), *_shares(found), *_measures(found, catalog)],
        "tables": [_table(found.tables[name]) for name in TABLES if name in found.tables],
        "unsealing": _unsealing(tx, period),
    }


def sha256(body: dict[str, Any]) -> str:
    """What names a frozen month: the digest of its canonical JSON."""
    return snapshot.digest(snapshot.canonical(body))


def _whole(found: Figures, name: str) -> int | None:
    number = found.numbers.get(name)
    value = number.value if number is not None else None
    return value if isinstance(value, int) else None


def _counts(found: Figures) -> list[dict[str, Any]]:
    made = []
    for name, title in (("received", "Ý kiến tiếp nhận"), ("sealed", "Trong kênh mật")):
        if name not in found.numbers:
            continue
        hidden = found.numbers[name].hidden
        told, said = openness.count(_whole(found, name))
        if hidden and name == "received":
            said = openness.FEW
        made.append({"id": name, "title": title, "value": told, "of": None, "said": said})
    return made


def _shares(found: Figures) -> list[dict[str, Any]]:
    made = []
    for name, whole, title in _SHARES:
        if name not in found.numbers or whole not in found.numbers:
            continue
        one = openness.share(_whole(found, name), _whole(found, whole))
        made.append(
            {"id": name, "title": title, "value": one.part, "of": one.of, "percent": one.percent,
             "said": one.said}
        )  # fmt: skip
    return made


def _measures(found: Figures, catalog: Catalog) -> list[dict[str, Any]]:
    """Medians and the mean of marks, where enough cases stand behind them."""
    made = []
    for name, title in _TIMES:
        number = found.numbers[name]
        enough = (number.of or 0) >= HIDE_BELOW
        value = number.value if enough else None
        said = openness.minutes_in_words(value, catalog.calendar)
        made.append({"id": name, "title": title, "value": value, "of": None, "said": said})
    marks = found.numbers["satisfaction"]
    if (marks.of or 0) >= HIDE_BELOW and marks.value is not None:
        said = f"{marks.value:.1f}".replace(".", ",") + f" trên 5 ({marks.of} người chấm)"
        value = round(marks.value, 1)
    else:
        said, value = "không nêu", None
    title = "Mức hài lòng trung bình"
    made.append({"id": "satisfaction", "title": title, "value": value, "of": None, "said": said})
    return made


def _table(table: Table) -> dict[str, Any]:
    """Only how many were received: more columns would say more of few people."""
    place = [column.id for column in table.columns].index("received")
    rows = [
        {
            "code": row.code,
            "title": row.title,
            "group": row.group,
            "value": None if row.hidden else row.values[place],
        }
        for row in table.rows
    ]
    total = table.total.values[place]
    return {
        "id": table.id,
        "title": table.title,
        "heading": table.dimension,
        "withheld": table.withheld,
        "rows": [] if table.withheld else rows,
        "total": None if table.withheld or table.total.hidden else total,
    }


def _unsealing(tx: Session, period: Period) -> dict[str, Any]:
    """How often somebody asked to read a sealed case, and what was decided."""
    whole, given, refused = openly.unsealings(tx, period.since(), period.until())
    told = openness.parts(whole, given, refused)
    titles = ("Lần xin mở niêm phong", "Được phép", "Bị từ chối")
    names = ("asked", "given", "refused")
    made = {
        name: {
            "title": title,
            "value": number,
            "said": "không nêu" if number is None else openness.count(number)[1],
        }
        for name, title, number in zip(names, titles, told, strict=True)
    }
    made["asked"]["said"] = openness.count(whole)[1]
    return made
