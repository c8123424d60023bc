"""events of channels are sealed from the start: nobody knows what they are about, or reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from intake_api.store.sealing import DATA_MARK, Keyring, ring_of

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_TABLE = sa.table("raw_event", sa.column("id", sa.Integer()), sa.column("body", sa.JSON()))
# Before this step an event was sealed when its message was.
_OF_NONE_SEALED = (
    "NOT EXISTS (SELECT 1 FROM message WHERE channel_message_id = natural_key "
    "AND (sealed OR case_id IN (SELECT id FROM cases WHERE confidential)))"
)


def upgrade() -> None:
    _each(_seal)


def downgrade() -> None:
    _each(_open, sa.text(_OF_NONE_SEALED))


def _each(change: Callable[[Keyring, dict[str, Any]], Any], *where: Any) -> None:
    """Row by row: a database without events needs no keys."""
    bind = op.get_bind()
    for number in bind.execute(sa.select(_TABLE.c.id).where(*where)).scalars().all():
        this = _TABLE.c.id == number
        body = bind.execute(sa.select(_TABLE.c.body).where(this)).scalar_one()
        fresh = change(ring_of(bind.dialect), body)
        bind.execute(sa.update(_TABLE).where(this).values(body=fresh))


def _seal(ring: Keyring, body: dict[str, Any]) -> dict[str, Any]:
    if DATA_MARK in body:
        return body
    return {DATA_MARK: ring.seal(json.dumps(body, ensure_ascii=False).encode()).decode()}


def _open(ring: Keyring, body: dict[str, Any]) -> Any:
    return json.loads(ring.open(body[DATA_MARK].encode())) if DATA_MARK in body else body
