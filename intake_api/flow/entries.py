"""Entries of the FAQ as people write them: drafted, submitted, approved by another person, and
published on a day. Each step is one function and one event of the audit chain.

One revision of an entry is open at a time, so nobody's words are lost to somebody else's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from intake_api.domain import access, faq
from intake_api.domain.faq import Stage
from intake_api.domain.model import Entry, Source, Version
from intake_api.flow import publish
from intake_api.flow.services import Services, local_day
from intake_api.store import events
from intake_api.store import faq as rows
from intake_api.store.faq_tables import FaqRevision
from intake_api.store.registers import Staff

if TYPE_CHECKING:
    from intake_api.store import Session

MAX_NOTE = 300


class Refused(PermissionError):
    """A step that cannot be done, in one Vietnamese sentence; ``errors`` names the fields."""

    def __init__(self, sentence: str, errors: Mapping[str, str] | None = None) -> None:
        self.errors = dict(errors or {})
        super().__init__(sentence)


class Stale(Refused):
    """Somebody else saved this revision meanwhile."""


def entry_of(revision: FaqRevision) -> Entry:
    """What a revision says."""
    return faq.from_plain(revision.body)[0]


def owner_on(services: Services, entry: Entry, day: date) -> str:
    """The unit that answers for an entry on a day: its owner or that one's successor."""
    if entry.owner not in services.catalog.units:
        return entry.owner
    return services.catalog.unit_on(entry.owner, day).code


def may_approve(services: Services, staff: Staff, revision: FaqRevision, now: datetime) -> bool:
    """True when this person is the second one: not a writer, and in charge of the entry."""
    owner = owner_on(services, entry_of(revision), local_day(now))
    return staff.id not in revision.writers and access.may_approve_faq(
        staff.role, staff.unit, owner=owner
    )


def problems(
    tx: Session, services: Services, entry: Entry, live: Collection[Entry] | None = None
) -> dict[str, str]:
    """What keeps an entry from being submitted, by field. Days shared with another entry of its
    family count unless they are shared already. ``live``: what is published, when it was read."""
    found = faq.problems(
        entry,
        topics=services.catalog.topics,
        units=services.catalog.units,
        known=rows.document_keys(tx),
    )
    if entry.family:
        live = publish.read_entries(tx) if live is None else live
        known = next((one for one in live if one.slug == entry.slug), None)
        before = faq.shared_days(known, live) if known else {}
        shared = faq.shared_days(entry, live)
        for slug in shared.keys() - before.keys():
            found.setdefault("family", shared[slug])
    return found


# ------------------------------------------------------------------------------- writing


def draft(
    tx: Session,
    *,
    by: Staff,
    now: datetime,
    entry: Entry,
    origin: str = "staff",
    note: str = "",
    import_id: int | None = None,
) -> FaqRevision:
    """Keeps an entry as a new draft. An entry without a name gets a free one of its title.

    Raises Refused for somebody who may not write, or while another revision of it is open.
    """
    if not access.may_write_faq(by.role):
        raise Refused("Vai trò của anh/chị không soạn mục hỏi đáp.")
    if not entry.slug:
        entry = replace(entry, slug=faq.slug_of(entry.title, rows.slugs(tx)))
    rows.state(tx, entry.slug, lock=True)
    if rows.open_revision(tx, entry.slug) is not None:
        raise Refused("Mục này đang có bản nháp hoặc bản chờ duyệt; mở bản đó để soạn tiếp.")
    current = rows.published(tx, entry.slug)
    made = rows.add_revision(
        tx,
        FaqRevision(
            slug=entry.slug, number=rows.newest_number(tx, entry.slug) + 1, stage=Stage.DRAFT,
            origin=origin, body=faq.to_plain(entry), base=current.number if current else None,
            note=note[:MAX_NOTE], writers=[by.id], written_at=now, import_id=import_id,
        ),
    )  # fmt: skip
    _record(tx, made, f"staff:{by.id}", "faq_drafted", now, {"origin": origin})
    return made


def draft_new(
    tx: Session,
    *,
    by: Staff,
    now: datetime,
    title: str,
    answer: str,
    questions: Sequence[str],
    topic: str,
    owner: str,
    source: Source,
    origin: str,
) -> FaqRevision:
    """A draft of an entry that there was not yet, from its parts (a correction of a rumour, a
    question that people ask). It holds from today."""
    today = local_day(now)
    entry = Entry(
        slug="", topic=topic, owner=owner, title=title[: faq.MAX_TITLE], short=_short(title),
        questions=tuple(dict.fromkeys(one.strip() for one in questions if one.strip())),
        versions=(Version(today, None, answer, (), "", source),), review_by=next_review(today),
    )  # fmt: skip
    return draft(tx, by=by, now=now, entry=entry, origin=origin)


def _short(title: str) -> str:
    if len(title) <= faq.MAX_SHORT:
        return title
    return title[: faq.MAX_SHORT].rsplit(" ", 1)[0].rstrip(" ,:;-")


def next_review(start: date) -> date:
    """A year later: rules on schooling change with the school year."""
    return date(start.year + 1, start.month, min(start.day, 28))


def reopen(tx: Session, slug: str, *, by: Staff, now: datetime) -> FaqRevision:
    """The open revision of an entry to write in: the one there is, or a draft of what is
    published. Raises KeyError for an entry that does not exist."""
    found = rows.open_revision(tx, slug)
    if found is not None:
        return found
    current = rows.published(tx, slug)
    if current is None:
        raise KeyError(slug)
    return draft(tx, by=by, now=now, entry=entry_of(current))


def save(
    tx: Session, revision: FaqRevision, *, by: Staff, now: datetime, entry: Entry, lock: int,
    note: str = "",
) -> None:  # fmt: skip
    """Keeps what was written; it may still be wrong, that is said when it is submitted. Whoever
    saves becomes one of its writers. Raises Refused or Stale."""
    if not access.may_write_faq(by.role):
        raise Refused("Vai trò của anh/chị không soạn mục hỏi đáp.")
    if revision.lock != lock:
        raise Stale(
            "Một người khác đã lưu bản này trong lúc anh/chị soạn. Lời anh/chị viết còn nguyên "
            "trong ô; mở bản mới nhất ở trang khác để đối chiếu rồi lưu lại."
        )
    if revision.stage != Stage.DRAFT:
        raise Refused("Bản này không còn là bản nháp; rút về nháp trước khi sửa.")
    current = rows.published(tx, revision.slug)
    revision.body = faq.to_plain(replace(entry, slug=revision.slug))
    revision.base = current.number if current else None
    revision.note = note[:MAX_NOTE]
    revision.lock += 1
    revision.written_at = now
    if by.id not in revision.writers:
        revision.writers = [*revision.writers, by.id]


def submit(
    tx: Session, services: Services, revision: FaqRevision, *, by: Staff, now: datetime
) -> None:
    """Puts a draft before whoever approves it. Raises Refused with everything that is wrong."""
    _only(access.may_write_faq(by.role), revision, Stage.DRAFT)
    wrong = problems(tx, services, entry_of(revision))
    if wrong:
        raise Refused("Chưa gửi duyệt được, bản nháp vẫn được giữ.", wrong)
    revision.stage, revision.submitted_at, revision.refusal = Stage.SUBMITTED, now, ""
    revision.lock += 1
    _record(tx, revision, f"staff:{by.id}", "faq_submitted", now)


def take_back(tx: Session, revision: FaqRevision, *, by: Staff, now: datetime) -> None:
    """Makes a revision that waits a draft again."""
    _only(access.may_write_faq(by.role), revision, Stage.SUBMITTED, Stage.APPROVED)
    revision.stage, revision.publish_on = Stage.DRAFT, None
    revision.decided_by = revision.decided_at = None
    revision.lock += 1
    _record(tx, revision, f"staff:{by.id}", "faq_taken_back", now)


def drop(tx: Session, revision: FaqRevision, *, by: Staff, now: datetime) -> None:
    """Gives an open revision up; it stays in the history."""
    _only(access.may_write_faq(by.role), revision, *faq.OPEN_STAGES)
    revision.stage = Stage.DROPPED
    revision.lock += 1
    _record(tx, revision, f"staff:{by.id}", "faq_dropped", now)


# ------------------------------------------------------------------------------- deciding


def approve(
    tx: Session,
    services: Services,
    revision: FaqRevision,
    *,
    by: Staff,
    now: datetime,
    lock: int,
    publish_on: date | None = None,
) -> None:
    """A second person finds a revision right; it is published at once or on a later day.

    Raises Refused for a writer, somebody not in charge, a revision whose effect on known
    questions nobody has looked at, or one written on words that are no longer published.
    """
    _only(True, revision, Stage.SUBMITTED)
    if by.id in revision.writers:
        raise Refused("Người soạn không tự duyệt; một người khác duyệt.")
    if not may_approve(services, by, revision, now):
        raise Refused("Mục này do lãnh đạo đơn vị phụ trách hoặc lãnh đạo Sở duyệt.")
    if revision.lock != lock:
        raise Stale("Bản này vừa được sửa; tải lại trang để duyệt đúng bản mới nhất.")
    _check_base(tx, services, revision)
    if not is_checked(revision):
        raise Refused("Chạy “Kiểm tra trước khi đăng” để thấy câu hỏi nào sẽ được trả lời khác.")
    today = local_day(now)
    if publish_on is not None and publish_on < today:
        raise Refused(
            "Ngày đăng đã qua; chọn hôm nay hoặc một ngày sau.", {"publish_on": "Ngày đăng đã qua."}
        )
    revision.decided_by, revision.decided_at = by.id, now
    revision.stage, revision.publish_on = Stage.APPROVED, publish_on or today
    revision.lock += 1
    _record(
        tx, revision, f"staff:{by.id}", "faq_approved", now,
        {"publish_on": revision.publish_on.isoformat()},
    )  # fmt: skip
    if revision.publish_on <= today:
        go_live(tx, revision, now=now, actor=f"staff:{by.id}")


def is_checked(revision: FaqRevision) -> bool:
    """True when somebody was shown what this very wording changes."""
    return bool(revision.check) and (revision.check or {}).get("of") == fingerprint(revision)


def fingerprint(revision: FaqRevision) -> str:
    return publish.fingerprint(entry_of(revision))


def _check_base(tx: Session, services: Services, revision: FaqRevision) -> None:
    current = rows.published(tx, revision.slug)
    if (current.number if current else None) != revision.base:
        raise Refused(
            "Bản đang dùng đã đổi từ khi bản này được soạn. Trả lại để người soạn đối chiếu và "
            "lưu lại."
        )
    wrong = problems(tx, services, entry_of(revision))
    if wrong:
        raise Refused("Bản này không còn đăng được: " + next(iter(wrong.values())), wrong)


def refuse(tx: Session, services: Services, revision: FaqRevision, *, by: Staff, now: datetime,
           reason: str) -> None:  # fmt: skip
    """Gives a revision back to its writer with a reason."""
    _only(True, revision, Stage.SUBMITTED)
    if not may_approve(services, by, revision, now):
        raise Refused("Mục này do lãnh đạo đơn vị phụ trách hoặc lãnh đạo Sở duyệt.")
    if not reason.strip():
        raise Refused("Ghi lý do trả lại.", {"reason": "Ghi lý do trả lại."})
    revision.stage, revision.refusal = Stage.DRAFT, reason.strip()[:500]
    revision.lock += 1
    _record(tx, revision, f"staff:{by.id}", "faq_refused", now)


def go_live(
    tx: Session, revision: FaqRevision, *, now: datetime, actor: str = "system", told: bool = True
) -> None:
    """Makes an approved revision the one that is answered with; ``told``: put on record."""
    state = rows.state(tx, revision.slug, lock=True)
    current = rows.published(tx, revision.slug)
    if current is not None:
        current.stage = Stage.REPLACED
    entry = entry_of(revision)
    end = faq.ended_on(entry)
    # What ends before it is published (a rule of the past) is nobody's news when it "expires".
    state.expired_told = end if end is not None and end < local_day(now) else None
    revision.stage, revision.published_at = Stage.PUBLISHED, now
    publish.put(tx, entry, now=now)
    if told:
        more = {"topic": entry.topic, "owner": entry.owner}
        _record(tx, revision, actor, "faq_published", now, more)


def publish_due(tx: Session, services: Services, *, now: datetime) -> int:
    """Publishes what was approved for today or before; returns how many. One that no longer fits
    goes back to its writer instead, with the reason."""
    done = 0
    for revision in rows.due(tx, local_day(now)):
        try:
            _check_base(tx, services, revision)
        except Refused as refused:
            revision.stage, revision.publish_on = Stage.DRAFT, None
            revision.refusal = str(refused)[:500]
            revision.lock += 1
            _record(tx, revision, "system", "faq_refused", now)
            continue
        go_live(tx, revision, now=now)
        done += 1
    return done


def roll_back(tx: Session, slug: str, number: int, *, by: Staff, now: datetime) -> FaqRevision:
    """A draft with the words of an earlier revision; it is approved like every other. Raises
    KeyError, or Refused while another revision is open."""
    old = rows.numbered(tx, slug, number)
    if old is None:
        raise KeyError(slug)
    return draft(
        tx, by=by, now=now, entry=entry_of(old), origin="rollback",
        note=f"Khôi phục bản {number}",
    )  # fmt: skip


def _only(allowed: bool, revision: FaqRevision, *stages: Stage) -> None:
    if not allowed:
        raise Refused("Vai trò của anh/chị không làm việc này.")
    if revision.stage not in stages:
        title = faq.STAGE_TITLE[revision.stage].lower()
        raise Refused(f"Bản này đang ở bước “{title}” nên không làm việc này được.")


def _record(
    tx: Session, revision: FaqRevision, actor: str, action: str, now: datetime,
    data: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    events.append(
        tx, at=now, actor=actor, action=action,
        data={"slug": revision.slug, "revision": revision.number, **(data or {})},
    )  # fmt: skip
