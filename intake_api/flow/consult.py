"""A consultation from the uploaded draft to the published answers: each step one function.

Every function takes the consultation locked in the caller's transaction; it raises Refused with a
sentence for the officer and then changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from intake_api.domain import clauses as splitting
from intake_api.domain import consulting
from intake_api.domain.catalog import Catalog
from intake_api.domain.model import Role
from intake_api.domain.reminding import Kind
from intake_api.flow import consult_comment, draft_file, files, reminding
from intake_api.flow.services import Services, local_day
from intake_api.store import consultations, events, registry
from intake_api.store.consult_tables import Consultation, OpinionGroup
from intake_api.store.registers import Staff
from vntext import normalize

if TYPE_CHECKING:
    from intake_api.store import Session


UNSETTLED = (
    "Tệp còn ghi chú, chữ ẩn hoặc sửa đổi chưa chấp nhận (track changes) nên trang công khai không "
    "cho tải tệp; muốn cho tải thì chấp nhận hết thay đổi, xóa ghi chú rồi thay tệp."
)


class Refused(ValueError):
    """It cannot be done; ``field`` names the field of the form, the message is for people."""

    def __init__(self, words: str, field: str = "viec") -> None:
        self.field = field
        super().__init__(words)


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, and when."""

    staff: Staff
    now: datetime

    @property
    def actor(self) -> str:
        return f"staff:{self.staff.id}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that was read: the file as it came, its copy without names of people, its parts."""

    kept: files.Kept
    split: splitting.Split


@dataclass(frozen=True, slots=True)
class Plan:
    """What the officer filled in."""

    title: str
    unit: str
    basis: str = ""
    first: date | None = None
    last: date | None = None
    asked_count: int | None = None


def read_draft(services: Services, filename: str, data: bytes) -> Draft:
    """Looks a draft over and splits it. Raises Refused; takes no transaction, it may be slow."""
    try:
        kept = files.inspect(filename, data, services.scanner, kinds=frozenset({files.DOCX}))
        split = splitting.split(draft_file.lines(data))
        unclean = draft_file.unsettled(data)
    except files.FileRefused as refused:
        words = refused.reason_vi
        if words in (files.NOT_ALLOWED, files.NOT_ALLOWED_SENT):
            words = "Tệp không phải văn bản Word (.docx). Lưu dự thảo dạng .docx rồi tải lên lại."
        raise Refused(words, "tep") from None
    except draft_file.DraftUnreadable as refused:
        raise Refused(refused.reason_vi, "tep") from None
    except splitting.NothingToSplit:
        raise Refused("Dự thảo không có chữ nào để chia thành điều, khoản.", "tep") from None
    if kept.shown is None:
        raise Refused("Máy quét mã độc đang tạm nghỉ; xin tải dự thảo lên lại sau ít phút.", "tep")
    if unclean:
        # Remarks of colleagues are nobody's business: the text is shown, the file is not.
        kept = replace(kept, shown=b"")
        split = replace(split, warnings=(*split.warnings, UNSETTLED))
    return Draft(kept, split)


def prepare(tx: Session, services: Services, plan: Plan, draft: Draft, by: By) -> Consultation:
    """Puts a draft into preparation; nobody outside sees it yet."""
    plan = _checked(services.catalog, plan, by)
    opens_at, closes_at = _period(plan, by)
    made = Consultation(
        title=plan.title, basis=plan.basis, unit=plan.unit, state="preparing", opens_at=opens_at,
        closes_at=closes_at, asked_count=plan.asked_count, filename=draft.kept.filename,
        original=draft.kept.original, shown=draft.kept.shown or b"",
        warnings=list(draft.split.warnings), created_by=by.staff.id, created_at=by.now,
    )  # fmt: skip
    consultations.add(tx, made, draft.split.clauses)
    _record(tx, made, by, "consultation_prepared", clauses=len(draft.split.clauses))
    return made


def check(services: Services, plan: Plan, by: By) -> None:
    """Refuses what was filled in wrongly, before a file is read. Raises Refused."""
    _checked(services.catalog, plan, by)
    _period(plan, by)


def _checked(catalog: Catalog, plan: Plan, by: By) -> Plan:
    if not consulting.may_make(by.staff.role):
        raise Refused("Vai trò của anh/chị không chuẩn bị đợt lấy ý kiến.")
    title, basis = (" ".join(normalize(text).split()) for text in (plan.title, plan.basis))
    if not title:
        raise Refused("Ghi tên dự thảo.", "ten")
    if len(title) > consulting.MAX_TITLE:
        raise Refused("Tên dự thảo dài quá 300 ký tự.", "ten")
    if len(basis) > consulting.MAX_BASIS:
        raise Refused("Căn cứ lấy ý kiến dài quá 1.000 ký tự.", "can_cu")
    if plan.unit not in catalog.units:
        raise Refused("Chọn đơn vị soạn thảo.", "don_vi")
    unit = catalog.unit_on(plan.unit, local_day(by.now)).code
    if not consulting.may_work(by.staff.role, by.staff.unit, unit):
        raise Refused("Anh/chị chỉ chuẩn bị dự thảo của đơn vị mình.", "don_vi")
    if plan.asked_count is not None and not 0 <= plan.asked_count < 100_000:
        raise Refused("Số nơi đã gửi xin ý kiến chưa đúng.", "so_noi")
    return replace(plan, title=title, basis=basis, unit=unit)


def _period(plan: Plan, by: By) -> tuple[datetime, datetime]:
    if plan.first is None:
        raise Refused("Chọn ngày bắt đầu lấy ý kiến.", "tu_ngay")
    if plan.last is None:
        raise Refused("Chọn ngày hết hạn lấy ý kiến.", "den_ngay")
    try:
        return consulting.period(plan.first, plan.last, today=local_day(by.now))
    except consulting.DatesReversed as error:
        raise Refused(str(error), "den_ngay") from None


def change(
    tx: Session, services: Services, found: Consultation, plan: Plan, by: By,
    draft: Draft | None = None,
) -> None:  # fmt: skip
    """Changes what was filled in. Once it is announced the draft stays and the closing day may
    only be moved on: nobody who relied on it comes too late."""
    _check_work(found, by)
    if found.state not in ("preparing", "announced"):
        raise Refused("Đợt lấy ý kiến này không sửa được nữa.")
    plan = _checked(services.catalog, plan, by)
    opens_at, closes_at = _period(plan, by)
    if found.state == "announced":
        if draft is not None:
            raise Refused("Dự thảo đã công bố nên không thay tệp; rút đợt này rồi mở đợt mới.")
        if opens_at != found.opens_at and found.opens_at <= by.now:
            raise Refused("Đợt này đã mở nên ngày bắt đầu không đổi được.", "tu_ngay")
        if closes_at < found.closes_at:
            raise Refused("Đã công bố: ngày hết hạn chỉ được lùi về sau.", "den_ngay")
    found.title, found.basis, found.unit = plan.title, plan.basis, plan.unit
    found.opens_at, found.closes_at, found.asked_count = opens_at, closes_at, plan.asked_count
    if draft is not None:
        consultations.put_draft(
            tx, found, filename=draft.kept.filename, original=draft.kept.original,
            shown=draft.kept.shown or b"", clauses=draft.split.clauses,
            warnings=draft.split.warnings,
        )  # fmt: skip
    _record(tx, found, by, "consultation_changed", file=draft is not None)


def announce(tx: Session, found: Consultation, by: By) -> None:
    """Puts the draft before the public, from its opening day on."""
    if not consulting.may_announce(by.staff.role, by.staff.unit, found.unit):
        raise Refused("Lãnh đạo đơn vị soạn thảo hoặc lãnh đạo Sở mới công bố lấy ý kiến được.")
    if found.state != "preparing":
        raise Refused("Đợt lấy ý kiến này đã công bố.")
    if found.closes_at <= by.now:
        raise Refused("Ngày hết hạn đã qua; sửa ngày trước khi công bố.")
    found.state = "announced"
    _record(tx, found, by, "consultation_announced")
    open_due(tx, now=by.now)


def open_due(tx: Session, *, now: datetime) -> int:
    """Tells of those whose day has come: an event, from which notices are written."""
    found = consultations.to_open(tx, now)
    for one in found:
        one.opened_at = now
        events.append(tx, at=now, actor="system", action="consultation_opened", data=facts(one))
    return len(found)


def closing(tx: Session, *, now: datetime) -> int:
    """Tells the unit that the time is over and the answers are to be written; once. Returns how
    many were told."""
    count = 0
    for one in consultations.just_closed(tx, now, now - consulting.NEWS):
        unit = [
            staff.id
            for staff in registry.all_staff(tx)
            if consulting.may_answer(staff.role, staff.unit, one.unit)
        ]
        mark = f"closed:{_iso(one.closes_at)}"
        count += _tell(tx, one, unit, "đã hết hạn góp ý, cần tổng hợp", mark, now=now)
    return count


def _tell(
    tx: Session, found: Consultation, people: list[int], words: str, mark: str, *, now: datetime
) -> int:
    return reminding.tell_people(
        tx, Kind.DRAFT, people, words=f"Dự thảo “{found.title[:120]}” {words}.",
        path=f"/can-bo/du-thao/{found.id}", now=now,
        once=f"draft:{found.id}:{mark}",
    )  # fmt: skip


def withdraw(tx: Session, found: Consultation, by: By, reason: str) -> None:
    """Takes a draft back. What was said stays on record; each case is answered by itself."""
    if not consulting.may_announce(by.staff.role, by.staff.unit, found.unit):
        raise Refused("Lãnh đạo đơn vị soạn thảo hoặc lãnh đạo Sở mới rút được.")
    if found.state not in ("preparing", "announced", "waiting"):
        raise Refused("Đợt lấy ý kiến này không rút được nữa.")
    reason = _reason(reason)
    found.state = "withdrawn"
    _record(tx, found, by, "consultation_withdrawn", words={"reason": reason})


# ------------------------------------------------------------------ answering


def answer(
    tx: Session, found: Consultation, group: OpinionGroup, by: By, *, verdict: str, text: str,
    summary: str,
) -> None:  # fmt: skip
    """The drafting unit says what becomes of a group of opinions."""
    if not consulting.may_answer(by.staff.role, by.staff.unit, found.unit):
        raise Refused("Đơn vị soạn thảo mới ghi tiếp thu, giải trình.")
    _still_ours(found)
    if verdict not in consulting.VERDICT:
        raise Refused("Chọn tiếp thu, tiếp thu một phần hay giải trình.", "ket_luan")
    said, short = normalize(text).strip(), normalize(summary).strip()
    if not said:
        raise Refused("Viết nội dung tiếp thu, giải trình.", "noi_dung")
    if max(len(said), len(short)) > consulting.MAX_ANSWER:
        raise Refused("Nội dung dài quá 5.000 ký tự.", "noi_dung")
    group.verdict, group.answer, group.summary = verdict, said, short
    group.answered_by, group.answered_at = by.staff.id, by.now
    _record(tx, found, by, "consultation_answered", group=group.id, verdict=verdict)


def submit(tx: Session, found: Consultation, by: By) -> None:
    """Puts all answers before a leader. Only when the time for comments is over."""
    if not consulting.may_answer(by.staff.role, by.staff.unit, found.unit):
        raise Refused("Đơn vị soạn thảo mới trình duyệt.")
    _still_ours(found)
    if found.closes_at > by.now:
        raise Refused("Chưa hết thời hạn lấy ý kiến nên chưa trình được.")
    _all_answered(tx, found)
    found.state, found.asked_by, found.returned = "waiting", by.staff.id, ""
    _record(tx, found, by, "consultation_submitted")
    leaders = [one.id for one in registry.all_staff(tx) if one.role == Role.LEADER]
    _tell(tx, found, leaders, "chờ duyệt công bố", f"v{found.version}", now=by.now)


def give_back(tx: Session, found: Consultation, by: By, reason: str) -> None:
    """A leader wants something changed."""
    _check_decides(found, by)
    found.state, found.returned = "announced", _reason(reason)
    for one in consultations.ungrouped(tx, found.id):
        # What came in meanwhile is answered with the rest after all.
        consult_comment.put_together(tx, found, one.opinion, one.case)
    _record(tx, found, by, "consultation_returned", words={"reason": found.returned})
    _tell(tx, found, [found.asked_by or 0], "được trả lại để sửa", f"v{found.version}", now=by.now)


def publish(tx: Session, found: Consultation, by: By) -> None:
    """A leader approves: everything is public from this very moment. Contributors are told by the
    jobs process (``consult_tell``), each on the own channel."""
    _check_decides(found, by)
    _all_answered(tx, found)
    found.state, found.published_by, found.published_at = "published", by.staff.id, by.now
    _record(tx, found, by, "consultation_published", None, asked_by=found.asked_by, **facts(found))


def _check_decides(found: Consultation, by: By) -> None:
    if found.state != "waiting":
        raise Refused("Không có gì chờ duyệt ở đợt lấy ý kiến này.")
    if not consulting.may_decide(by.staff.role, by.staff.id, found.asked_by):
        raise Refused("Lãnh đạo Sở duyệt; người trình không tự duyệt.")


def _all_answered(tx: Session, found: Consultation) -> None:
    left = consultations.unanswered(tx, found.id)
    if left:
        raise Refused(f"Còn {left} nhóm ý kiến chưa có tiếp thu, giải trình.")


def _check_work(found: Consultation, by: By) -> None:
    if not consulting.may_work(by.staff.role, by.staff.unit, found.unit):
        raise Refused("Anh/chị chỉ xem đợt lấy ý kiến này.")


def _still_ours(found: Consultation) -> None:
    if found.state != "announced":
        raise Refused("Đợt lấy ý kiến này không ở bước tổng hợp.")


# ------------------------------------------------------------------ sorting what was said


def regroup(
    tx: Session, found: Consultation, by: By, *, cases: list[int], target: OpinionGroup | None,
    clause_id: int | None = None,
) -> OpinionGroup:  # fmt: skip
    """Moves opinions into another group, or into a new one about ``clause_id`` (None: the draft
    as a whole); groups that are left empty go. To merge two groups, move all opinions of one."""
    _check_work(found, by)
    _still_ours(found)
    if not cases:
        raise Refused("Chọn ít nhất một ý kiến để chuyển.", "y_kien")
    if target is not None and target.consultation_id != found.id:
        raise Refused("Nhóm này không thuộc dự thảo.", "sang")
    group = target or consultations.add_group(tx, found.id, clause_id)
    count = consultations.move(tx, cases, group)
    consultations.drop_empty(tx, found.id)
    _record(tx, found, by, "consultation_regrouped", group=group.id, count=count)
    return group


def _reason(text: str) -> str:
    reason = normalize(text).strip()
    if not reason:
        raise Refused("Ghi lý do.", "ly_do")
    if len(reason) > 500:
        raise Refused("Lý do dài quá 500 ký tự.", "ly_do")
    return reason


def facts(found: Consultation) -> dict[str, object]:
    """What other systems may know of a consultation: numbers, codes and moments."""
    return {
        "consultation": found.id,
        "unit": found.unit,
        "opens_at": _iso(found.opens_at),
        "closes_at": _iso(found.closes_at),
    }


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _record(
    tx: Session, found: Consultation, by: By, action: str, words: dict[str, str] | None = None,
    **data: object,
) -> None:  # fmt: skip
    found.version += 1
    events.append(
        tx, at=by.now, actor=by.actor, action=action, data={"consultation": found.id, **data},
        words=words,
    )  # fmt: skip
