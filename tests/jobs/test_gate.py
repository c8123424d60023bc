"""When a channel may be sent on."""

from __future__ import annotations

import structlog

from intake_api.jobs.gate import Gate


class Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_limit_says_how_long_to_wait_and_holds_for_its_channel_alone() -> None:
    gate = Gate({"zalo": "2/minute"})
    assert [gate.wait("zalo"), gate.wait("zalo")] == [0.0, 0.0]
    assert 0 < gate.wait("zalo") <= 60
    assert gate.wait("messenger") == 0.0


def test_an_outage_closes_the_channel_one_tries_and_the_operator_is_told_once() -> None:
    clock = Clock()
    gate = Gate(clock=clock)
    with structlog.testing.capture_logs() as logs:
        assert gate.failed("zalo", after=1.0, reason="x") == 2.0
        assert gate.down() == {"zalo"}
        assert gate.wait("zalo") == 2.0
        assert gate.wait("messenger") == 0.0
        clock.at = 2.0
        assert gate.wait("zalo") == 0.0  # one tries …
        assert gate.wait("zalo") > 0  # … and the others wait for what comes
        assert gate.failed("zalo", after=1.0, reason="x") == 4.0
        for _ in range(9):
            step = gate.failed("zalo", after=1.0, reason="x")
        assert step == 60.0
        assert gate.worked("zalo")
        assert not gate.worked("zalo")
        assert gate.wait("zalo") == 0.0
    assert [one["event"] for one in logs] == ["OperatorAlarm", "channel_back"]


def test_where_somebody_has_to_act_it_is_tried_as_rarely_as_the_platform_says() -> None:
    gate = Gate(clock=Clock())
    assert gate.failed("zalo", after=900.0, reason="x") == 900.0
