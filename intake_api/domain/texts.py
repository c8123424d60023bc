"""Sentences about a case that several doors say alike. Vietnamese, in the house's voice."""

from __future__ import annotations

from intake_api.domain.catalog import Catalog
from intake_api.domain.model import CITIZEN_LABEL, Channel, Place, State

# Who writes, as a form or the assistant names it, and as people say it.
SENDER_TITLE = {
    "phu_huynh": "Phụ huynh",
    "hoc_sinh": "Học sinh",
    "giao_vien": "Giáo viên",
    "can_bo_quan_ly": "Cán bộ quản lý",
    "bao_chi": "Báo chí",
    "nguoi_dan": "Người dân",
}
_LEVEL = {
    "mn": "bậc mầm non",
    "th": "bậc tiểu học",
    "thcs": "bậc THCS",
    "thpt": "bậc THPT",
    "gdtx": "giáo dục thường xuyên",
}

# Law on Denunciations 2018 (25/2018/QH14), Articles 22, 23 and 25.
DENUNCIATION_NOTICE = (
    "Tin nhắn ở đây chưa phải là đơn tố cáo. Muốn tố cáo theo Luật Tố cáo 2018 (Điều 22, 25), "
    "anh/chị gửi đơn hoặc trình bày trực tiếp, ghi rõ họ tên, địa chỉ, cách liên hệ, hành vi và "
    "người bị tố cáo. Nội dung rõ người, rõ việc, có chứng cứ vẫn được xem xét dù không nêu tên."
)
# Law on Complaints 2011 (02/2011/QH13), Article 8: by written petition or in person.
COMPLAINT_NOTICE = (
    "Tin nhắn ở đây chưa phải là đơn khiếu nại. Muốn được giải quyết theo Luật Khiếu nại 2011, "
    "anh/chị gửi đơn hoặc khiếu nại trực tiếp, ghi họ tên, địa chỉ, quyết định hoặc việc làm bị "
    "khiếu nại và yêu cầu. Sở vẫn ghi nhận và xem xét nội dung này."
)
PRESS_NOTICE = (
    "Nội dung báo chí hỏi do người phát ngôn của Sở trả lời. Văn phòng Sở là đầu mối; Trợ lý "
    "không phát ngôn thay."
)


def matter(catalog: Catalog, topic: str, place: Place, *, confidential: bool) -> str:
    """A short noun phrase that names the matter without quoting: "các khoản thu, lạm thu ở
    Trường THCS Trần Phú". For confidential matters only a general phrase."""
    if confidential:
        return "nội dung anh/chị vừa gửi"
    subject = catalog.topics.get(topic)
    if subject is None or subject.group == "x":
        name = "việc anh/chị vừa nêu"
    else:
        name = (
            subject.name[0].lower() + subject.name[1:]
            if subject.name[:2].istitle()
            else subject.name
        )
    where = place.school or place.district
    return f"{name} ở {where}" if where else name


def place_line(place: Place, place_text: str | None) -> str | None:
    """Where it happened, for a summary; None when nothing is known."""
    parts = [place.school or _LEVEL.get(place.level or ""), place.district]
    known = ", ".join(part for part in parts if part)
    # Without a school that was recognised, the person's own words say it best.
    return known if place.school or not place_text else place_text


def notice(kind: str) -> str | None:
    """What the law asks for beyond a message, for kinds where that matters."""
    return {
        "denunciation": DENUNCIATION_NOTICE,
        "complaint": COMPLAINT_NOTICE,
        "press_inquiry": PRESS_NOTICE,
    }.get(kind)


def answer_end(channel: str) -> str:
    """Name of the sentence that ends an answer. The form has no place to write back: what its
    sender reads is the status page."""
    return "staff_reply_end_form" if channel == Channel.FORM else "staff_reply_end"


def state_label(state: str, unit_name: str) -> str:
    """What the citizen reads about a state."""
    return CITIZEN_LABEL[State(state)].format(unit=unit_name)
