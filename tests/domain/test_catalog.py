from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from intake_api.domain import catalog
from intake_api.settings import ROOT
from tests.builders import the_catalog

REAL = ROOT / "intake_api" / "catalog"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REAL, tmp_path / "catalog"))


def problems(folder: Path) -> str:
    with pytest.raises(catalog.CatalogError) as caught:
        catalog.load(folder)
    return str(caught.value)


def edit(folder: Path, file: str, old: str, new: str) -> int:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_real_catalogue_is_sound() -> None:
    found = the_catalog()
    assert (len(found.topics), len(found.kinds)) == (57, 11)


def test_a_missing_unit_is_named_with_file_and_line(folder: Path) -> None:
    path = folder / "topics.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    (line,) = (n for n, one in enumerate(lines, start=1) if one.strip().startswith("khoan_thu:"))
    lines[line - 1] = lines[line - 1].replace("unit: KHTC", "unit: KHTCX")
    path.write_text("\n".join(lines), encoding="utf-8")
    assert f"topics.yml:{line}: topic dd.khoan_thu: unit KHTCX" in problems(folder)


def test_a_successor_that_does_not_exist(folder: Path) -> None:
    edit(folder, "units.yml", "successor: VP", "successor: NOWHERE")
    assert "successor NOWHERE is no unit" in problems(folder)


def test_successors_in_a_circle(folder: Path) -> None:
    edit(
        folder,
        "units.yml",
        "code: VP,      name: Văn phòng Sở,",
        "code: VP, name: Văn phòng Sở, valid_to: 2025-06-30, successor: TTR,",
    )
    assert "circle" in problems(folder)


def test_a_bad_length_of_time(folder: Path) -> None:
    edit(folder, "kinds.yml", "resolve: 2wd", "resolve: soon")
    assert "kinds.yml:" in problems(folder) and "soon" in problems(folder)


def test_how_long_is_kept_is_counted_in_days_or_months(folder: Path) -> None:
    line = edit(folder, "kinds.yml", "keep: 12mo", "keep: 12h")
    assert f"kinds.yml:{line}: kind question: keep is counted in cd or mo" in problems(folder)


def test_broken_yaml_names_its_line(folder: Path) -> None:
    (folder / "calendar.yml").write_text("hours: [\n", encoding="utf-8")
    assert "calendar.yml:" in problems(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "units.yml").unlink()
    assert "units.yml:1: file is missing" in problems(folder)


def test_an_empty_text(folder: Path) -> None:
    edit(folder, "messages.yml", "due: trước", "due: ''\nother: trước")
    assert "text due is empty" in problems(folder)


def test_units_follow_their_successors() -> None:
    found = the_catalog()
    assert found.unit_on("PGD-PL", date(2025, 6, 30)).code == "PGD-PL"
    assert found.unit_on("PGD-PL", date(2025, 7, 1)).code == "GDMNTH"


def test_an_unquoted_comma_is_found(folder: Path) -> None:
    edit(folder, "units.yml", '"Phòng Chính trị, tư tưởng"', "Phòng Chính trị, tư tưởng")
    assert "unknown key 'tư tưởng'" in problems(folder)


def test_seasons_come_each_year_or_in_one() -> None:
    yearly = the_catalog().calendar.seasons
    assert any(one.fixed and one.first == (11, 17) for one in yearly)
    assert all(one.year is None for one in yearly)


def test_a_season_of_one_year_and_what_is_wrong_with_others(folder: Path) -> None:
    whole = "- {name: Thi 2026, from: 2026-06-24, to: 2026-07-19, topics: [i.de_thi]}"
    edit(
        folder,
        "calendar.yml",
        '- {name: Khai giảng, from: "09-03"',
        f'{whole}\n  - {{name: Khai giảng, from: "09-03"',
    )
    (found,) = (one for one in catalog.load(folder).calendar.seasons if one.year)
    assert (found.first, found.last, found.year, found.fixed) == ((6, 24), (7, 19), 2026, True)
    for old, new, says in (
        ("to: 2026-07-19", "to: 2026-06-20", "ends before it begins"),
        ("to: 2026-06-20", 'to: "07-19"', "name, from and to are needed"),
        ('to: "07-19"', "to: 2026-07-19, topic: x", ""),
        ("[i.de_thi]}", "[i.khong_co]}", "topic i.khong_co is not in topics.yml"),
    ):  # fmt: skip
        edit(folder, "calendar.yml", old, new)
        assert says in (problems(folder) if says else "")
