from __future__ import annotations

import asyncio
from typing import Any

import pytest

from actions import client
from actions.client import Intake, IntakeDown, IntakeRefused
from tests.actions.build import fake_intake
from tests.bot.fake_intake import TOKEN, FakeIntake


def _call(intake: FakeIntake, *args: Any, token: str = TOKEN, **kwargs: Any) -> Any:
    async def go() -> Any:
        own = Intake(intake.base, token)
        try:
            return await own.call(*args, **kwargs)
        finally:
            await own.close()

    return asyncio.run(go())


def test_answer_and_headers() -> None:
    with fake_intake() as intake:
        body = {"sender": "web:1", "message_id": 1, "text": "thi mấy môn"}
        reply = _call(intake, "POST", "/answer", body, key="web:1/1/answer")
        assert reply["decision"] == "answer"
        assert intake.calls == [("POST", "/bot/v1/answer", body, "web:1/1/answer")]


def test_no_content_is_an_empty_answer() -> None:
    with fake_intake() as intake:
        draft = _call(intake, "POST", "/drafts", {"sender": "s", "message_id": 1, "text": "x"})
        assert _call(intake, "DELETE", f"/drafts/{draft['draft_id']}") == {}


def test_refusal_carries_the_problem() -> None:
    with fake_intake() as intake:
        with pytest.raises(IntakeRefused) as caught:
            _call(intake, "POST", "/answer", {})
        assert caught.value.status == 422
        assert caught.value.problem["title"]


def test_wrong_token_is_refused() -> None:
    with fake_intake() as intake, pytest.raises(IntakeRefused) as caught:
        _call(intake, "POST", "/answer", {}, token="wrong")
    assert caught.value.status == 401


def test_down_is_tried_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_PAUSE", 0)
    tries = []
    real = Intake._once

    async def counted(self: Intake, *args: Any) -> Any:
        tries.append(args[1])
        return await real(self, *args)

    monkeypatch.setattr(Intake, "_once", counted)
    with fake_intake() as intake:
        intake.down = True
        with pytest.raises(IntakeDown):
            _call(intake, "POST", "/answer", {"sender": "s"})
    with pytest.raises(IntakeDown):
        _call(intake, "POST", "/answer", {"sender": "s"})  # nobody listens any more
    assert len(tries) == 4


def test_one_failure_is_made_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_PAUSE", 0)
    with fake_intake() as intake:
        real = intake.handle
        failures = [503]

        def flaky(*args: Any) -> Any:
            return (failures.pop(), {}) if failures else real(*args)

        intake.handle = flaky  # type: ignore[method-assign]
        body = {"sender": "web:1", "message_id": 1, "text": "thi mấy môn"}
        assert _call(intake, "POST", "/answer", body, key="k")["decision"] == "answer"
        assert [c[3] for c in intake.calls] == ["k", "k"]


def test_the_environment_has_no_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_intake", None)
    monkeypatch.delenv("LANGNGHE_BOT_TOKEN", raising=False)
    monkeypatch.setenv("LANGNGHE_INTAKE_URL", "http://127.0.0.1:1")
    with pytest.raises(KeyError, match="LANGNGHE_BOT_TOKEN"):
        client.intake()
