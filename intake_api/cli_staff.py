"""``langnghe staff``: accounts from the command line, for whoever runs the machine.

The first accounts are made here. In the workbench a second person approves; who has a shell on
the machine stands above that, so every change made here is on record as the system's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from intake_api.settings import Settings, load

if TYPE_CHECKING:
    from intake_api.store import Session
    from intake_api.store.registers import Staff


class OperatorError(click.ClickException):
    """Something is wrong that one sentence explains; exit code 2."""

    exit_code = 2


def store_of(settings: Settings) -> Any:
    """The database of the settings, with the keys of the confidential lane."""
    from intake_api.store import Store

    return Store(settings.database_url, keys=settings.keys)


@click.group(name="staff")
def staff_group() -> None:
    """People who work cases."""


@staff_group.command(name="add")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--role", required=True)
@click.option("--unit", default=None)
@click.password_option()
def staff_add(username: str, name: str, role: str, unit: str | None, password: str) -> None:
    """Add one person; asks for the password."""
    from intake_api.clock import Clock
    from intake_api.seed import StaffProblem, add_staff
    from intake_api.store import events

    settings = load()
    try:
        with store_of(settings).transaction() as tx:
            made = add_staff(
                tx, settings, username=username, name=name, role=role, unit=unit, password=password
            )
            events.append(
                tx, at=Clock(settings).now(), actor="system", action="account_added",
                data={"account": made.id, "role": made.role, "unit": made.unit},
            )  # fmt: skip
    except StaffProblem as error:
        raise OperatorError(str(error)) from error
    click.echo(f"Added {username}.")


@staff_group.command(name="seed")
def staff_seed() -> None:
    """Make the accounts of a development run; the password comes from LANGNGHE_RUN_PASSWORD."""
    from intake_api.seed import seed_staff

    settings = load()
    if settings.environment == "production":
        raise OperatorError("Accounts are not seeded in production: use langnghe staff add.")
    with store_of(settings).transaction() as tx:
        names = seed_staff(tx, settings)
    click.echo("Accounts: " + ", ".join(names))


def _found(tx: Session, username: str) -> Staff:
    from intake_api.store import registry

    found = registry.staff_by_username(tx, username)
    if found is None:
        raise OperatorError(f"There is no account {username}.")
    return found


@staff_group.command(name="list")
def staff_list() -> None:
    """Print the accounts: name, role, unit, open or closed, second factor."""
    from intake_api.store import accounts, registry

    with store_of(load()).reading() as tx:
        two = accounts.with_second_factor(tx)
        for one in registry.all_staff(tx):
            marks = ["open" if one.active else "closed", *(["totp"] if one.id in two else [])]
            click.echo(f"{one.username}\t{one.role}\t{one.unit or '-'}\t{' '.join(marks)}")


@staff_group.command(name="close")
@click.argument("username")
def staff_close(username: str) -> None:
    """Close one account at once and end its sessions."""
    from intake_api.clock import Clock
    from intake_api.flow import people, sessions

    settings = load()
    now = Clock(settings).now()
    with store_of(settings).transaction() as tx:
        staff = _found(tx, username)
        staff.active = False
        people.renew_stamp(staff)
        sessions.end_all(tx, staff, by="system", now=now)
    click.echo(f"Closed {username}.")


@staff_group.command(name="end-sessions")
@click.argument("username")
def staff_end_sessions(username: str) -> None:
    """End every session of one account."""
    from intake_api.clock import Clock
    from intake_api.flow import sessions

    settings = load()
    with store_of(settings).transaction() as tx:
        sessions.end_all(tx, _found(tx, username), by="system", now=Clock(settings).now())
    click.echo(f"Ended the sessions of {username}.")


@staff_group.command(name="reset-totp")
@click.argument("username")
def staff_reset_totp(username: str) -> None:
    """Take the second factor of one account away, when phone and recovery codes are lost."""
    from intake_api.clock import Clock
    from intake_api.flow import secondfactor

    settings = load()
    with store_of(settings).transaction() as tx:
        staff = _found(tx, username)
        secondfactor.take_away(tx, staff, actor="system", now=Clock(settings).now())
    click.echo(f"{username} signs in with the password alone now.")
