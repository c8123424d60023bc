"""The queue narrowed to what a figure counts: the same cases that ``reports.counting`` counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, func, null, type_coerce

from intake_api.domain.model import OPEN_STATES, State
from intake_api.store.tables import Case


@dataclass(frozen=True, slots=True)
class Counted:
    """Which cases of a figure. Empty fields do not narrow. ``alone``: without spam, as figures
    count; ``deadline``: met | missed; ``district``: never of sealed cases, it is encrypted."""

    since: datetime | None = None
    until: datetime | None = None
    group: str = ""
    district: str = ""
    level: str = ""
    alone: bool = False
    deadline: str = ""
    answered: bool = False
    reopened: bool = False


def conditions(wanted: Counted, now: datetime) -> list[ColumnElement[bool]]:
    """What a case has to be."""
    found: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        found.append(Case.received_at >= wanted.since)
    if wanted.until is not None:
        found.append(Case.received_at < wanted.until)
    if wanted.group:
        found.append(Case.topic.startswith(f"{wanted.group}.", autoescape=True))
    if wanted.district:
        found.append(type_coerce(Case.district, String) == wanted.district)
    if wanted.level:
        found.append(Case.level == wanted.level)
    if wanted.alone:
        found += [_ended_as() != str(State.REJECTED_SPAM), Case.kind != "spam"]
    if wanted.deadline:
        found.append(_deadline(wanted.deadline, now))
    if wanted.answered:
        found.append(Case.answered_at.is_not(None))
    if wanted.reopened:
        found.append(Case.reopened > 0)
    return found


def _ended_as() -> Any:
    return func.coalesce(Case.ended_as, Case.state)


def _deadline(which: str, now: datetime) -> ColumnElement[bool]:
    """Met or missed, as ``counting.cohort`` says."""
    is_open = Case.state.in_([str(state) for state in OPEN_STATES])
    begun = func.coalesce(Case.clock_from, Case.received_at)
    answered_now = and_(Case.answered_at.is_not(None), Case.answered_at >= begun)
    ended = case((is_open, null()), (answered_now, Case.answered_at), else_=Case.closed_at)
    counts = _ended_as().not_in([str(State.MERGED), str(State.WITHDRAWN)])
    if which == "met":
        return and_(counts, Case.due_at >= ended)
    judged = func.coalesce(ended, Case.paused_at, now)
    return and_(counts, Case.due_at < judged)
