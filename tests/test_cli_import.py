"""``langnghe import`` as an operator uses it: look, ask, bring in, and again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from intake_api import cli
from intake_api.store import Store
from intake_api.store.tables import Case, Outbox

TABLE = """Ngày;Nội dung;Trả lời
15/7/2023;Trường THCS Trần Phú thu quỹ lớp 500 nghìn không có phiếu thu;Đã trả lại
16/7/2023;Phòng học dột nát không ai sửa;
hôm qua;Không rõ ngày;
16/7/2023;Phòng học dột nát, không ai sửa;
"""


def run(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(cli.main, ["import", *arguments], input=answer)


def count(store: Store, table: type) -> int:
    with store.reading() as tx:
        return tx.query(table).count()


def test_a_table_is_looked_at_asked_about_and_brought_in_once(
    cli_store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "so.csv"
    path.write_text(TABLE, encoding="utf-8-sig")
    shown = run("table", str(path), "--preview")
    assert shown.exit_code == 0, shown.output
    assert "text         ← Nội dung" in shown.output
    assert "2  become closed cases" in shown.output and "line 4: ngày" in shown.output
    assert "1  are here already or stand twice" in shown.output
    refused = run("table", str(path), answer="n\n")
    assert refused.exit_code == 0 and count(cli_store, Case) == 0
    done = run("table", str(path), answer="y\n")
    assert "2 brought in, 2 of them cases; 1 were here, 1 were left out" in done.output
    assert count(cli_store, Case) == 2 and count(cli_store, Outbox) == 0
    again = run("table", str(path), "--yes")
    assert "brought in before" in again.output and count(cli_store, Case) == 2


def test_a_pages_export_is_brought_in(cli_store: Store, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    comment = {"id": "7_1", "message": "trường thu tiền quỹ lớp sai quy định quá nhiều",
               "created_time": "2023-09-01T02:00:00+0000", "from": {"id": "4"}}  # fmt: skip
    post = {"id": "1_7", "message": "Thông báo", "created_time": "2023-09-01T01:00:00+0000",
            "comments": {"data": [comment]}}  # fmt: skip
    path.write_text(json.dumps({"data": [post]}))
    done = run("page", str(path), "--yes")
    assert "Nobody was sent anything" in done.output, done.output
    assert count(cli_store, Case) == 1


@pytest.mark.parametrize(("verb", "raw"), [("table", "a,b\n1,2"), ("page", "{}")])
def test_a_file_that_is_none_ends_with_one_sentence(
    cli_store: Store, tmp_path: Path, verb: str, raw: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(raw)
    for name in (str(path), str(tmp_path / "none.csv")):
        failed = run(verb, name)
        assert failed.exit_code == 2
        assert failed.output.count("\n") <= 2 and "Traceback" not in failed.output
