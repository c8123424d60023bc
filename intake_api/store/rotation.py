"""Sealing everything anew with the newest key, a few rows at a time."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import (
    JSON,
    LargeBinary,
    Text,
    cast,
    func,
    inspect,
    or_,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import Session, attributes, undefer

from intake_api.store.lane import PROTECTED
from intake_api.store.sealing import BYTES_MARK, DATA_MARK, MARK, SealableBytes, SealableData
from intake_api.store.sealing import is_sealed as sealed_value

BATCH = 200
TABLES = tuple(PROTECTED)


def reseal(tx: Session, table: type[Any], after: Any) -> tuple[Any, int]:
    """Writes the next sealed rows of a table anew. Returns the last key seen (None: that was
    the end) and how many rows were written. Raises ``sealing.WrongKeys``."""
    key = tuple_(*inspect(table).primary_key)
    names = PROTECTED[table]
    query = select(table).where(or_(*(_looks_sealed(table, name) for name in names)))
    query = query.options(*(undefer(getattr(table, name)) for name in names))
    if after is not None:
        query = query.where(key > tuple_(*after))
    rows = list(tx.execute(query.order_by(*inspect(table).primary_key).limit(BATCH)).scalars())
    for row in rows:
        for name in names:
            value = getattr(row, name)
            if value is not None and sealed_value(value):
                attributes.flag_modified(row, name)
    tx.flush()
    last = inspect(rows[-1]).identity if len(rows) == BATCH else None
    return last, len(rows)


def _looks_sealed(table: type[Any], name: str) -> Any:
    column = getattr(table, name)
    kind = column.type
    if isinstance(kind, SealableBytes):
        raw = type_coerce(column, LargeBinary)
        return func.substr(raw, 1, len(BYTES_MARK)) == BYTES_MARK
    if isinstance(kind, SealableData):
        written = "{" + json.dumps(DATA_MARK)
        return cast(type_coerce(column, JSON), Text).startswith(written, autoescape=True)
    return type_coerce(column, Text).startswith(MARK, autoescape=True)
