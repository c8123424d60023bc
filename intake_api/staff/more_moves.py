"""More of what staff do with a case: waiting, approving, extending, forwarding, merging."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from intake_api.flow import answer, extending, merging, outside, waiting
from intake_api.flow.acting import MAX_REASON, NotAllowed
from intake_api.staff import moves
from intake_api.staff.moves import Form, Move, Work
from vntext import normalize, parse_code


def _on(function: Callable[..., Any], **fields: str) -> Callable[[Work], None]:
    """A move that hands fields of the form to a step of the flow."""

    def do(work: Work) -> None:
        given = {name: work.form.get(field, "") for name, field in fields.items()}
        function(work.tx, work.case, work.by, services=work.services, **given)

    return do


def _merge(work: Work) -> None:
    code = parse_code(work.form.get("merge_code", "")) or ""
    try:
        into = answer.open_case(work.tx, code=code, staff=work.by.staff)
    except KeyError:
        raise NotAllowed("Không tìm thấy ý kiến có mã này trong phần việc của anh/chị.") from None
    merging.merge(work.tx, work.case, work.by, services=work.services, into=into)


def needs(most: int = MAX_REASON, /, **missing: str) -> Callable[[Form], dict[str, str]]:
    """Checks that the named fields are filled and no longer than ``most``."""

    def check(form: Form) -> dict[str, str]:
        errors = {}
        for name, words in missing.items():
            text = normalize(form.get(name, "")).strip()
            if not text:
                errors[name] = words
            elif len(text) > most:
                errors[name] = f"Dài quá {most} ký tự."
        return errors

    return check


MORE: dict[str, Move] = {
    "hoi-them": Move(
        _on(waiting.ask_citizen, question="question"), "ask_citizen",
        "Đã hỏi người gửi; thời hạn {code} tạm dừng.",
        needs(question="Ghi rõ cần người gửi bổ sung gì."), sends=True,
    ),
    "cho-phoi-hop": Move(
        _on(waiting.wait_external, agency="agency", reason="wait_why"), "wait_external",
        "Thời hạn {code} tạm dừng để chờ phối hợp.",
        needs(agency="Ghi cơ quan phối hợp.", wait_why="Ghi lý do chờ."), sends=True,
    ),
    "tiep-tuc": Move(_on(waiting.resume), "resume", "{code} được xử lý tiếp."),
    "duyet": Move(_on(answer.approve), "approve", "Đã duyệt bản soạn {code}."),
    "gia-han": Move(
        _on(extending.give, reason="extend_why"), "extended", "Đã gia hạn {code}.", sends=True
    ),
    "xin-gia-han": Move(
        _on(extending.ask, reason="extend_why"), "extension_asked",
        "Đã gửi đề nghị gia hạn {code}.", needs(extend_why="Ghi lý do xin gia hạn."),
    ),
    "chuyen-ngoai": Move(
        _on(outside.forward, agency="forward_to", reason="forward_why"), "forward_outside",
        "Đã chuyển {code} ra ngoài và báo người gửi.",
        needs(forward_to="Ghi tên cơ quan nhận.", forward_why="Ghi lý do chuyển."), sends=True,
    ),
    "tra-lai": Move(
        _on(answer.give_back, reason="return_why"), "return", "Đã trả {code} về Văn phòng.",
        needs(return_why="Ghi lý do trả lại để Văn phòng phân loại đúng."),
    ),
    "gop": Move(
        _merge, "merge", "Đã gộp {code}; người gửi vẫn giữ mã riêng.",
        needs(merge_code="Nhập mã ý kiến để gộp vào."), sends=True,
    ),
    "tach": Move(_on(merging.unmerge), "unmerge", "Đã tách {code}.", sends=True),
}  # fmt: skip


def register(_blueprint: Blueprint) -> None:
    """Adds these moves to the door's own."""
    moves.MOVES.update(MORE)
