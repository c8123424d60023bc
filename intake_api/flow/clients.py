"""Keys of other systems: made, found again by what is shown, taken away."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake_api.domain import access
from intake_api.domain.access import Scope
from intake_api.domain.catalog import Catalog
from intake_api.store import clients, events
from intake_api.store.api_tables import ApiClient

if TYPE_CHECKING:
    from intake_api.store import Session

# "lnk_<8 hexadecimal digits>_<43 characters>": the middle finds the row, the rest is the secret.
PREFIX = "lnk"
MOST_PER_MINUTE = 6000
_USED = timedelta(hours=1)


class Unusable(ValueError):
    """A key like this cannot be made; the message is for the operator (English)."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who shows a key, and what it allows. Plain data, good beyond its session."""

    id: int
    name: str
    scopes: tuple[str, ...]
    unit: str | None
    per_minute: int
    used_on: datetime | None = None

    def unnoted(self, now: datetime) -> bool:
        """True when its use was not noted for an hour: noted seldom, so reading stays reading."""
        return self.used_on is None or now - self.used_on >= _USED

    @property
    def scope(self) -> Scope:
        """The cases it may list."""
        return access.client_scope(self.scopes, self.unit, self.id)

    @property
    def own(self) -> Scope:
        """The cases it sent: it may speak on for their senders."""
        return Scope(sealed=False, units=None, client_id=self.id)


def _digest(key: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(key.encode()).hexdigest()


def issue(
    tx: Session,
    catalog: Catalog,
    *,
    name: str,
    scopes: Sequence[str],
    unit: str | None,
    per_minute: int,
    now: datetime,
) -> tuple[ApiClient, str]:
    """Makes a key, which is told here and never again. Raises Unusable."""
    unknown = sorted(set(scopes) - set(access.CLIENT_SCOPES))
    if unknown or not scopes:
        raise Unusable(f"scopes are {' and '.join(access.CLIENT_SCOPES)}")
    if unit is not None and unit not in catalog.units:
        raise Unusable(f"there is no unit {unit}")
    if not name.strip() or len(name) > 100:
        raise Unusable("a name has 1 to 100 characters")
    if not 1 <= per_minute <= MOST_PER_MINUTE:
        raise Unusable(f"calls per minute are 1 to {MOST_PER_MINUTE}")
    mark = secrets.token_hex(4)
    key = f"{PREFIX}_{mark}_{secrets.token_urlsafe(32)}"
    made = clients.add(
        tx,
        ApiClient(
            name=name.strip(), mark=mark, digest=_digest(key), scopes=sorted(set(scopes)),
            unit=unit, per_minute=per_minute, created_at=now,
        ),
    )  # fmt: skip
    data = {"client": made.id, "scopes": made.scopes, "unit": unit}
    events.append(tx, at=now, actor="system", action="api_key_made", data=data)
    return made, key


def find(tx: Session, key: str) -> Client | None:
    """Whose key this is; None for one that is wrong or was taken away."""
    prefix, _, rest = key.partition("_")
    mark, _, secret = rest.partition("_")
    row = clients.by_mark(tx, mark) if prefix == PREFIX and mark and secret else None
    if row is None or row.revoked_at is not None:
        return None
    if not hmac.compare_digest(row.digest, _digest(key)):
        return None
    return Client(row.id, row.name, tuple(row.scopes), row.unit, row.per_minute, row.used_on)


def note_use(tx: Session, client_id: int, now: datetime) -> None:
    """Notes that a key is in use, so that the operator sees which are not."""
    row = clients.by_id(tx, client_id)
    if row is not None:
        row.used_on = now


def revoke(tx: Session, client_id: int, *, now: datetime) -> bool:
    """Takes a key away for good; what it sent stays. False when there is none in force."""
    row = clients.by_id(tx, client_id)
    if row is None or row.revoked_at is not None:
        return False
    row.revoked_at = now
    events.append(tx, at=now, actor="system", action="api_key_revoked", data={"client": row.id})
    return True
