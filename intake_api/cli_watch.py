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
    "--replay", "file", required=True, metavar="FILE.yml",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Recorded days; prints one JSON line per alert.",
)  # fmt: skip
def watch(file: Path) -> None:
    """Early warning: alerts as they would have come, each day judged at its end."""
    from intake_api.domain import catalog
    from intake_api.watch.model import LEVEL_TITLE
    from intake_api.watch.recorded import RecordedError, load
    from intake_api.watch.replay import replay

    rules = catalog.load(CATALOG)
    try:
        scenarios = load(file, rules.calendar.seasons)
    except RecordedError as error:
        raise OperatorError(str(error)) from error
    for scenario in scenarios:
        for alert in replay(scenario.panel):
            line = {
                "scenario": scenario.id,
                "topic": alert.code,
                "day": (scenario.panel.start + timedelta(days=alert.day)).isoformat(),
                "level": LEVEL_TITLE[alert.level],
            }
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
            sys.stdout.flush()
