"""A person's own data of one case: everything that is kept of it, to read and to take along.

Law on Personal Data Protection (Decree 13/2023/NĐ-CP, Article 14): whoever has the code and the
PIN gets what they gave, what was said to them and what was done, in a form a machine reads too.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake_api.domain import texts
from intake_api.domain.model import CHANNEL_TITLE, Channel
from intake_api.domain.workflow import ACTION_TITLE
from intake_api.domain.worktime import LOCAL
from intake_api.flow.services import Services
from intake_api.flow.webchat import SHOWN_STATES
from intake_api.store import cases, consultations, events, ratings
from intake_api.store.tables import Case

if TYPE_CHECKING:
    from intake_api.store import Session

_AUTHOR = {"citizen": "Người gửi", "bot": "Trợ lý tự động", "staff": "Cán bộ Sở",
           "system": "Thông báo tự động"}  # fmt: skip
_SAID = {
    "received": "Gửi ý kiến", "said_more": "Nhắn thêm", "rated": "Chấm mức hài lòng",
    "asked_to_reopen": "Đề nghị mở lại", "asked_to_withdraw": "Đề nghị rút",
    "own_data": "Lấy dữ liệu của mình", "asked_to_erase": "Đề nghị xóa",
    "erasure_taken_back": "Rút đề nghị xóa",
}  # fmt: skip


class Withheld(PermissionError):
    """A sealed case is not shown to whoever holds a receipt: somebody else may have found it."""


def gather(tx: Session, services: Services, case: Case, *, now: datetime) -> dict[str, Any]:
    """Everything of one case as plain values (times local, ISO 8601). Raises Withheld.

    Who of the staff did something is not the sender's data: only what was done, and when.
    """
    if case.confidential:
        events.append(tx, at=now, actor="citizen", action="own_data_withheld", case_id=case.id)
        raise Withheld
    contact = cases.contact(tx, case.id)
    said = [m for m in cases.messages(tx, case) if m.case_id == case.id and m.state in SHOWN_STATES]
    mark = ratings.rating(tx, case.id)
    found = {
        "ma": case.code,
        "lap_luc": _at(now),
        "y_kien": {
            "noi_dung": case.text,
            "kenh": CHANNEL_TITLE[Channel(case.channel)],
            "nhan_luc": _at(case.received_at),
            "vai_tro": texts.SENDER_TITLE.get(case.role_of_sender or ""),
            "noi_xay_ra": case.place_text,
            "dong_y_luc": _at(case.consent_at),
            "khong_neu_ten": case.anonymous,
        },
        "lien_he": {
            "ten": contact.name if contact else None,
            "dien_thoai": contact.phone if contact else None,
            "thu_dien_tu": contact.email if contact else None,
        },
        "xu_ly": {
            "tinh_trang": texts.state_label(case.state, services.catalog.units[case.unit].name),
            "don_vi": services.catalog.units[case.unit].name,
            "loai": services.catalog.kinds[case.kind].name,
            "chu_de": services.catalog.topics[case.topic].name,
            "truong": case.school,
            "dia_ban": case.district,
            "han_tra_loi": _at(case.due_at),
            "tra_loi_luc": _at(case.answered_at),
            "ket_thuc_luc": _at(case.closed_at),
            "muc_hai_long": mark.score if mark else None,
        },
        "gop_y_du_thao": _of_draft(tx, case),
        "trao_doi": [
            {"luc": _at(m.created_at), "ai": _AUTHOR.get(m.author, m.author), "noi_dung": m.text}
            for m in said
        ],
        "tep": [
            {"ten": one.filename, "loai": one.content_type, "co_byte": one.size,
             "luc": _at(one.created_at)}
            for one in cases.attachments(tx, case.id)
        ],
        "viec_da_lam": [
            {"luc": _at(one.at), "viec": _said(one.action)} for one in events.of_case(tx, case.id)
        ],
    }  # fmt: skip
    events.append(tx, at=now, actor="citizen", action="own_data", case_id=case.id)
    return found


def _of_draft(tx: Session, case: Case) -> dict[str, object] | None:
    """Which draft it comments on, and how its sender stands there."""
    made = consultations.opinion(tx, case.id)
    found = consultations.get(tx, made.consultation_id) if made else None
    if made is None or found is None:
        return None
    clause = consultations.clause_of(tx, made.clause_id)
    return {
        "du_thao": found.title, "dieu_khoan": clause.place if clause else None,
        "co_quan": made.organisation, "dong_y_neu_ten": made.named, "gui_muon": made.late,
    }  # fmt: skip


def _said(action: str) -> str:
    return _SAID.get(action) or ACTION_TITLE.get(action) or "Việc nội bộ của Sở"


def _at(moment: datetime | None) -> str | None:
    return moment.astimezone(LOCAL).isoformat(timespec="seconds") if moment else None
