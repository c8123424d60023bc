"""What a version consists of: the classifier and the answer ranker, behind one shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from intake_api import classify, knowledge

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ClassifierRoom:
    """``classify`` over one data folder."""

    data_dir: Path
    file: str = "classify.npz"

    def why(self, folder: Path) -> str | None:
        return classify.needs_training(self.data_dir, folder)

    def train(self, folder: Path, say: Say) -> None:
        classify.train(self.data_dir, folder, lambda line: say(f"  {line}"))

    def version(self, folder: Path) -> str:
        return classify.load(folder).version


@dataclass(frozen=True, slots=True)
class RankerRoom:
    """``knowledge`` over one data folder."""

    data_dir: Path
    file: str = "knowledge.npz"

    def why(self, folder: Path) -> str | None:
        return knowledge.needs_training(self.data_dir, folder)

    def train(self, folder: Path, say: Say) -> None:
        entries = knowledge.load_entries(self.data_dir)
        knowledge.train(entries, folder, lambda line: say(f"  {line}"), data_dir=self.data_dir)

    def version(self, folder: Path) -> str:
        return knowledge.Ranker.load(folder).version
