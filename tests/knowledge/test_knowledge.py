"""Finding the entry, and the version that holds on the day that is asked about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from intake_api import knowledge
from intake_api.domain.model import Entry, Source, Version
from intake_api.knowledge.dates import day_for
from intake_api.knowledge.followup import read_followup, swapped
from intake_api.knowledge.ranker import decide
from intake_api.linear import tokens

TODAY = date(2026, 11, 23)
RESIT = (
    "Phúc khảo bài thi thế nào",
    "xin chấm lại bài thi",
    "nộp đơn phúc khảo ở đâu",
    "chấm lại điểm văn",
    "hạn phúc khảo mấy ngày",
)
FEES = (
    "Học phí năm nay bao nhiêu",
    "mức học phí cấp 3",
    "đóng học phí ở đâu",
    "có được miễn học phí không",
    "tiền học phí tính sao",
)
BOOKS = (
    "Ai chọn sách giáo khoa",
    "trường chọn sách thế nào",
    "chọn bộ sách nào",
    "sách giáo khoa do ai chọn",
    "đổi bộ sách giáo khoa",
)
ONE_SET = (
    "Một bộ sách thống nhất từ khi nào",
    "bộ sách dùng chung cả nước",
    "khi nào có một bộ sách",
    "thống nhất một bộ sách",
    "bỏ nhiều bộ sách à",
)
MOVING = (
    "Chuyển trường cần giấy gì",
    "thủ tục chuyển trường",
    "xin chuyển trường giữa năm",
    "hồ sơ chuyển trường",
    "chuyển trường khác tỉnh",
)


def version(start: str, end: str | None = None, *, published: bool = True) -> Version:
    return Version(
        valid_from=date.fromisoformat(start),
        valid_to=date.fromisoformat(end) if end else None,
        answer=f"Trả lời từ {start}.",
        details=(),
        more="",
        source=Source("Thông tư", "Bộ", start),
        published=published,
    )


def entry(
    slug: str, topic: str, questions: tuple[str, ...], *versions: Version, **more: object
) -> Entry:
    return Entry(
        slug=slug,
        topic=topic,
        owner="VP",
        title=questions[0],
        short=questions[0][:20],
        questions=questions,
        versions=versions,
        **more,  # type: ignore[arg-type]
    )


def entries() -> list[Entry]:
    return [
        entry(
            "phuc-khao-2023",
            "i.phuc_khao",
            RESIT[:3],
            version("2020-01-01", "2025-02-07"),
            family="phuc-khao",
        ),
        entry(
            "phuc-khao-2025",
            "i.phuc_khao",
            RESIT[1:],
            version("2025-02-08", "2026-04-23"),
            version("2026-04-24"),
            family="phuc-khao",
            related=("hoc-phi", "chon-sach", "khong-co"),
        ),
        entry("hoc-phi", "dd.hoc_phi", FEES, version("2023-01-01")),
        entry(
            "chon-sach", "e.sgk", BOOKS, version("2024-02-12", "2026-08-31"), instead=("mot-bo",)
        ),
        entry("mot-bo", "e.sgk", ONE_SET, version("2025-12-01")),
        entry("chuyen-truong", "e.chuyen_truong", MOVING, version("2021-01-01", published=False)),
    ]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    knowledge.train(entries(), folder)
    return folder


@pytest.fixture
def index(models: Path) -> knowledge.Index:
    return knowledge.load(models, entries())


def first(index: knowledge.Index, text: str, day: date = TODAY, context: str | None = None) -> str:
    answers = index.answer(text, day, context).answers
    return answers[0].entry.slug if answers else ""


@pytest.mark.parametrize(
    "text", ["xin chấm lại bài thi", "xin cham lai bai thi", "hocj phis cấp 3"]
)
def test_the_right_entry_is_found_however_it_is_typed(index: knowledge.Index, text: str) -> None:
    expected = "hoc-phi" if "hoc" in text else "phuc-khao-2025"
    assert first(index, text) == expected


def test_the_version_of_the_day_answers(index: knowledge.Index) -> None:
    before = index.answer("hạn phúc khảo mấy ngày", date(2026, 4, 23)).answers[0]
    after = index.answer("hạn phúc khảo mấy ngày", date(2026, 4, 24)).answers[0]
    assert before.version.valid_from == date(2025, 2, 8)
    assert after.version.valid_from == date(2026, 4, 24)


def test_a_named_year_moves_the_day_and_is_marked_past(index: knowledge.Index) -> None:
    reply = index.answer("phúc khảo năm 2023 thế nào", TODAY)
    assert reply.year_named
    assert reply.as_of == date(2023, 6, 30)
    assert reply.answers[0].entry.slug == "phuc-khao-2023"
    assert reply.answers[0].past


def test_nothing_expired_is_served_as_current(index: knowledge.Index) -> None:
    for text in (*RESIT, *FEES, *BOOKS, *ONE_SET):
        for answer in index.answer(text, TODAY).answers:
            assert answer.version.holds_on(TODAY)
            assert not answer.past


def test_an_expired_entry_points_to_its_successor(index: knowledge.Index) -> None:
    assert first(index, "ai chọn sách giáo khoa", date(2025, 3, 1)) == "chon-sach"
    assert first(index, "ai chọn sách giáo khoa") == "mot-bo"


def test_a_draft_is_never_served(index: knowledge.Index) -> None:
    for text in MOVING:
        slugs = [answer.entry.slug for answer in index.answer(text, TODAY).answers]
        assert "chuyen-truong" not in slugs
    assert index.by_slug("chuyen-truong", TODAY) is None


def test_suggestions_are_distinct_and_at_most_three(index: knowledge.Index) -> None:
    for text in ("sách", "năm nay", "bài thi học phí chọn sách"):
        slugs = [answer.entry.slug for answer in index.answer(text, TODAY).answers]
        assert len(slugs) == len(set(slugs)) <= 3


def test_an_entry_published_after_the_training_is_found(models: Path) -> None:
    new = entry(
        "an-ban-tru",
        "b.bua_an_ban_tru",
        ("Thực đơn bán trú do ai duyệt", "ai kiểm tra bếp ăn bán trú"),
        version("2026-01-01"),
    )
    index = knowledge.load(models, [*entries(), new])
    assert first(index, "ai duyệt thực đơn bán trú") == "an-ban-tru"
    assert first(index, "ai kiem tra bep an ban tru") == "an-ban-tru"
    assert first(index, "xin chấm lại bài thi") == "phuc-khao-2025"


def test_a_withdrawn_entry_is_not_found(models: Path) -> None:
    index = knowledge.load(models, [e for e in entries() if e.slug != "hoc-phi"])
    assert "hoc-phi" not in [a.entry.slug for a in index.answer(FEES[0], TODAY).answers]


def test_followups_lean_on_the_answer_before(index: knowledge.Index) -> None:
    year = index.answer("thế năm 2023 thì sao", TODAY, "phuc-khao-2025")
    assert (year.decision, year.answers[0].entry.slug) == ("answer", "phuc-khao-2023")
    assert first(index, "còn học phí thì sao", TODAY, "phuc-khao-2025") == "hoc-phi"
    assert first(index, "còn phúc khảo thì sao", TODAY, "hoc-phi") == "phuc-khao-2025"
    # Nothing but a year and empty words; words that say too little by themselves.
    assert first(index, "à ý tôi hỏi hồi 2023 cơ", TODAY, "phuc-khao-2025") == "phuc-khao-2023"
    assert first(index, "thế hồi 2023 được mấy ngày", TODAY, "phuc-khao-2025") == "phuc-khao-2023"


def test_that_time_is_the_time_of_the_answer_before(index: knowledge.Index) -> None:
    assert first(index, "hồi đó phúc khảo ra sao", TODAY, "phuc-khao-2023") == "phuc-khao-2023"
    assert first(index, "hồi đó phúc khảo ra sao", TODAY, "phuc-khao-2025") == "phuc-khao-2025"


def test_another_level_asks_the_same_of_other_pupils() -> None:
    title = tokens("đánh giá khen thưởng học sinh tiểu học")
    assert swapped(tokens("lớp 6"), title) == tokens("đánh giá khen thưởng học sinh lớp 6")
    assert swapped(tokens("phúc khảo"), title) is None


@pytest.mark.parametrize(
    ("text", "rest", "only_year"),
    [
        ("thế năm 2023 thì sao", (), True),
        ("còn phúc khảo thì sao", ("phúc", "khảo"), False),
        ("vậy còn năm ngoái", (), True),
    ],
)
def test_reading_a_followup(text: str, rest: tuple[str, ...], only_year: bool) -> None:
    found = read_followup(tokens(text))
    assert found is not None
    assert (found.words, found.only_a_year) == (rest, only_year)


def test_a_full_question_is_no_followup() -> None:
    assert read_followup(tokens("học phí năm nay của trường công lập là bao nhiêu")) is None


def test_by_slug_and_related(index: knowledge.Index) -> None:
    found = index.by_slug("phuc-khao-2023", TODAY)
    assert found is not None
    assert found.entry.slug == "phuc-khao-2025"
    assert index.by_slug("khong-co", TODAY) is None
    related = index.related(index.entries["phuc-khao-2025"], TODAY)
    assert [one.slug for one in related] == ["hoc-phi"]  # the expired and the unknown are left out


@pytest.mark.parametrize("text", ["", "😀", "?", "a", "hello how are you", "x" * 5000, "\x00"])
def test_odd_texts_are_not_answered(index: knowledge.Index, text: str) -> None:
    assert index.answer(text, TODAY).decision != "answer"


def test_the_day_of_a_year() -> None:
    resit = [e for e in entries() if e.family]
    assert day_for(resit, None, TODAY) == TODAY
    assert day_for(resit, 2026, TODAY) == TODAY
    assert day_for(resit, 2026, date(2026, 3, 1)) == date(2026, 6, 30)  # the exam lies ahead
    assert day_for(resit, 2023, TODAY) == date(2023, 6, 30)
    fees = [e for e in entries() if e.slug == "hoc-phi"]
    assert day_for(fees, 2026, date(2026, 3, 1)) == date(2026, 3, 1)
    autumn = [entry("x", "e.sgk", BOOKS, version("2024-09-01"))]
    assert day_for(autumn, 2024, TODAY) == date(2024, 9, 15)


def test_decisions_follow_the_stated_costs() -> None:
    assert decide(0.95, 0.99) == "answer"
    assert decide(0.5, 0.9) == "suggest"
    assert decide(0.05, 0.1) == "decline"


def test_missing_and_broken_models_say_so(models: Path, tmp_path: Path) -> None:
    with pytest.raises(knowledge.ModelMissing):
        knowledge.load(tmp_path, entries())
    (tmp_path / "knowledge.npz").write_bytes((models / "knowledge.npz").read_bytes()[:500])
    with pytest.raises(knowledge.ModelBroken):
        knowledge.load(tmp_path, entries())
