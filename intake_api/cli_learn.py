"""``langnghe learn``: what use has taught, exported, reviewed by a person, added to the data."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intake_api.cli_models import told
from intake_api.cli_staff import OperatorError
from intake_api.settings import ROOT, load

if TYPE_CHECKING:
    from intake_api.domain.candidate import Candidate

CANDIDATES = ROOT / "var" / "candidates"
FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))


@click.group(name="learn")
def learn_group() -> None:
    """Corrections by staff and picked choices as training examples."""


def _read(path: Path) -> list[Candidate]:
    from intake_api.learning import files

    try:
        return files.read(path)
    except files.CandidateError as error:
        raise OperatorError(str(error)) from error


@learn_group.command(name="export")
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), default=CANDIDATES,
    help="Where the files go (var/candidates).",
)  # fmt: skip
def export(folder: Path) -> None:
    """Write corrections.yml and picks.yml, masked; what a person decided there before stays."""
    from intake_api import classify
    from intake_api.domain import catalog
    from intake_api.domain.candidate import merged
    from intake_api.flow import learn
    from intake_api.learning import files, versions
    from intake_api.store import Store

    settings = load()
    rules = catalog.load(settings.catalog_dir)
    classifier = told(lambda: classify.load(versions.serving(settings.model_dir)))
    with Store(settings.database_url).reading() as tx:
        found = {
            "corrections.yml": learn.corrected(tx, rules, classifier),
            "picks.yml": learn.picked(tx, rules, classifier),
        }
    for name, fresh in found.items():
        path = folder / name
        every = merged(_read(path), fresh)
        files.write(path, every)
        new = sum(one.status == "new" for one in every)
        click.echo(f"{path}: {new} to review, {len(every) - new} decided before")


@learn_group.command(name="review")
@FILE
def review(file: Path) -> None:
    """Show each new candidate and ask; every decision is kept at once, q ends."""
    from intake_api.learning import files

    every = _read(file)
    for number, one in enumerate(every):
        if one.status != "new":
            continue
        click.echo(f"\n{one.text}\n  understood: {one.understood}\n  proposed:   {one.proposed}")
        said = click.prompt("accept, reject, skip, quit", type=click.Choice(list("arsq")))
        if said == "q":
            break
        if said != "s":
            every[number] = replace(one, status={"a": "accepted", "r": "rejected"}[said])
            files.write(file, every)
    _counted(every)


@learn_group.command(name="add")
@FILE
def add(file: Path) -> None:
    """Add what was accepted to data/feedback and data/faq; says what was refused and why."""
    from intake_api.domain import catalog
    from intake_api.learning import adding, files, gate

    settings = load()
    rules = catalog.load(settings.catalog_dir)
    before = _read(file)
    data = adding.Data(settings.data_dir, gate.SETS, kinds=rules.kinds, topics=rules.topics)
    after = adding.add(before, data)
    files.write(file, after)
    for old, new in zip(before, after, strict=True):
        if old.status == "accepted" and new.status == "refused":
            click.echo(f"refused ({new.why}): {new.text[:70]}")
    added = sum(a.status != b.status == "added" for a, b in zip(before, after, strict=True))
    click.echo(f"{added} added; `./dev check` reads the data over, `langnghe train` learns them.")
    _counted(after)


def _counted(every: list[Candidate]) -> None:
    count = Counter(one.status for one in every)
    click.echo(", ".join(f"{number} {status}" for status, number in sorted(count.items())))
