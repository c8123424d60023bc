"""Freezing: the figures of a report at one moment, as canonical JSON with its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake_api.domain.access import Scope
from intake_api.domain.catalog import Catalog
from intake_api.domain.period import Period
from intake_api.domain.reporting import State
from intake_api.reports import figures, prefill
from intake_api.store import events, reports
from intake_api.store.figures import TOLD
from intake_api.store.report_tables import Report, ReportSnapshot

if TYPE_CHECKING:
    from intake_api.store import Session, Store

# Levels of the early warning that a report tells of (``watch.model.Level``).
INCIDENTS = {3: "sự cố", 4: "khủng hoảng"}
FAILED = (
    "Chưa lấy được số liệu vì hệ thống gặp lỗi; chưa có gì bị mất. Anh/chị bấm “Chốt lại số liệu”."
)


@dataclass(frozen=True, slots=True)
class Frozen:
    """The figures of a report as they were; ``whole``: they are what their hash says."""

    sha256: str
    taken_at: datetime
    body: dict[str, Any]
    whole: bool

    @property
    def figures(self) -> dict[str, Any]:
        found: dict[str, Any] = self.body["figures"]
        return found


def canonical(body: Mapping[str, Any]) -> str:
    """One text for one content: sorted keys, no spaces, UTF-8."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def period_of(report: Report) -> Period:
    return Period(report.first, report.last, report.title)


def scope_of(report: Report) -> Scope:
    """Whose cases a report counts; nobody's name narrows it."""
    return Scope(sealed=report.sealed, units=(report.unit,) if report.unit else None)


def read(tx: Session, report: Report) -> Frozen | None:
    """The frozen figures of a report, None while there are none."""
    found = reports.snapshot(tx, report.snapshot_id) if report.snapshot_id else None
    if found is None:
        return None
    whole = digest(found.body) == found.sha256
    return Frozen(found.sha256, found.taken_at, json.loads(found.body), whole)


def take(
    store: Store, catalog: Catalog, number: int, *, now: datetime, told: Callable[[int], None]
) -> str | None:
    """Takes the figures of a report that wait to be taken, all as of one moment, and fills the
    parts of the text that nobody has written. Returns the hash; None when there is nothing to do
    any more. ``told`` hears the percentage done."""
    with store.reading() as tx:
        report = reports.one(tx, number)
    if report is None or report.wanted_at is None:
        return None
    period = period_of(report)
    told(5)
    with store.frozen() as tx:
        tx.info[TOLD] = _whole_percent(told, 5, 80)
        taken = figures.collect(tx, catalog, period, scope_of(report), now=now)
        told(85)
        erased = reports.erased(
            tx, since=period.since(), until=period.until(), unit=report.unit, sealed=report.sealed
        )
        incidents = _incidents(tx, report)
    body = canonical(
        {
            "figures": taken.plain(),
            "erased": erased,
            "incidents": incidents,
            "about": {"kind": report.kind, "unit": report.unit, "sealed": report.sealed},
            "catalog": catalog.sha256,
        }
    )
    told(95)
    with store.transaction() as tx:
        return _keep(tx, catalog, number, body, now=now)


def _whole_percent(told: Callable[[int], None], first: int, last: int) -> Callable[[float], None]:
    """Tells a share as whole percents from ``first`` to ``last``, each once."""
    said = first

    def tell(share: float) -> None:
        nonlocal said
        percent = first + int((last - first) * share)
        if percent > said:
            said = percent
            told(percent)

    return tell


def _keep(tx: Session, catalog: Catalog, number: int, body: str, *, now: datetime) -> str | None:
    report = reports.one(tx, number, lock=True)
    if report is None or report.wanted_at is None or report.state != State.DRAFT:
        return None
    made = ReportSnapshot(sha256=digest(body), body=body, taken_at=now)
    reports.add(tx, made)
    report.snapshot_id, report.wanted_at, report.progress, report.problem = made.id, None, 100, ""
    report.version += 1
    # What somebody wrote stays, the rest is filled anew.
    filled = plain(report, json.loads(body), catalog)
    report.sections = {
        code: report.sections[code] if code in report.edited else text
        for code, text in filled.items()
    }
    events.append(
        tx, at=now, actor="system", action="report_frozen",
        data={"report": report.id, "sha256": made.sha256},
    )  # fmt: skip
    return made.sha256


def _incidents(tx: Session, report: Report) -> list[dict[str, Any]]:
    """What people declared an incident or a crisis in the period: topic, day, level, whether it
    has ended. Only the whole department's report tells of them."""
    if report.unit is not None or report.sealed:
        return []
    return [
        {
            "topic": one.code if one.kind == "topic" else "",
            "day": one.day.isoformat(),
            "level": INCIDENTS[one.level],
            "closed": one.closed_at is not None,
        }
        for one in reports.incidents(tx, report.first, report.last, tuple(INCIDENTS))
    ]


def plain(report: Report, body: Mapping[str, Any], catalog: Catalog) -> dict[str, str]:
    """Every section as its figures alone would have it."""
    taken = body["figures"]
    found = prefill.phrases(taken, catalog, title=report.title, incidents=body["incidents"])
    empty, unit = prefill.is_empty(taken), report.unit is not None or report.sealed
    return {
        rule.code: prefill.text(rule, found, empty=empty, unit=unit)
        for rule in catalog.reports.sections
    }
