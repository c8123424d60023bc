"""Candidates in their files, decided by a person, added to a copy of some real data."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from intake_api import cli, knowledge
from intake_api.classify.data import load_feedback
from intake_api.domain.candidate import Candidate, merged
from intake_api.learning import adding, files
from intake_api.settings import ROOT
from tests.builders import the_catalog

FILES = (
    "feedback/dd.khoan_thu.yml", "feedback/e.sgk.yml", "faq/an-danh.yml", "faq/dong-phuc.yml",
    "faq_none/near.yml",
)  # fmt: skip
FEE = {"kind": "criticism", "topic": "dd.khoan_thu", "sentiment": "negative", "urgent": True}
NEW = "Bác tổ trưởng xóm Đoài kể mỗi nhà phải góp hai chục cân thóc mua máy chiếu cho lớp 9C"
ASKED = "Nhà tôi ở quê lên xin giấu biệt danh tính khi gửi thư ngỏ thì các bác có chịu đọc chăng"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    for name in FILES:
        target = tmp_path / "data" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "data" / name, target)
    return tmp_path / "data"


def add(data_dir: Path, *candidates: Candidate) -> list[Candidate]:
    held_out = data_dir.parent / "held"
    held_out.mkdir(exist_ok=True)
    line = {
        "text": "Đồng hồ treo tường của lớp chạy chậm năm phút mà chẳng ai thay pin giúp các cháu"
    }
    (held_out / "feedback.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    rules = the_catalog()
    data = adding.Data(data_dir, held_out, kinds=rules.kinds, topics=rules.topics)
    return adding.add(candidates, data)


def accepted(text: str, label: dict[str, Any]) -> Candidate:
    return Candidate(text, {}, label, status="accepted")


def test_an_accepted_message_joins_its_topic_and_nothing_else_changes(data_dir: Path) -> None:
    path = data_dir / "feedback" / "dd.khoan_thu.yml"
    before = path.read_text("utf-8")
    (done,) = add(data_dir, accepted(NEW, FEE))
    assert done.status == "added"
    after = path.read_text("utf-8")
    line = f'  - {{kind: criticism, sentiment: negative, urgent: true, text: "{NEW}"}}\n'
    assert after == before + line
    assert load_feedback(data_dir)


def test_an_accepted_question_joins_its_entry(data_dir: Path) -> None:
    (done,) = add(data_dir, accepted(f'{ASKED} "hả"', {"entry": "an-danh"}))
    assert done.status == "added"
    entry = next(one for one in knowledge.load_entries(data_dir) if one.slug == "an-danh")
    assert entry.questions[-1] == f'{ASKED} "hả"'


def test_the_marks_of_masking_are_not_learnt(data_dir: Path) -> None:
    add(data_dir, accepted(f"{NEW}\n[số điện thoại] [tên]", FEE))
    assert NEW in [message.text for message in load_feedback(data_dir)]


@pytest.mark.parametrize("status", ["new", "rejected"])
def test_what_nobody_accepted_is_not_added(data_dir: Path, status: str) -> None:
    path = data_dir / "feedback" / "dd.khoan_thu.yml"
    before = path.read_text("utf-8")
    (done,) = add(data_dir, replace(accepted(NEW, FEE), status=status))
    assert done.status == status and path.read_text("utf-8") == before


def test_what_would_spoil_the_data_is_refused_with_its_reason(data_dir: Path) -> None:
    old = load_feedback(data_dir)[0]
    question = knowledge.load_entries(data_dir)[-1].questions[0]
    none = yaml.safe_load((data_dir / "faq_none" / "near.yml").read_text("utf-8"))[0]["text"]
    leaks = "dong ho treo tuong cua lop chay cham nam phut ma chang ai thay pin giup cac chau a"
    tried = {
        "personal data": accepted(f"{NEW}, gọi 0912345678", FEE),
        "stands under": accepted(old.text.upper(), FEE),
        "near duplicate": accepted(old.text + " ạ", FEE),
        "held-out": accepted(leaks, FEE),
        "no topic": accepted(NEW, FEE | {"topic": "../etc"}),
        "unknown kind": accepted(NEW, FEE | {"kind": "gossip"}),
        "no entry": accepted(ASKED, {"entry": "../../x"}),
        "stands under ": accepted(question, {"entry": "an-danh"}),
        "without an entry": accepted(none, {"entry": "an-danh"}),
        "no words": accepted("😀 ?!", FEE),
    }
    done = add(data_dir, *tried.values())
    for why, one in zip(tried, done, strict=True):
        assert one.status == "refused" and why in one.why, (why, one)
        assert one.text[:20] not in one.why


def test_the_same_text_accepted_twice_is_added_once(data_dir: Path) -> None:
    done = add(data_dir, accepted(NEW, FEE), accepted(NEW.lower(), FEE | {"topic": "e.sgk"}))
    assert [one.status for one in done] == ["added", "refused"]


def test_a_new_export_keeps_decisions_and_drops_what_the_store_no_longer_has() -> None:
    kept = [Candidate("một", {}, FEE, status="rejected"), Candidate("hai", {}, FEE)]
    fresh = [Candidate("MỘT!", {}, FEE | {"topic": "e.sgk"}), Candidate("ba", {}, FEE)]
    assert [(one.text, one.status) for one in merged(kept, fresh)] == [
        ("một", "rejected"), ("ba", "new"),
    ]  # fmt: skip


def test_a_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "new" / "picks.yml"
    made = [
        Candidate('Câu "hỏi": # không?\nhai dòng', {"offered": ["a", "b"]}, {"entry": "a"}),
        Candidate("hai", {}, FEE, status="refused", times=3, model="abc", why="no words"),
    ]
    files.write(path, made)
    assert files.read(path) == made
    assert path.stat().st_mode & 0o077 == 0
    assert files.read(tmp_path / "none.yml") == []


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("[", "not a mapping"),
        ("candidates: [5]", "candidate 1"),
        ("candidates: [{text: a, understood: {}, proposed: {}, status: maybe}]", "'maybe'"),
        ("candidates: [{text: a, understood: {}, proposed: 1}]", "candidate 1"),
    ],
)
def test_a_spoilt_file_is_one_sentence(tmp_path: Path, body: str, why: str) -> None:
    path = tmp_path / "picks.yml"
    path.write_text(body, "utf-8")
    result = CliRunner().invoke(cli.main, ["learn", "review", str(path)])
    assert result.exit_code == 2 and why in result.output and "Traceback" not in result.output


def test_a_person_decides_one_by_one_and_may_stop(tmp_path: Path) -> None:
    path = tmp_path / "picks.yml"
    files.write(path, [Candidate(text, {}, {"entry": "a"}) for text in ("một", "hai", "ba", "bốn")])
    result = CliRunner().invoke(cli.main, ["learn", "review", str(path)], input="a\nr\ns\nq\n")
    assert result.exit_code == 0, result.output
    assert [one.status for one in files.read(path)] == ["accepted", "rejected", "new", "new"]
