"""What the assistant is told about a draft or a new case, in words ready to be said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from intake_api.domain import deadline, texts
from intake_api.domain.model import Classification, Place
from intake_api.flow import triage
from intake_api.flow.receive import Received
from intake_api.flow.services import Services
from intake_api.store.tables import Draft
from vntext import mask

# How much of the words is shown for checking: about two lines on a phone.
QUOTED = 140
# Kinds whose handling depends on a place: for these the place is asked for when it is unknown.
PLACE_MATTERS = frozenset({"criticism", "complaint", "denunciation", "child_protection"})


def draft_view(services: Services, draft: Draft, channel: str, now: datetime) -> dict[str, Any]:
    """Everything the assistant needs to go on: what was understood, what is missing, and the
    summary to confirm. Personal data is never repeated back."""
    decision = triage.decide(
        services, text=draft.text, place_text=draft.place_text, channel=channel, now=now
    )
    understood, place = decision.classification, decision.place
    sealed = triage.sealed(services, understood)
    return {
        "draft_id": draft.id,
        "kind": understood.kind,
        "kind_name": services.catalog.kinds[understood.kind].name,
        "topic": understood.topic,
        "topic_name": services.catalog.topics[understood.topic].name,
        "confidential": sealed,
        "danger": understood.danger,
        "issues": [services.catalog.topics[code].name for code in understood.issues],
        "place": {"school": place.school, "level": place.level, "district": place.district},
        "needs_place": _needs_place(draft, understood, place),
        "matter": texts.matter(services.catalog, understood.topic, place, confidential=sealed),
        "notice": texts.notice(understood.kind),
        "is_question": understood.kind == "question",
        "contact_kind": _contact_kind(draft),
        "summary": _summary(services, draft, understood, place, sealed=sealed),
    }


def _needs_place(draft: Draft, understood: Classification, place: Place) -> bool:
    known = place.school or place.district or draft.place_text is not None
    return understood.kind in PLACE_MATTERS and not known


def _contact_kind(draft: Draft) -> str | None:
    if draft.name or draft.phone or draft.email:
        return "named"
    return "anonymous" if draft.anonymous else None


def _summary(
    services: Services, draft: Draft, understood: Classification, place: Place, *, sealed: bool
) -> list[str]:
    where = texts.place_line(place, draft.place_text)
    who = {
        "named": "Người gửi: có để lại thông tin liên hệ",
        "anonymous": "Người gửi: không nêu tên",
        None: None,
    }[_contact_kind(draft)]
    # People check what they said, not only what was made of it. Of sealed words nothing is
    # repeated: somebody may look over the shoulder.
    words = " ".join(mask(draft.text).split())
    quoted = words if len(words) <= QUOTED else words[:QUOTED].rsplit(" ", 1)[0] + " …"
    topic = None if sealed else f"Nội dung: {services.catalog.topics[understood.topic].name}"
    if understood.issues and not sealed:
        names = [services.catalog.topics[code].name for code in understood.issues]
        topic = "Nội dung: " + "; ".join(names)
    lines = [
        f"Loại: {services.catalog.kinds[understood.kind].name}"
        if not sealed
        else "Nội dung được giữ kín",
        topic,
        f"Nơi xảy ra: {where}" if where and not sealed else None,
        f"Lời của anh/chị: “{quoted}”" if not sealed else "Nguyên văn đã được ghi đủ",
        who,
    ]
    return [line for line in lines if line]


def receipt(services: Services, received: Received) -> dict[str, Any]:
    """Code, PIN, unit and date of a new case, and the lines of its receipt."""
    case = received.case
    unit = services.catalog.units[case.unit]
    due = deadline.due_in_words(case.due_at)
    sealed = case.confidential
    unit_name = "bộ phận bảo mật của Sở" if sealed else unit.name
    topic = services.catalog.topics[case.topic].name
    place = Place(case.school, case.level, case.district)
    where = texts.place_line(place, case.place_text)
    lines = [
        f"Mã ý kiến: {case.code}",
        f"Mã PIN: {received.pin} (dùng khi tra cứu ở nơi khác)",
        None if sealed else f"Nội dung: {topic}" + (f" – {where}" if where else ""),
        f"Nơi xử lý: {unit_name}",
        f"Sẽ trả lời {due}" if due else "Không đặt hạn trả lời",
    ]
    return {
        "code": case.code,
        "pin": received.pin,
        "kind": case.kind,
        "kind_name": services.catalog.kinds[case.kind].name,
        "topic_name": topic,
        "unit_name": unit_name,
        "due": due,
        "confidential": sealed,
        "receipt": [line for line in lines if line],
    }
