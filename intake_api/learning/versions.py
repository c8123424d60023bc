"""Trained models as versions: one folder each, and one link that says which of them serves.

``<model_dir>/versions/<name>/`` holds ``classify.npz``, ``knowledge.npz`` and ``model.json``;
``<model_dir>/current`` is a symbolic link to one of them, replaced in one step: whoever starts
finds the old version whole or the new one whole. A process follows the link once, when it starts.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from intake_api.linear import ModelBroken, ModelMissing

CURRENT = "current"
KEPT = 5  # newest versions that stay on the disk, besides the serving one and the one before it
MODEL_FILES = ("classify.npz", "knowledge.npz")
_ABOUT = "model.json"


class NoSuchVersion(Exception):
    """There is no version of this name, or none to go back to."""


@dataclass(frozen=True, slots=True)
class Version:
    """What is known of one trained version. Times are ISO, UTC."""

    name: str
    trained_at: str
    classifier: str  # what each classification stores as its model version
    ranker: str
    gate: str = "not asked"  # holds | closed | not asked
    dropped: tuple[str, ...] = ()  # measures that fell, when the gate is closed
    promoted_at: str | None = None
    withdrawn_at: str | None = None  # taken back by a person; nothing promotes it by itself


def folder_of(model_dir: Path, name: str) -> Path:
    """Where the files of a version are."""
    return model_dir / "versions" / name


def serving(model_dir: Path) -> Path:
    """The folder of the version that serves. Raises ModelMissing when there is none."""
    link = model_dir / CURRENT
    if not link.is_dir():
        raise ModelMissing(f"No model is released in {model_dir}: train it first (langnghe train).")
    return link.resolve()


def current(model_dir: Path) -> Version | None:
    """The version that serves, or None."""
    try:
        return read(serving(model_dir))
    except ModelMissing:
        return None


def read(folder: Path) -> Version:
    """What ``model.json`` says. Raises ModelBroken with one sentence."""
    try:
        raw = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        return Version(**{**raw, "dropped": tuple(raw["dropped"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelBroken(
            f"{folder / _ABOUT} cannot be read; train anew (langnghe train)."
        ) from error


def write(model_dir: Path, version: Version) -> Version:
    """Stores what is known of a version, in one step."""
    path = folder_of(model_dir, version.name) / _ABOUT
    part = path.with_name(f".{_ABOUT}.{os.getpid()}")
    part.write_text(json.dumps(asdict(version), ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(path)
    return version


def listed(model_dir: Path) -> list[Version]:
    """Every whole version, newest first; a folder without a readable ``model.json`` is none."""
    found = []
    for folder in (model_dir / "versions").glob("[!.]*"):
        try:
            found.append(read(folder))
        except ModelBroken:
            continue
    return sorted(found, key=lambda one: (one.trained_at, one.name), reverse=True)


def named(model_dir: Path, name: str) -> Version:
    """The version of this name, or the only one whose name ends so. Raises NoSuchVersion."""
    found = [one for one in listed(model_dir) if one.name == name or one.name.endswith(f"-{name}")]
    if len(found) != 1:
        raise NoSuchVersion(f"There is no version {name} (langnghe model list).")
    return found[0]


def staging(model_dir: Path) -> Path:
    """An empty folder beside the versions, to train into."""
    folder = model_dir / "versions" / f".new-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def keep(
    model_dir: Path, folder: Path, *, classifier: str, ranker: str, now: datetime
) -> tuple[Version, bool]:
    """Makes a version of a staging folder; (version, whether it is new).

    Training gives the same bytes for the same data, so the very same models are one version.
    """
    total = hashlib.sha256()
    for name in MODEL_FILES:
        total.update((folder / name).read_bytes())
    mark = total.hexdigest()[:8]
    for known in listed(model_dir):
        if known.name.endswith(f"-{mark}"):
            shutil.rmtree(folder)
            return known, False
    version = Version(
        f"{now:%Y%m%d-%H%M}-{mark}", now.isoformat(timespec="seconds"), classifier, ranker
    )
    folder.rename(folder_of(model_dir, version.name))
    return write(model_dir, version), True


def promote(model_dir: Path, version: Version, now: datetime) -> Version:
    """Lets a version serve whatever starts from now on."""
    stamp = now.isoformat(timespec="microseconds")
    promoted = write(model_dir, replace(version, promoted_at=stamp, withdrawn_at=None))
    part = model_dir / f".{CURRENT}.{os.getpid()}"
    part.unlink(missing_ok=True)
    part.symlink_to(Path("versions") / version.name)
    os.replace(part, model_dir / CURRENT)
    _forget_old(model_dir)
    return promoted


def before(model_dir: Path) -> Version | None:
    """The version that served before the current one and was not taken back."""
    now = current(model_dir)
    served = [
        one
        for one in listed(model_dir)
        if one.promoted_at and not one.withdrawn_at and (now is None or one.name != now.name)
    ]
    return max(served, key=lambda one: str(one.promoted_at), default=None)


def rollback(model_dir: Path, now: datetime) -> tuple[Version, Version]:
    """Takes the current version back; (the one that serves again, the one taken back).

    Raises NoSuchVersion when nothing served before.
    """
    bad, good = current(model_dir), before(model_dir)
    if bad is None or good is None:
        raise NoSuchVersion("No other version has served before: nothing to go back to.")
    good = promote(model_dir, good, now)
    bad = write(model_dir, replace(bad, withdrawn_at=now.isoformat(timespec="seconds")))
    return good, bad


def _forget_old(model_dir: Path) -> None:
    safe = {one.name for one in (current(model_dir), before(model_dir)) if one}
    for old in listed(model_dir)[KEPT:]:
        if old.name not in safe:
            shutil.rmtree(folder_of(model_dir, old.name), ignore_errors=True)
