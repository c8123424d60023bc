"""``langnghe train`` and ``langnghe model``: versions of what classifies and what ranks answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from intake_api.cli_staff import OperatorError
from intake_api.settings import ROOT

if TYPE_CHECKING:
    from intake_api.learning.versions import Version

DATA = ROOT / "data"
MODELS = ROOT / "var" / "models"

NO_GATE = click.option("--no-gate", is_flag=True, help="Release without measuring.")
SETS = click.option(
    "--sets", type=click.Path(path_type=Path, file_okay=False), default=None,
    help="Folder of held-out sets with their baseline.json (tests/quality).",
)  # fmt: skip


def told(work: Callable[[], Any]) -> Any:
    """Runs ``work``; what an operator can put right is one sentence."""
    from intake_api.classify import DataError, ModelBroken, ModelMissing
    from intake_api.knowledge import EntryError
    from intake_api.learning.gate import GateUnknown
    from intake_api.learning.versions import NoSuchVersion

    try:
        return work()
    except (
        ModelBroken, ModelMissing, DataError, EntryError, GateUnknown, NoSuchVersion,
    ) as error:  # fmt: skip
        raise OperatorError(str(error)) from error


def _release(version: Version, *, no_gate: bool, sets: Path | None) -> None:
    from intake_api.learning import gate, releasing

    def asked(folder: Path) -> list[str]:
        click.echo("gate: measuring on the held-out sets")
        return gate.dropped(folder, sets or gate.SETS)

    done = told(
        lambda: releasing.release(
            releasing.rooms_of(DATA), MODELS, version,
            gate=None if no_gate else asked, now=datetime.now(UTC), say=click.echo,
        )
    )  # fmt: skip
    if not done:
        raise SystemExit(1)


@click.command()
@click.option("--if-needed", is_flag=True, help="Train only when the inputs changed.")
@NO_GATE
@SETS
def train(if_needed: bool, no_gate: bool, sets: Path | None) -> None:
    """Train a version and release it when the gate holds; says why. Exit code 1: not released."""
    from intake_api.learning import releasing

    version = told(
        lambda: releasing.trained(
            releasing.rooms_of(DATA), MODELS,
            force=not if_needed, now=datetime.now(UTC), say=click.echo,
        )
    )  # fmt: skip
    if version is None:
        return
    if if_needed and version.withdrawn_at:
        click.echo(
            f"version {version.name} was taken back: `langnghe model promote {version.name}` "
            "releases it again"
        )
        return
    if if_needed and version.gate == "closed" and not no_gate:
        click.echo(f"version {version.name} is held back by the gate (langnghe model list)")
        raise SystemExit(1)
    _release(version, no_gate=no_gate, sets=sets)


@click.group(name="model")
def model_group() -> None:
    """Versions of the models: which are there, which serves."""


@model_group.command(name="list")
def model_list() -> None:
    """Every version, newest first; * serves."""
    from intake_api.learning import versions

    found = versions.listed(MODELS)
    if not found:
        raise OperatorError("There is no version yet: langnghe train.")
    now = told(lambda: versions.current(MODELS))
    for one in found:
        mark = "*" if now and one.name == now.name else " "
        back = f", taken back {one.withdrawn_at}" if one.withdrawn_at else ""
        click.echo(
            f"{mark} {one.name}  trained {one.trained_at}  classifier {one.classifier}  "
            f"ranker {one.ranker}  gate: {one.gate}{back}"
        )
        for line in one.dropped:
            click.echo(f"      {line}")


@model_group.command(name="promote")
@click.argument("version")
@NO_GATE
@SETS
def model_promote(version: str, no_gate: bool, sets: Path | None) -> None:
    """Let VERSION serve, when the gate holds."""
    from intake_api.learning import versions

    found = told(lambda: versions.named(MODELS, version))
    _release(found, no_gate=no_gate, sets=sets)


@model_group.command(name="rollback")
def model_rollback() -> None:
    """Let the version that served before serve again; the present one is marked as taken back."""
    from intake_api.learning import releasing, versions

    rooms = releasing.rooms_of(DATA)
    good = versions.before(MODELS)
    wrong = good and releasing.usable(rooms, versions.folder_of(MODELS, good.name))
    if wrong:
        raise OperatorError(wrong)
    good, bad = told(lambda: versions.rollback(MODELS, datetime.now(UTC)))
    click.echo(f"{good.name} serves again, {bad.name} is taken back; restart the processes.")
