"""Decisions of the forms that are awkward to reach in a conversation."""

from __future__ import annotations

import pytest

from actions.answers import short_title
from actions.confirming import agrees, receipt_text
from actions.danger import ValidateDangerForm
from actions.digression import lets_go
from actions.feedback_form import ActionRestart, ValidateFeedbackForm
from actions.turn import read_turn
from tests.actions.build import fake_intake, run, slots_of, tracker
from tests.bot.fake_intake import example


def test_titles_are_cut_at_words() -> None:
    assert short_title("Lịch thi 2025") == "Lịch thi 2025"
    assert short_title("Cách tính điểm xét tốt nghiệp") == "Cách tính điểm xét…"
    assert all(len(short_title("một hai ba bốn " * n)) <= 20 for n in range(1, 5))


def test_receipt_holds_every_fact_once() -> None:
    full = example("submit")["response"]["body"]
    assert receipt_text(full).count(full["code"]) == 1
    bare = receipt_text({**full, "receipt": ["Sở đã nhận phản ánh."]})
    assert all(fact in bare for fact in (full["code"], full["pin"], full["unit_name"], full["due"]))
    assert "None" not in receipt_text({**full, "receipt": [], "due": None})


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "expected"),
    [
        ("hủy", "cancel", 0.9, True),
        ("thôi không gửi nữa", "cancel", 0.4, True),
        ("vâng chuẩn rồi", "cancel", 0.4, False),
        ("/report_danger", "report_danger", 1.0, True),
        ("cháu đánh nhau", "report_danger", 0.5, False),
        ("cháu ngất xỉu rồi", "report_danger", 0.8, True),
        ("cho gặp cán bộ", "talk_to_person", 0.8, True),
        ("cô bảo " + "tôi muốn gặp người phụ trách trường " * 4, "talk_to_person", 0.9, False),
        ("cô giáo ép học thêm", "give_feedback", 0.9, False),
    ],
)
def test_what_breaks_a_form(text: str, intent: str, confidence: float, expected: bool) -> None:
    assert lets_go(read_turn(tracker(text, intent, confidence))) is expected


@pytest.mark.parametrize(
    ("text", "confidence", "expected"),
    [
        ("đồng ý", 0.9, True),
        ("/affirm", 1.0, True),
        ("không có gì sai cả, gửi được rồi", 0.8, True),
        ("chưa gửi vội", 0.6, False),
        ("đừng gửi vội", 0.6, False),
        ("ờ", 0.35, False),
    ],
)
def test_consent_is_never_guessed(text: str, confidence: float, expected: bool) -> None:
    assert agrees(read_turn(tracker(text, "affirm", confidence))) is expected


def test_an_expired_draft_is_opened_again_with_its_content() -> None:
    gone = {"draft_id": "d-0000", "text": "thu quỹ ở Trần Phú", "needs_place": True}
    slots = {"requested_slot": "place", "draft": gone, "content": "x"}
    with fake_intake() as intake:
        events, _ = run(intake, ValidateFeedbackForm(), tracker("THCS Liêm Chính", slots=slots))
        posted = [c for c in intake.calls if c[0] == "POST"]
    assert posted[0][2]["text"] == "thu quỹ ở Trần Phú"
    assert slots_of(events)["draft"]["draft_id"] != "d-0000"
    assert slots_of(events)["requested_slot"] == "contact"


def test_names_and_numbers_do_not_stay_in_rasa_slots() -> None:
    draft = {"draft_id": "d-0000", "text": "thu quỹ", "needs_place": False}
    slots = {"requested_slot": "contact", "draft": draft, "content": "thu quỹ"}
    with fake_intake() as intake:
        events, messages = run(
            intake, ValidateFeedbackForm(), tracker("Lan 0900000123", slots=slots)
        )
    assert "0900000123" not in str(events)
    assert "0900000123" not in str(messages)


def test_a_new_sentence_after_a_broken_form_is_a_new_draft() -> None:
    with fake_intake() as intake:
        _, _ = run(intake, ValidateFeedbackForm(), tracker("thu quỹ ở Trần Phú", "give_feedback"))
        first = next(iter(intake.drafts))
        old = {"draft_id": first, "text": "thu quỹ", "needs_place": False}
        slots = {"draft": old, "content": "thu quỹ", "contact": "given"}
        said = tracker("cô giáo ép học thêm", "give_feedback", slots=slots)
        said.latest_message["metadata"]["message_id"] = 42
        events, _ = run(intake, ValidateFeedbackForm(), said)
        assert first not in intake.drafts
    assert slots_of(events)["content"] == "cô giáo ép học thêm"
    assert slots_of(events)["requested_slot"] == "place"


def test_numbers_come_without_the_intake() -> None:
    with fake_intake() as intake:
        intake.down = True
        _, messages = run(intake, ValidateDangerForm(), tracker("em bị đánh", "report_danger"))
    assert messages[0]["response"] == "utter_danger_numbers"


def test_numbers_are_not_repeated_after_the_intake() -> None:
    with fake_intake() as intake:
        said = tracker("/report_danger", "report_danger", danger=True)
        events, messages = run(intake, ValidateDangerForm(), said)
        assert intake.calls == []
    assert messages == []
    assert slots_of(events)["requested_slot"] == "danger_where"


def test_restart_survives_a_missing_intake() -> None:
    with fake_intake() as intake:
        intake.down = True
        slots = {"draft": {"draft_id": "d-1", "text": "x"}}
        events, messages = run(intake, ActionRestart(), tracker("reset", "restart", slots=slots))
    assert events[-1]["event"] == "restart"
    assert messages[0]["response"] == "utter_restart"


def test_a_comment_on_a_draft_is_asked_which_part_after_the_receipt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted = example("submit_draft_comment")["response"]["body"]
    with fake_intake() as intake:
        monkeypatch.setattr(intake, "_submit", lambda _draft: wanted)
        intake.drafts["d-7f3a"] = {
            "reply": example("draft")["response"]["body"], "text": "x", "sender": "s", "fields": {},
        }  # fmt: skip
        slots = {
            "draft": {"draft_id": "d-7f3a", "text": "x", "issues": []}, "content": "x",
            "contact": "given", "requested_slot": "confirm",
        }  # fmt: skip
        _events, said = run(
            intake, ValidateFeedbackForm(), tracker("/affirm", "affirm", slots=slots)
        )
    assert [one["response"] for one in said] == ["utter_receipt", "utter_notice"]
    assert said[1]["notice"] == wanted["next"]["text"]
    assert said[1]["buttons"] == wanted["next"]["buttons"]
