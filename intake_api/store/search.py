"""Full-text search and the queue's index: what plain SQL says better than the ORM.

The index is kept by triggers, so no write can forget it, and a sealed case never enters it: the
moment a case is sealed its row leaves the index and the sender's search words are blanked. On
SQLite it is FTS5, on PostgreSQL a ``simple`` tsvector with GIN. Both get text that is folded
already (FTS5 does not fold đ). ``install`` may run at any time and any number of times: SQLite
drops triggers and expression indexes whenever a migration rebuilds a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Select, column, func, literal_column, table, text
from sqlalchemy.orm import Session

from intake_api.domain.model import OPEN_STATES
from intake_api.store.tables import Case
from vntext import fold

# Made here and not by the tables in code: the comparison of both leaves these out.
OWN_NAMES = re.compile(r"^(case_search|ix_cases_open|ix_case_search)")
IS_OPEN = "cases.state IN ({})".format(
    ", ".join(f"'{state}'" for state in sorted(str(one) for one in OPEN_STATES))
)
_FAR = {"sqlite": "'9999-12-31'", "postgresql": "'infinity'::timestamptz"}
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\*?")
_GAP = re.compile(r"[ .\-+()]")
_GROUPS = re.compile(r"\+?\d[\d .\-]{7,16}\d")
_CONFUSED = str.maketrans("oil", "011")  # as codes are read
MAX_WORDS = 12

# One word of a search: the phrases of which one must be there; * at the end: the beginning.
Word = tuple[str, ...]

_FTS = table("case_search", column("rowid"), column("case_search"))
_GIN = table("case_search", column("case_id"), column("vector"))


# ---------------------------------------------------------------- keeping the index
def _open_index(dialect: str) -> str:
    where = IS_OPEN.replace("cases.", "")
    # What decides the order first, then what views filter by: counted without the table.
    return (
        "CREATE INDEX IF NOT EXISTS ix_cases_open ON cases (confidential, (NOT urgent), "
        f"(coalesce(due_at, {_FAR[dialect]})), id, unit, assignee_id, state, due_at, paused_at) "
        f"WHERE {where}"
    )


_SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS case_search USING fts5("
    "words, sender, unit, tokenize = 'unicode61 remove_diacritics 0')",
    """CREATE TRIGGER IF NOT EXISTS case_search_new AFTER INSERT ON cases
WHEN NOT NEW.confidential BEGIN
  INSERT INTO case_search (rowid, words, sender, unit)
    VALUES (NEW.id, NEW.folded, '', replace(NEW.unit, '-', ''));
END""",
    """CREATE TRIGGER IF NOT EXISTS case_search_changed
AFTER UPDATE OF folded, confidential, unit ON cases
WHEN NEW.folded IS NOT OLD.folded OR NEW.confidential IS NOT OLD.confidential
  OR NEW.unit IS NOT OLD.unit BEGIN
  UPDATE contact SET folded = '' WHERE case_id = NEW.id AND NEW.confidential;
  DELETE FROM case_search WHERE rowid = OLD.id;
  INSERT INTO case_search (rowid, words, sender, unit)
    SELECT NEW.id, NEW.folded, coalesce((SELECT folded FROM contact WHERE case_id = NEW.id), ''),
      replace(NEW.unit, '-', '')
    WHERE NOT NEW.confidential;
END""",
    """CREATE TRIGGER IF NOT EXISTS case_search_gone AFTER DELETE ON cases BEGIN
  DELETE FROM case_search WHERE rowid = OLD.id;
END""",
    """CREATE TRIGGER IF NOT EXISTS case_search_sender_new AFTER INSERT ON contact
WHEN NEW.folded <> '' BEGIN
  UPDATE case_search SET sender = NEW.folded WHERE rowid = NEW.case_id;
END""",
    """CREATE TRIGGER IF NOT EXISTS case_search_sender_changed AFTER UPDATE OF folded ON contact
BEGIN
  UPDATE case_search SET sender = NEW.folded WHERE rowid = NEW.case_id;
END""",
    """CREATE TRIGGER IF NOT EXISTS case_search_sender_gone AFTER DELETE ON contact BEGIN
  UPDATE case_search SET sender = '' WHERE rowid = OLD.case_id;
END""",
)
_SQLITE_FILL = (
    "DELETE FROM case_search",
    """INSERT INTO case_search (rowid, words, sender, unit)
SELECT id, folded, coalesce((SELECT folded FROM contact WHERE case_id = cases.id), ''),
  replace(unit, '-', '')
FROM cases WHERE NOT confidential""",
)
# PostgreSQL's parser would read "-2611" in a code as a number: only letters and digits go in.
_POSTGRES = (
    """CREATE TABLE IF NOT EXISTS case_search (
  case_id integer PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE,
  vector tsvector NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS ix_case_search_vector ON case_search USING gin (vector) "
    "WITH (fastupdate = off)",
    """CREATE OR REPLACE FUNCTION case_search_vector(words text, sender text, unit text)
RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
  SELECT setweight(to_tsvector('simple', regexp_replace(words, '[^a-z0-9]+', ' ', 'g')), 'A')
      || setweight(to_tsvector('simple', regexp_replace(sender, '[^a-z0-9]+', ' ', 'g')), 'B')
      || setweight(to_tsvector('simple', replace(unit, '-', '')), 'C')
$$""",
    """CREATE OR REPLACE FUNCTION case_search_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.confidential THEN
    UPDATE contact SET folded = '' WHERE case_id = NEW.id AND folded <> '';
    DELETE FROM case_search WHERE case_id = NEW.id;
  ELSE
    INSERT INTO case_search (case_id, vector)
    SELECT NEW.id, case_search_vector(NEW.folded,
      coalesce((SELECT folded FROM contact WHERE case_id = NEW.id), ''), NEW.unit)
    ON CONFLICT (case_id) DO UPDATE SET vector = EXCLUDED.vector;
  END IF;
  RETURN NULL;
END $$""",
    """CREATE OR REPLACE FUNCTION case_search_keep_sender() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE case_search SET vector = case_search_vector(
      cases.folded, CASE WHEN TG_OP = 'DELETE' THEN '' ELSE NEW.folded END, cases.unit)
  FROM cases WHERE cases.id = case_search.case_id
    AND case_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.case_id ELSE NEW.case_id END;
  RETURN NULL;
END $$""",
    "CREATE OR REPLACE TRIGGER case_search_new AFTER INSERT ON cases "
    "FOR EACH ROW EXECUTE FUNCTION case_search_keep()",
    "CREATE OR REPLACE TRIGGER case_search_changed "
    "AFTER UPDATE OF folded, confidential, unit ON cases "
    "FOR EACH ROW WHEN (NEW.folded IS DISTINCT FROM OLD.folded "
    "OR NEW.confidential IS DISTINCT FROM OLD.confidential "
    "OR NEW.unit IS DISTINCT FROM OLD.unit) EXECUTE FUNCTION case_search_keep()",
    "CREATE OR REPLACE TRIGGER case_search_sender AFTER INSERT OR UPDATE OF folded OR DELETE "
    "ON contact FOR EACH ROW EXECUTE FUNCTION case_search_keep_sender()",
)
_POSTGRES_FILL = (
    "DELETE FROM case_search",
    """INSERT INTO case_search (case_id, vector)
SELECT id, case_search_vector(folded,
  coalesce((SELECT folded FROM contact WHERE case_id = cases.id), ''), unit)
FROM cases WHERE NOT confidential""",
)
_REMOVE = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS case_search_new",
        "DROP TRIGGER IF EXISTS case_search_changed",
        "DROP TRIGGER IF EXISTS case_search_gone",
        "DROP TRIGGER IF EXISTS case_search_sender_new",
        "DROP TRIGGER IF EXISTS case_search_sender_changed",
        "DROP TRIGGER IF EXISTS case_search_sender_gone",
        "DROP TABLE IF EXISTS case_search",
        "DROP INDEX IF EXISTS ix_cases_open",
    ),
    "postgresql": (
        "DROP TRIGGER IF EXISTS case_search_new ON cases",
        "DROP TRIGGER IF EXISTS case_search_changed ON cases",
        "DROP TRIGGER IF EXISTS case_search_sender ON contact",
        "DROP FUNCTION IF EXISTS case_search_keep()",
        "DROP FUNCTION IF EXISTS case_search_keep_sender()",
        "DROP FUNCTION IF EXISTS case_search_vector(text, text, text)",
        "DROP TABLE IF EXISTS case_search",
        "DROP INDEX IF EXISTS ix_cases_open",
    ),
}


def install(connection: Connection) -> None:
    """Puts index, triggers and the queue's index in place; what is there already stays."""
    dialect = connection.dialect.name
    for statement in (_SQLITE if dialect == "sqlite" else _POSTGRES, (_open_index(dialect),)):
        for one in statement:
            connection.exec_driver_sql(one)


def fill(connection: Connection) -> None:
    """Writes the whole full-text index anew from the cases."""
    for one in _SQLITE_FILL if connection.dialect.name == "sqlite" else _POSTGRES_FILL:
        connection.exec_driver_sql(one)


def forget_deleted(tx: Session) -> None:
    """Takes words that left the index out of its file as well: FTS5 only marks them, and keeps
    them readable, until its parts are merged. PostgreSQL's autovacuum does that by itself."""
    if tx.get_bind().dialect.name == "sqlite":
        tx.execute(text("INSERT INTO case_search (case_search) VALUES ('optimize')"))


def remove(connection: Connection) -> None:
    """Takes everything away again that ``install`` has put in place."""
    for one in _REMOVE[connection.dialect.name]:
        connection.exec_driver_sql(one)


# ---------------------------------------------------------------- what is searched for
def words_of(query: str) -> tuple[Word, ...]:
    """The words of a search, folded; each with the ways in which it may be found.

    A word with a digit (a code, a telephone number) and one that ends in * is found by its
    beginning; part of a code also with letters that are taken for digits. A telephone number
    that is written in groups is one word.
    """
    folded = fold(query)
    if _is_number(folded):
        return ((f"{_home(re.sub(_GAP, '', folded))}*",),)
    found = [_ways(word) for word in _WORD.findall(folded)]
    return tuple(dict.fromkeys(found))[:MAX_WORDS]


def _ways(word: str) -> Word:
    if word.endswith("*"):
        return (f"{word.rstrip('*').replace('-', ' ')}*",)
    bare = word.replace("-", "")
    as_code = bare.translate(_CONFUSED)
    ways = []
    if not any(char.isdigit() for char in bare) or "-" in word or len(bare) < 4:
        ways.append(word.replace("-", " "))
    else:
        ways.append(f"{bare}*")
    if len(bare) >= 4 and any(char.isdigit() for char in as_code):
        ways.append(f"{as_code}*")
    return tuple(dict.fromkeys(ways))


def _is_number(folded: str) -> bool:
    bare = re.sub(_GAP, "", folded)
    return bare.isdigit() and len(bare) >= 9


def code_words(code: str) -> list[str]:
    """What a code is found by besides itself: any four of its characters in a row begin one."""
    bare = code.replace("-", "").lower()
    return [bare[start:] for start in range(len(bare) - 3)]


def number_words(text: str) -> list[str]:
    """Telephone numbers of a text in one piece, however they were written in groups."""
    return [_home(re.sub(_GAP, "", found)) for found in _GROUPS.findall(text)]


def sender_words(name: str | None, phone: str | None, email: str | None) -> str:
    """What a sender is found by: name, e-mail and the telephone number in one piece."""
    bare = re.sub(r"\D", "", phone or "")
    return " ".join(filter(None, (fold(name or ""), _home(bare), fold(email or ""))))


def _home(number: str) -> str:
    """A telephone number as people at home dial it."""
    return f"0{number[2:]}" if number.startswith("84") and len(number) >= 11 else number


def narrowed(
    tx: Session, query: Select[Case], words: Iterable[Word], *, senders: bool, units: Iterable[str]
) -> Select[Case]:
    """``query`` for the cases that hold every one of ``words`` (``words_of``) in their text,
    place or code, or, where ``senders`` says so, in who sent them. ``units``, where there are
    any, are those that the query asks for anyhow: the index leaves out all others, which are read
    one by one elsewise."""
    given = list(words)
    if not given:
        return query
    marks = [unit.replace("-", "").lower() for unit in units]
    if tx.get_bind().dialect.name == "sqlite":
        found = f"{{words{' sender' if senders else ''}}} : ({' AND '.join(map(_fts, given))})"
        if marks:
            found += " AND {unit} : (" + " OR ".join(f'"{mark}"' for mark in marks) + ")"
        return _match(query, found)
    found = " & ".join(_tsquery(word, "AB" if senders else "A") for word in given)
    if marks:
        found += " & (" + " | ".join(f"{mark}:C" for mark in marks) + ")"
    return _look(query, found)


def number(tx: Session, words: Iterable[Word]) -> ColumnElement[int]:
    """The case's number as the full-text index has it. Both give their finds in this order: a
    page of a common word is read off, not sorted out of tens of thousands."""
    if tx.get_bind().dialect.name == "sqlite":
        return _FTS.c.rowid
    # PostgreSQL takes every beginning for a common one and reads all cases backwards, newest
    # first, until it has a page: for a telephone number, all there are (0.6 s of a million).
    return _GIN.c.case_id + 0 if any(map(_is_rare, words)) else _GIN.c.case_id


def _is_rare(word: Word) -> bool:
    """A telephone number or part of a code, of which there are few; a year is not."""
    return any(
        way.endswith("*") and any(map(str.isdigit, way)) and not re.fullmatch(r"\d{1,4}\*", way)
        for way in word
    )


def _match(query: Select[Case], found: str) -> Select[Case]:
    query = query.join(_FTS, _FTS.c.rowid == Case.id)
    return query.where(_FTS.c.case_search.op("MATCH")(found))


def _look(query: Select[Case], found: str) -> Select[Case]:
    query = query.join(_GIN, _GIN.c.case_id == Case.id)
    return query.where(_GIN.c.vector.op("@@")(func.to_tsquery("simple", found)))


def _fts(word: Word) -> str:
    ways = (f'"{way.rstrip("*")}"' + ("*" if way.endswith("*") else "") for way in word)
    return f"({' OR '.join(ways)})"


def _tsquery(word: Word, weight: str) -> str:
    def one(part: str) -> str:
        return f"{part.rstrip('*')}:{'*' if part.endswith('*') else ''}{weight}"

    ways = (" <-> ".join(one(part) for part in way.split()) for way in word)
    return f"({' | '.join(f'({way})' for way in ways)})"


# ---------------------------------------------------------------- what the queue is sorted by
def is_open() -> ColumnElement[bool]:
    """The condition of the queue's index, word for word: only so is the index used."""
    return literal_column(IS_OPEN)


def order_key(tx: Session) -> tuple[ColumnElement[bool], ColumnElement[object], ColumnElement[int]]:
    """Urgent first, then what is due first, without a due date last; as the index has it."""
    far = _FAR[tx.get_bind().dialect.name]
    calm: ColumnElement[bool] = literal_column("(NOT cases.urgent)")
    due: ColumnElement[object] = literal_column(f"coalesce(cases.due_at, {far})")
    return calm, due, Case.__table__.c.id
