"""What Zalo's webhook bodies mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_api.channels import zalo_bodies, zalo_events

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
AT = int(NOW.timestamp() * 1000)
WHO = {"app": "3003", "oa": "6006", "person": "6142494823123456789", "at": AT}


def one(body):
    (event,) = zalo_events.parse(body, now=NOW)
    return event


def said(name, message, **more):
    return zalo_bodies.event(name, **WHO, message=message, **more)


def test_words_keep_their_long_ids_and_their_time():
    event = one(said("user_send_text", {"text": "Chào Sở ạ", "msg_id": "cb31"}))
    assert (event.kind, event.text, event.external_id, event.natural_key, event.at) == (
        "text", "Chào Sở ạ", "6142494823123456789", "cb31", NOW,
    )  # fmt: skip


def test_the_older_name_of_the_message_id_is_taken_too():
    assert one(said("user_send_text", {"text": "x", "mid": "m9"})).natural_key == "m9"


@pytest.mark.parametrize("kind", sorted(zalo_events.FILES))
def test_files_are_attachments_with_their_address(kind):
    hung = zalo_bodies.attachment(kind, "https://cdn.example/a.jpg", "don.pdf")
    event = one(said(f"user_send_{kind}", zalo_bodies.message("", "m1", [hung])))
    assert event.kind == "attachment"
    assert [(a.kind, a.url, a.name) for a in event.attachments] == [
        (kind, "https://cdn.example/a.jpg", "don.pdf")
    ]


def test_a_file_with_words_is_words_with_a_file():
    hung = zalo_bodies.attachment("image", "https://cdn.example/a.jpg")
    event = one(said("user_send_image", zalo_bodies.message("biên lai", "m1", [hung])))
    assert (event.kind, event.text, len(event.attachments)) == ("text", "biên lai", 1)


def test_links_places_and_contact_forms_become_words_and_nothing_to_fetch():
    link = {"type": "link", "payload": {"url": "https://evil.example/x", "description": "Bài báo"}}
    event = one(said("user_send_link", zalo_bodies.message("", "m1", [link])))
    assert (event.text, event.attachments) == ("Bài báo – https://evil.example/x", ())
    place = {"payload": {"coordinates": {"latitude": "20.54", "longitude": "105.91"}}}
    event = one(said("user_send_location", zalo_bodies.message("", "m2", [place])))
    assert event.text == "Vị trí: 20.54, 105.91"
    info = {"name": "Nguyễn Thị Mẫu", "phone": "0912000000", "address": ""}
    event = one(zalo_bodies.event("user_submit_info", **WHO, info=info))
    assert (event.kind, event.text) == ("text", "Nguyễn Thị Mẫu, 0912000000")


def test_taps_followers_and_the_oas_own_words():
    assert one(zalo_bodies.event("user_click_button", **WHO)).kind == "reaction"
    assert one(zalo_bodies.follow(**WHO)).kind == "follow"
    left = one(zalo_bodies.follow(**WHO, leaves=True))
    assert (left.kind, left.external_id) == ("unfollow", WHO["person"])
    echo = one(zalo_bodies.oa_said("Chào chị", msg_id="m1", **WHO))
    assert (echo.kind, echo.external_id, echo.text) == ("staff_echo", WHO["person"], "Chào chị")


@pytest.mark.parametrize(
    "body",
    [None, 3, "x", [], {}, {"event_name": "user_send_text"}, {"event_name": ["x"]},
     {"event_name": "user_send_text", "sender": {"id": "1"}, "message": {"text": 4}},
     {"event_name": "user_send_image", "sender": {"id": "1"}, "message": {"attachments": "x"}},
     {"event_name": "follow"}, {"event_name": "user_received_message", "sender": {"id": "1"}},
     {"event_name": "user_send_text", "sender": "1", "message": {"text": "a", "msg_id": "1"}}],
)  # fmt: skip
def test_what_is_not_understood_is_kept_as_it_came(body):
    event = one(body)
    assert event.kind == "other"
    assert event.raw["event"] == body
    assert event.natural_key


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(
    name=st.sampled_from(["user_send_text", "user_send_image", "follow", "oa_send_text", "x"]),
    sender=json_values, message=json_values, timestamp=json_values,
)  # fmt: skip
def test_whatever_comes_it_never_raises(name, sender, message, timestamp):
    body = {"event_name": name, "sender": {"id": sender}, "message": message}
    event = one({**body, "timestamp": timestamp, "info": message, "recipient": sender})
    assert len(event.natural_key) <= 200
