"""What is made of a webhook body: every event, each under its own key, whatever comes."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake_api.channels import meta_events as meta
from intake_api.channels.messenger_events import MAX_EVENTS, MAX_TEXT, parse
from intake_api.channels.reading import unreadable

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
AT = int(NOW.timestamp() * 1000) - 5000
PAGE, MAN, APP = "1001", "2002", "3003"


def read(*events, where="messaging", app_id=APP):
    return parse(meta.body(PAGE, events, at=AT, where=where), now=NOW, app_id=app_id)


def message(**what):
    return {"sender": {"id": MAN}, "recipient": {"id": PAGE}, "timestamp": AT, "message": what}


def make_text(words="xin chào", mid="m_1", **more):
    return meta.text(PAGE, MAN, words, mid=mid, at=AT, **more)


def make_echo(**more):
    return meta.echo(PAGE, MAN, "Chào bạn", mid="m_e", at=AT, **{"app_id": 263902037430900} | more)


def make_comment(**more):
    defaults = {"comment_id": "77_1", "at": AT}
    return meta.comment(PAGE, "4004", "Cho hỏi", **defaults | more)


def test_a_text_keeps_words_person_key_and_time():
    (event,) = read(make_text())
    assert (event.kind, event.text, event.external_id) == ("text", "xin chào", MAN)
    assert event.natural_key == "m_1"
    assert event.at == NOW - timedelta(seconds=5)
    assert event.raw["event"]["message"]["text"] == "xin chào"


def test_a_quick_reply_carries_its_payload():
    (event,) = read(make_text("Có", quick_reply="/affirm"))
    assert (event.kind, event.text, event.payload) == ("quick_reply", "Có", "/affirm")


def test_attachments_without_words():
    event = message(
        mid="m_2",
        attachments=[
            {"type": "image", "payload": {"url": "https://cdn.example/a.jpg"}},
            {"type": "file", "payload": {"url": "http://cdn.example/b.pdf", "title": "Đơn"}},
        ],
    )
    (read_one,) = read(event)
    assert read_one.kind == "attachment"
    assert [(one.kind, one.url, one.name) for one in read_one.attachments] == [
        ("image", "https://cdn.example/a.jpg", ""),
        ("file", "http://cdn.example/b.pdf", "Đơn"),
    ]


def test_words_with_an_attachment_are_a_text_that_keeps_both():
    event = message(mid="m", text="xem ảnh", attachments=[{"type": "image", "payload": {}}])
    (read_one,) = read(event)
    assert (read_one.kind, len(read_one.attachments)) == ("text", 1)


def test_the_thumb_is_a_sticker_and_no_image():
    like = {"type": "image", "payload": {"url": "https://x/l.png", "sticker_id": 369239263222822}}
    (event,) = read(message(mid="m", attachments=[like]))
    assert event.attachments[0].kind == "sticker"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "//x", 7, None, ""])
def test_an_address_that_cannot_be_fetched_is_left_out_but_the_file_is_noted(url):
    (event,) = read(message(mid="m", attachments=[{"type": "file", "payload": {"url": url}}]))
    assert event.attachments[0].url == ""


def test_a_postback_with_and_without_mid():
    with_mid = meta.postback(PAGE, MAN, title="Tra cứu", payload="LOOKUP", mid="m_p", at=AT)
    without = meta.postback(PAGE, MAN, title="Tra cứu", payload="LOOKUP", mid=None, at=AT)
    later = meta.postback(PAGE, MAN, title="Tra cứu", payload="LOOKUP", mid=None, at=AT + 1)
    events = read(with_mid, without, later)
    assert [event.kind for event in events] == ["postback"] * 3
    assert [event.payload for event in events] == ["LOOKUP"] * 3
    assert events[0].natural_key == "m_p"
    assert len({event.natural_key for event in events}) == 3
    assert read(without)[0].natural_key == events[1].natural_key


def test_reactions_reads_and_deliveries_are_kept_apart_from_messages():
    events = read(
        make_text(mid="m_1"),
        meta.reaction(PAGE, MAN, mid="m_1", at=AT),
        meta.read(PAGE, MAN, at=AT),
        meta.delivery(PAGE, MAN, mids=["m_1"], at=AT),
    )
    assert [event.kind for event in events] == ["text", "reaction", "other", "other"]
    assert [event.detail for event in events[2:]] == ["read", "delivery"]
    # A reaction names the message it is about: it must not pass for a repeat of it.
    assert len({event.natural_key for event in events}) == 4


def test_an_echo_of_our_own_message_is_left_out():
    assert read(make_echo(app_id=int(APP))) == []


def test_an_echo_with_our_mark_proves_the_arrival_and_repeats_no_words():
    (event,) = read(make_echo(app_id=5, metadata="langnghe:outbox-12#1/1"), app_id="")
    assert (event.kind, event.external_id, event.payload) == ("own_echo", MAN, "outbox-12#1/1")
    assert event.text == "" and "Chào bạn" not in repr(event.raw)


@pytest.mark.parametrize("app_id", [263902037430900, None])
def test_an_echo_of_somebody_else_is_an_officer_who_answered(app_id):
    (event,) = read(make_echo(app_id=app_id))
    assert (event.kind, event.external_id, event.text) == ("staff_echo", MAN, "Chào bạn")


def test_an_echo_without_configured_app_is_never_ours_by_an_empty_id():
    (event,) = read(make_echo(app_id=None), app_id="")
    assert event.kind == "staff_echo"


def test_standby_words_are_read_and_marked_since_nobody_here_may_answer_them():
    (standby,) = read(make_text(), where="standby")
    assert (standby.kind, standby.standby) == ("text", True)
    assert not read(make_text())[0].standby
    assert (standby.text, standby.external_id) == ("xin chào", MAN)
    # The same message given to us later must not pass for a repeat.
    assert standby.natural_key != read(make_text())[0].natural_key


def test_an_officers_echo_in_standby_is_an_echo():
    assert read(make_echo(), where="standby")[0].kind == "staff_echo"


def test_a_comment_has_the_key_field_id_verb():
    (event,) = read(make_comment(), where="changes")
    assert (event.kind, event.natural_key) == ("comment", "feed:77_1:add")
    assert (event.external_id, event.text) == ("4004", "Cho hỏi")
    assert event.at == NOW - timedelta(seconds=5)
    assert event.raw["page"] == PAGE


def test_each_edit_of_a_comment_counts_but_a_repeat_does_not():
    first = meta.comment(PAGE, "4004", "một", comment_id="77_1", at=AT, verb="edited")
    second = meta.comment(PAGE, "4004", "hai", comment_id="77_1", at=AT, verb="edited")
    events = read(first, second, first, where="changes")
    assert events[0].natural_key != events[1].natural_key
    assert events[0].natural_key == events[2].natural_key
    assert events[0].natural_key.startswith("feed:77_1:edited:")


def test_the_pages_own_comment_is_no_comment_of_a_citizen():
    own = meta.comment(PAGE, PAGE, "Cảm ơn bạn", comment_id="77_2", at=AT)
    (event,) = read(own, where="changes")
    assert event.kind == "page"


@pytest.mark.parametrize("verb", ["add", "edited", "remove", "hide", "unhide"])
def test_a_comment_says_where_it_stands_and_what_became_of_it(verb):
    change = meta.feed(
        PAGE, "4004", "Cho hỏi", item="comment", verb=verb, comment_id="77_2", at=AT,
        post_id=f"{PAGE}_77", parent_id="77_1",
    )  # fmt: skip
    (event,) = read(change, where="changes")
    assert event.kind == "comment"
    assert (event.page.comment_id, event.page.post_id) == ("77_2", f"{PAGE}_77")
    assert (event.page.parent_id, event.page.verb) == ("77_1", verb)
    assert event.page.permalink == "https://www.facebook.com/77_2"


def test_a_comment_directly_below_the_post_answers_nobody():
    assert read(make_comment(), where="changes")[0].page.parent_id == ""


def test_a_visitors_post_is_a_comment_of_its_own_and_the_pages_post_is_context():
    theirs = meta.feed(PAGE, "4004", "Cho hỏi", item="post", verb="add", post_id="1_9", at=AT)
    ours = meta.feed(PAGE, PAGE, "Thông báo", item="status", verb="add", post_id="1_8", at=AT)
    events = read(theirs, ours, where="changes")
    assert [event.kind for event in events] == ["comment", "page"]
    assert all(event.page.is_post for event in events)


def test_who_wrote_may_be_hidden_from_us():
    change = meta.feed(
        PAGE, "", "Cho hỏi", item="comment", verb="add", comment_id="77_3", post_id="77", at=AT
    )
    (event,) = read(change, where="changes")
    assert (event.kind, event.external_id) == ("comment", "")


@pytest.mark.parametrize(("owner", "detail"), [("3003", "ours"), ("263902037430900", "theirs")])
def test_a_conversation_that_changes_hands_is_told(owner, detail):
    told = meta.thread(PAGE, MAN, "pass_thread_control", {"new_owner_app_id": owner}, at=AT)
    (event,) = read(told)
    assert (event.kind, event.detail, event.external_id) == ("thread", detail, MAN)


def test_likes_of_one_post_do_not_swallow_each_other():
    likes = [
        {"field": "feed", "value": {"item": "reaction", "verb": "add", "post_id": "1_1",
                                    "from": {"id": who}}}
        for who in ("1", "2")
    ]  # fmt: skip
    events = read(*likes, where="changes")
    assert {event.kind for event in events} == {"other"}
    assert len({event.natural_key for event in events}) == 2


def test_every_event_of_every_entry_and_list_is_read():
    body = {
        "object": "page",
        "entry": [
            meta.entry(PAGE, [make_text(mid="a"), make_text(mid="b")], at=AT),
            meta.entry(PAGE, [make_text(mid="c")], at=AT)
            | {"changes": [make_comment()], "standby": [make_text(mid="d")]},
        ],
    }
    keys = {event.natural_key for event in parse(body, now=NOW)}
    assert keys == {"a", "b", "c", "standby:d", "feed:77_1:add"}


def test_events_come_oldest_first_and_keep_their_order_within_a_millisecond():
    late = meta.text(PAGE, MAN, "hai", mid="b", at=AT + 900)
    early = meta.text(PAGE, MAN, "một", mid="a", at=AT)
    same = meta.text(PAGE, MAN, "ba", mid="c", at=AT + 900)
    assert [event.text for event in read(late, early, same)] == ["một", "hai", "ba"]


@pytest.mark.parametrize(
    "piece",
    [None, 7, "x", [], {}, {"message": None}, {"message": {"text": {"a": 1}}},
     {"sender": "x", "message": {"mid": "m", "text": "ai đó"}},
     {"sender": {"id": True}, "message": {"mid": "m", "text": "ai đó"}},
     {"sender": {"id": "a\nb"}, "message": {"mid": "m", "text": "ai đó"}},
     {"sender": {"id": "9" * 151}, "message": {"mid": "m", "text": "ai đó"}},
     {"sender": {"id": MAN}, "message": {"mid": ["m"], "attachments": "x"}},
     {"sender": {"id": MAN}, "postback": {"payload": 9}},
     {"sender": {}, "pass_thread_control": {"new_owner_app_id": "1"}},
     {"sender": {"id": MAN}, "something_new": {}}],
)  # fmt: skip
def test_a_malformed_or_unknown_piece_is_kept_and_stops_nobody(piece):
    events = read(make_text(mid="a"), piece, make_text(mid="b"))
    assert sorted(event.natural_key for event in events if event.kind == "text") == ["a", "b"]
    (other,) = [event for event in events if event.kind == "other"]
    assert other.raw["event"] == piece
    assert other.detail


@pytest.mark.parametrize(
    "body",
    [None, 3, "x", [], {}, {"object": "page"}, {"object": "page", "entry": {}},
     {"object": "instagram", "entry": [{"messaging": [make_text()]}]},
     {"object": "page", "entry": [None]}, {"object": "page", "entry": [{"id": "1"}]},
     {"object": "page", "entry": [{"id": "1", "messaging": {"a": 1}}]}],
)  # fmt: skip
def test_a_body_that_is_no_page_event_is_kept_whole(body):
    (event,) = parse(body, now=NOW)
    assert (event.kind, event.external_id) == ("other", "")


def test_a_number_as_an_id_becomes_a_string_with_all_its_digits():
    event = make_text() | {"sender": {"id": 61424948230000012345}}
    assert read(event)[0].external_id == "61424948230000012345"


@pytest.mark.parametrize(
    "given_time",
    [None, "soon", True, -5, 1, 10**30, 1.5, AT + 10**9, float("nan"), "²"],
)
def test_an_impossible_time_falls_back_to_the_entrys(given_time):
    (event,) = read(make_text() | {"timestamp": given_time})
    assert event.at == NOW - timedelta(seconds=5)


def test_a_time_as_a_string_is_read():
    assert read(make_text() | {"timestamp": str(AT - 1000)})[0].at == NOW - timedelta(seconds=6)


def test_what_a_database_refuses_is_replaced_and_long_text_is_cut_but_kept_raw():
    (event,) = read(make_text("a\x00b\ud83d" + "c" * MAX_TEXT))
    assert event.text.startswith("a\ufffdb\ufffdccc")
    assert len(event.text) == MAX_TEXT
    assert len(event.raw["event"]["message"]["text"]) == MAX_TEXT + 4


def test_more_events_than_a_call_may_have_are_kept_in_one_piece():
    events = read(*(make_text(mid=f"m_{n}") for n in range(MAX_EVENTS + 3)))
    assert len(events) == MAX_EVENTS + 1
    (rest,) = [event for event in events if event.detail == "too_many"]
    assert [one["message"]["mid"] for one in rest.raw["event"]] == ["m_1000", "m_1001", "m_1002"]


def test_a_very_deep_and_a_very_long_number_are_kept():
    deep = {}
    for _ in range(900):
        deep = {"a": deep}
    (event,) = read({"sender": {"id": MAN}, "odd": deep, "long": 10**5000})
    json.dumps(event.raw)


def test_the_key_of_an_event_without_one_does_not_depend_on_the_order_of_its_fields():
    one = meta.read(PAGE, MAN, at=AT)
    other = dict(reversed(one.items()))
    assert read(one)[0].natural_key == read(other)[0].natural_key
    assert read(one)[0].natural_key.startswith("sha256:")


def test_a_signed_body_that_is_no_json_is_kept_under_its_hash():
    one, two = unreadable(b"{oops \xff\x00", now=NOW), unreadable(b"{", now=NOW)
    assert one.raw == {"unreadable": "{oops \ufffd\ufffd"}
    assert one.natural_key.startswith("raw:")
    assert one.natural_key != two.natural_key


words = st.text(alphabet=st.characters(exclude_categories=()), max_size=30)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | words
names = words | st.sampled_from(
    ["object", "entry", "messaging", "standby", "changes", "id", "time", "sender", "recipient",
     "timestamp", "message", "mid", "text", "is_echo", "app_id", "quick_reply", "payload",
     "attachments", "type", "url", "postback", "reaction", "read", "field", "value", "item",
     "verb", "comment_id", "from", "created_time"]
)  # fmt: skip
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6)
)
parties = st.fixed_dictionaries({"id": scalars})
messages = st.fixed_dictionaries(
    {"message": st.dictionaries(names, anything, max_size=6)},
    optional={"sender": parties | anything, "recipient": parties, "timestamp": scalars},
)
changes = st.fixed_dictionaries(
    {"field": words | st.just("feed"), "value": st.dictionaries(names, anything, max_size=8)}
)
entries = st.dictionaries(
    st.sampled_from(["id", "time", "messaging", "standby", "changes"]),
    scalars | st.lists(messages | changes | anything, max_size=4),
)
bodies = anything | st.fixed_dictionaries(
    {"object": st.just("page"), "entry": st.lists(entries | anything, max_size=4) | anything}
)


@settings(max_examples=300, deadline=None)
@given(bodies)
def test_no_json_at_all_makes_it_raise_and_everything_it_returns_can_be_stored(body):
    events = parse(body, now=NOW, app_id=APP)
    for event in events:
        assert 0 < len(event.natural_key) <= 200
        assert len(event.external_id) <= 150
        assert event.at.tzinfo is not None
        json.dumps(event.raw, allow_nan=False, ensure_ascii=False).encode()
        for text in (event.natural_key, event.external_id, event.text, event.payload or ""):
            assert "\x00" not in text
            text.encode()
    assert events == parse(body, now=NOW, app_id=APP)


def test_a_change_of_words_names_its_message_and_counts_once_for_each_number():
    first = meta.edit(PAGE, MAN, "sửa", mid="m_1", number=1, at=AT)
    second = meta.edit(PAGE, MAN, "sửa nữa", mid="m_1", number=2, at=AT)
    events = read(first, second)
    assert [(event.kind, event.of, event.text) for event in events] == [
        ("edit", "m_1", "sửa"), ("edit", "m_1", "sửa nữa"),
    ]  # fmt: skip
    assert [event.natural_key for event in events] == ["edit:m_1:1", "edit:m_1:2"]


@pytest.mark.parametrize(
    "changed",
    [{"mid": None}, {"mid": ["m"]}, {"mid": "m" * 151}, {"text": "  "}, {"text": 7},
     {"num_edit": None}, {"num_edit": True}, {"num_edit": "x"}, {"num_edit": -1}, {"num_edit": {}}],
)  # fmt: skip
def test_a_malformed_change_is_only_kept(changed):
    event = meta.edit(PAGE, MAN, "sửa", mid="m_1", number=1, at=AT)
    event["message_edit"] |= changed
    (read_one,) = read(event)
    assert (read_one.kind, read_one.detail) == ("other", "message_edit")


def test_the_pages_own_change_is_only_kept():
    (event,) = read(meta.edit(PAGE, PAGE, "sửa", mid="m_1", number=1, at=AT))
    assert event.kind == "other"
