"""What the adapters need to remember across restarts, kept in the database."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from intake_api.channels.zalo_token import Pair
from intake_api.store import Session, Store, channel_tokens, registry
from intake_api.store.channel_tables import ChannelToken

Now = Callable[[], datetime]


class KeptParts:
    """Remembers which part of a long message the platform has taken, across restarts."""

    def __init__(self, store: Store, now: Now) -> None:
        self._store, self._now = store, now

    def taken(self, key: str) -> str | None:
        """The remote id of a part that was sent before, or None."""
        with self._store.reading() as tx:
            return registry.sent_part(tx, key)

    def take(self, key: str, remote_id: str) -> None:
        """Notes that a part was sent."""
        with self._store.transaction() as tx:
            registry.add_raw_event(
                tx, channel="sent", natural_key=f"sent:{key}", body={"remote_id": remote_id},
                now=self._now(),
            )  # fmt: skip


class KeptTokens:
    """A channel's pair of tokens. Whoever reads the database alone cannot use them.

    ``first``: the refresh token of the settings. It begins the row, and begins it anew when the
    administrator put another one there.
    """

    def __init__(self, store: Store, now: Now, *, channel: str, first: str, secret: bytes) -> None:
        self._store, self._now, self._channel, self._first = store, now, channel, first
        made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"channel tokens")
        self._fernet = Fernet(base64.urlsafe_b64encode(made.derive(secret)))
        self._seed = hashlib.sha256(first.encode()).hexdigest()

    def read(self) -> Pair:
        """The pair of this moment."""
        with self._store.reading() as tx:
            found = channel_tokens.get(tx, self._channel)
            pair = self._open(found)
        if pair is not None:
            return pair
        with self._store.transaction() as tx:
            return self._begin(tx)

    def claim(self, stale: str) -> Pair | None:
        """The pair to renew, when the caller alone may do so now; else None."""
        with self._store.transaction() as tx:
            found = channel_tokens.get(tx, self._channel)
            pair = self._open(found) or self._begin(tx)
            row = channel_tokens.get(tx, self._channel)
            if row is None or pair.access != stale:
                return None
            mine = channel_tokens.claim(
                tx, self._channel, generation=row.generation, now=self._now()
            )
            return pair if mine else None

    def save(self, pair: Pair) -> None:
        """Puts the new pair in place of the old one, in one transaction."""
        with self._store.transaction() as tx:
            channel_tokens.renew(tx, self._channel, box=self._box(pair), now=self._now())

    def give_back(self) -> None:
        """Gives the claim back; nothing was renewed."""
        with self._store.transaction() as tx:
            channel_tokens.give_back(tx, self._channel)

    def _begin(self, tx: Session) -> Pair:
        known = self._open(channel_tokens.get(tx, self._channel))
        if known is not None:
            return known
        pair = Pair("", self._first, datetime(2000, 1, 1, tzinfo=UTC))
        channel_tokens.put(
            tx, channel=self._channel, box=self._box(pair), seed=self._seed, now=self._now()
        )
        return pair

    def _box(self, pair: Pair) -> str:
        plain = json.dumps([pair.access, pair.refresh, pair.expires_at.isoformat()])
        return self._fernet.encrypt(plain.encode()).decode()

    def _open(self, row: ChannelToken | None) -> Pair | None:
        """None when there is nothing to go on with: no row, another grant, another key."""
        if row is None or row.seed != self._seed:
            return None
        try:
            access, refresh, ends = json.loads(self._fernet.decrypt(row.box.encode()))
        except InvalidToken:
            return None
        return Pair(access, refresh, datetime.fromisoformat(ends))
