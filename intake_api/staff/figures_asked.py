"""What the address of the figures asks for; one clear sentence where it cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from intake_api.domain import access, period
from intake_api.domain.catalog import Catalog
from intake_api.domain.period import Period, PeriodProblem
from intake_api.flow.services import local_day
from intake_api.reports import titles
from intake_api.reports.figures import Asked
from intake_api.reports.shapes import DIMENSIONS, Narrowed
from intake_api.store.registers import Staff

COMPARED = {"previous": "Kỳ trước", "last_year": "Cùng kỳ năm trước"}
_WHAT = {
    "unit": "đơn vị", "kind": "loại ý kiến", "group": "nhóm chủ đề", "topic": "chủ đề",
    "channel": "kênh", "district": "địa bàn", "level": "cấp học",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """The address, checked. ``params`` gives it again; ``problem`` says what is wrong with it
    (then the period is the usual one and nothing is narrowed)."""

    asked: Asked
    params: dict[str, str]
    compared: str
    problem: str = ""


def read(args: Mapping[str, str], catalog: Catalog, staff: Staff, now: datetime) -> Address:
    """Reads the address for a member of staff."""
    scope = access.scope(staff.role, staff.unit, staff.id)
    compared = args.get("compare", "")
    compared = compared if compared in COMPARED else "previous"
    usual = _usual(local_day(now))
    try:
        when = _period(args, usual)
        narrowed = _narrowed(args, catalog, scope)
    except PeriodProblem as problem:
        asked = Asked(usual, scope)
        return Address(asked, {"period": usual.code}, compared, str(problem))
    params = {
        **({"period": when.code} if when.code else _days(when)), **narrowed.params(),
        **({"compare": compared} if compared != "previous" else {}),
    }  # fmt: skip
    return Address(Asked(when, scope, narrowed), params, compared)


def _usual(today: date) -> Period:
    return period.quarter(today.year, (today.month - 1) // 3 + 1)


def _days(when: Period) -> dict[str, str]:
    return {"from": when.first.isoformat(), "to": when.last.isoformat()}


def _period(args: Mapping[str, str], usual: Period) -> Period:
    code, first, last = (args.get(name, "").strip() for name in ("period", "from", "to"))
    if not (code or first or last):
        return usual
    return period.read(code, first, last)


def _narrowed(args: Mapping[str, str], catalog: Catalog, scope: access.Scope) -> Narrowed:
    found = {}
    for name in DIMENSIONS:
        code = args.get(name, "").strip()
        if code and code not in titles.order(catalog, name):
            raise PeriodProblem(
                f"Không có {_WHAT[name]} “{code[:40]}” trong danh mục; "
                "anh/chị chọn trong danh sách."
            )
        found[name] = code
    unit = found["unit"]
    if unit and scope.units is not None and unit not in scope.units:
        raise PeriodProblem("Anh/chị chỉ xem được số liệu của đơn vị mình.")
    if scope.sealed and found["district"]:
        raise PeriodProblem("Kênh mật không chia theo địa bàn.")
    group = found["group"]
    if group and found["topic"] and not found["topic"].startswith(f"{group}."):
        raise PeriodProblem(
            "Chủ đề không thuộc nhóm chủ đề đã chọn; anh/chị chọn lại một trong hai."
        )
    return Narrowed(**found)


def periods(today: date) -> dict[str, list[tuple[str, str]]]:
    """The periods that the form offers, newest first: group → (code, title)."""
    month = period.month(today.year, today.month)
    quarter = _usual(today)
    half = period.half(today.year, 1 if today.month < 7 else 2)
    year = period.year(today.year)
    return {
        name: [(one.code, one.title[0].upper() + one.title[1:]) for one in _back(newest, count)]
        for name, newest, count in (
            ("Tháng", month, 13), ("Quý", quarter, 5), ("Nửa năm", half, 4), ("Năm", year, 4),
        )
    }  # fmt: skip


def _back(newest: Period, count: int) -> list[Period]:
    found = [newest]
    while len(found) < count:
        found.append(found[-1].previous())
    return found
