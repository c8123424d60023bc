"""What every channel adapter is handed, gives back and raises."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol

import structlog

from intake_api.domain.rendering import Button as Button

# "hide" takes a comment out of sight, "pass_thread" and "take_thread" say who answers a person from
# now on; the others say something.
MODES = frozenset(
    {
        "direct", "response", "human_agent", "utility", "private_reply", "public_reply", "hide",
        "consult", "pass_thread", "take_thread",
    }
)  # fmt: skip
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to send. ``recipient`` is the channel's id of the person; of a comment for the
    modes that answer or hide one (``is_post``: of a visitor's post).

    ``template``: name of the approved template and what fills it, for the mode "utility".
    ``source``: what stands below an answer, {"source": "Nguồn: …", "validity": "…"}.
    ``mode``: what ``domain.sending.decide`` said at this moment (never "hold").
    ``automatic``: no person wrote it; channels that know such a mark set it.
    ``idempotency``: the same on every try of the same message.
    """

    channel: str
    recipient: str
    text: str
    buttons: Sequence[Button] = ()
    source: Mapping[str, Any] | None = None
    mode: str = "direct"
    idempotency: str = ""
    is_post: bool = False
    template: tuple[str, ...] = ()
    automatic: bool = False

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(
                f"mode {self.mode!r} cannot be sent; it must be one of {sorted(MODES)}"
            )
        object.__setattr__(self, "buttons", tuple(self.buttons))


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took the message; ``remote_id`` is its id there (of the last part).

    ``person``: who got it, when the platform told (a private reply to a comment).
    """

    remote_id: str | None
    person: str | None = None


class NotSent(Exception):
    """Why a message did not go out. ``reason`` is one Vietnamese phrase for staff, no content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Retry(NotSent):
    """The platform did not take it; try again after so many seconds.

    ``channel_wide``: for a reason that holds for every other message of the channel as well.
    """

    def __init__(self, after_seconds: float, reason: str, *, channel_wide: bool = False) -> None:
        super().__init__(reason)
        self.after_seconds, self.channel_wide = after_seconds, channel_wide


class Hold(NotSent):
    """Not allowed now; keep it until the person writes again."""


class ReplyUsed(Hold):
    """The comment has had its one private reply already."""


class GiveUp(NotSent):
    """Will never work as it is; staff must see it."""


class Unknown(NotSent):
    """It went out, but no answer came: the platform may or may not have taken it."""


class Adapter(Protocol):
    """A channel's way out."""

    def send(self, outgoing: Outgoing) -> Sent:
        """Sends one message; raises Retry, Hold, GiveUp or Unknown."""


class PartLog(Protocol):
    """Remembers which parts of a long message the platform has taken, so that a second try goes
    on where the first one stopped."""

    def taken(self, key: str) -> str | None:
        """The platform's id of the part, or None when it has not been taken."""

    def take(self, key: str, remote_id: str) -> None:
        """Notes that the platform has taken the part."""


class MemoryPartLog:
    """A part log for one process, bounded; a lasting one belongs to whoever has a database."""

    def __init__(self, size: int = 2000) -> None:
        self._size = size
        self._taken: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def taken(self, key: str) -> str | None:
        """The platform's id of the part, or None."""
        with self._lock:
            return self._taken.get(key)

    def take(self, key: str, remote_id: str) -> None:
        """Notes a part; the oldest one is forgotten when there are too many."""
        with self._lock:
            self._taken[key] = remote_id
            while len(self._taken) > self._size:
                self._taken.popitem(last=False)


def in_parts[P](
    log: PartLog, outgoing: Outgoing, parts: Sequence[P], call: Callable[[P, str], str]
) -> str:
    """Sends the parts of one message in their order, but for those that were taken before, so
    that a second try of the same ``idempotency`` goes on behind them. ``call`` sends a part under
    its key ("": without one) and returns the platform's id. Returns that of the last part."""
    remote_id = ""
    for number, part in enumerate(parts, start=1):
        key = f"{outgoing.idempotency}#{number}/{len(parts)}" if outgoing.idempotency else ""
        taken = log.taken(key) if key else None
        if taken is None:
            taken = call(part, key)
            if key:
                log.take(key, taken)
        remote_id = taken
    return remote_id


def operator_alarm(what: str, **facts: str | int | None) -> None:
    """Tells whoever runs the system that only they can help; facts never hold content."""
    log.error("OperatorAlarm", what=what, **facts)


class Outage:
    """Something that can be away for everybody at once: the operator is told once when it goes and
    once when it is back. May be shared between threads; in memory, for each process."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._away = False
        self._lock = Lock()

    def failed(self, **facts: str | int | None) -> None:
        """It did not work just now; facts never hold content."""
        with self._lock:
            first, self._away = not self._away, True
        if first:
            operator_alarm(self._what, **facts)

    def worked(self) -> None:
        """It worked just now."""
        with self._lock:
            over, self._away = self._away, False
        if over:
            log.warning("OperatorAlarmOver", what=self._what)
