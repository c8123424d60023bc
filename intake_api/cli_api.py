"""``langnghe api``: keys of other systems."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from intake_api.cli_staff import OperatorError
from intake_api.domain.access import CLIENT_SCOPES
from intake_api.settings import load


@click.group(name="api")
def api_group() -> None:
    """Keys with which other systems use the API and Open311."""


@contextmanager
def _opened() -> Iterator[tuple[Any, datetime]]:
    from intake_api.clock import Clock
    from intake_api.store import Store

    settings = load()
    store = Store(settings.database_url)
    try:
        with store.transaction() as tx:
            yield tx, Clock(settings).now()
    finally:
        store.close()


@api_group.command(name="add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(CLIENT_SCOPES))
@click.option("--unit", help="reads cases of this unit only")
@click.option("--per-minute", default=120, show_default=True, help="calls of each operation")
def add(name: str, scopes: tuple[str, ...], unit: str | None, per_minute: int) -> None:
    """Makes a key for the system NAME and prints it, once."""
    from intake_api.domain import catalog
    from intake_api.flow import clients

    rules = catalog.load(load().catalog_dir)
    try:
        with _opened() as (tx, now):
            made, key = clients.issue(
                tx, rules, name=name, scopes=scopes, unit=unit, per_minute=per_minute, now=now
            )
            click.echo(f"client {made.id}\nkey {key}")
    except clients.Unusable as error:
        raise OperatorError(str(error)) from error


@api_group.command(name="list")
def listed() -> None:
    """Shows every key that was made: whose, what it allows, when it was used last."""
    from intake_api.store import clients

    with _opened() as (tx, _now):
        for one in clients.all_clients(tx):
            state = "revoked" if one.revoked_at else "good"
            used = one.used_on.strftime("%Y-%m-%d %H:00 UTC") if one.used_on else "never used"
            parts = (
                one.id, state, one.name, ",".join(one.scopes), one.unit or "all units",
                f"{one.per_minute}/minute", f"lnk_{one.mark}_…", used,
            )  # fmt: skip
            click.echo("\t".join(str(part) for part in parts))


@api_group.command(name="revoke")
@click.argument("client", type=int)
def revoke(client: int) -> None:
    """Takes a key away for good; what the system sent stays."""
    from intake_api.flow import clients

    with _opened() as (tx, now):
        if not clients.revoke(tx, client, now=now):
            raise OperatorError(f"there is no key in force of client {client}")
