"""The path on Zalo: choices by number, the window, followers, echoes, tokens that rotate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from intake_api.channels import zalo_events
from intake_api.channels.adapters import adapters_for
from intake_api.channels.zalo_twin import ZaloTwin
from intake_api.flow import converse, outgoing
from intake_api.flow.services import BotReply, Services
from intake_api.jobs.deliver import deliver
from intake_api.jobs.kept import KeptParts, KeptTokens
from intake_api.store import Store, channel_tokens, conversations
from tests import builders
from tests.builders import MovingClock

MOTHER = "4004"


class Talk:
    """A person, the intake's flow and the simulated Zalo, without processes between them."""

    def __init__(self, services: Services, zalo: ZaloTwin, clock: MovingClock) -> None:
        self.services, self.zalo, self.clock = services, zalo, clock
        given = {name.removeprefix("LANGNGHE_").lower(): v for name, v in zalo.settings.items()}
        settings = builders.make_settings(**given)
        self.adapters = adapters_for(
            settings,
            parts=KeptParts(services.store, services.now),
            tokens=keep(services, zalo.refresh_token),
            now=services.now,
        )

    def hears(self, body: Any) -> None:
        name = str(body.get("event_name"))
        if name.startswith("user_"):
            self.zalo.people.interacted(MOTHER, self.services.now())
        with self.services.store.transaction() as tx:
            converse.store_events(
                tx, self.services, channel="zalo", now=self.services.now(),
                events=zalo_events.parse(body, now=self.services.now()),
            )  # fmt: skip

    def says(self, words: str) -> None:
        self.clock.at += timedelta(seconds=1)
        self.hears(self.zalo.text(MOTHER, words))
        self.turn()

    def turn(self) -> None:
        deliver(self.services, self.adapters, self.name)
        converse.take_turn(self.services, self.name)
        deliver(self.services, self.adapters, self.name)

    def writes(self, *texts: str, author: str = "staff") -> None:
        name = self.name
        with self.services.store.transaction() as tx:
            for text in texts:
                talk = conversations.get(tx, name)
                assert talk is not None
                conversations.add_outbound(
                    tx, talk, text=text, payload=None, author=author, now=self.services.now()
                )
        deliver(self.services, self.adapters, name)

    @property
    def name(self) -> str:
        with self.services.store.transaction() as tx:
            return conversations.get_or_create(
                tx, channel="zalo", external_id=MOTHER, now=self.services.now()
            ).id

    @property
    def got(self) -> list[str]:
        return [one.text for one in self.zalo.sent_to(MOTHER)]

    def states(self) -> list[str]:
        name = self.name
        with self.services.store.reading() as tx:
            found = conversations.messages(tx, name)
            return [one.state for one in found if one.direction == "out"]

    def why(self) -> str:
        name = self.name
        with self.services.store.reading() as tx:
            talk = conversations.get(tx, name)
            assert talk is not None
            now = self.services.now()
            return outgoing.way_for(tx, self.services, talk, now=now, by_person=True).reason


def keep(services: Services, first: str, secret: bytes = b"secret") -> KeptTokens:
    return KeptTokens(services.store, services.now, channel="zalo", first=first, secret=secret)


@pytest.fixture
def zalo(clock: MovingClock) -> Iterator[ZaloTwin]:
    with ZaloTwin(oa_secret="test-oa-secret", now=clock.now) as made:
        yield made


@pytest.fixture
def talk(services: Services, zalo: ZaloTwin, clock: MovingClock) -> Talk:
    return Talk(services, zalo, clock)


def offers(text: str) -> list[BotReply]:
    if text == "/give_feedback":
        return [BotReply("Anh/chị muốn nói điều gì?")]
    choices = ({"title": "Hỏi", "payload": "/ask_question"},
               {"title": "Góp ý", "payload": "/give_feedback"})  # fmt: skip
    return [BotReply("Anh/chị chọn:", buttons=choices)]


@pytest.fixture
def choosing(store: Store, clock: MovingClock, zalo: ZaloTwin) -> Talk:
    assistant = builders.ScriptedAssistant(offers)
    return Talk(builders.make_services(store, clock=clock, assistant=assistant), zalo, clock)


def test_a_question_is_answered_on_zalo(talk: Talk) -> None:
    talk.says("xin chào")
    assert talk.got == ["Nghe: xin chào"]
    assert talk.states() == ["sent"]


@pytest.mark.parametrize("number", ["2", " 2. ", "số 2", "Chọn 2"])
def test_a_number_is_the_choice_that_was_offered(choosing: Talk, number: str) -> None:
    choosing.says("chào")
    choosing.says(number)
    assert choosing.got[-1] == "Anh/chị muốn nói điều gì?"


@pytest.mark.parametrize("number", ["3", "0", "12", "2024"])
def test_a_number_that_was_not_offered_stays_words(choosing: Talk, number: str) -> None:
    choosing.says("chào")
    choosing.says(number)
    assert choosing.got[-1].startswith("Anh/chị chọn:")


def test_a_number_after_other_words_is_no_choice(choosing: Talk) -> None:
    choosing.says("chào")
    choosing.services.assistant.answer = lambda text: [BotReply(f"Nghe: {text}")]  # type: ignore[attr-defined]
    choosing.says("lớp con tôi có bao nhiêu bạn?")
    choosing.says("2")
    assert choosing.got[-1] == "Nghe: 2"


def test_past_the_window_a_reply_is_held_and_goes_first_when_she_writes(
    talk: Talk, clock: MovingClock
) -> None:
    talk.says("xin chào")
    clock.at += timedelta(hours=50)
    talk.writes("Sở đã yêu cầu trả lại tiền.")
    assert talk.states() == ["sent", "held"]
    assert "48 giờ" in talk.why()
    assert len(talk.got) == 1
    clock.at += timedelta(days=3)
    talk.says("có tin gì chưa ạ")
    assert talk.got[1:] == ["Sở đã yêu cầu trả lại tiền.", "Nghe: có tin gì chưa ạ"]
    assert talk.zalo.refused == []


def test_the_ninth_reply_waits_for_her_next_word(talk: Talk) -> None:
    talk.says("xin chào")
    talk.writes(*(f"tin {n}" for n in range(8)))
    assert talk.got[-1] == "tin 6"
    assert "8 tin" in talk.why()
    talk.says("dạ")
    assert talk.got[-2:] == ["tin 7", "Nghe: dạ"]
    assert talk.zalo.refused == []


def test_what_the_platform_refuses_is_held_too(talk: Talk) -> None:
    talk.says("xin chào")
    talk.zalo.fail(-230)
    talk.writes("trả lời")
    assert talk.states() == ["sent", "held"]


def test_a_tap_opens_the_window_again(talk: Talk, clock: MovingClock) -> None:
    talk.says("xin chào")
    clock.at += timedelta(hours=50)
    event = talk.zalo.text(MOTHER, "")
    talk.hears({**event, "event_name": "user_click_button"})
    talk.writes("trả lời")
    assert talk.got[-1] == "trả lời"


def test_whoever_stops_following_is_left_alone_until_she_writes(
    talk: Talk, clock: MovingClock
) -> None:
    from intake_api.channels import zalo_bodies

    talk.says("xin chào")
    clock.at += timedelta(minutes=1)
    at = int(clock.at.timestamp() * 1000)
    who = {"app": "3003", "oa": "6006", "person": MOTHER}
    talk.hears(zalo_bodies.follow(**who, at=at, leaves=True))
    # The follow that came before it arrives late: what happened last counts.
    talk.hears(zalo_bodies.follow(**who, at=at - 30_000))
    talk.writes("trả lời")
    assert talk.states() == ["sent", "held"]
    assert "không còn quan tâm" in talk.why()
    clock.at += timedelta(minutes=1)
    talk.says("tôi hỏi tiếp")
    assert talk.got[1:] == ["trả lời", "Nghe: tôi hỏi tiếp"]


def test_an_officer_in_zalos_manager_silences_the_bot_and_our_own_echo_does_not(
    talk: Talk, clock: MovingClock
) -> None:
    from intake_api.channels import zalo_bodies

    who = {"app": "3003", "oa": "6006", "person": MOTHER, "at": int(clock.at.timestamp() * 1000)}
    talk.says("xin chào")
    talk.hears(zalo_bodies.oa_said("Nghe: xin chào", msg_id="e1", **who))
    talk.says("hai")
    assert talk.got == ["Nghe: xin chào", "Nghe: hai"]
    talk.hears(zalo_bodies.oa_said("Chào chị, tôi là cán bộ Sở.", msg_id="e2", **who))
    talk.says("ba")
    talk.says("1")  # an answer to the officer, not the choice that the notice offered
    assert "Nghe: ba" not in talk.got
    assert "tạm dừng" in talk.got[-1]


def test_danger_gets_the_numbers_first(talk: Talk) -> None:
    talk.says("cháu bị bố đánh chảy máu đầu cứu cháu với")
    assert all(number in talk.got[0] for number in ("111", "113", "115"))


def test_the_new_pair_is_stored_and_survives_a_restart(
    services: Services, talk: Talk, zalo: ZaloTwin
) -> None:
    first = zalo.refresh_token
    talk.says("xin chào")
    assert (zalo.renewals, zalo.refresh_token != first) == (1, True)
    again = keep(services, first)
    assert (again.read().access, again.read().refresh) == (zalo.access_token, zalo.refresh_token)


def test_whoever_reads_the_database_cannot_use_the_tokens(
    services: Services, talk: Talk, zalo: ZaloTwin
) -> None:
    first = zalo.refresh_token
    talk.says("xin chào")
    with services.store.reading() as tx:
        row = channel_tokens.get(tx, "zalo")
    assert row is not None and zalo.access_token not in row.box
    # With another key there is nothing to go on with but what the settings hold.
    assert keep(services, first, b"other").read().refresh == first


def test_a_new_grant_in_the_settings_counts_from_the_next_start(
    services: Services, talk: Talk
) -> None:
    talk.says("xin chào")
    granted = keep(services, "granted-anew")
    assert (granted.read().refresh, granted.read().access) == ("granted-anew", "")


def test_one_renews_and_a_dead_one_gives_the_claim_back(
    services: Services, clock: MovingClock
) -> None:
    one, two = keep(services, "first"), keep(services, "first")
    assert one.claim("") is not None
    assert two.claim("") is None
    clock.at += timedelta(seconds=31)
    assert two.claim("") is not None
    two.give_back()
    assert one.claim("other") is None
    assert one.claim("") is not None
