"""``langnghe watch``: the early warning over recorded days, or one pass over the database."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path

import click

from intake_api.cli_staff import OperatorError
from intake_api.settings import ROOT

CATALOG = ROOT / "intake_api" / "catalog"


@click.command()
@click.option(
    "--replay", "file", metavar="FILE.yml", type=click.Path(path_type=Path, dir_okay=False),
    help="Recorded days; prints one JSON line per alert.",
)  # fmt: skip
def watch(file: Path | None) -> None:
    """Early warning: one pass over the database now, or with --replay over recorded days, each
    judged at its end."""
    if file is None:
        _now()
    else:
        _replay(file)


def _now() -> None:
    from intake_api.jobs import watch as job
    from intake_api.jobs.queue import JobQueue
    from intake_api.runtime import build
    from intake_api.settings import load

    settings = load()
    runtime = build(settings, queue=JobQueue(settings.queue_url))
    click.echo(f"{job.look(runtime.services)} alerts are new or rose.")


def _replay(file: Path) -> None:
    from intake_api.domain import catalog
    from intake_api.watch.doubts import doubts
    from intake_api.watch.model import LEVEL_TITLE
    from intake_api.watch.recorded import RecordedError, parsed, read
    from intake_api.watch.replay import replay

    rules = catalog.load(CATALOG)
    try:
        raw = parsed(file)
        scenarios = read(raw, rules.calendar.seasons, rules.topics)
    except RecordedError as error:
        raise OperatorError(str(error)) from error
    for doubt in doubts(raw, scenarios, rules.topics):
        click.echo(doubt, err=True)  # stdout holds nothing but alerts
    for scenario in scenarios:
        for alert in replay(scenario.panel):
            line = {
                "scenario": scenario.id,
                "topic": scenario.written.get(alert.code, alert.code),
                "day": (scenario.panel.start + timedelta(days=alert.day)).isoformat(),
                "level": LEVEL_TITLE[alert.level],
            }
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
            sys.stdout.flush()
