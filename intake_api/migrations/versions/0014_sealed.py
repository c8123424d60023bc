"""sealed cases are encrypted; words of events stand beside the chain; unsealings."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from intake_api.store.db import UtcDateTime
from intake_api.store.sealing import BYTES_MARK, DATA_MARK, MARK, Keyring, ring_of

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Columns that PostgreSQL would cut: encrypted words are longer.
WIDER = {
    "cases": {"school": 200, "district": 50, "role_of_sender": 30, "forwarded_to": 200},
    "contact": {"name": 200, "phone": 30, "email": 200},
    "draft": {"name": 200, "phone": 30, "email": 200},
    "attachment": {"filename": 200},
    "mail_letter": {"subject": 250},
}
OF_CASE = "case_id IN (SELECT id FROM cases WHERE confidential)"
OF_MESSAGE = f"sealed OR {OF_CASE}"
# (table, which rows are sealed, its key, text columns, JSON columns, bytes columns)
SEALED: tuple[tuple[str, str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "cases", "confidential", "id",
        ("text", "text_masked", "folded", "school", "district", "place_text", "route_reason",
         "role_of_sender", "forwarded_to"),
        ("classification",), (),
    ),
    ("contact", OF_CASE, "case_id", ("name", "phone", "email"), (), ()),
    ("message", OF_MESSAGE, "id", ("text",), ("payload",), ()),
    (
        "attachment",
        f"{OF_CASE} OR message_id IN (SELECT id FROM message WHERE {OF_MESSAGE})",  # noqa: S608
        "id", ("filename", "remote_url"), (), ("original", "shown"),
    ),
    ("draft", "1 = 1", "id", ("text", "place_text", "name", "phone", "email"), (), ()),
    ("correction", OF_CASE, "id", ("text_masked",), (), ()),
    ("pause", OF_CASE, "id", ("asked",), (), ()),
    ("extension", OF_CASE, "id", ("reason",), (), ()),
    ("page_comment", "sealed", "id", ("text",), ("understood",), ()),
    (
        "page_comment_version",
        "comment_id IN (SELECT id FROM page_comment WHERE sealed)",
        "id", ("text",), (), (),
    ),
    ("legal_hold", OF_CASE, "id", ("reason",), (), ()),
    ("mail_letter", "1 = 1", "id", ("subject",), (), ()),
    ("note", OF_CASE, "id", ("text",), (), ()),
    ("typed_answer", OF_CASE, "staff_id case_id", ("text",), (), ()),
    ("idempotency_key", "1 = 1", "scope", (), ("body",), ()),
    (
        "raw_event",
        f"natural_key IN (SELECT channel_message_id FROM message WHERE {OF_MESSAGE})",  # noqa: S608
        "id", (), ("body",), (),
    ),
)  # fmt: skip


def upgrade() -> None:
    _need_keys()
    op.create_table(
        "event_words",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                  autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_words_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_event_words_case_id_cases")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_words")),
    )  # fmt: skip
    op.create_index(op.f("ix_event_words_case_id"), "event_words", ["case_id"])
    op.create_table(
        "unsealing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_unsealing_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["staff.id"], name=op.f("fk_unsealing_reader_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["staff.id"], name=op.f("fk_unsealing_asked_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["staff.id"], name=op.f("fk_unsealing_decided_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsealing")),
    )
    for name in ("case_id", "reader_id", "state"):
        op.create_index(op.f(f"ix_unsealing_{name}"), "unsealing", [name])
    op.create_table(
        "named_person",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_named_person_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_named_person_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("case_id", "staff_id", name=op.f("pk_named_person")),
    )
    op.create_index(op.f("ix_named_person_staff_id"), "named_person", ["staff_id"])
    _widths(wider=True)
    _each(_seal)


def downgrade() -> None:
    _need_keys()
    _each(_open)
    _widths(wider=False)
    for name in ("named_person", "unsealing", "event_words"):
        op.drop_table(name)


def _need_keys() -> None:
    """Asked before anything changes: SQLite cannot take half a migration back."""
    bind = op.get_bind()
    for name, where, *_columns in SEALED:
        query: sa.Select[Any] = (
            sa.select(sa.literal(1)).select_from(sa.table(name)).where(sa.text(where))
        )
        if bind.execute(query.limit(1)).first() is not None:
            ring_of(bind.dialect)


def _widths(*, wider: bool) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return  # SQLite never enforced them
    for table, columns in WIDER.items():
        for name, length in columns.items():
            short = sa.String(length=length)
            op.alter_column(table, name, type_=sa.Text() if wider else short)


def _each(change: Callable[[Keyring, Any], Any]) -> None:
    """Changes what is sealed, row by row; a database without sealed rows needs no keys."""
    bind = op.get_bind()
    for name, where, key, texts, data, raw in SEALED:
        table = sa.table(
            name,
            *(sa.column(one) for one in key.split()),
            *(sa.column(one, sa.Text()) for one in texts),
            *(sa.column(one, sa.JSON()) for one in data),
            *(sa.column(one, sa.LargeBinary()) for one in raw),
        )
        keys = [table.c[one] for one in key.split()]
        for found in bind.execute(sa.select(*keys).where(sa.text(where))).all():
            this = sa.and_(*(one == value for one, value in zip(keys, found, strict=True)))
            row = bind.execute(sa.select(table).where(this)).mappings().one()
            ring = ring_of(bind.dialect)
            fresh = {
                one: change(ring, row[one]) for one in (*texts, *data, *raw) if row[one] is not None
            }
            if fresh:
                bind.execute(sa.update(table).where(this).values(fresh))


def _seal(ring: Keyring, value: Any) -> Any:
    if isinstance(value, str):
        return MARK + ring.seal(value.encode()).decode()
    if isinstance(value, bytes):
        return BYTES_MARK + ring.seal(value)
    return {DATA_MARK: ring.seal(json.dumps(value, ensure_ascii=False).encode()).decode()}


def _open(ring: Keyring, value: Any) -> Any:
    if isinstance(value, str):
        return ring.open(value.removeprefix(MARK).encode()).decode() if MARK in value else value
    if isinstance(value, bytes):
        return ring.open(value.removeprefix(BYTES_MARK)) if BYTES_MARK in value else value
    if isinstance(value, dict) and DATA_MARK in value:
        return json.loads(ring.open(value[DATA_MARK].encode()))
    return value
