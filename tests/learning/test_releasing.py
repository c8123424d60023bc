"""A trained version serves only when the gate holds; otherwise the old one goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from intake_api.learning import releasing, versions
from intake_api.learning.releasing import Gate
from intake_api.learning.rooms import ClassifierRoom, RankerRoom
from intake_api.linear import ModelBroken, ModelMissing, read_model, write_model
from intake_api.settings import ROOT
from tests.builders import MODELS

DAY = datetime(2026, 11, 23, 2, tzinfo=UTC)


@dataclass
class SmallRoom:
    """Learns one word by heart, in a real model file."""

    file: str
    word: str = "a"
    code: str = "1"
    runs: int = 0

    def why(self, folder: Path) -> str | None:
        try:
            header, _ = read_model(folder / self.file, self.code)
        except (ModelMissing, ModelBroken) as error:
            return str(error)
        return None if header["version"] == self.word else "the word changed"

    def train(self, folder: Path, say: releasing.Say) -> None:
        self.runs += 1
        header = {"code_version": self.code, "version": self.word}
        write_model(folder / self.file, header, {"x": np.zeros(1)})

    def version(self, folder: Path) -> str:
        return str(read_model(folder / self.file, self.code)[0]["version"])


@dataclass
class House:
    """Two small rooms and a folder of versions."""

    model_dir: Path
    one: SmallRoom = field(default_factory=lambda: SmallRoom("classify.npz"))
    two: SmallRoom = field(default_factory=lambda: SmallRoom("knowledge.npz"))
    said: list[str] = field(default_factory=list)
    day: int = 0

    @property
    def rooms(self) -> dict[str, releasing.Room]:
        return {"classifier": self.one, "answer ranker": self.two}

    def train(self, *, force: bool = False) -> versions.Version | None:
        self.day += 1
        now = DAY + timedelta(days=self.day)
        return releasing.trained(
            self.rooms, self.model_dir, force=force, now=now, say=self.said.append
        )

    def release(self, version: versions.Version | None, gate: Gate | None) -> bool:
        assert version is not None
        self.day += 1
        now = DAY + timedelta(days=self.day)
        return releasing.release(
            self.rooms, self.model_dir, version, gate=gate, now=now, say=self.said.append
        )

    @property
    def serves(self) -> str:
        found = versions.current(self.model_dir)
        assert found is not None
        return f"{found.classifier}{found.ranker}"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def holds(folder: Path) -> list[str]:
    assert (folder / "classify.npz").is_file()
    return []


def closed(folder: Path) -> list[str]:
    return ["topic.first / all: 88.0 % → 70.0 %"]


def test_the_first_version_has_nothing_to_compare_with(house: House) -> None:
    assert house.release(house.train(), closed)
    assert house.serves == "aa" and "first" in house.said[-1]


def test_a_version_that_does_worse_is_kept_back_and_says_why(house: House) -> None:
    house.release(house.train(), holds)
    house.one.word = "b"
    made = house.train()
    assert not house.release(made, closed)
    assert house.serves == "aa"
    assert any("goes on serving" in line for line in house.said)
    assert any("topic.first" in line for line in house.said)
    newest = versions.listed(house.model_dir)[0]
    assert newest.gate == "closed" and newest.dropped and newest.promoted_at is None


def test_a_version_that_holds_serves(house: House) -> None:
    house.release(house.train(), holds)
    house.two.word = "b"
    assert house.release(house.train(), holds)
    assert house.serves == "ab"
    found = versions.current(house.model_dir)
    assert found is not None and found.gate == "holds"


def test_only_what_changed_is_trained(house: House) -> None:
    house.release(house.train(), holds)
    assert house.train() is None
    house.two.word = "b"
    assert house.train() is not None
    assert (house.one.runs, house.two.runs) == (1, 2)
    house.train(force=True)
    assert (house.one.runs, house.two.runs) == (2, 3)


def test_data_that_were_trained_before_are_not_trained_again(house: House) -> None:
    house.release(house.train(), holds)
    for word in "ba":
        house.one.word = word
        house.release(house.train(), holds)
    assert house.serves == "aa" and house.one.runs == 2


def test_models_of_another_program_are_trained_anew_and_do_not_hold_back(house: House) -> None:
    house.release(house.train(), holds)
    house.one.code = house.two.code = "2"
    assert house.release(house.train(), closed)
    old = versions.listed(house.model_dir)[-1]
    with pytest.raises(ModelBroken, match="is of version '1'"):
        house.release(old, None)
    assert versions.serving(house.model_dir).name != old.name


def test_models_of_before_there_were_versions_become_the_first(house: House) -> None:
    for room in (house.one, house.two):
        room.train(house.model_dir, house.said.append)
    assert house.release(house.train(), None)
    assert house.serves == "aa" and (house.one.runs, house.two.runs) == (1, 1)
    assert not list(house.model_dir.glob("*.npz"))


def test_a_training_that_fails_leaves_nothing_and_the_old_one_serves(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.release(house.train(), holds)
    house.one.word = "b"

    def broken(folder: Path, say: releasing.Say) -> None:
        raise MemoryError

    monkeypatch.setattr(house.two, "train", broken)
    house.two.word = "b"
    with pytest.raises(MemoryError):
        house.train()
    assert house.serves == "aa"
    assert len(list((house.model_dir / "versions").iterdir())) == 1


def test_the_real_rooms_know_the_released_models() -> None:
    data = ROOT / "data"
    for room in (ClassifierRoom(data), RankerRoom(data)):
        assert (MODELS / room.file).is_file()
        found = versions.read(MODELS.resolve())
        assert room.version(MODELS) in (found.classifier, found.ranker)
