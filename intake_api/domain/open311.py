"""Open311 GeoReport v2 in the words of the catalogue (interfaces 5.1): services, dates, places.

A service is a topic of the second level, or one of the two kinds that need protection. Services
of type ``blackbox`` take a report and tell nothing of it again: no number, no list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from intake_api.domain.catalog import Catalog
from intake_api.domain.texts import SENDER_TITLE
from intake_api.domain.worktime import LOCAL

REALTIME, BLACKBOX = "realtime", "blackbox"
# Kinds that somebody may choose though no topic says so.
PROTECTED_KINDS = ("denunciation", "child_protection")
# Topics that nobody reports: rubbish, and what has a door of its own.
_NO_SERVICE = frozenset({"x.spam", "x.bao_chi"})
SPAN = timedelta(days=90)
MOST = 1000
MAX_DESCRIPTION = 4000
YES = "yes"


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the list; either ``topic`` or ``kind`` says what it means here."""

    code: str
    name: str
    description: str
    keywords: tuple[str, ...]
    group: str
    type: str
    topic: str | None = None
    kind: str | None = None

    @property
    def blackbox(self) -> bool:
        return self.type == BLACKBOX


@dataclass(frozen=True, slots=True)
class Attribute:
    """A question that a service asks besides its description."""

    code: str
    description: str
    help: str
    values: tuple[tuple[str, str], ...]


# Who writes, and the explicit yes that contact data needs (Law 91/2025/QH15).
ATTRIBUTES = (
    Attribute("sender_role", "Anh/chị là", "Có thể bỏ qua", tuple(SENDER_TITLE.items())),
    Attribute(
        "consent", "Đồng ý để Sở dùng thông tin liên hệ để trả lời",
        "Thiếu đồng ý thì tên, điện thoại, thư điện tử không được lưu",
        ((YES, "Đồng ý"), ("no", "Không đồng ý")),
    ),
)  # fmt: skip


def services(catalog: Catalog) -> dict[str, Service]:
    """Every service by its code, protected ones last."""
    found = {
        topic.code: Service(
            topic.code, topic.name, topic.scope,
            tuple(part.strip() for part in re.split("[,;]", topic.scope) if part.strip()),
            topic.group_name, BLACKBOX if topic.confidential else REALTIME, topic=topic.code,
        )
        for topic in catalog.topics.values()
        if topic.code not in _NO_SERVICE
    }  # fmt: skip
    for code in PROTECTED_KINDS:
        kind = catalog.kinds[code]
        found[code] = Service(
            code, kind.name, "Nội dung vào kênh mật; không hiện trong danh sách nào", (),
            "Kênh mật", BLACKBOX, kind=code,
        )  # fmt: skip
    return found


_W3C = re.compile(
    r"(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)?)?"
)  # fmt: skip


def moment(text: str) -> datetime:
    """A W3C date or moment; without a zone it is meant as people here read the clock. Raises
    ValueError."""
    given = text.strip().replace(" ", "+")  # a plus sign that nobody encoded
    if not _W3C.fullmatch(given):
        raise ValueError("not a W3C date")
    found = datetime.fromisoformat(given.upper())
    return (found if found.tzinfo else found.replace(tzinfo=LOCAL)).astimezone(UTC)


def span(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The time that a question covers: ninety days at most, the newest by default. Raises
    ValueError with a Vietnamese sentence."""
    try:
        first = start if start is not None else (end or now) - SPAN
        last = end if end is not None else first + SPAN
    except OverflowError:
        raise ValueError("start_date hoặc end_date nằm ngoài lịch.") from None
    if first > last:
        raise ValueError("start_date phải trước end_date.")
    if last - first > SPAN:
        raise ValueError("Khoảng từ start_date đến end_date không quá 90 ngày.")
    return first, last


_POINT = re.compile(r"(-?\d{1,2}(?:\.\d+)?), (-?\d{1,3}(?:\.\d+)?)")


def point(lat: str, long: str) -> str:
    """A place on the map as it is kept with a case. Raises ValueError with a sentence."""
    try:
        north, east = float(lat), float(long)
    except ValueError:
        raise ValueError("lat và long phải là số.") from None
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise ValueError("lat từ -90 đến 90, long từ -180 đến 180.")
    return f"{north:.6f}, {east:.6f}"


def read_point(place: str | None) -> tuple[float, float] | None:
    """The place on the map that ``point`` wrote, or None."""
    found = _POINT.fullmatch(place or "")
    return (float(found[1]), float(found[2])) if found else None


def local_iso(at: datetime | None) -> str | None:
    """W3C date and time with the zone of the department; None stays None."""
    return at.astimezone(LOCAL).isoformat(timespec="seconds") if at is not None else None
