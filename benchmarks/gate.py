"""The gate: accepted figures, and what fell below them by more than one point."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks import evaluate
from benchmarks.evaluate import MODELS, SETS
from benchmarks.measures import ALL, FORMS, MEASURES, Results
from intake_api.classify import ModelBroken, ModelMissing
from intake_api.domain.catalog import CatalogError

BASELINE = SETS / "baseline.json"
POINT = 1.0


class BaselineMissing(RuntimeError):
    """There are no accepted figures yet."""


def _key(measure: str, form: str) -> str:
    return f"{measure} / {form}"


def accept(results: Results, path: Path = BASELINE) -> int:
    """Writes the figures as the accepted ones; keeps those that were not measured this time."""
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for measure, form, figure in results.figures():
        kept[_key(measure.name, form)] = {"value": round(figure.value, 2), "n": figure.n}
    known = {_key(name, form) for name in MEASURES for form in (*FORMS, ALL)}
    kept = {key: kept[key] for key in sorted(kept) if key in known}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(kept)


def dropped(results: Results, *, intents: bool, path: Path = BASELINE) -> list[str]:
    """One line for every measure worse than accepted by more than a point.

    In a column so small that a single text is more than a point, two texts must have changed:
    otherwise the gate would forbid any change at all. Raises BaselineMissing.
    """
    if not path.exists():
        raise BaselineMissing(f"{path.name} is missing: accept the figures with --accept")
    accepted: dict[str, dict[str, float]] = json.loads(path.read_text(encoding="utf-8"))
    found: list[str] = []
    for key, before in accepted.items():
        name, form = key.split(" / ")
        of_the_assistant = name == "intent" or name.startswith("dialogue.")
        if name not in MEASURES or (of_the_assistant and not intents):
            continue
        figure = results.figure(name, form)
        if figure is None:
            found.append(f"{key}: accepted at {before['value']:.1f} %, not measured any more")
            continue
        loss = before["value"] - figure.value
        if MEASURES[name].lower_is_better:
            loss = -loss
        if loss > POINT + 1e-6 and loss * figure.n / 100 > 1.5:
            changed = "" if figure.n == before["n"] else f", was {before['n']:.0f}: the set changed"
            found.append(
                f"{key}: {before['value']:.1f} % → {figure.value:.1f} % (n = {figure.n}{changed}), "
                f"{loss:.1f} points worse"
            )
    return found


def main(arguments: list[str] | None = None) -> int:
    """Compares the models of one folder with what was accepted; a line for each that dropped."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gate", description=__doc__)
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument("--sets", type=Path, default=SETS)
    given = parser.parse_args(arguments)
    try:
        core = evaluate.load_core(given.models)
        results = evaluate.evaluate(core, intents=False, folder=given.sets)
        lines = dropped(results, intents=False, path=given.sets / BASELINE.name)
    except (ModelMissing, ModelBroken, CatalogError, evaluate.SetBroken, BaselineMissing) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for line in lines:
        print(line)
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main())
