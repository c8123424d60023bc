"""Each refusal of the Send API becomes: again, hold, give up, or unknown."""

import httpx
import pytest
import structlog

from intake_api.channels.base import GiveUp, Hold, ReplyUsed, Retry, Unknown
from intake_api.channels.messenger_errors import CODES, PLATFORM, refusal
from intake_api.channels.meta_graph import ERRORS


def make_refusal(code=None, *, status=400, headers=None, **more):
    error = {"message": "lời của nền tảng", "type": "OAuthException", **more}
    if code is not None:
        error["code"] = code
    return httpx.Response(status, json={"error": error}, headers=headers)


@pytest.mark.parametrize("code", [4, 613, 80006, 1, 2, 1200])
def test_limits_and_passing_trouble_are_tried_again(code):
    assert isinstance(refusal(make_refusal(code)), Retry)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_is_tried_again_whatever_its_body(status):
    for body in (b"", b"<html>", b"[]", b'{"error": 1}', b"[" * 100_000):
        assert isinstance(refusal(httpx.Response(status, content=body)), Retry)


def test_the_platforms_own_waiting_time_is_kept_within_reason():
    assert refusal(make_refusal(613, headers={"Retry-After": "120"})).after_seconds == 120
    assert refusal(make_refusal(613, headers={"Retry-After": "999999"})).after_seconds == 3600
    assert refusal(make_refusal(613, headers={"Retry-After": "soon"})).after_seconds == 60
    assert refusal(httpx.Response(429)).after_seconds == 60


def test_outside_the_window_it_waits_and_is_never_tried_blindly():
    assert isinstance(refusal(make_refusal(10)), Hold)
    assert isinstance(refusal(make_refusal(100, error_subcode=2018278)), Hold)
    assert isinstance(refusal(make_refusal(10, status=500)), Hold)


@pytest.mark.parametrize("code", [100, 200, 230, 368, 551, 10903, 10904, 12345])
def test_what_will_never_work_is_given_up_with_its_number(code):
    error = refusal(make_refusal(code))
    assert isinstance(error, GiveUp)
    assert str(code) in error.reason


def test_an_unknown_error_that_calls_itself_transient_is_tried_again():
    assert isinstance(refusal(make_refusal(12345, is_transient=True)), Retry)
    assert isinstance(refusal(make_refusal(551, is_transient=True)), GiveUp)


def test_a_dead_token_waits_long_and_calls_the_operator():
    with structlog.testing.capture_logs() as logs:
        error = refusal(make_refusal(190, status=401, error_subcode=463))
    assert isinstance(error, Retry)
    assert error.after_seconds >= 600
    (alarm,) = logs
    assert (alarm["event"], alarm["log_level"], alarm["code"]) == ("OperatorAlarm", "error", 190)


@pytest.mark.parametrize("code", [200, 368, 10904])
def test_what_stops_the_whole_page_calls_the_operator(code):
    with structlog.testing.capture_logs() as logs:
        refusal(make_refusal(code))
    assert [one["event"] for one in logs] == ["OperatorAlarm"]


@pytest.mark.parametrize("status", [301, 401, 403, 404])
def test_an_answer_that_is_not_the_platforms_is_tried_again_late_with_an_alarm(status):
    with structlog.testing.capture_logs() as logs:
        error = refusal(httpx.Response(status, content=b"<html>proxy</html>"))
    assert isinstance(error, Retry)
    assert error.after_seconds >= 600
    assert [one["event"] for one in logs] == ["OperatorAlarm"]


def test_the_platforms_words_never_reach_reason_or_log():
    with structlog.testing.capture_logs() as logs:
        reasons = [refusal(make_refusal(code)).reason for code in (190, 10, 551, 200, 77)]
    assert "lời của nền tảng" not in repr([reasons, logs])


@pytest.mark.parametrize("kind", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_without_a_connection_nothing_went_out(kind):
    assert isinstance(PLATFORM.failure(kind("x")), Retry)


@pytest.mark.parametrize(
    "kind",
    [httpx.ReadTimeout, httpx.ReadError, httpx.WriteTimeout, httpx.WriteError,
     httpx.RemoteProtocolError, httpx.DecodingError],
)  # fmt: skip
def test_once_the_message_is_on_its_way_nobody_knows(kind):
    assert isinstance(PLATFORM.failure(kind("x")), Unknown)


def test_a_wrong_address_calls_the_operator():
    with structlog.testing.capture_logs() as logs:
        assert isinstance(PLATFORM.failure(httpx.UnsupportedProtocol("x")), Retry)
    assert [one["event"] for one in logs] == ["OperatorAlarm"]


def test_every_refusal_of_the_interface_document_and_of_the_simulated_meta_has_a_verdict():
    named = {10900, 10903, 10, 551, 613, 190, 368, 200, 230, 100, 10904}
    assert named <= set(CODES)
    assert set(ERRORS) == set(CODES)


def test_a_comment_answered_before_waits_for_the_person_and_is_never_tried_again():
    error = refusal(make_refusal(10900))
    assert isinstance(error, ReplyUsed) and isinstance(error, Hold)


def test_a_conversation_that_another_application_holds_waits():
    assert isinstance(refusal(make_refusal(10, error_subcode=2018300)), Hold)


def test_a_comment_that_is_gone_is_given_up():
    assert "không còn" in refusal(make_refusal(100, error_subcode=33)).reason
