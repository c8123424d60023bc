"""The main job through Zalo: past the window a reply is held, and goes when she writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from intake_api.channels.zalo_twin import ZaloTwin
from tests.journeys.house import House, opened, until

pytestmark = pytest.mark.rasa
CODE = re.compile(r"PA-\d{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
MOTHER = "6142494823123456789"


class Time:
    """The platform's clock; the house is told the same on its next start."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="module")
def time() -> Time:
    return Time()


@pytest.fixture(scope="module")
def zalo(time: Time) -> Iterator[ZaloTwin]:
    with ZaloTwin(oa_secret="test-oa-secret", now=time.now, echo_sends=True) as made:
        yield made


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, zalo: ZaloTwin) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("house"), changes=zalo.settings) as made:
        zalo.webhook = f"{made.url}/webhooks/zalo"
        yield made


def said(zalo: ZaloTwin) -> str:
    return "\n".join(one.text for one in zalo.sent_to(MOTHER))


def hear(zalo: ZaloTwin, words: str, *wanted: str) -> str:
    """Says ``words`` and waits for answers with all of ``wanted`` in them."""
    before = len(zalo.sent_to(MOTHER))
    assert zalo.say(MOTHER, words).acknowledged

    def answer() -> str | None:
        text = "\n".join(one.text for one in zalo.sent_to(MOTHER)[before:])
        return text if text and all(word in text for word in wanted) else None

    return str(until(answer, what=f"an answer to {words!r} with {wanted}"))


def test_held_past_the_window_and_delivered_when_she_writes(
    house: House, zalo: ZaloTwin, time: Time
) -> None:
    hear(zalo, "tu nam 2025 thi tot nghiep thpt nhung mon nao", "Toán", "Nguồn:", "24/2024")
    hear(zalo, "truong thpt b kim bang thu hoc phi cao qua, phu huynh chung toi khong kham noi")
    hear(zalo, "ẩn danh")
    if not CODE.search(said(zalo)):
        hear(zalo, "đúng rồi, gửi đi", "PA-")
    found = CODE.search(said(zalo))
    assert found is not None
    code = found[0]

    # Fifty hours later, by the clock of the platform and of the house.
    time.ahead = timedelta(hours=50)
    house.kill("intake")
    house.kill("jobs")
    house.env["LANGNGHE_NOW"] = time.now().isoformat()
    house.start("intake", "jobs")
    before = len(zalo.sent_to(MOTHER))
    with closing(house.officer("khtc")) as khtc:
        page = khtc.get(f"/can-bo/y-kien/{code}").text
        assert "quá 48 giờ" in page
        answer = house.reply(khtc, code, page, "Sở đã yêu cầu nhà trường trả lại khoản thu sai.")
        assert answer.status_code == 200
        until(
            lambda: "chưa gửi được" in khtc.get(f"/can-bo/y-kien/{code}").text,
            what="the officer being told",
        )
        assert len(zalo.sent_to(MOTHER)) == before
        hear(zalo, "cho hoi ket qua the nao roi a", "trả lại khoản thu sai")
        # The answer that waited comes first, whatever is said to her new words.
        assert "trả lại khoản thu sai" in zalo.sent_to(MOTHER)[before].text
        until(
            lambda: "chưa gửi được" not in khtc.get(f"/can-bo/y-kien/{code}").text,
            what="the delivery on the case's page",
        )
    assert zalo.refused == []


def test_repeats_and_disorder_are_answered_once(zalo: ZaloTwin, house: House) -> None:
    zalo.hold()
    for words in ("điểm liệt thi tốt nghiệp là bao nhiêu", "cảm ơn"):
        zalo.say("disorder", words)
    assert {one.status for one in zalo.release(shuffled=True, repeat=1.0)} == {200}
    until(lambda: "1,0" in "".join(one.text for one in zalo.sent_to("disorder")), what="the answer")
    answers = [one.text for one in zalo.sent_to("disorder") if "Nguồn:" in one.text]
    assert len(answers) == 1


def test_no_log_carries_words_or_tokens(house: House, zalo: ZaloTwin) -> None:
    for name in ("intake", "jobs"):
        log = (house.folder / f"{name}.log").read_text(errors="replace")
        assert "kim bang" not in log
        assert zalo.access_token not in log and zalo.refresh_token not in log
