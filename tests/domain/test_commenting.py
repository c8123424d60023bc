"""What is done with a comment: the rule over its whole table, and whom a comment names."""

from __future__ import annotations

from itertools import product

import pytest

from intake_api.domain.commenting import PUBLIC_SURE, Heard, Named, Step, named_in, plan

KINDS = [
    "question", "suggestion", "criticism", "complaint", "denunciation", "child_protection",
    "press_inquiry", "misinformation", "praise", "draft_comment", "spam",
]  # fmt: skip


def every() -> list[Heard]:
    return [
        Heard(kind, sure, words, danger, sealed, toxic, named, score, to_page)
        for kind, sure, words, danger, sealed, toxic, named, score, to_page in product(
            KINDS, (0.1, 0.9), (1, 4, 20), (False, True), (False, True), (False, True),
            (Named(), Named(teacher=True), Named(child=True), Named(contact=True)),
            (None, 0.5, PUBLIC_SURE), (False, True),
        )
    ]  # fmt: skip


def test_over_every_combination_nothing_delicate_is_answered_in_public() -> None:
    for heard in every():
        found = plan(heard)
        if heard.danger:
            assert found.step == Step.EMERGENCY
        elif heard.sealed:
            assert found.step == Step.SEAL
        elif heard.named.anybody:
            assert found.step != Step.ANSWER
        if found.step == Step.ANSWER:
            assert heard.kind == "question"
            assert (heard.answer_score or 0) >= PUBLIC_SURE
            assert not (heard.toxic or heard.danger or heard.sealed or heard.named.anybody)
            assert heard.to_page


def test_feedback_that_says_enough_is_always_on_record() -> None:
    for heard in every():
        if heard.kind in ("criticism", "complaint") and heard.words > 6:
            if heard.kind_confidence > 0.5:
                assert plan(heard).step in (Step.RECORD, Step.SEAL, Step.EMERGENCY)
            elif heard.to_page:
                assert plan(heard).step != Step.KEEP


def test_whoever_is_named_makes_staff_look() -> None:
    for heard in every():
        if heard.named.child and heard.words > 1 and heard.kind != "spam":
            assert plan(heard).look


@pytest.mark.parametrize(
    ("text", "teacher", "child", "contact"),
    [
        ("cô Lan lớp 3A giao nhiều bài", True, False, False),
        ("cô giáo mắng cháu An lớp 2B", False, True, False),
        ("thầy hiệu trưởng Nguyễn Văn Nam thu tiền", True, False, False),
        ("bé Bảo Nam nhà tôi bị bạn trêu", False, True, False),
        ("gọi số 0912345678 gặp tôi", False, False, True),
        ("Nguyễn Thị Hoa vào xem nè", False, False, False),
        ("trường thu 500k", False, False, False),
        ("", False, False, False),
    ],
)
def test_whom_a_comment_names(text: str, teacher: bool, child: bool, contact: bool) -> None:
    assert named_in(text) == Named(teacher, child, contact)


def test_short_grumbling_about_schools_is_no_spam_but_sure_spam_is() -> None:
    assert plan(Heard("spam", 0.74, 5, matter=0.85)).step == Step.INVITE
    assert plan(Heard("spam", 0.98, 5, matter=0.85)).step == Step.KEEP
    assert plan(Heard("spam", 0.74, 5, matter=0.2)).step == Step.KEEP
