"""Who sees which cases. The one place that decides; every list, search, count and page asks here.

Roles as in interfaces 6.1: sealed cases exist for the confidential officer alone, and that
officer sees nothing else; the administrator sees no content at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake_api.domain.model import Role

# What the key of another system allows: to send comments and to speak on for their senders; to
# read cases that others sent.
FEEDBACK_WRITE, CASES_READ = "feedback:write", "cases:read"
CLIENT_SCOPES = (FEEDBACK_WRITE, CASES_READ)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person may list: sealed cases only, all normal ones, or those of ``units``.

    ``units`` None means every unit; an empty tuple means nothing. ``staff_id``: who it is, so
    that cases which name this very person are left out. ``client_id``: only what this other
    system sent.
    """

    sealed: bool
    units: tuple[str, ...] | None
    staff_id: int | None = None
    client_id: int | None = None


def scope(role: str, unit: str | None, staff_id: int | None = None) -> Scope:
    """The cases that a member of staff may list. An unknown role sees nothing."""
    if role == Role.CONFIDENTIAL_OFFICER:
        return Scope(sealed=True, units=None, staff_id=staff_id)
    if role in (Role.COORDINATOR, Role.LEADER):
        return Scope(sealed=False, units=None, staff_id=staff_id)
    if role in (Role.HANDLER, Role.LEAD) and unit:
        return Scope(sealed=False, units=(unit,), staff_id=staff_id)
    return Scope(sealed=False, units=(), staff_id=staff_id)


def client_scope(scopes: Sequence[str], unit: str | None, client_id: int) -> Scope:
    """The cases that another system may list: those it sent itself, or, with ``cases:read``, all
    normal ones (of its unit, when its key names one). Sealed cases do not exist for any."""
    if CASES_READ not in scopes:
        return Scope(sealed=False, units=None, client_id=client_id)
    return Scope(sealed=False, units=(unit,) if unit else None)


def may_see(
    role: str, unit: str | None, *, confidential: bool, case_unit: str, copies: Sequence[str] = ()
) -> bool:
    """True when a member of staff may open a case of ``case_unit`` (or a copy of it)."""
    wanted = scope(role, unit)
    if confidential != wanted.sealed:
        return False
    if wanted.units is None:
        return True
    return case_unit in wanted.units or any(copy in wanted.units for copy in copies)


def may_act(role: str, unit: str | None, *, confidential: bool, case_unit: str) -> bool:
    """True when a member of staff may change the case; a copy is for reading only."""
    return may_see(role, unit, confidential=confidential, case_unit=case_unit)


# Beyond seeing and acting (interfaces 6.1): what each role may do with what it sees.
_CORRECTORS = frozenset({Role.COORDINATOR, Role.HANDLER, Role.LEAD, Role.CONFIDENTIAL_OFFICER})
_SEALERS = frozenset({Role.COORDINATOR, Role.HANDLER, Role.LEAD})
_EXPORTERS = frozenset({Role.COORDINATOR, Role.LEAD, Role.LEADER, Role.CONFIDENTIAL_OFFICER})


def may_correct(role: str) -> bool:
    """True when this role may put a classification right."""
    return role in _CORRECTORS


def may_seal(role: str) -> bool:
    """True when this role may move a case into the confidential lane."""
    return role in _SEALERS


def may_export(role: str) -> bool:
    """True when this role may take a list of cases out of the house (each time on record)."""
    return role in _EXPORTERS


# Approved answers (interfaces 6.1): who writes is never the one who approves.
_FAQ_WRITERS = frozenset({Role.EDITOR, Role.COORDINATOR, Role.HANDLER, Role.LEAD})


def may_write_faq(role: str) -> bool:
    """True when this role drafts approved answers, documents of the register, and sees gaps."""
    return role in _FAQ_WRITERS


def may_read_faq(role: str) -> bool:
    """True when this role sees the FAQ workbench at all."""
    return role in _FAQ_WRITERS or role == Role.LEADER


def may_approve_faq(role: str, unit: str | None, *, owner: str) -> bool:
    """True when this role approves answers of the unit ``owner``: its lead, or the leaders."""
    return role == Role.LEADER or (role == Role.LEAD and unit is not None and unit == owner)


_FINDERS = frozenset({Role.COORDINATOR, Role.LEAD})
_GIVERS = frozenset({Role.COORDINATOR, Role.LEAD, Role.CONFIDENTIAL_OFFICER})


def may_find_senders(role: str) -> bool:
    """True when a search may also look at who sent a case: for those who may read it anyway."""
    return role in _FINDERS


def may_assign(role: str) -> bool:
    """True when this role may put a case into somebody else's hands."""
    return role in _GIVERS


def may_reveal(
    role: str, unit: str | None, *, confidential: bool, case_unit: str, assigned: bool
) -> bool:
    """True when a member of staff may read personal data of a case, with a reason.

    ``assigned``: the case is in this very person's hands; a handler needs that.
    """
    if not may_act(role, unit, confidential=confidential, case_unit=case_unit):
        return False
    if role == Role.HANDLER:
        return assigned
    return role in (Role.COORDINATOR, Role.LEAD, Role.CONFIDENTIAL_OFFICER)


# Extending a deadline (interfaces 6.1): a handler asks, a lead extends once.
_EXTENDERS = frozenset({Role.CONFIDENTIAL_OFFICER, Role.LEADER})


# Speaking with people who have no case: the office does that; the confidential officer in her lane.
_ANSWERERS = frozenset({Role.COORDINATOR, Role.CONFIDENTIAL_OFFICER})


def lane_of_talks(role: str) -> bool | None:
    """Which conversations and comments a role may look through: the sealed ones (True), the
    others (False) or none (None). Whoever has a unit sees those of its cases, on their pages."""
    if role == Role.CONFIDENTIAL_OFFICER:
        return True
    return False if role in (Role.COORDINATOR, Role.LEADER) else None


def may_answer_talks(role: str) -> bool:
    """True when this role may speak in a conversation that has no case."""
    return role in _ANSWERERS


def may_converse(
    role: str, unit: str | None, *, confidential: bool, case_unit: str, assigned: bool
) -> bool:
    """True when a member of staff may speak directly with the sender of a case. ``assigned``: it
    is in this very person's hands; a handler needs that."""
    if not may_act(role, unit, confidential=confidential, case_unit=case_unit):
        return False
    if role == Role.HANDLER:
        return assigned
    return role in (Role.COORDINATOR, Role.LEAD, Role.CONFIDENTIAL_OFFICER)


def may_extend(role: str, *, extended: int) -> bool:
    """True when this role may move a deadline that was moved ``extended`` times already."""
    return role in _EXTENDERS or (role == Role.LEAD and extended == 0)


def may_ask_extension(role: str) -> bool:
    """True when this role asks for a later date instead of setting it."""
    return role == Role.HANDLER


# The early warning (interfaces 6.1): the office acknowledges, the leader declares and closes.
_WATCHERS = frozenset({Role.COORDINATOR, Role.LEADER})


def may_see_alerts(role: str) -> bool:
    """True when this role looks at alerts and rumours."""
    return role in _WATCHERS


def may_acknowledge_alerts(role: str) -> bool:
    """True when this role takes an alert up, leaves it aside, or writes into its log."""
    return role in _WATCHERS


def may_declare_alerts(role: str) -> bool:
    """True when this role declares an incident or a crisis, and closes an alert."""
    return role == Role.LEADER


def may_unseal(role: str) -> bool:
    """True when this role is the second person of an unsealing."""
    return role == Role.LEADER


# Legal holds: on normal cases the administrator and the leaders, by code; in the confidential lane
# its officer alone, and a leader decides about lifting without seeing what is held. A
# conversation may also be held by whoever looks through it.
_HOLDERS = frozenset({Role.ADMIN, Role.LEADER})


def may_hold_cases(role: str, *, sealed: bool) -> bool:
    """True when this role places holds on cases of this lane and sees them."""
    return role == Role.CONFIDENTIAL_OFFICER if sealed else role in _HOLDERS


def lane_of_holds(role: str) -> bool | None:
    """Which holds a role sees: those of the confidential lane (True), the others (False) or none
    (None)."""
    return False if role == Role.ADMIN else lane_of_talks(role)


def may_lift_holds(role: str) -> bool:
    """True when this role ends a hold that somebody else placed outside the confidential lane."""
    return role in _HOLDERS


# The register of citizen reception (Law on Citizen Reception; interfaces 6.1: export is its own
# permission). It may hold names only for those who may read them anyway.
_REGISTRARS = frozenset({Role.COORDINATOR, Role.LEAD, Role.LEADER})


def may_keep_register(role: str) -> bool:
    """True when this role may take out the register of the cases it sees."""
    return role in _REGISTRARS


def may_name_in_register(role: str) -> bool:
    """True when the register of this role may say who wrote."""
    return role in (Role.COORDINATOR, Role.LEAD)


def may_pass_on(role: str, unit: str | None, *, confidential: bool, case_unit: str) -> bool:
    """True when this role may write the letter that passes a case on; never of a sealed one."""
    return (
        not confidential
        and role in (Role.COORDINATOR, Role.LEAD, Role.HANDLER)
        and may_act(role, unit, confidential=False, case_unit=case_unit)
    )


# Publishing to the open page (interfaces 6.1): the confidential officer never does.
_PROPOSERS = frozenset({Role.COORDINATOR, Role.HANDLER, Role.LEAD, Role.LEADER})
_PUBLISHERS = frozenset({Role.LEAD, Role.LEADER})


def may_propose_open(role: str) -> bool:
    """True when this role may propose an answer for the open page."""
    return role in _PROPOSERS


def may_publish_open(role: str) -> bool:
    """True when this role may put it there, once its sender has agreed."""
    return role in _PUBLISHERS
