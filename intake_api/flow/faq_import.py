"""Entries from a file: every row is looked at, the bad ones are named, and the rest waits until
somebody decides. Taken ones become drafts; nothing is published by an import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from intake_api.domain import access, faq
from intake_api.flow import entries, publish
from intake_api.flow.entries import Refused
from intake_api.flow.services import Services
from intake_api.store import events
from intake_api.store import faq as rows
from intake_api.store.faq_tables import FaqImport, FaqRevision
from intake_api.store.registers import Staff

if TYPE_CHECKING:
    from intake_api.store import Session

NEW, CHANGED, SAME, BAD = "new", "changed", "same", "bad"
KIND_TITLE = {NEW: "Mục mới", CHANGED: "Sửa mục đang có", SAME: "Không đổi", BAD: "Chưa dùng được"}


class Read(Protocol):
    """One entry as a reader of files found it."""

    @property
    def where(self) -> str: ...

    @property
    def plain(self) -> dict[str, Any]: ...

    @property
    def wrong(self) -> tuple[str, ...]: ...


def bring_in(
    tx: Session, services: Services, items: Sequence[Read], *, name: str, by: Staff, now: datetime
) -> FaqImport:
    """Keeps the rows of a file with what each is worth. Nothing else changes."""
    if not access.may_write_faq(by.role):
        raise Refused("Vai trò của anh/chị không nhập mục hỏi đáp.")
    live = {one.slug: one for one in publish.read_entries(tx)}
    taken = rows.slugs(tx) | set(live)
    busy = {one.slug for one in rows.open_revisions(tx)}
    seen: dict[str, str] = {}
    kept = []
    for item in items:
        entry, unread = faq.from_plain(item.plain)
        if not entry.slug and entry.title:
            entry = replace(entry, slug=faq.slug_of(entry.title, taken | set(seen)))
        wrong = [*item.wrong, *unread.values()]
        found = entries.problems(tx, services, entry, live.values())
        wrong += [said for name, said in found.items() if name not in unread]
        if entry.slug in seen:
            wrong.append(f"Mã mục “{entry.slug}” đã có ở {seen[entry.slug]}.")
        elif entry.slug in busy:
            wrong.append("Mục này đang có bản nháp hoặc bản chờ duyệt.")
        seen.setdefault(entry.slug, item.where.lower())
        kind = BAD if wrong else SAME if live.get(entry.slug) == entry else NEW
        if kind == NEW and entry.slug in live:
            kind = CHANGED
        kept.append({
            "where": item.where, "slug": entry.slug, "title": entry.title, "kind": kind,
            "wrong": list(dict.fromkeys(wrong)), "plain": faq.to_plain(entry),
        })  # fmt: skip
    made = rows.add_import(
        tx, FaqImport(name=name[:200], rows=kept, staff_id=by.id, at=now, state="waiting")
    )
    events.append(
        tx, at=now, actor=f"staff:{by.id}", action="faq_import_read",
        data={"import": made.id, "rows": len(kept), "bad": sum(r["kind"] == BAD for r in kept)},
    )  # fmt: skip
    return made


def take(
    tx: Session, services: Services, number: int, *, by: Staff, now: datetime, submit: bool = False
) -> int:
    """Makes the good rows drafts (``submit``: and puts them before whoever approves); the bad
    ones are left out. Returns how many. Raises KeyError or Refused."""
    found = _waiting(tx, number, by)
    count = 0
    for row in found.rows:
        if row["kind"] not in (NEW, CHANGED) or rows.open_revision(tx, row["slug"]) is not None:
            continue
        entry, _ = faq.from_plain(row["plain"])
        made = entries.draft(
            tx, by=by, now=now, entry=entry, origin="import", note=found.name,
            import_id=found.id,
        )  # fmt: skip
        if submit:
            entries.submit(tx, services, made, by=by, now=now)
        count += 1
    found.state = "taken"
    return count


def give_up(tx: Session, number: int, *, by: Staff) -> None:
    """Nothing of the file is taken."""
    _waiting(tx, number, by).state = "dropped"


def _waiting(tx: Session, number: int, by: Staff) -> FaqImport:
    if not access.may_write_faq(by.role):
        raise Refused("Vai trò của anh/chị không nhập mục hỏi đáp.")
    found = rows.one_import(tx, number, lock=True)
    if found is None:
        raise KeyError(number)
    if found.state != "waiting":
        raise Refused("Tệp này đã được quyết định.")
    return found


def waiting_of(
    tx: Session, services: Services, number: int, *, by: Staff, now: datetime
) -> list[FaqRevision]:
    """The submitted revisions of an import that this person may approve."""
    return [
        one
        for one in rows.of_import(tx, number)
        if one.stage == faq.Stage.SUBMITTED and entries.may_approve(services, by, one, now)
    ]


def approve_all(
    tx: Session, services: Services, number: int, *, by: Staff, now: datetime
) -> tuple[int, list[str]]:
    """Approves every revision of an import that this person may approve and has been shown the
    effect of. Returns how many were published, and what was left and why."""
    done, left = 0, []
    for revision in waiting_of(tx, services, number, by=by, now=now):
        try:
            entries.approve(tx, services, revision, by=by, now=now, lock=revision.lock)
        except Refused as refused:
            left.append(f"{entries.entry_of(revision).title}: {refused}")
            continue
        done += 1
    return done, left
