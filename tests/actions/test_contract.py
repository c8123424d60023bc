"""What the actions send is what tests/contract/bot_api says, byte for byte in its JSON."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from rasa_sdk import Action, Tracker

from actions.answers import ActionAnswer, ActionOffer
from actions.danger import ValidateDangerForm
from actions.feedback_form import ActionCancelFeedback, ValidateFeedbackForm
from actions.people import ActionHandoff, ActionPress
from actions.status import ValidateStatusForm
from tests.actions.build import fake_intake, run, tracker
from tests.bot.fake_intake import CONTRACT, FakeIntake, example

DRAFT = {"draft_id": "d-7f3a", "text": "truong thu quy", "needs_place": False, "issues": []}
OPEN = {"draft": DRAFT, "content": "truong thu quy", "contact": "given"}
ASK = {"requested_slot": "contact", "draft": DRAFT, "content": "x"}
CONFIRM = {**OPEN, "requested_slot": "confirm"}
OFFER = {"offer": {"do": "send_question", "text": example("handoff")["request"]["body"]["text"]}}
PIN = {"requested_slot": "status_pin", "status_code": "PA-2611-7K3M-9QX4"}

CASES: list[tuple[str, Action, Tracker]] = [
    ("answer", ActionAnswer(), tracker("thi tốt nghiệp 2025 thi mấy môn", "ask_question")),
    ("answer_suggest", ActionAnswer(), tracker("thi tốt nghiệp", "ask_question")),
    (
        "answer_slug",
        ActionAnswer(),
        tracker("/pick_answer", "pick_answer", entities={"slug": "thi-tn-2025-lich"}),
    ),
    (
        "answer_more",
        ActionAnswer(),
        tracker("/more_answer", "more_answer", entities={"slug": "thi-tn-2025-mon-thi"}),
    ),
    (
        "draft",
        ValidateFeedbackForm(),
        tracker(
            "truong thcs Tran Phu Phu Ly thu quy lop 500k ma khong co phieu thu", "give_feedback"
        ),
    ),
    ("draft_change", ValidateFeedbackForm(), tracker("Lan 0900000123", slots=ASK)),
    ("draft_anonymous", ValidateFeedbackForm(), tracker("ẩn danh", "anonymous", slots=ASK)),
    ("draft_consent", ValidateFeedbackForm(), tracker("/affirm", "affirm", slots=CONFIRM)),
    ("submit", ValidateFeedbackForm(), tracker("/affirm", "affirm", slots=CONFIRM)),
    ("delete", ActionCancelFeedback(), tracker("hủy", "cancel", slots=OPEN)),
    ("status", ValidateStatusForm(), tracker("phản ánh của tôi đến đâu rồi", "check_status")),
    ("status_none", ValidateStatusForm(), tracker("tra cứu", "check_status")),
    (
        "status_pin",
        ValidateStatusForm(),
        tracker("482913", slots=PIN, loop="status_form"),
    ),
    ("press", ActionPress(), tracker(example("press")["request"]["body"]["text"])),
    ("danger", ValidateDangerForm(), tracker("con tôi bị bạn đánh chảy máu đầu", "report_danger")),
    (
        "handoff",
        ActionHandoff(),
        tracker(
            "/send_question",
            "send_question",
            slots=OFFER,
        ),
    ),
    (
        "handoff",
        ActionOffer(),
        tracker(
            "có",
            "affirm",
            slots=OFFER,
        ),
    ),
]  # fmt: skip


def _with_draft(intake: FakeIntake) -> None:
    intake.drafts[DRAFT["draft_id"]] = {
        "reply": copy.deepcopy(example("draft")["response"]["body"]),
        "text": "truong thu quy",
        "sender": "web:c0ffee12",
        "fields": {},
    }


@pytest.mark.parametrize(
    ("name", "action", "said"), CASES, ids=[f"{n}-{type(a).__name__}" for n, a, _ in CASES]
)
def test_request_is_the_agreed_one(name: str, action: Action, said: Tracker) -> None:
    agreed: dict[str, Any] = example(name)["request"]
    with fake_intake() as intake:
        _with_draft(intake)
        run(intake, action, copy.deepcopy(said))
        sent = intake.calls
    assert any(
        (method, path, body or None, key)
        == (
            agreed["method"],
            agreed["path"],
            agreed["body"],
            agreed["headers"].get("Idempotency-Key", ""),
        )
        for method, path, body, key in sent
    ), sent


def test_every_example_is_complete() -> None:
    for path in sorted(CONTRACT.glob("*.json")):
        content = example(path.stem)
        assert set(content) == {"about", "request", "response"}
        assert set(content["request"]) == {"method", "path", "headers", "body"}
        assert set(content["response"]) == {"status", "body"}
        assert content["request"]["headers"]["Authorization"].startswith("Bearer ")
