"""A circular is replaced: the entries on it are flagged, one gets a new answer, a second person
approves, and from then on everybody is told the new rule; who asks about 2023 is told that of 2023.

Through the doors: the workbench's pages, the assistant's door, and two processes' indexes. Rasa
would only pass the question on.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake_api.runtime import LiveIndex
from intake_api.store import faq as rows
from tests import builders
from tests.journeys.town import Town, index, opened
from tests.staff import house

SLUG = "danh-gia-trung-hoc"
NEW = "Từ 20/11/2026, kết quả học tập xếp ba mức: Tốt, Đạt, Chưa đạt."
TODAY, OF_2023 = "xếp loại học sinh THCS có mấy mức", "năm 2023 xếp loại học sinh thcs có mấy mức"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with opened(tmp_path, "e.") as made:
        yield made


def first_answer(town: Town, text: str) -> dict[str, Any]:
    found = town.ask(text)
    assert found["decision"] == "answer", (text, found["decision"])
    first: dict[str, Any] = found["answers"][0]
    return first


def answer_of(elsewhere: LiveIndex) -> str:
    """What another process would answer with today."""
    version = elsewhere().entries[SLUG].version_on(builders.NOW.date())
    return version.answer if version else ""


def test_the_old_rule_ends_for_today_and_stays_for_its_time(town: Town) -> None:
    elsewhere = index(town.store)
    before = first_answer(town, TODAY)
    assert answer_of(elsewhere) in before["text"]
    assert before["slug"] == SLUG and "22/2021" in before["source"]
    editor = house.desk(town.app, "bientap", "editor", None)
    lead = house.desk(town.app, "gdtrh", "lead", "GDTRH")

    # The register learns that another circular has taken the place of the old one.
    with town.store.reading() as tx:
        old = {one.key: one for one in rows.documents(tx)}["22/2021/tt-bgddt"]
    editor.get("/can-bo/hoi-dap/van-ban/moi")
    new = editor.post(
        "/can-bo/hoi-dap/van-ban/moi", title="Thông tư 77/2026/TT-BGDĐT",
        issuer="Bộ Giáo dục và Đào tạo", issued_on="2026-10-01", valid_from="2026-11-20",
    ).location.rsplit("/", 1)[1]  # fmt: skip
    editor.post(
        f"/can-bo/hoi-dap/van-ban/{old.id}", title=old.title, issuer=old.issuer, replaced_by=new
    )

    # Every entry that goes on is flagged, and the unit in charge has been told.
    flagged = editor.get("/can-bo/hoi-dap?xem=can-sua")
    assert f"/can-bo/hoi-dap/muc/{SLUG}" in flagged
    assert "22/2021/TT-BGDĐT hết hiệu lực" in lead.get("/can-bo/thong-bao")
    assert first_answer(town, TODAY)["text"] == before["text"]  # nothing has been published yet

    # A draft by the new circular, with the old answer ending where the new one begins.
    made = editor.post(f"/can-bo/hoi-dap/muc/{SLUG}/theo/{old.id}")
    form = editor.get(made.location)
    fields = dict(re.findall(r'<input[^>]* name="([\w]+)" [^>]*value="([^"]*)"', form))
    fields |= {"title": "Xếp loại, khen thưởng học sinh THCS, THPT", "short": "Xếp loại THCS, THPT",
               "topic": "e.danh_gia_hs", "owner": "GDTRH"}  # fmt: skip
    areas = dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n([^<]*)</textarea>', form))
    sources = {"v1_source": str(old.id), "v2_source": new, "v2_details": "", "v2_answer": NEW}
    fields.pop("v1_drop", None), fields.pop("v2_drop", None)
    saved = editor.post(made.location, **{**fields, **areas, **sources, "do": "save"})
    page = editor.get(saved.location)
    assert "từ 20/11/2026 (mới)" in page and "đến 19/11/2026" in page
    editor.post(f"{saved.location}/buoc/gui")

    # Somebody else sees what it changes and approves.
    page = lead.get(saved.location)
    assert "Vẫn mục này, lời mới" in page
    lock = re.search(r'name="lock" value="(\d+)"', page)
    assert lock is not None
    lead.post(f"{saved.location}/buoc/duyet", lock=lock[1])

    # In this process and in another (how soon: tests/flow/test_faq_entries.py).
    published = time.monotonic()
    while NEW not in first_answer(town, TODAY)["text"] or NEW not in answer_of(elsewhere):
        assert time.monotonic() - published < 20
        time.sleep(0.1)
    assert "77/2026" in first_answer(town, TODAY)["source"]
    past = first_answer(town, OF_2023)
    assert past["text"] == before["text"] and "22/2021" in past["source"]
    assert past["validity"] == "Quy định cũ, áp dụng từ 5/9/2021 đến 19/11/2026"
    assert f"/muc/{SLUG}" not in editor.get("/can-bo/hoi-dap?xem=can-sua")
