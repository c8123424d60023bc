"""Conflict of interest: a unit or person named in a case is never its recipient."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intake_api.domain import routing
from intake_api.domain.model import Place
from intake_api.flow.services import Services
from intake_api.store import unsealings
from intake_api.store.registers import Staff
from intake_api.store.tables import Case
from vntext import fold

if TYPE_CHECKING:
    from intake_api.store import Session


def units(services: Services, case: Case) -> frozenset[str]:
    """Units that the case itself criticises."""
    place = Place(case.school, case.level, case.district)
    return routing.accused_units(case.text, case.kind, place, services.catalog)


def note(tx: Session, case: Case, text: str) -> None:
    """Notes which members of staff ``text`` names by their full name. The case does not exist
    for them: better one colleague of the same name too few than the accused one who reads."""
    words = f" {_plain(text)} "
    named = [
        number
        for number, name in unsealings.names_of_staff(tx)
        if len(plain := re.findall(r"[a-z0-9]+", fold(name))) > 1
        and f" {' '.join(plain)} " in words
    ]
    if named:
        unsealings.name(tx, case.id, named)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


def concerns(tx: Session, services: Services, case: Case, staff: Staff) -> bool:
    """True when the case names this person or criticises the unit they work in."""
    return unsealings.is_named(tx, case.id, staff.id) or staff.unit in units(services, case)
