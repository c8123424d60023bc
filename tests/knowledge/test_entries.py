"""Reading data/faq: good files, and errors that name the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake_api import knowledge
from intake_api.settings import ROOT

GOOD = """
slug: thu-nghiem
topic: dd.hoc_phi
owner: KHTC
title: Học phí
short: Học phí
basis: verified
questions: ["học phí bao nhiêu"]
versions:
  - status: published
    valid_from: 2025-01-01
    valid_to: null
    answer: "Miễn."
    details: ["Từ năm học 2025-2026."]
    source: {document: "Nghị quyết 217", issuer: "Quốc hội", date: "2025-06-26", article: ""}
related: []
"""


def write(root: Path, text: str, name: str = "thu-nghiem") -> Path:
    (root / "faq").mkdir(exist_ok=True)
    (root / "faq" / f"{name}.yml").write_text(text, "utf-8")
    return root


def test_a_good_file_is_an_entry(tmp_path: Path) -> None:
    (found,) = knowledge.load_entries(write(tmp_path, GOOD))
    assert found.label == "thu-nghiem"
    assert found.versions[0].published
    assert found.versions[0].source.line() == "Nguồn: Nghị quyết 217"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("slug: thu-nghiem", "slug: khac", "differs from the file name"),
        ("valid_from: 2025-01-01", "valid_from: soon", "not a date"),
        ("valid_to: null", "valid_to: 2024-01-01", "before valid_from"),
        ('["học phí bao nhiêu"]', "[]", "questions is empty"),
        ('document: "Nghị quyết 217"', 'document: ""', "source.document"),
        ("status: published", "status: live", "status must be"),
        ("basis: verified", "basis: heard", "basis must be"),
        ('title: Học phí', "title: [1]", "title must be a text"),
        ("slug: thu-nghiem", "slug: [", "not readable as YAML"),
    ],
)  # fmt: skip
def test_a_bad_file_is_named(tmp_path: Path, before: str, after: str, message: str) -> None:
    with pytest.raises(knowledge.EntryError, match=f"thu-nghiem.yml: .*{message}"):
        knowledge.load_entries(write(tmp_path, GOOD.replace(before, after)))


def test_two_versions_of_one_day_are_refused(tmp_path: Path) -> None:
    second = GOOD[GOOD.index("  - status") : GOOD.index("related")].replace("2025-01", "2025-03")
    text = GOOD.replace("related: []", second + "related: []")
    with pytest.raises(knowledge.EntryError, match="two published versions hold on 2025-03-01"):
        knowledge.load_entries(write(tmp_path, text))


def test_the_department_s_own_files_are_readable() -> None:
    found = {entry.slug: entry for entry in knowledge.load_entries(ROOT / "data")}
    assert len(found) >= 100
    for entry in found.values():
        assert set(entry.instead) <= found.keys(), entry.slug
        assert set(entry.related) <= found.keys(), entry.slug
