"""``langnghe retention``: what would be erased, and doing what two people have decided."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from intake_api.settings import load

if TYPE_CHECKING:
    from intake_api.flow.services import Services


def _services() -> tuple[Services, Any]:
    from intake_api.jobs.queue import JobQueue
    from intake_api.runtime import build

    settings = load()
    runtime = build(settings, queue=JobQueue(settings.queue_url))
    return runtime.services, runtime.clock.now()


@click.group(name="retention")
def retention_group() -> None:
    """Keeping and erasing."""


@retention_group.command(name="plan")
def retention_plan() -> None:
    """Print what would be erased today (a dry run: nothing is changed), as JSON."""
    from intake_api.flow import retention

    services, now = _services()
    with services.store.reading() as tx:
        found = retention.told(retention.plan(tx, services, now=now), services)
    click.echo(json.dumps(found, ensure_ascii=False))


@retention_group.command(name="run")
def retention_run() -> None:
    """Carry out the run that was asked for and approved in the workbench; print its report."""
    from intake_api.flow import retention

    services, now = _services()
    report = retention.carry_out(services, now=now)
    if report is None:
        click.echo("No run is approved: ask for one in the workbench, and have it approved there.")
    else:
        click.echo(json.dumps(retention.told(report, services), ensure_ascii=False))
