"""The part log forgets the oldest, keeps the newest."""

from intake_api.channels.base import Button, MemoryPartLog, Outgoing


def test_a_part_is_remembered_until_there_are_too_many():
    parts = MemoryPartLog(size=2)
    assert parts.taken("a") is None
    for key in ("a", "b", "c"):
        parts.take(key, f"m_{key}")
    assert [parts.taken(key) for key in ("a", "b", "c")] == [None, "m_b", "m_c"]


def test_buttons_may_come_as_a_list():
    assert Outgoing("web", "1", "x", buttons=[Button("a", "b")]).buttons == (Button("a", "b"),)
