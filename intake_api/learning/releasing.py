"""Training makes a version; a version serves only when the gate holds."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from intake_api.learning import versions
from intake_api.learning.versions import Version
from intake_api.linear import ModelBroken, ModelMissing

Say = Callable[[str], None]
# Lines of what dropped; an empty list: the gate holds.
Gate = Callable[[Path], list[str]]


class Room(Protocol):
    """One of the two models of a version."""

    def why(self, folder: Path) -> str | None:
        """Why the model in ``folder`` has to be trained, in words; None when it is current."""

    def train(self, folder: Path, say: Say) -> None:
        """Trains into ``folder``."""

    def version(self, folder: Path) -> str:
        """Loads the model and names its version. Raises ModelMissing or ModelBroken."""

    @property
    def file(self) -> str:
        """Name of the model's file."""


Rooms = Mapping[str, Room]  # "classifier" and "answer ranker"


def usable(rooms: Rooms, folder: Path) -> str | None:
    """Why this program cannot serve the models of ``folder``; None when it can."""
    try:
        for room in rooms.values():
            room.version(folder)
    except (ModelMissing, ModelBroken) as error:
        return str(error)
    return None


def trained(
    rooms: Rooms, model_dir: Path, *, force: bool, now: datetime, say: Say
) -> Version | None:
    """A version made of the data of now; None when the serving one is.

    Only what changed is trained, and a version of these very data that is there already is taken
    as it is; ``force`` trains all the same.
    """
    old = model_dir / versions.CURRENT
    if not old.is_dir():
        old = model_dir  # where the files lay before there were versions
    reasons = {name: room.why(old) for name, room in rooms.items()}
    if not force and old != model_dir and not any(reasons.values()):
        for name in rooms:
            say(f"{name}: up to date")
        return None
    if not force:
        for known in versions.listed(model_dir):
            folder = versions.folder_of(model_dir, known.name)
            if not any(room.why(folder) for room in rooms.values()):
                say(f"version {known.name} was trained on these data already")
                return known
    folder = versions.staging(model_dir)
    try:
        for name, room in rooms.items():
            if force or reasons[name]:
                say(f"{name}: training ({reasons[name] or 'asked for'})")
                room.train(folder, say)
            else:
                say(f"{name}: up to date")
                keep = shutil.move if old == model_dir else shutil.copyfile
                keep(old / room.file, folder / room.file)
        names = [room.version(folder) for room in rooms.values()]
        made, _new = versions.keep(model_dir, folder, classifier=names[0], ranker=names[1], now=now)
        return made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def release(
    rooms: Rooms,
    model_dir: Path,
    version: Version,
    *,
    gate: Gate | None,
    now: datetime,
    say: Say,
) -> bool:
    """Promotes ``version`` when the gate holds; else says why and leaves what serves as it is.

    ``gate`` None: nobody measures. Where nothing usable serves there is nothing to compare with:
    any version is better than none. Raises GateUnknown of the gate, ModelBroken for a version
    that this program cannot read.
    """
    wrong = usable(rooms, versions.folder_of(model_dir, version.name))
    if wrong:
        raise ModelBroken(wrong)
    serving = versions.current(model_dir)
    nothing = serving is None or usable(rooms, model_dir / versions.CURRENT) is not None
    if gate is not None and not nothing:
        lines = gate(versions.folder_of(model_dir, version.name))
        version = versions.write(
            model_dir, replace(version, gate="closed" if lines else "holds", dropped=tuple(lines))
        )
        if lines:
            assert serving is not None  # noqa: S101 - "nothing" says so
            say(f"The gate is closed: {serving.name} goes on serving, {version.name} does not.")
            for line in lines:
                say(f"  {line}")
            return False
    versions.promote(model_dir, version, now)
    how = "first" if nothing else "without the gate" if gate is None else "the gate holds"
    say(f"released: version {version.name} ({how}); processes take it when they start")
    return True


def rooms_of(data_dir: Path) -> dict[str, Any]:
    """The two real rooms over the data of ``data_dir``."""
    from intake_api.learning.rooms import ClassifierRoom, RankerRoom

    return {"classifier": ClassifierRoom(data_dir), "answer ranker": RankerRoom(data_dir)}
