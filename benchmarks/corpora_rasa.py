"""Runs in the bot's environment (Python 3.10): Rasa's default pipeline on one split.

``python corpora_rasa.py FOLDER [EPOCHS]`` reads train.json and asked.json there and writes
answers.json. Everything it makes stays in FOLDER, which the caller deletes.
"""

from __future__ import annotations

import json
import logging
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

TIMED = 100  # texts of each form that are asked one at a time
BATCH = 200


def write_config(folder: Path, epochs: int | None) -> Path:
    """The pipeline that Rasa proposes when none is given, from Rasa's own file."""
    import rasa.engine.recipes.config_files as home  # type: ignore[import-not-found]
    from rasa.shared.utils.io import read_yaml_file, write_yaml  # type: ignore[import-not-found]

    default = read_yaml_file(Path(next(iter(home.__path__))) / "default_config.yml")
    pipeline: list[dict[str, Any]] = [dict(one) for one in default["pipeline"]]
    for one in pipeline:
        if epochs is not None and "epochs" in one:
            one["epochs"] = epochs
    config = {"recipe": "default.v1", "language": "vi", "assistant_id": "corpora"}
    write_yaml({**config, "pipeline": pipeline}, folder / "config.yml")
    return folder / "config.yml"


def main(arguments: list[str]) -> None:
    """Train, answer, write."""
    folder = Path(arguments[0])
    epochs = int(arguments[1]) if len(arguments) > 1 and arguments[1] else None
    logging.disable(logging.WARNING)

    from rasa.model_training import train_nlu  # type: ignore[import-not-found]

    from bot.intents import Reader

    config = write_config(folder, epochs)
    started = time.perf_counter()
    model = train_nlu(str(config), str(folder / "train.json"), str(folder / "models"))
    seconds = time.perf_counter() - started
    if model is None:
        sys.exit("Rasa trained nothing")
    reader = Reader(Path(model))
    said: dict[str, list[str | None]] = {}
    micros: dict[str, float] = {}
    asked = json.loads((folder / "asked.json").read_text(encoding="utf-8"))
    for form, raw in asked.items():
        # Rasa takes a leading "/" for a command.
        texts = [text.lstrip("/") for text in raw]
        said[form] = [
            answer["intent"]
            for i in range(0, len(texts), BATCH)
            for answer in reader.intents(texts[i : i + BATCH])
        ]
        took = []
        for text in texts[:TIMED]:
            begun = time.perf_counter()
            reader.intents([text])
            took.append(time.perf_counter() - begun)
        micros[form] = 1e6 * statistics.median(took)
    answers = {"seconds": seconds, "said": said, "micros": micros}
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")


if __name__ == "__main__":
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    main(sys.argv[1:])
