"""What people do with a report: make, write, have its figures taken, check, give back, sign.

Each is one transaction of the door; who may is asked here, every step is an event of the chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from intake_api.domain import reporting, worktime
from intake_api.domain.catalog import Catalog
from intake_api.domain.period import Period
from intake_api.domain.reporting import About, Kind, State
from intake_api.reports import content, prefill, snapshot
from intake_api.reports.documents.model import Document
from intake_api.reports.documents.model import read as read_document
from intake_api.store import events, reports
from intake_api.store.registers import Staff
from intake_api.store.report_tables import Report
from vntext import normalize

if TYPE_CHECKING:
    from intake_api.store import Session

MAX_SECTION, MAX_NAME, MAX_NUMBER, MAX_REASON = 20_000, 120, 20, 500


class Refused(ValueError):
    """It may not be done; the message tells the person at the page why."""


class Stale(RuntimeError):
    """Somebody else changed the report meanwhile."""


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, when, and on which version of the report (None: whatever it is)."""

    staff: Staff
    now: datetime
    version: int | None = None


def about(report: Report) -> About:
    return About(report.unit, report.sealed)


def author(report: Report) -> int | None:
    """Whose work it is: who wrote it last, or who had it made; None for one that only time made."""
    return report.written_by or report.made_by


def may_write(report: Report, staff: Staff) -> bool:
    """True when this person may change the text now."""
    mine = reporting.may_make(staff.role, staff.unit, about(report))
    return mine and report.state == State.DRAFT


def may_check(report: Report, staff: Staff) -> bool:
    allowed = reporting.may_check(
        staff.role, staff.unit, about(report), staff_id=staff.id, written_by=author(report)
    )
    return allowed and report.state == State.DRAFT and report.snapshot_id is not None


def may_sign(report: Report, staff: Staff) -> bool:
    allowed = reporting.may_sign(staff.role, staff_id=staff.id, written_by=author(report))
    return allowed and report.state == State.CHECKED


def may_give_back(report: Report, staff: Staff) -> bool:
    """A report that was checked goes back to its writer by whoever checks or signs, or by the
    writer who found something."""
    reads = reporting.may_read(staff.role, staff.unit, about(report))
    return reads and report.state == State.CHECKED


def may_number(report: Report, staff: Staff) -> bool:
    """Number and day come from văn thư, also after the signature."""
    return reporting.may_make(staff.role, staff.unit, about(report))


def find(tx: Session, number: int, staff: Staff, *, lock: bool = False) -> Report:
    """The report. Raises KeyError alike for one that is not there and one that may not be read."""
    found = reports.one(tx, number, lock=lock)
    if found is None or not reporting.may_read(staff.role, staff.unit, about(found)):
        raise KeyError(number)
    return found


def make(
    tx: Session,
    catalog: Catalog,
    *,
    kind: Kind,
    period: Period,
    of: About,
    by: Staff | None,
    now: datetime,
) -> Report:
    """A draft whose figures are to be taken next. ``by`` None: its time has come. Raises Refused
    when this person may not, or the one report of this period is there already."""
    if by is not None and not reporting.may_make(by.role, by.unit, of):
        raise Refused("Vai trò của anh/chị không lập báo cáo này.")
    if of.unit is not None and of.unit not in catalog.units:
        raise Refused("Chọn một đơn vị trong danh sách.")
    whole = of == About() and kind != Kind.ADHOC
    once = reporting.once_of(kind, period) if whole else None
    known = reports.by_once(tx, once) if once else None
    if known is not None:
        raise Refused(f"Báo cáo {period.title} đã có, trạng thái: {_state(known)}.")
    when = reporting.due(catalog.reports, catalog.calendar, kind, period)
    made = Report(
        kind=kind, unit=of.unit, sealed=of.sealed, first=period.first, last=period.last,
        title=period.title, once=once, due_on=when.day if when else None, state=State.DRAFT,
        sections={}, edited=[], wanted_at=now, made_at=now,
        signer="unit_head" if of.unit and "unit_head" in catalog.reports.signers
        else next(iter(catalog.reports.signers)),
        made_by=by.id if by else None,
    )  # fmt: skip
    reports.add(tx, made)
    _event(tx, made, by, "report_made", now)
    return made


def _state(report: Report) -> str:
    return reporting.STATE_TITLE[State(report.state)].lower()


def take_again(tx: Session, report: Report, by: By) -> None:
    """Has the figures of a draft taken anew; what somebody wrote stays."""
    _begin(report, by)
    if not may_write(report, by.staff):
        raise Refused("Số liệu chỉ chốt lại được khi báo cáo đang soạn.")
    if report.wanted_at is not None:
        raise Refused("Số liệu đang được chốt.")
    report.wanted_at, report.progress, report.problem = by.now, 0, ""
    _record(tx, report, by, "report_asked")


@dataclass(frozen=True, slots=True)
class Written:
    """What a writer sends: sections by code, and who will sign."""

    sections: dict[str, str]
    signer: str
    signer_name: str


def write(tx: Session, catalog: Catalog, report: Report, by: By, said: Written) -> None:
    """Keeps the text. A section that differs from what its figures would fill in counts as
    written by hand and is not filled again; one that was emptied is filled again."""
    _begin(report, by)
    if not may_write(report, by.staff):
        raise Refused("Báo cáo không còn ở bước soạn, nên chữ không sửa được nữa.")
    if report.wanted_at is not None:
        raise Refused("Số liệu đang được chốt; anh/chị lưu lại sau ít giây.")
    frozen = snapshot.read(tx, report)
    if frozen is None:
        raise Refused("Báo cáo chưa có số liệu.")
    if said.signer not in catalog.reports.signers:
        raise Refused("Chọn người ký trong danh sách.")
    texts = {
        rule.code: normalize(said.sections.get(rule.code, "")).replace("\r\n", "\n").strip()
        for rule in catalog.reports.sections
    }
    if any(len(text) > MAX_SECTION for text in texts.values()):
        raise Refused(f"Mỗi phần dài tối đa {MAX_SECTION} ký tự.")
    plain = snapshot.plain(report, frozen.body, catalog)
    report.edited = [code for code, text in texts.items() if text and text != plain[code]]
    report.sections = {**plain, **{code: texts[code] for code in report.edited}}
    report.signer = said.signer
    report.signer_name = normalize(said.signer_name).strip()[:MAX_NAME]
    report.written_by, report.returned = by.staff.id, ""
    _record(tx, report, by, "report_written")


def number(tx: Session, report: Report, by: By, *, given: str, day: date | None) -> None:
    """Number and day of the document, from văn thư. Both or neither."""
    _begin(report, by)
    if not may_number(report, by.staff):
        raise Refused("Vai trò của anh/chị không vào số báo cáo này.")
    given = normalize(given).strip()
    if len(given) > MAX_NUMBER or bool(given) != (day is not None):
        raise Refused("Ghi cả số và ngày ban hành, hoặc bỏ trống cả hai.")
    report.number, report.number_on = given, day
    _record(tx, report, by, "report_numbered")


def open_ends(report: Report) -> list[str]:
    """Titles of what a report still lacks before it can be checked: parts in square brackets."""
    return [place for text in report.sections.values() for place in prefill.left_open(str(text))]


def may_drop(report: Report, staff: Staff) -> bool:
    """A draft that somebody made goes away again; what the calendar made would come back."""
    return may_write(report, staff) and report.made_by is not None


def drop(tx: Session, report: Report, by: By) -> None:
    """Takes a draft away that was made by mistake. On record; its figures stay."""
    _begin(report, by)
    if not may_drop(report, by.staff):
        raise Refused("Chỉ bỏ được bản nháp do người dùng lập.")
    _record(tx, report, by, "report_dropped")
    reports.drop(tx, report)


def check(tx: Session, report: Report, by: By) -> None:
    """A second person has read it. Raises Refused while something is left open."""
    _begin(report, by)
    if author(report) == by.staff.id:
        raise Refused("Người soạn không tự kiểm tra; cần một người khác.")
    if report.snapshot_id is None or report.wanted_at is not None:
        raise Refused("Báo cáo chưa có số liệu đã chốt.")
    if not may_check(report, by.staff):
        raise Refused("Báo cáo không còn ở bước soạn, hoặc vai trò của anh/chị không kiểm tra.")
    left = open_ends(report)
    if left:
        raise Refused(f"Còn {len(left)} chỗ phải viết lại trước khi kiểm tra: {left[0]}")
    _whole(tx, report)
    report.state, report.checked_by, report.checked_at = State.CHECKED, by.staff.id, by.now
    _record(tx, report, by, "report_checked")


def give_back(tx: Session, report: Report, by: By, *, reason: str) -> None:
    """Back to its writer, with the reason."""
    _begin(report, by)
    if not may_give_back(report, by.staff):
        raise Refused("Chỉ trả lại được báo cáo đã kiểm tra và chưa ký.")
    reason = normalize(reason).strip()
    if not reason:
        raise Refused("Ghi lý do trả lại để người soạn sửa đúng chỗ.")
    report.state, report.checked_by, report.checked_at = State.DRAFT, None, None
    report.returned = reason[:MAX_REASON]
    _record(tx, report, by, "report_returned")


def sign(tx: Session, catalog: Catalog, report: Report, by: By) -> None:
    """The leader's decision: the content is frozen as it stands, with its own hash."""
    _begin(report, by)
    if not may_sign(report, by.staff):
        raise Refused("Chỉ lãnh đạo Sở ký duyệt, khi báo cáo đã được kiểm tra.")
    frozen = _whole(tx, report)
    made = content.build(report, frozen, catalog, today=_today(by.now))
    report.document = made.plain()
    report.document_sha256 = snapshot.digest(snapshot.canonical(report.document))
    report.state, report.signed_by, report.signed_at = State.SIGNED, by.staff.id, by.now
    _record(tx, report, by, "report_signed", sha256=report.document_sha256)


def document(tx: Session, catalog: Catalog, report: Report, *, today: date) -> Document:
    """The document as it stands; once signed, the content that was signed with the number and day
    that văn thư gave since. Raises Refused while there are no figures or they were changed."""
    frozen = _whole(tx, report)
    built = content.build(report, frozen, catalog, today=today)
    if report.document is None:
        return built
    if snapshot.digest(snapshot.canonical(report.document)) != report.document_sha256:
        raise Refused("Nội dung đã ký không còn khớp mã băm; báo quản trị hệ thống kiểm tra.")
    kept = {**report.document, "number": built.number, "place_date": built.place_date}
    return read_document(kept)


def _whole(tx: Session, report: Report) -> snapshot.Frozen:
    frozen = snapshot.read(tx, report)
    if frozen is None:
        raise Refused("Báo cáo chưa có số liệu.")
    if not frozen.whole:
        raise Refused("Bản chốt số liệu không còn khớp mã băm; báo quản trị hệ thống kiểm tra.")
    return frozen


def _today(now: datetime) -> date:
    return now.astimezone(worktime.LOCAL).date()


def _begin(report: Report, by: By) -> None:
    if by.version is not None and by.version != report.version:
        raise Stale


def _record(tx: Session, report: Report, by: By, action: str, **data: str) -> None:
    report.version += 1
    _event(tx, report, by.staff, action, by.now, **data)


def _event(
    tx: Session, report: Report, by: Staff | None, action: str, now: datetime, **data: str
) -> None:
    actor = f"staff:{by.id}" if by is not None else "system"
    events.append(tx, at=now, actor=actor, action=action, data={"report": report.id, **data})


def exported(tx: Session, report: Report, by: By, *, form: str) -> None:
    """A file that leaves the house is on record."""
    _event(tx, report, by.staff, "report_exported", by.now, form=form)
