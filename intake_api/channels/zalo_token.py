"""The OA's access token: renewed in time, by one caller at a time, the new pair kept at once.

Zalo rotates both tokens: a refresh token works once. So the right to refresh is claimed first,
and the new pair is stored in one transaction before the access token is used.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx

from intake_api.channels.base import Outage, Retry, operator_alarm
from intake_api.channels.failing import SOON, UNTIL_SOMEBODY_ACTS

# Renewed so long before it ends: a clock may be off, a call takes time.
MARGIN = timedelta(minutes=5)
LIFE = timedelta(hours=25)  # where the answer does not say
WAIT_SECONDS = 6.0
LOST = "mã truy cập OA không gia hạn được; quản trị cần cấp lại quyền cho ứng dụng"


@dataclass(frozen=True, slots=True)
class Pair:
    """What Zalo gives. ``access`` is "" before the first renewal."""

    access: str
    refresh: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"Pair(expires_at={self.expires_at.isoformat()})"


class TokenKeep(Protocol):
    """Where the pair lives, shared by every process."""

    def read(self) -> Pair:
        """The pair of this moment."""

    def claim(self, stale: str) -> Pair | None:
        """The pair to renew, when the caller alone may do so now and the access token is still
        ``stale``; else None."""

    def save(self, pair: Pair) -> None:
        """Puts the new pair in place of the old one and gives the claim back."""

    def give_back(self) -> None:
        """Gives the claim back; nothing was renewed."""


class Tokens:
    """Hands out an access token that is good now. May be shared between threads."""

    def __init__(
        self,
        keep: TokenKeep,
        *,
        oauth_url: str,
        app_id: str,
        app_secret: str,
        now: Callable[[], datetime],
        client: httpx.Client | None = None,
        timeout: float = 10.0,
    ) -> None:
        self._keep, self._now = keep, now
        self._url = f"{oauth_url.rstrip('/')}/v4/oa/access_token"
        self._app_id, self._secret = app_id, app_secret
        self._client = client or httpx.Client()
        self._timeout = timeout
        # A pair that could not be stored. The refresh token before it is dead: it is all there is.
        self._unstored: Pair | None = None
        self._lock = threading.Lock()
        self._storing = Outage("zalo_token_not_stored")

    def access(self) -> str:
        """A good access token; raises Retry while there is none."""
        pair = self._held() or self._keep.read()
        if pair.access and pair.expires_at - MARGIN > self._now():
            return pair.access
        return self.renew(pair.access)

    def renew(self, stale: str) -> str:
        """A newer access token than ``stale``; raises Retry."""
        held = self._held()
        if held is not None and held.access != stale:
            return held.access
        end = time.monotonic() + WAIT_SECONDS
        while True:
            claimed = self._keep.claim(stale)
            if claimed is not None:
                return self._renew(held or claimed)
            current = (self._unstored or self._keep.read()).access
            if current and current != stale:
                return current
            if time.monotonic() > end:
                raise Retry(SOON, "đang gia hạn mã truy cập OA", channel_wide=True)
            time.sleep(0.1)

    def _renew(self, old: Pair) -> str:
        try:
            answer = self._ask(old.refresh)
        except BaseException:
            self._keep.give_back()
            raise
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
            self._keep.give_back()
            code = answer.get("error")
            operator_alarm("zalo_token", code=code if isinstance(code, int) else None)
            raise Retry(UNTIL_SOMEBODY_ACTS, LOST, channel_wide=True)
        self._store(Pair(access, refresh, self._now() + _life(answer.get("expires_in"))))
        return access

    def _held(self) -> Pair | None:
        """The pair that waits to be stored, which is tried once more."""
        with self._lock:
            pair = self._unstored
            if pair is not None:
                self._put(pair)
        return pair

    def _store(self, pair: Pair) -> None:
        with self._lock:
            self._put(pair)

    def _put(self, pair: Pair) -> None:
        try:
            self._keep.save(pair)
        except Exception as error:
            self._unstored = pair
            self._storing.failed(why=type(error).__name__)
        else:
            self._unstored = None
            self._storing.worked()

    def _ask(self, refresh: str) -> dict[str, Any]:
        form = {"app_id": self._app_id, "refresh_token": refresh, "grant_type": "refresh_token"}
        try:
            response = self._client.post(
                self._url, data=form, headers={"secret_key": self._secret}, timeout=self._timeout
            )
            answer = json.loads(response.content)
        except (httpx.RequestError, ValueError, RecursionError):
            raise Retry(SOON, "chưa gia hạn được mã truy cập OA", channel_wide=True) from None
        if response.status_code >= 500 or not isinstance(answer, dict):
            raise Retry(SOON, "chưa gia hạn được mã truy cập OA", channel_wide=True)
        return answer


def _life(seconds: Any) -> timedelta:
    text = str(seconds)
    if text.isascii() and text.isdigit() and 0 < int(text) < 10**7:
        return timedelta(seconds=int(text))
    return LIFE
