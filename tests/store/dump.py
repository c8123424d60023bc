"""Everything that a database holds, as the bytes on its disk or the rows of its tables."""

from __future__ import annotations

import re

import sqlalchemy as sa

from intake_api.store import Store

_UNICODE = re.compile(r"\\u([0-9a-f]{4})")


def everything(store: Store) -> str:
    """Every cell of every table as stored (nothing opened), and the whole SQLite file."""
    found = []
    with store.engine.connect() as connection:
        for name in sa.inspect(connection).get_table_names():
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):
                found += [_text(cell) for cell in row]
        if store.is_sqlite:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    if store.is_sqlite:
        with open(store.url.removeprefix("sqlite:///"), "rb") as file:
            found.append(file.read().decode("utf-8", errors="replace"))
    return "\n".join(found)


def _text(cell: object) -> str:
    raw = bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
    said = raw.decode("utf-8", errors="replace")
    # JSON escapes what is not ASCII; a leak hides behind no backslash.
    return said + "\n" + _UNICODE.sub(lambda one: chr(int(one[1], 16)), said)
