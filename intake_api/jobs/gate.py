"""When a channel may be sent on: its rate limit, and whether the platform is there at all.

A platform that is away fails every message alike. So the first failure closes the channel for all
conversations, one message at a time tries whether it is back, and none loses one of its own tries
meanwhile. In memory, for each process: after a restart the first message finds out again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

log = structlog.get_logger()
FIRST_STEP = 2.0
LONGEST_STEP = 60.0


@dataclass
class _Closed:
    until: float
    step: float


class Gate:
    """May be shared between threads.

    ``limits``: most messages for each channel, as "20/second"; ``storage`` as Flask-Limiter takes
    it, shared by several processes where it is Redis.
    """

    def __init__(
        self,
        limits: Mapping[str, str] | None = None,
        *,
        storage: str = "memory://",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._items: dict[str, RateLimitItem] = {
            channel: parse(limit) for channel, limit in (limits or {}).items()
        }
        self._limiter = MovingWindowRateLimiter(storage_from_string(storage))
        self._clock = clock
        self._closed: dict[str, _Closed] = {}
        self._lock = threading.Lock()

    def wait(self, channel: str) -> float:
        """Seconds until the caller may send; 0.0 counts as one message sent."""
        with self._lock:
            closed = self._closed.get(channel)
            if closed is not None:
                left = closed.until - self._clock()
                if left > 0:
                    return left
                # The caller tries whether the platform is back; the others wait for what comes.
                closed.until = self._clock() + closed.step
        item = self._items.get(channel)
        if item is None or self._limiter.hit(item, "send", channel):
            return 0.0
        reset = self._limiter.get_window_stats(item, "send", channel).reset_time
        return min(max(reset - time.time(), 0.05), float(item.get_expiry()))

    def failed(self, channel: str, *, after: float, reason: str) -> float:
        """The platform did not take a message for a reason that holds for every message.
        Returns after how many seconds to try again; the operator is told once an outage."""
        with self._lock:
            closed = self._closed.get(channel)
            if closed is None:
                log.error("OperatorAlarm", what="channel_down", channel=channel, reason=reason)
                closed = self._closed[channel] = _Closed(0.0, FIRST_STEP / 2)
            closed.step = max(after, min(closed.step * 2, LONGEST_STEP))
            closed.until = self._clock() + closed.step
            return closed.step

    def worked(self, channel: str) -> bool:
        """A message got through (or was refused for a reason of its own); True when the channel
        was closed: what was put off may go now."""
        with self._lock:
            if self._closed.pop(channel, None) is None:
                return False
        log.warning("channel_back", channel=channel)
        return True

    def down(self) -> frozenset[str]:
        """Channels on which nothing can be tried at this moment."""
        with self._lock:
            moment = self._clock()
            return frozenset(c for c, closed in self._closed.items() if closed.until > moment)
