"""Cases as columns for counting: codes, moments and flags. No words, no people, no case numbers
that a reader could look up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    null,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from intake_api.domain.model import OPEN_STATES
from intake_api.store.citizen_tables import Rating
from intake_api.store.figure_tables import BotAnswer
from intake_api.store.gaps import UNHELPFUL
from intake_api.store.ledgers import PauseEntry
from intake_api.store.registers import Event, Gap
from intake_api.store.tables import Case

NONE: Final = -1  # a moment or a code that is not there
MOMENTS: Final = (
    "received_at", "first_response_at", "answered_at", "closed_at", "due_at", "paused_at",
    "clock_from",
)  # fmt: skip
CODES: Final = (
    "unit", "kind", "topic", "channel", "level", "district", "sender", "outcome", "state", "ended",
)  # fmt: skip
NUMBERS: Final = ("urgent", "anonymous", "confidential", "reopened", "score")
_PORTION = 20_000
# In ``session.info`` under this name: what hears now and then which share has been read.
TOLD: Final = "told"
_MANY_IDS = 500


@dataclass(frozen=True, slots=True)
class Columns:
    """``of[name][i]`` belongs to case ``id[i]``. Moments are seconds of UTC, codes positions in
    ``words[name]``, NONE where there is nothing. ``waits``: (case id, since, until) of every
    stretch in which a case's clock stood still."""

    id: np.ndarray
    of: dict[str, np.ndarray]
    words: dict[str, list[str]]
    waits: np.ndarray

    def __len__(self) -> int:
        return len(self.id)


def read(
    tx: Session,
    *,
    since: datetime | None = None,
    sealed: bool | None = None,
    units: Sequence[str] | None = None,
    words: dict[str, list[str]] | None = None,
) -> Columns:
    """Cases as columns, oldest number first: all of them, or from ``since`` on: those received
    then and older ones that had not ended. ``words``: positions of codes that are known already.
    """
    wanted: list[ColumnElement[bool]] = []
    if sealed is not None:
        wanted.append(Case.confidential.is_(sealed))
    if units is not None:
        wanted.append(Case.unit.in_(units))
    if since is not None:
        ended = func.coalesce(Case.closed_at, Case.answered_at)
        still = Case.state.in_([str(state) for state in OPEN_STATES])
        wanted.append(or_(Case.received_at >= since, still, ended >= since))
    known: dict[str, list[str]] = {name: [] for name in CODES} if words is None else words
    return _columns(_read(tx, wanted, known), _waits(tx, wanted), known)


def read_again(tx: Session, ids: Sequence[int], words: dict[str, list[str]]) -> Columns:
    """The same for single cases; codes that are new are added to ``words``."""
    portions = [ids[start : start + _MANY_IDS] for start in range(0, len(ids), _MANY_IDS)]
    parts = [_read(tx, [Case.id.in_(some)], words) for some in portions]
    waits = [_waits(tx, [Case.id.in_(some)]) for some in portions]
    joined = {name: np.concatenate([one[name] for one in parts]) for name in parts[0]}
    return _columns(joined, np.concatenate(waits), words)


def _columns(found: dict[str, np.ndarray], waits: np.ndarray, words: dict[str, Any]) -> Columns:
    return Columns(found.pop("id"), found, words, waits)


def _read(
    tx: Session, wanted: list[ColumnElement[bool]], words: dict[str, list[str]]
) -> dict[str, np.ndarray]:
    places = {name: {word: n for n, word in enumerate(words[name])} for name in CODES}
    names = ("id", *MOMENTS, *CODES, *NUMBERS)
    parts: dict[str, list[np.ndarray]] = {name: [] for name in names}
    told: Callable[[float], None] | None = tx.info.get(TOLD)
    counted = select(func.count()).select_from(Case).where(*wanted)
    total, done = (tx.execute(counted).scalar_one() if told else 0), 0
    query = _query(tx).where(*wanted).order_by(Case.id)
    rows = tx.execute(query.execution_options(yield_per=_PORTION))
    for portion in rows.partitions(_PORTION):
        for name, values in zip(names, zip(*portion, strict=True), strict=True):
            if name in places:
                parts[name].append(_coded(values, places[name], words[name]))
            else:
                kind = np.int64 if name == "id" or name in MOMENTS else np.int16
                parts[name].append(np.fromiter(values, kind, len(values)))
        done += len(portion)
        if told and total:
            told(min(1.0, done / total))
    return {
        name: np.concatenate(found) if found else np.zeros(0, np.int64)
        for name, found in parts.items()
    }


def _coded(values: Sequence[str | None], places: dict[str, int], words: list[str]) -> np.ndarray:
    for fresh in set(values) - places.keys() - {None, ""}:
        assert fresh is not None  # noqa: S101 - it was taken out
        places[fresh] = len(words)
        words.append(fresh)
    places = {**places, "": NONE}
    return np.fromiter((places[value or ""] for value in values), np.int16, len(values))


def _query(tx: Session) -> Select[Any]:
    open_words = (Case.confidential, null())  # of sealed cases these are encrypted
    text = {
        "district": case(open_words, else_=type_coerce(Case.district, String)),
        "sender": case(open_words, else_=type_coerce(Case.role_of_sender, String)),
        "ended": func.coalesce(Case.ended_as, Case.state),
    }
    columns: list[Any] = [
        Case.id,
        *(_seconds(tx, getattr(Case, name)) for name in MOMENTS),
        *(text[name] if name in text else getattr(Case, name) for name in CODES),
        *(cast(getattr(Case, name), Integer) for name in NUMBERS[:-1]),
        func.coalesce(Rating.score, 0),
    ]
    return select(*columns).outerjoin(Rating, Rating.case_id == Case.id)


def _seconds(tx: Session, moment: Any) -> ColumnElement[int]:
    if tx.get_bind().dialect.name == "sqlite":
        seconds: ColumnElement[int] = cast(
            func.strftime("%s", type_coerce(moment, String)), Integer
        )
    else:
        # date_part counts in floats; EXTRACT in decimals, which takes a million cases seconds.
        seconds = cast(func.floor(func.date_part("epoch", moment)), BigInteger)
    return func.coalesce(seconds, NONE)


def _waits(tx: Session, wanted: list[ColumnElement[bool]]) -> np.ndarray:
    query = select(
        PauseEntry.case_id, _seconds(tx, PauseEntry.since), _seconds(tx, PauseEntry.until)
    )
    if wanted:
        query = query.join(Case, Case.id == PauseEntry.case_id).where(*wanted)
    found = [tuple(row) for row in tx.execute(query)]
    return np.array(found, np.int64) if found else np.zeros((0, 3), np.int64)


# ---------------------------------------------------------------- what has changed
def changed_since(tx: Session, event: int, limit: int) -> list[int] | None:
    """Numbers of the cases that something happened to after an event; None when there are more
    than ``limit``."""
    query = select(Event.case_id).where(Event.id > event, Event.case_id.is_not(None)).distinct()
    found = list(tx.execute(query.limit(limit + 1)).scalars())
    return None if len(found) > limit else [one for one in found if one is not None]


# ---------------------------------------------------------------- what the assistant was asked
@dataclass(frozen=True, slots=True)
class Questions:
    """Questions of a time: answered at once, answered by a choice that was offered, left open."""

    answered: int
    chosen: int
    open: int


def note_answer(tx: Session, *, slug: str, channel: str, now: datetime) -> None:
    """A question was answered at once."""
    tx.add(BotAnswer(at=now, channel=channel, slug=slug))
    tx.flush()


def questions(tx: Session, since: datetime, until: datetime, channel: str = "") -> Questions:
    """What became of the questions from ``since`` until before ``until``."""
    at_once = select(func.count(BotAnswer.id)).where(
        BotAnswer.at >= since, BotAnswer.at < until, *_of(BotAnswer.channel, channel)
    )
    gaps = select(func.count(Gap.id), func.count(Gap.picked)).where(
        and_(Gap.at >= since, Gap.at < until, *_of(Gap.channel, channel)),
        Gap.decision != UNHELPFUL,  # that one was answered, and counts among the answers
    )
    total, chosen = tx.execute(gaps).one()
    return Questions(tx.execute(at_once).scalar_one(), chosen, total - chosen)


def _of(column: Any, value: str) -> list[ColumnElement[bool]]:
    return [column == value] if value else []
