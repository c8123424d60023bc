"""Files of recorded days: what is accepted, and the one sentence about what is not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from intake_api.watch.doubts import doubts
from intake_api.watch.recorded import RecordedError, parsed, read
from tests.watch import build

DAYS = 100
BURST = [0] * 80 + [15, 9] + [0] * 18


def _topic(**more: Any) -> dict[str, Any]:
    return {
        "count": BURST,
        "unique_senders": BURST,
        "unique_texts": BURST,
        "negative": BURST,
        **more,
    }


def test_the_least_a_file_needs() -> None:
    body = {"scenarios": [{"id": 1, "start": "2025-10-01", "topics": {"b.x": build.topic(BURST)}}]}
    assert build.replayed(body) == [("b.x", 80)]


@pytest.mark.parametrize("missing", ["unique_texts", "negative"])
def test_texts_and_anger_may_be_left_out(missing: str) -> None:
    body = _topic()
    del body[missing]
    assert build.replayed(build.file({"b.x": body}, DAYS)) == [("b.x", 80)]


@pytest.mark.parametrize("missing", ["count", "unique_senders"])
def test_without_messages_or_senders_nobody_knows_how_many_people_wrote(missing: str) -> None:
    body = _topic()
    del body[missing]
    with pytest.raises(RecordedError, match=f"topic 'b.x': {missing} is missing"):
        read(build.file({"b.x": body}, DAYS))


def test_many_messages_of_few_people_or_of_one_text_are_few() -> None:
    few = [min(one, 2) for one in BURST]
    assert build.replayed(build.file({"b.x": _topic(unique_senders=few)}, DAYS)) == []
    assert build.replayed(build.file({"b.x": _topic(unique_texts=few)}, DAYS)) == []


@pytest.mark.parametrize(
    "batch",
    [
        [80, 81],
        ["2025-12-20", date(2025, 12, 21)],
        [{"day": 80, "count": 15}, {"day": 81, "count": 9}],
        [{"from": "2025-12-20", "to": "2025-12-21"}],
        [{"day": 80, "topic": "b.x", "count": 15}, {"day": 81, "topics": ["b.x"]}],
        [{"date": "2025-12-20", "count": {"b.x": 15}}, {"date": "2025-12-21", "count": {"b.x": 9}}],
        BURST,
        [int(one > 0) for one in BURST],
    ],
)
@pytest.mark.parametrize("where", ["topic", "scenario", "by topic"])
def test_imports_are_no_news(batch: list[Any], where: str) -> None:
    topic = _topic(**({"import_batches": batch} if where == "topic" else {}))
    more = {"import_batches": batch} if where == "scenario" else {}
    if where == "by topic":
        more = {"import_batches": {"b.x": batch}}
    assert build.replayed(build.file({"b.x": topic}, DAYS, **more)) == []


def test_people_beside_an_import_are_still_seen() -> None:
    more = [one + 200 if one == 15 else one for one in BURST]
    body = _topic(count=more, unique_senders=more, unique_texts=more,
                  import_batches=[{"day": 80, "count": 200}])  # fmt: skip
    assert build.replayed(build.file({"b.x": body}, DAYS)) == [("b.x", 80)]


@pytest.mark.parametrize(
    "more",
    [
        {"channels": {"zalo": BURST, "web": BURST}},
        {"channels": [{"zalo": one} for one in BURST]},
        {"channels": ["zalo", "web"]},
        {"hourly": [[one] + [0] * 23 for one in BURST]},
        {"hourly": [0] * 24 * DAYS},
        {"prior_year_count": [2] * DAYS},
        {"prior_year_count": {"count": [2] * DAYS}},
        {"prior_year_count": 700},
        {"channels": None, "hourly": None, "prior_year_count": None, "import_batches": None},
    ],
)
def test_the_optional_parts_are_read_in_their_shapes(more: dict[str, Any]) -> None:
    assert build.replayed(build.file({"b.x": _topic(**more)}, DAYS)) == [("b.x", 80)]
    whole = {key: {"b.x": value} for key, value in more.items() if value is not None}
    assert build.replayed(build.file({"b.x": _topic()}, DAYS, **whole)) == [("b.x", 80)]


def test_a_rise_of_the_year_before_is_no_surprise() -> None:
    rise = [2] * 75 + [8, 14, 20, 24, 26, 24, 20, 14, 8] + [2] * 16
    plain = {"count": rise, "unique_senders": rise, "unique_texts": rise}
    assert build.replayed(build.file({"b.x": plain}, DAYS)) != []
    known = {**plain, "prior_year_count": rise}
    assert build.replayed(build.file({"b.x": known}, DAYS)) == []


def test_calendar_entries_by_date_or_index_for_some_topics_or_all() -> None:
    entries = [
        {"name": "Thi", "from": 79, "to": 85, "topics": ["b.x"]},
        {"name": "Nghỉ Tết", "from": "2025-12-01", "to": date(2025, 12, 5)},
        {"name": "Một ngày", "from": "2025-12-24", "topics": "b.x"},
    ]
    panel = read(build.file({"b.x": _topic()}, DAYS, calendar=entries))[0].panel
    assert panel.seasons[0].first == build.START + timedelta(days=79)
    assert panel.seasons[1].topics is None
    assert panel.seasons[2].last == date(2025, 12, 24)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ([], "one mapping"),
        ({"scenarios": {}}, "scenarios must be a list"),
        ({"scenarios": [], "timezone": "Mars/North"}, "timezone"),
        ({"scenarios": [], "warmup_days": -1}, "warmup_days must be a whole number"),
        ({"scenarios": [{"start": "2025-10-01"}]}, "Scenario 1 must be a mapping with an id"),
        (build.file({}, DAYS, start="soon"), "start must be a date"),
        (build.file({"b.x": build.topic([1, 2])}, 5), "count has 2 numbers for 5 days"),
        (build.file({"b.x": {"count": [1, -2]}}, 2), "holds -2 on day 2"),
        (build.file({"b.x": {"count": [1, "two"]}}, 2), "holds 'two' on day 2"),
        (build.file({"b.x": {"count": "many"}}, 2), "must be a list of numbers"),
        (build.file({}, 0), "days is 0"),
        (build.file({"b.x": 7}, 2), "must be a mapping with arrays"),
        (build.file({"b.x": {**build.topic([1, 2]), "hourly": [[1], [2]]}}, 2), "hourly"),
        (build.file({"b.x": {**build.topic([1, 2]), "channels": {"z": [1]}}}, 2), "channels, z"),
        (build.file({"b.x": {**build.topic([1, 2]), "channels": 3}}, 2), "channels must be"),
        (build.file({"b.x": {**build.topic([1, 2]), "prior_year_count": ["x", 1]}}, 2), "no num"),
        (build.file({"b.x": {**build.topic([1, 2]), "import_batches": [9]}}, 2), "9 is no day"),
        (build.file({"b.x": build.topic([1, 2])}, 2, import_batches="all"), "must be a list"),
        (build.file({}, 2, calendar=[{"name": "x", "from": 1, "to": 0}]), "is before from"),
        (build.file({}, 2, calendar=[{"name": "x"}]), "from is missing"),
        (build.file({}, 2, calendar=["x"]), "calendar entry 1 must be a mapping"),
        (
            {"scenarios": [{"id": "a", "start": "2025-10-01"}, {"id": "a", "start": "2025-10-01"}]},
            "Two scenarios",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence(body: Any, says: str) -> None:
    with pytest.raises(RecordedError, match=says) as wrong:
        read(body)
    assert "\n" not in str(wrong.value) and str(wrong.value).endswith(".")


def test_a_file_that_is_no_yaml_or_not_there(tmp_path: Path) -> None:
    with pytest.raises(RecordedError, match="cannot be read"):
        parsed(tmp_path / "none.yml")
    (tmp_path / "bad.yml").write_text("a: [1,\n b: }", encoding="utf-8")
    with pytest.raises(RecordedError, match="not readable as YAML near line"):
        parsed(tmp_path / "bad.yml")


CODES = ("b.x", "b.y", "i.de_thi")


def _told(body: dict[str, Any]) -> list[str]:
    return doubts(body, read(body, known=CODES), CODES)


def _whole(**more: Any) -> dict[str, Any]:
    return {**build.file({"b.x": _topic(**more)}, DAYS), "timezone": "Asia/Bangkok"}


def test_a_whole_file_leaves_no_doubt() -> None:
    body = _whole()
    body["scenarios"][0]["calendar"] = [
        {"name": "Thi", "from": 1, "to": 2, "topics": ["b", "b.x", "b.*", "i.de_thi", "de_thi"]}
    ]
    assert _told(body) == []


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"unique_texts": None}, "chủ đề b.x: không có unique_texts: không biết được tin chép lại"),
        ({"negative": None}, "không có negative: không xét mức độ bức xúc"),
        ({"negative": [None, *BURST[1:]]}, "negative có ngày bỏ trống (null)"),
        ({"unique_texts": [0.5, *BURST[1:]]}, "unique_texts có số lẻ"),
        ({"unique_senders": [4, *BURST[1:]]}, "unique_senders lớn hơn count"),
        ({"negative": [4, *BURST[1:]]}, "negative lớn hơn count"),
    ],
)
def test_what_a_topic_says_oddly_is_told_and_used(more: dict[str, Any], says: str) -> None:
    assert any(says in line for line in _told(_whole(**more)))
    assert build.replayed(_whole(**more)) == [("b.x", 80)]


def test_what_a_scenario_says_oddly_is_told_once() -> None:
    body = _whole(negative=None)
    first = body["scenarios"][0]
    first["topics"]["zzz"] = _topic(negative=None)
    first["calendar"] = [{"name": "Thi", "from": 3, "topics": ["nope"]}]
    body["scenarios"].append({**first, "id": "two", "topics": {}, "calendar": []})
    del body["warmup_days"], body["timezone"]
    lines = _told(body)
    for says in (
        "không có timezone", "warmup_days, dùng 28 ngày (và 1 chỗ khác)", "two: không có topics",
        "chủ đề zzz: mã chủ đề không có trong danh mục", "lịch mục 1: không có to",
        "không có chủ đề nope", "không có negative: không xét mức độ bức xúc (và 1 chỗ khác)",
    ):  # fmt: skip
        assert sum(says in line for line in lines) == 1, says
    assert "không ngày nào được xét" in " ".join(_told({**_whole(), "warmup_days": DAYS}))


def test_a_code_without_its_first_level_is_the_catalogues_topic() -> None:
    made = read(build.file({"de_thi": _topic(), "y": _topic(), "b.y": _topic()}, DAYS), known=CODES)
    assert [one.code for one in made[0].panel.series] == ["i.de_thi", "y", "b.y"]
    assert made[0].written == {"i.de_thi": "de_thi"}
