"""The gate asked about one version: the project's own measure, run beside this process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from intake_api.settings import ROOT

SETS = ROOT / "tests" / "quality"


class GateUnknown(Exception):
    """The gate could not be asked; one sentence that says what to do."""


def dropped(folder: Path, sets: Path = SETS) -> list[str]:
    """A line for every measure that the models of ``folder`` do worse than was accepted.

    ``sets`` holds the held-out sets and ``baseline.json``. Raises GateUnknown.
    """
    if not (sets / "baseline.json").is_file():
        raise GateUnknown(
            f"There are no held-out sets with a baseline.json in {sets}: name their folder "
            "(--sets FOLDER), or release without measuring (--no-gate)."
        )
    command = [
        sys.executable, "-m", "benchmarks.gate", "--models", str(folder.resolve()),
        "--sets", str(sets.resolve()),
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603 - our own module with two paths
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    lines = done.stdout.splitlines()
    if done.returncode == 0 or (done.returncode == 1 and lines):
        return lines
    why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    raise GateUnknown(f"The gate could not measure: {why}")
