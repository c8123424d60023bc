"""Reports as the pages show them. Vietnamese; reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from intake_api.domain import access, reporting
from intake_api.domain.catalog import Catalog
from intake_api.domain.reporting import STATE_TITLE, Kind, State
from intake_api.reports import content, desk, prefill, snapshot, titles, words
from intake_api.reports.letters import names_somebody
from intake_api.store import reports
from intake_api.store.registers import Staff
from intake_api.store.report_tables import Report

if TYPE_CHECKING:
    from intake_api.store import Session

_TAG = {State.DRAFT: "", State.CHECKED: " ln-tag--blue", State.SIGNED: " ln-tag--green"}


@dataclass(frozen=True, slots=True)
class Row:
    """One report in the list."""

    id: int
    title: str
    about: str
    state: str
    tag: str
    due: str
    late: bool


def row(one: Report, catalog: Catalog, today: date) -> Row:
    """A report in one line, with its day and whether that has passed unsigned."""
    when = reporting.due(catalog.reports, catalog.calendar, Kind(one.kind), snapshot.period_of(one))
    late = when is not None and today > when.last and one.state != State.SIGNED
    return Row(
        id=one.id,
        title=f"Báo cáo {one.title}",
        about=about(one, catalog),
        state=STATE_TITLE[State(one.state)],
        tag=_TAG[State(one.state)],
        due=when.words() if when else "không đặt hạn",
        late=late,
    )


def about(one: Report, catalog: Catalog) -> str:
    """Whose cases it counts, in words."""
    if one.sealed:
        return "Kênh mật (chỉ số lượng)"
    unit = catalog.units.get(one.unit or "")
    return unit.name if unit else one.unit or "Toàn Sở"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with where it comes from; ``filter`` opens its cases in the queue."""

    id: str
    title: str
    said: str
    before: str
    condition: str
    filter: dict[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    title: str
    text: str
    by_hand: bool
    open: list[str]
    personal: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One report with all that its page needs."""

    report: Report
    row: Row
    frozen: snapshot.Frozen | None
    figures: list[Figure] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    erased_since: int = 0
    empty: bool = False
    people: dict[str, str] = field(default_factory=dict)
    signers: list[tuple[str, str]] = field(default_factory=list)
    may: dict[str, bool] = field(default_factory=dict)
    opens: bool = False


def whole(
    tx: Session,
    report: Report,
    catalog: Catalog,
    me: Staff,
    names: Mapping[int, str],
    *,
    today: date,
) -> Shown:
    """Everything about one report for one reader."""
    frozen = snapshot.read(tx, report)
    people = {
        name: names.get(number or 0, "")
        for name, number in (
            ("made", report.made_by), ("written", report.written_by),
            ("checked", report.checked_by), ("signed", report.signed_by),
        )
    }  # fmt: skip
    waits = report.wanted_at is not None
    base = Shown(
        report=report, row=row(report, catalog, today), frozen=frozen, people=people,
        signers=[(code, " / ".join(lines)) for code, lines in catalog.reports.signers.items()],
        may={
            "write": desk.may_write(report, me) and frozen is not None and not waits,
            "take": desk.may_write(report, me) and not waits,
            "check": desk.may_check(report, me) and not waits,
            "sign": desk.may_sign(report, me),
            "give_back": desk.may_give_back(report, me),
            "number": desk.may_number(report, me),
            "drop": desk.may_drop(report, me),
        },
        opens=access.scope(me.role, me.unit).units != () and not report.sealed,
    )  # fmt: skip
    return base if frozen is None else _with_figures(tx, base, frozen, catalog)


def _with_figures(tx: Session, base: Shown, frozen: snapshot.Frozen, catalog: Catalog) -> Shown:
    report, period = base.report, snapshot.period_of(base.report)
    gone = reports.erased(
        tx, since=period.since(), until=period.until(), unit=report.unit, sealed=report.sealed
    )
    return replace(
        base,
        figures=_figures(frozen.figures, catalog),
        tables=[
            _table(one, catalog)
            for one in content.ordered(frozen.figures["tables"], titles.TABLES)
            if one["rows"] or one["withheld"]
        ],
        sections=_sections(report, catalog),
        erased_since=max(0, gone - int(frozen.body["erased"])),
        empty=prefill.is_empty(frozen.figures),
    )


def _figures(found: Mapping[str, Any], catalog: Catalog) -> list[Figure]:
    calendar = catalog.calendar
    return [
        Figure(
            one["query"]["id"], one["title"], words.said(one, calendar),
            words.value(one["last_year"], one["unit"], calendar),
            words.source(one, catalog), one["query"]["filter"],
        )
        for one in content.ordered(found["numbers"], titles.NUMBERS)
    ]  # fmt: skip


def _table(found: Mapping[str, Any], catalog: Catalog) -> dict[str, Any]:
    def cells(line: Mapping[str, Any]) -> list[str]:
        if line["hidden"]:
            return [words.HIDDEN] * len(found["columns"])
        return [
            words.value(value, column["unit"], catalog.calendar)
            for value, column in zip(line["values"], found["columns"], strict=True)
        ]

    return {
        "id": found["id"],
        "title": found["title"],
        "dimension": found["dimension"],
        "columns": [one["title"] for one in found["columns"]],
        "rows": [
            {"title": line["title"], "cells": cells(line), "filter": line["query"]["filter"]}
            for line in found["rows"]
        ],
        "total": cells(found["total"]),
        "hidden": any(line["hidden"] for line in found["rows"]),
        "withheld": found["withheld"],
    }


def _sections(report: Report, catalog: Catalog) -> list[Section]:
    found = []
    for rule in catalog.reports.sections:
        text = str(report.sections.get(rule.code, ""))
        by_hand = rule.code in report.edited
        found.append(
            Section(
                rule.code,
                rule.title,
                text,
                by_hand,
                prefill.left_open(text),
                by_hand and names_somebody(text),
            )
        )
    return found
