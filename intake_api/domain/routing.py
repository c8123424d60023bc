"""Which unit gets a case: the rules of docs/routing.md in their order, first match wins."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from intake_api.domain.catalog import Catalog, Topic
from intake_api.domain.model import Place, Route
from vntext import fold

COORDINATOR = "VP"
INSPECTORS = "TTR"
CARE = "CTTT"
STAND_INS = (COORDINATOR, "TCCB", CARE)
LOWER_LEVELS = frozenset({"mn", "th", "thcs"})
LEVEL_NAME = {"mn": "mầm non", "th": "tiểu học", "thcs": "THCS", "thpt": "THPT", "gdtx": "GDTX"}
# Below this probability of the topic a person sorts the case. A wrong unit costs 2, sorting by hand
# 1. Cross-validated, that cost falls slowly all the way (0.46 a message at 0.25, 0.45 at 0.35, 0.44
# at 0.5), because the training messages are harder than the mail: rare topics, look-alikes. On mail
# the same probability is right more often, so the lowest value on the flat part is taken: a third
# fewer cases go through Văn phòng for nothing. See docs/routing.md.
THRESHOLD = 0.25
ACCUSING = frozenset({"criticism", "complaint", "denunciation"})
_MIDDLE, _PRIMARY = "GDTRH", "GDMNTH"

# "đề nghị phòng GD kiểm tra" asks the office to act; "phòng GD bao che" accuses it.
_ASKING = re.compile(
    r"(de nghi|kinh gui|kinh mong|mong|nho|bao|gui|yeu cau|kien nghi|xin|mong muon|hoi|hay|thua"
    r"|phan anh (?:voi|toi|den|len)|trinh|cau cuu)(?: \w+){0,2}$"
)
_OFFICE = r"(?:phong (?:giao duc|gd|gddt|gd dt|gd&dt)(?: va dao tao)?|pgd(?:dt)?)"
_UNIT_WORDS: dict[str, str] = {
    "VP": r"van phong so",
    "TTR": r"(?:thanh tra so|thanh tra giao duc)",
    "TCCB": r"(?:phong )?to chuc can bo",
    "KHTC": r"(?:phong )?ke hoach[ -]+tai chinh",
    "GDTRH": r"phong (?:giao duc|gd) trung hoc",
    "GDMNTH": r"phong (?:giao duc|gd) (?:mam non|tieu hoc)",
    "KTQLCL": r"phong khao thi",
    "CTTT": r"phong (?:chinh tri|cong tac chinh tri)",
}
_NAMED = {code: re.compile(rf"\b{words}\b") for code, words in _UNIT_WORDS.items()}
_NAMED_OFFICE = re.compile(rf"\b{_OFFICE}\b(?! (?:trung hoc|mam non|tieu hoc))")


def accused_units(text: str, kind: str, place: Place, catalog: Catalog) -> frozenset[str]:
    """Codes of units that the text itself criticises; none of them may be the recipient.

    A unit that is only asked to act does not count.
    """
    if kind not in ACCUSING:
        return frozenset()
    folded = fold(text)
    accused = {
        code
        for code, words in _NAMED.items()
        for hit in words.finditer(folded)
        if _blamed(folded, hit)
    }
    for hit in _NAMED_OFFICE.finditer(folded):
        if not _blamed(folded, hit):
            continue
        office = catalog.district_unit(place.district) if place.district else None
        accused.update({office.code} if office else ())
    return frozenset(accused & set(catalog.units))


def _blamed(folded: str, hit: re.Match[str]) -> bool:
    return _ASKING.search(folded[max(0, hit.start() - 40) : hit.start()].rstrip()) is None


def route(
    catalog: Catalog,
    *,
    kind: str,
    topic: str,
    confidence: float,
    text: str,
    place: Place,
    on: date,
) -> Route:
    """Returns the unit for a case received ``on`` that day, with the rule that decided.

    ``confidence`` is the probability of ``topic``. Units that have ended by ``on`` are replaced
    by their successors; a unit that the text criticises is replaced by one that it does not
    criticise (``stand_in``).
    """
    decided = _decide(catalog, kind, topic, confidence, text, place)
    accused = accused_units(text, kind, place, catalog)
    target = catalog.unit_on(decided.unit, on).code
    copies = _dated(catalog, decided.copies, on, accused, target)
    if decided.unit not in accused and target not in accused:
        reason = decided.reason
        if target != decided.unit:
            reason += f" Đơn vị này đã kết thúc; {catalog.units[target].name} kế thừa."
        return Route(target, copies, decided.rule, reason)
    return Route(
        stand_in(catalog, accused | {decided.unit, target}, on),
        (),
        decided.rule + "-x",
        f"{catalog.units[decided.unit].name} bị nêu trong nội dung nên không tự xử lý.",
    )


def stand_in(catalog: Catalog, accused: Collection[str], on: date) -> str:
    """The unit that sorts or handles what the ``accused`` ones may not: the first of those that
    see to such matters."""
    able = (catalog.unit_on(code, on).code for code in STAND_INS if code not in accused)
    found = next((code for code in able if code not in accused), COORDINATOR)
    return catalog.unit_on(found, on).code


def _dated(
    catalog: Catalog, copies: tuple[str, ...], on: date, accused: frozenset[str], target: str
) -> tuple[str, ...]:
    current = (catalog.unit_on(code, on).code for code in copies if code not in accused)
    return tuple(dict.fromkeys(code for code in current if code != target and code not in accused))


def _decide(
    catalog: Catalog, kind: str, topic: str, confidence: float, text: str, place: Place
) -> Route:
    name = catalog.kinds[kind].name if kind in catalog.kinds else kind
    if kind == "child_protection":
        return Route(CARE, (), "1a", "Trẻ em gặp nguy hiểm: chuyển ngay, báo trực ban và lãnh đạo.")
    if kind == "denunciation":
        return Route(INSPECTORS, (), "1b", f"{name}: kênh mật.")
    if kind == "press_inquiry":
        return Route(COORDINATOR, (), "1c", f"{name}: người phát ngôn trả lời.")
    subject = catalog.topics.get(topic)
    if kind == "complaint":
        told = (subject.unit,) if subject and subject.unit != "PGD" else ()
        return Route(INSPECTORS, told, "2", f"{name}: đầu mối giải quyết khiếu nại.")
    if kind == "spam":
        return Route(COORDINATOR, (), "5", f"{name}: Văn phòng rà soát.")
    office = catalog.district_unit(place.district) if place.district else None
    policy = kind == "draft_comment" or (kind == "suggestion" and not place.school)
    if office and place.level in LOWER_LEVELS and not policy:
        where = place.school or f"trường {LEVEL_NAME[place.level or '']}"
        copies = (_topic_unit(subject, place),) if subject and confidence >= THRESHOLD else ()
        return Route(
            office.code, copies, "3", f"{where} thuộc địa bàn {place.district}: {office.name}."
        )
    if subject and confidence >= THRESHOLD:
        unit = _topic_unit(subject, place)
        return Route(
            unit,
            tuple(code for code in subject.with_units if code not in (unit, "PGD")),
            "4",
            f"Chủ đề “{subject.name}” do {catalog.units[unit].name} phụ trách.",
        )
    return Route(COORDINATOR, (), "5", "Chưa đủ chắc chắn về chủ đề: Văn phòng phân loại.")


def _topic_unit(topic: Topic, place: Place) -> str:
    """The topic's unit; where both school departments are named, the level decides."""
    named = (topic.unit, *topic.with_units)
    if _MIDDLE in named and _PRIMARY in named and place.level:
        return _PRIMARY if place.level in ("mn", "th") else _MIDDLE
    return topic.unit
