"""Marks of cases' words, kept as a session writes: no step can forget them, and what is sealed or
erased loses them in the same transaction.

The full-text index could answer the same question, but looks through everything that holds the
same common words for it (600 ms at 100,000 cases on PostgreSQL, measured); here every mark gives
its nearest few cases and no more, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    column,
    delete,
    event,
    insert,
    inspect,
    table,
    text,
)
from sqlalchemy.orm import Session, sessionmaker

from intake_api.domain import likeness
from intake_api.store.print_tables import CasePrint
from intake_api.store.tables import Case

# So many cases on either side of each mark: a common turn of speech must not cost more.
NEAREST = 40
PORTION = 1000
WAITING = "prints"  # cases of a flush whose marks are to be written, and whether they are new
_MADE = table("made", column("print"), column("case_id"))


def watch(sessions: sessionmaker[Session]) -> None:
    """Has every session of this factory keep the marks of the cases that it writes."""
    event.listen(sessions, "before_flush", _note_changed)
    event.listen(sessions, "after_flush", _keep)


def _note_changed(tx: Session, _context: Any, _instances: Any) -> None:
    changed: dict[Case, bool] = tx.info.setdefault(WAITING, {})
    changed.update((one, True) for one in tx.new if isinstance(one, Case))
    changed.update((one, False) for one in tx.dirty if isinstance(one, Case) and _other_words(one))


def _other_words(case: Case) -> bool:
    """Whether the marks are others now. Reads nothing: words that a list left out are the old."""
    state = inspect(case)
    return any(state.attrs[name].history.has_changes() for name in ("text", "confidential"))


def _keep(tx: Session, _context: Any) -> None:
    for case, new in tx.info.pop(WAITING, {}).items():
        connection = tx.connection()
        if not new:
            connection.execute(delete(CasePrint).where(CasePrint.case_id == case.id))
        if not case.confidential:
            add(connection, [(case.id, case.text)])


def add(connection: Connection, texts: Iterable[tuple[int, str]], into: Any = CasePrint) -> None:
    """Writes the marks of (case, text) that have none yet; none of them is sealed."""
    rows = [
        {"print": mark, "case_id": number}
        for number, words in texts
        for mark in likeness.prints(words)
    ]
    if rows:
        connection.execute(insert(into), rows)


def fill(connection: Connection) -> None:
    """Writes the marks of all cases that there are, in their order: one by one they would be
    written all over the table, which takes SQLite a hundred times as long."""
    connection.execute(text("CREATE TEMPORARY TABLE made (print integer, case_id integer)"))
    after = 0
    query = text(
        "SELECT id, text FROM cases WHERE NOT confidential AND id > :after ORDER BY id LIMIT :most"
    )
    while rows := connection.execute(query, {"after": after, "most": PORTION}).all():
        add(connection, [(row[0], row[1]) for row in rows], _MADE)
        after = rows[-1][0]
    connection.execute(
        text(
            "INSERT INTO case_print (print, case_id) "
            "SELECT print, case_id FROM made ORDER BY print, case_id"
        )
    )
    connection.execute(text("DROP TABLE made"))


def sharing(case_id: int, marks: Sequence[int], limit: int) -> Any:
    """A query (case_id, hits) for the cases nearest in time that share most marks with a case."""
    # Two dozen small queries in one: put together as expressions they cost more than they find.
    # Only words of this function go into the text; what is looked for is bound.
    sides = " UNION ALL ".join(
        f"SELECT * FROM (SELECT case_id FROM case_print WHERE print = :mark{number} "  # noqa: S608
        f"AND case_id {side} ORDER BY case_id {order} LIMIT {NEAREST}) AS {name}{number}"
        for number in range(len(marks))
        for name, side, order in (("before", "< :near", "DESC"), ("after", "> :near", "ASC"))
    )
    query = text(
        f"SELECT case_id, count(*) AS hits FROM ({sides}) AS found GROUP BY case_id "  # noqa: S608
        "ORDER BY hits DESC, case_id DESC LIMIT :most"
    )
    given = {f"mark{number}": mark for number, mark in enumerate(marks)}
    query = query.bindparams(near=case_id, most=limit, **given)
    return query.columns(case_id=Integer, hits=Integer).subquery()
