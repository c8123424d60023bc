"""Notes between colleagues: on record that they were written, never in the chain what they say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from intake_api.domain import access
from intake_api.flow.acting import Acting, NotAllowed
from intake_api.store import events, notes, registry, unsealings
from intake_api.store.notes import Note
from intake_api.store.registers import Staff
from intake_api.store.tables import Case
from vntext import normalize

if TYPE_CHECKING:
    from intake_api.store import Session

MAX_NOTE = 2000
# An answer that nobody has typed on for a month was given in another way, or never will be.
KEEP_TYPED = timedelta(days=30)
MENTION = re.compile(r"(?<![\w.@])@([a-z0-9][a-z0-9._-]{0,58}[a-z0-9]|[a-z0-9])", re.I)


def readers(tx: Session, case: Case, people: Sequence[Staff]) -> list[Staff]:
    """Who may read this case, and so may be named in its notes: nobody whom the case names."""
    out = unsealings.named(tx, case.id)
    return [
        one
        for one in people
        if one.active
        and one.id not in out
        and access.may_see(
            one.role,
            one.unit,
            confidential=case.confidential,
            case_unit=case.unit,
            copies=case.copies or (),
        )
    ]


def write(tx: Session, case: Case, by: Acting, *, text: str) -> Note:
    """Writes a note; whoever is named with @ finds it in the queue until it is read.

    Whoever may read the case may write one: the unit that only reads along, too. The case keeps
    its version. Raises NotAllowed for an empty or overlong note, and for a name that nobody has
    or that belongs to somebody who may not see this case.
    """
    words = normalize(text).strip()
    if not words:
        raise NotAllowed("Ghi chú chưa có nội dung.")
    if len(words) > MAX_NOTE:
        raise NotAllowed(f"Ghi chú dài quá {MAX_NOTE:,} ký tự.".replace(",", "."))
    known = {one.username: one for one in readers(tx, case, registry.all_staff(tx))}
    named = list(dict.fromkeys(name.lower() for name in MENTION.findall(words)))
    if missing := [name for name in named if name not in known]:
        raise NotAllowed(
            f"Không nhắc được @{missing[0]}: không có người này, hoặc người này không xem được "
            "ý kiến."
        )
    note = Note(case_id=case.id, staff_id=by.staff.id, at=by.now, text=words)
    told = [known[name].id for name in named if known[name].id != by.staff.id]
    notes.add(tx, note, told)
    events.append(
        tx, at=by.now, actor=by.actor, action="noted", case_id=case.id, data={"note": note.id}
    )
    return note
