"""What a filled-in comment on a draft holds, and what is wrong with it. Pure rules, no Flask."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from intake_api.domain.consulting import MAX_ORGANISATION
from intake_api.public.fields import LIMITS, own_token, plain, words_problems


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it was typed. ``part``: the number of a clause; 0 is the draft as a whole."""

    text: str = ""
    part: int = 0
    role: str = ""
    organisation: str = ""
    name: str = ""
    show_name: bool = False
    consent: bool = False
    token: str = ""

    @property
    def once(self) -> str:
        """Names this very sending: the same words about the same clause are one comment."""
        digest = hashlib.sha256(f"{self.part}:{self.text}".encode()).hexdigest()[:16]
        return f"{self.token}-{digest}"


def blank(part: int = 0) -> Filled:
    """An empty form with a name of its own."""
    return Filled(part=part, token=uuid.uuid4().hex)


def number(text: str) -> int:
    """The clause that an address or a field names; 0 for anything that is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0


def read(values: Mapping[str, str]) -> Filled:
    """What a browser sent."""
    one = plain(values)
    return Filled(
        text=one("noi_dung"),
        part=number(one("muc")),
        role=one("vai_tro"),
        organisation=" ".join(one("to_chuc").split()),
        name=" ".join(one("ten").split()),
        show_name=one("neu_ten") == "1",
        consent=one("dong_y") == "1",
        token=own_token(one("ma_bieu_mau")),
    )


def problems(filled: Filled) -> dict[str, str]:
    """What is wrong: field name → one sentence that says how to put it right, in page order."""
    wrong = words_problems(filled.text, filled.role)
    if len(filled.organisation) > MAX_ORGANISATION:
        wrong["to_chuc"] = "Tên cơ quan, tổ chức dài hơn 200 ký tự."
    if len(filled.name) > LIMITS["ten"]:
        wrong["ten"] = "Họ tên dài hơn 100 ký tự."
    elif filled.show_name and not filled.name:
        wrong["ten"] = "Ghi họ tên để được nêu tên, hoặc bỏ dấu chọn “Nêu tên tôi”."
    if not filled.consent:
        wrong["dong_y"] = "Đánh dấu đồng ý thì Sở mới được dùng ý kiến này để tổng hợp."
    return wrong
