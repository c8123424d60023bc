"""Handing over: when a unit has ended, its successor gets the cases that are still open."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from intake_api.domain.catalog import Catalog
from intake_api.flow.services import local_day
from intake_api.store import cases, events

if TYPE_CHECKING:
    from intake_api.store import Session


def hand_over(tx: Session, catalog: Catalog, *, now: datetime) -> int:
    """Moves open cases of units that have ended to their successors, one event each; returns
    how many moved. A case that nobody hands over would stand in a queue that nobody reads."""
    today, moved = local_day(now), 0
    for code in cases.units_with_open(tx):
        if code not in catalog.units:
            continue
        heir = catalog.unit_on(code, today).code
        if heir == code:
            continue
        for case in cases.open_of_unit(tx, code):
            case.unit, case.assignee_id = heir, None
            case.version += 1
            reason = f"{catalog.units[code].name} đã kết thúc; {catalog.units[heir].name} kế thừa."
            case.route_rule, case.route_reason = "kế thừa", reason
            events.append(
                tx, at=now, actor="system", action="route", case_id=case.id,
                data={"unit": [code, heir], "reason": reason},
            )  # fmt: skip
            moved += 1
    return moved
