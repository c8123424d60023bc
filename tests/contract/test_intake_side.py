"""The intake accepts what the assistant sends and answers with what the assistant reads.

The same files are the assistant's tests (tests/actions, on Python 3.10): the two sides never share
a process, so these examples are the only thing that keeps them together.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from intake_api.flow import preview
from intake_api.store import Store
from tests import builders

EXAMPLES = sorted((Path(__file__).parent / "bot_api").glob("*.json"))
# These show trouble that has its own tests: a refused token, a draft that is gone.
TROUBLE = {"refused", "draft_gone"}


BUTTONS = json.loads((Path(__file__).parent / "answer_buttons.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", BUTTONS, ids=lambda one: one["about"])
def test_the_preview_shows_the_buttons_that_the_assistant_offers(example: Any) -> None:
    """tests/actions reads the same file."""
    found = preview.buttons_of(example["answer"])
    assert [{"title": b.title, "payload": b.payload} for b in found] == example["buttons"]


class Situation:
    """A conversation with a draft and a case, whose ids stand in for those of the examples."""

    def __init__(self, store: Store) -> None:
        builders.load_faq(store)
        self.app = builders.make_app(store)
        self.client = self.app.test_client()
        self.run = self.app.extensions["langnghe"]
        self.received = builders.make_case(self.run.services)
        self.own = f"web:{self.received.case.conversation_id}"
        with store.transaction() as tx:
            self.other = f"web:{builders.make_conversation(tx).id}"
        text = "truong thcs Tran Phu Phu Ly thu quy lop 500k ma khong co phieu thu"
        self.draft = self.send(
            "POST", "/bot/v1/drafts", {"sender": self.other, "message_id": 1, "text": text}, "first"
        ).json["draft_id"]

    def send(self, method: str, path: str, body: Any, key: str) -> Any:
        headers = {"Authorization": "Bearer " + "b" * 40, "Idempotency-Key": key}
        return self.client.open(path, method=method, json=body, headers=headers)

    def open_consultation(self) -> None:
        """Has a draft before the public, and the comment be about it."""
        from tests.flow.consult_house import Office

        Office(self.run.services, builders.MovingClock()).opened()
        words = {"text_replace": "góp ý dự thảo dạy thêm: nên bỏ giới hạn 20 giờ"}
        self.send("PATCH", f"/bot/v1/drafts/{self.draft}", words, "about")

    def translate(self, value: Any, sender: str) -> Any:
        text = json.dumps(value, ensure_ascii=False)
        text = text.replace("web:c0ffee12", sender).replace("d-7f3a", self.draft)
        text = text.replace("PA-2611-7K3M-9QX4", self.received.case.code)
        text = text.replace("482913", self.received.pin)
        return json.loads(text)


@pytest.fixture
def situation(store: Store) -> Situation:
    return Situation(store)


def same_shape(wanted: Any, found: Any, where: str) -> None:
    """Every member that the assistant reads is there, with the same type of value."""
    if wanted is None or found is None:
        return
    assert type(wanted) is type(found), f"{where}: {type(found).__name__}"
    if isinstance(wanted, dict):
        for name, value in wanted.items():
            assert name in found, f"{where}.{name} is missing"
            same_shape(value, found[name], f"{where}.{name}")
    elif isinstance(wanted, list) and wanted and found:
        same_shape(wanted[0], found[0], f"{where}[0]")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_holds_on_this_side(path: Path, situation: Situation) -> None:
    example = json.loads(path.read_text(encoding="utf-8"))
    request, response = example["request"], example["response"]
    if path.stem in TROUBLE:
        assert response["status"] >= 400 and "type" in (response["body"] or {"type": ""})
        return
    if path.stem == "submit_draft_comment":
        situation.open_consultation()
    sender = situation.own if path.stem == "status" else situation.other
    found = situation.send(
        request["method"],
        situation.translate(request["path"], sender),
        situation.translate(request.get("body"), sender),
        situation.translate(request["headers"].get("Idempotency-Key", "k"), sender),
    )
    assert found.status_code == response["status"], found.get_data(as_text=True)
    if response["body"]:
        same_shape(response["body"], found.json, path.stem)


def test_a_repeated_change_is_made_once(situation: Situation, store: Store) -> None:
    from intake_api.store import cases

    for _ in range(2):
        answer = situation.send(
            "PATCH", f"/bot/v1/drafts/{situation.draft}", {"text_append": "thêm một câu"}, "again"
        )
        assert answer.status_code == 200
    with store.reading() as tx:
        draft = cases.draft(tx, situation.draft)
    assert draft is not None and draft.text.count("thêm một câu") == 1
