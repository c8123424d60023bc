"""What a filled-in feedback form holds, and what is wrong with it. Pure rules, no Flask."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from intake_api.domain.texts import SENDER_TITLE

MAX_TEXT = 5000
LIMITS = {"truong": 200, "ten": 100, "dien_thoai": 20, "thu": 120}

ROLES = tuple(SENDER_TITLE.items())
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"(\+?84|0)\d{9,10}")


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it was typed; every field is a string so that it can be shown again."""

    text: str = ""
    role: str = ""
    place: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    anonymous: bool = False
    consent: bool = False
    token: str = ""

    @property
    def once(self) -> str:
        """Names this very sending: the same words from the same form are one submission, while
        somebody who goes back and changes the words sends a second one."""
        digest = hashlib.sha256(self.text.encode()).hexdigest()[:16]
        return f"{self.token}-{digest}"


def blank() -> Filled:
    """An empty form with a name of its own."""
    return Filled(token=uuid.uuid4().hex)


def plain(values: Mapping[str, str]) -> Callable[[str], str]:
    """Reads one field of what a browser sent; line ends are made plain, NUL cannot be stored."""

    def one(name: str) -> str:
        return values.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()

    return one


def own_token(typed: str) -> str:
    """The name of the form that was filled in; a new one when the browser sent none of ours."""
    return typed if re.fullmatch(r"[0-9a-f]{32}", typed) else uuid.uuid4().hex


def read(values: Mapping[str, str]) -> Filled:
    """What a browser sent."""
    one = plain(values)
    return Filled(
        text=one("noi_dung"),
        role=one("vai_tro"),
        place=one("truong"),
        name=one("ten"),
        phone=one("dien_thoai"),
        email=one("thu"),
        anonymous=one("an_danh") == "1",
        consent=one("dong_y") == "1",
        token=own_token(one("ma_bieu_mau")),
    )


def _phone_ok(phone: str) -> bool:
    return _PHONE.fullmatch(re.sub(r"[\s.\-()]", "", phone)) is not None


def words_problems(text: str, role: str) -> dict[str, str]:
    """What is wrong with the words and with who says them."""
    wrong: dict[str, str] = {}
    if not text:
        wrong["noi_dung"] = "Viết nội dung góp ý."
    elif len(text) > MAX_TEXT:
        over = f"{len(text) - MAX_TEXT:,}".replace(",", ".")
        wrong["noi_dung"] = f"Nội dung dài hơn 5.000 ký tự; cần bớt {over} ký tự."
    if role and role not in dict(ROLES):
        wrong["vai_tro"] = "Chọn một vai trò trong danh sách, hoặc bỏ trống."
    return wrong


def problems(filled: Filled) -> dict[str, str]:
    """What is wrong: field name → one sentence that says how to put it right, in page order."""
    wrong = words_problems(filled.text, filled.role)
    if len(filled.place) > LIMITS["truong"]:
        wrong["truong"] = "Tên trường hoặc địa phương dài hơn 200 ký tự."
    if not filled.anonymous:
        wrong.update(_contact_problems(filled))
    if not filled.consent:
        wrong["dong_y"] = "Đánh dấu đồng ý thì Sở mới được dùng thông tin này để xem xét."
    return wrong


def _contact_problems(filled: Filled) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not (filled.name or filled.phone or filled.email):
        wrong["ten"] = "Cho biết tên hoặc cách liên hệ, hoặc chọn “Tôi không muốn nêu tên”."
    if len(filled.name) > LIMITS["ten"]:
        wrong["ten"] = "Họ tên dài hơn 100 ký tự."
    if filled.phone and not _phone_ok(filled.phone):
        wrong["dien_thoai"] = "Số điện thoại cần 10 hoặc 11 số, ví dụ 0912 345 678."
    if filled.email and (len(filled.email) > LIMITS["thu"] or not _EMAIL.fullmatch(filled.email)):
        wrong["thu"] = "Địa chỉ thư điện tử cần dạng ten@vidu.vn."
    return wrong
