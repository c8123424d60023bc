"""``langnghe webhooks``: where notices to other systems go, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from intake_api.cli_staff import OperatorError
from intake_api.domain.webhooks import TYPES
from intake_api.settings import load

if TYPE_CHECKING:
    from intake_api.flow.services import Services


@click.group(name="webhooks")
def webhooks_group() -> None:
    """Notices to other systems (Standard Webhooks)."""


@contextmanager
def _opened() -> Iterator[tuple[Any, Services]]:
    """A transaction, and services that know no more than the key and the clock."""
    from intake_api.clock import Clock
    from intake_api.flow.services import Services
    from intake_api.store import Store

    settings = load()
    store = Store(settings.database_url)
    none: Any = None
    services = Services(
        store=store, catalog=none, classifier=none, knowledge=none, assistant=none, queue=none,
        pin_key=settings.secret_key.get_secret_value().encode(), now=Clock(settings).now,
    )  # fmt: skip
    try:
        with store.transaction() as tx:
            yield tx, services
    finally:
        store.close()


@webhooks_group.command(name="add")
@click.argument("url")
@click.option("--type", "types", multiple=True, type=click.Choice(TYPES), help="default: all")
def add(url: str, types: tuple[str, ...]) -> None:
    """Sends notices to URL from now on; prints the key that signs them, once."""
    from intake_api.channels import guard
    from intake_api.flow import webhooks as writing
    from intake_api.store import webhooks
    from intake_api.store.webhook_tables import WebhookEndpoint

    try:
        guard.check(url, private=frozenset(load().webhook_private_hosts.split()))
    except (guard.Refused, OSError, UnicodeError) as error:
        raise OperatorError(f"{url}: {error}") from error
    with _opened() as (tx, services):
        if any(one.url == url for one in webhooks.endpoints(tx)):
            raise OperatorError(f"{url} is there already")
        webhooks.begin(tx)
        made = webhooks.add_endpoint(
            tx,
            WebhookEndpoint(
                url=url, types=list(types or TYPES), active=True, generation=1,
                created_at=services.now(),
            ),
        )  # fmt: skip
        click.echo(f"endpoint {made.id}\nkey {writing.secret_of(services, made)}")


@webhooks_group.command(name="list")
def listed() -> None:
    """Shows the endpoints."""
    from intake_api.store import webhooks

    with _opened() as (tx, _services):
        for one in webhooks.endpoints(tx):
            click.echo(f"{one.id}\t{'on' if one.active else 'off'}\t{one.url}\t{len(one.types)}")


@webhooks_group.command(name="log")
@click.option("--state", type=click.Choice(["pending", "sent", "failed", "dropped"]))
def shown(state: str | None) -> None:
    """Shows the newest notices and what became of them."""
    from intake_api.store import webhooks

    with _opened() as (tx, _services):
        for one in webhooks.recent(tx, state=state):
            what = one.last_error or one.last_status or ""
            click.echo(f"{one.id}\t{one.endpoint_id}\t{one.type}\t{one.state}\t{what}")


@webhooks_group.command(name="replay")
@click.option("--notice", help="one by its name (msg_…)")
@click.option("--endpoint", type=int, help="all of this endpoint …")
@click.option("--since", type=click.DateTime(), help="… since this day and hour (UTC)")
def replay(notice: str | None, endpoint: int | None, since: Any) -> None:
    """Sends notices again, under the same name."""
    from datetime import UTC

    from intake_api.store import webhooks

    if not notice and endpoint is None:
        raise OperatorError("give --notice, or --endpoint with --since")
    moment = since.replace(tzinfo=UTC) if since else None
    with _opened() as (tx, services):
        count = webhooks.send_again(
            tx, services.now(), name=notice, endpoint_id=endpoint, since=moment
        )
        click.echo(f"{count} will be sent again")


@webhooks_group.command(name="renew")
@click.argument("endpoint", type=int)
def renew(endpoint: int) -> None:
    """Gives an endpoint a new key; both sign for 48 hours."""
    from intake_api.flow import webhooks as writing
    from intake_api.store import webhooks

    with _opened() as (tx, services):
        found = webhooks.endpoint(tx, endpoint)
        if found is None:
            raise OperatorError(f"there is no endpoint {endpoint}")
        writing.renew(found, services.now())
        click.echo(f"key {writing.secret_of(services, found)}")


@webhooks_group.command(name="switch")
@click.argument("endpoint", type=int)
@click.argument("state", type=click.Choice(["on", "off"]))
def switch(endpoint: int, state: str) -> None:
    """Turns an endpoint on or off; what it missed meanwhile is not sent."""
    from intake_api.store import webhooks

    with _opened() as (tx, _services):
        found = webhooks.endpoint(tx, endpoint)
        if found is None:
            raise OperatorError(f"there is no endpoint {endpoint}")
        if state == "on":
            webhooks.begin(tx)
        found.active = state == "on"


@webhooks_group.command(name="remove")
@click.argument("endpoint", type=int)
def remove(endpoint: int) -> None:
    """Forgets an endpoint and what was sent there."""
    from intake_api.store import webhooks

    with _opened() as (tx, _services):
        webhooks.remove_endpoint(tx, endpoint)
