"""Versions of the models: one serves, the switch is whole, the way back is open."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake_api.learning import versions
from intake_api.learning.versions import Version
from intake_api.linear import ModelBroken, ModelMissing

DAY = datetime(2026, 11, 23, 2, tzinfo=UTC)


def make_version(model_dir: Path, content: str, day: int) -> Version:
    folder = versions.staging(model_dir)
    for name in versions.MODEL_FILES:
        (folder / name).write_text(f"{name} {content}", "utf-8")
    made, new = versions.keep(
        model_dir, folder, classifier=f"c-{content}", ranker=f"r-{content}",
        now=DAY + timedelta(days=day),
    )  # fmt: skip
    assert new and not folder.exists()
    return made


def names(model_dir: Path) -> list[str]:
    return [one.classifier for one in versions.listed(model_dir)]


def test_nothing_serves_before_the_first_release(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="langnghe train"):
        versions.serving(tmp_path)
    made = make_version(tmp_path, "a", 0)
    assert versions.current(tmp_path) is None
    versions.promote(tmp_path, made, DAY)
    assert versions.serving(tmp_path) == versions.folder_of(tmp_path, made.name).resolve()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_process_keeps_the_version_it_started_with(tmp_path: Path) -> None:
    first, second = make_version(tmp_path, "a", 0), make_version(tmp_path, "b", 1)
    versions.promote(tmp_path, first, DAY)
    started_with = versions.serving(tmp_path)
    versions.promote(tmp_path, second, DAY + timedelta(days=1))
    assert (started_with / "classify.npz").read_text("utf-8") == "classify.npz a"
    assert (versions.serving(tmp_path) / "classify.npz").read_text("utf-8") == "classify.npz b"


def test_the_same_models_are_one_version(tmp_path: Path) -> None:
    made = make_version(tmp_path, "a", 0)
    folder = versions.staging(tmp_path)
    for name in versions.MODEL_FILES:
        (folder / name).write_text(f"{name} a", "utf-8")
    again, new = versions.keep(tmp_path, folder, classifier="c", ranker="r", now=DAY)
    assert (again, new) == (made, False)
    assert not folder.exists()


def test_rolling_back_goes_to_what_served_before_and_not_forth_again(tmp_path: Path) -> None:
    made = [make_version(tmp_path, letter, day) for day, letter in enumerate("abc")]
    for day, one in enumerate(made):
        versions.promote(tmp_path, one, DAY + timedelta(days=day))
    good, bad = versions.rollback(tmp_path, DAY + timedelta(days=9))
    assert (good.classifier, bad.classifier) == ("c-b", "c-c")
    good, bad = versions.rollback(tmp_path, DAY + timedelta(days=10))
    assert (good.classifier, bad.classifier) == ("c-a", "c-b")
    with pytest.raises(versions.NoSuchVersion, match="nothing to go back to"):
        versions.rollback(tmp_path, DAY + timedelta(days=11))
    found = versions.current(tmp_path)
    assert found is not None and found.classifier == "c-a"


def test_a_version_that_never_served_is_not_gone_back_to(tmp_path: Path) -> None:
    first = make_version(tmp_path, "a", 0)
    make_version(tmp_path, "b", 1)
    versions.promote(tmp_path, first, DAY)
    with pytest.raises(versions.NoSuchVersion):
        versions.rollback(tmp_path, DAY)


def test_old_versions_go_but_never_the_one_that_serves_or_served_before(tmp_path: Path) -> None:
    for day in range(2):
        versions.promote(tmp_path, make_version(tmp_path, str(day), day), DAY + timedelta(day))
    for day in range(2, 9):
        make_version(tmp_path, str(day), day)
    serving = versions.current(tmp_path)
    assert serving is not None
    versions.promote(tmp_path, serving, DAY + timedelta(days=9))
    assert names(tmp_path) == [f"c-{n}" for n in (8, 7, 6, 5, 4, 1, 0)]


def test_a_half_written_or_damaged_version_is_none(tmp_path: Path) -> None:
    made = make_version(tmp_path, "a", 0)
    (tmp_path / "versions" / "20261123-0200-deadbeef").mkdir()
    versions.staging(tmp_path)
    assert names(tmp_path) == ["c-a"]
    versions.promote(tmp_path, made, DAY)
    (versions.folder_of(tmp_path, made.name) / "model.json").write_text("{", "utf-8")
    with pytest.raises(ModelBroken, match=r"model\.json cannot be read"):
        versions.current(tmp_path)


def test_a_version_is_called_by_its_name_or_its_mark(tmp_path: Path) -> None:
    made = make_version(tmp_path, "a", 0)
    assert versions.named(tmp_path, made.name) == made
    assert versions.named(tmp_path, made.name.rpartition("-")[2]) == made
    with pytest.raises(versions.NoSuchVersion, match="no version xyz"):
        versions.named(tmp_path, "xyz")


def test_a_link_to_nowhere_says_so(tmp_path: Path) -> None:
    os.symlink("versions/gone", tmp_path / "current")
    with pytest.raises(ModelMissing, match="langnghe train"):
        versions.serving(tmp_path)
