"""What every simulated platform does alike: posts webhooks, keeps what it took, misbehaves.

A platform adds how it signs, what it sends and by which rules it takes a call.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, ClassVar, Protocol, Self

import httpx

from intake_api.channels.twin_http import ControlledHandler, Server

JsonObject = dict[str, Any]


class Refusal(Exception):
    """The platform does not take a call, and says why with a number."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Dropped(Exception):
    """The call was taken, but the caller shall not hear of it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the webhook answered; ``status`` 0: not at all. ``seconds``: how long it took."""

    status: int
    text: str
    raw: bytes
    seconds: float = 0.0

    @property
    def acknowledged(self) -> bool:
        return self.status == 200


@dataclass(frozen=True, slots=True)
class Mishap:
    """What goes wrong with one call."""

    error: Exception | None = None
    delay: float = 0.0
    drop_answer: bool = False


class Kept(Protocol):
    """A message that the platform took."""

    @property
    def to(self) -> str:
        """Whom it goes to, as the platform names her."""

    def as_dict(self) -> JsonObject:
        """For people who look at the server from outside."""


class Twin[R: Kept](ABC):
    """One simulated platform; stops with ``close`` or at the end of ``with``. May be used from
    several threads. The server runs when the constructor returns, so a platform calls it last.
    Port 0 takes a free one."""

    handler: ClassVar[type[ControlledHandler]]

    def __init__(
        self,
        *,
        webhook: str,
        port: int,
        echo_sends: bool,
        now: Callable[[], datetime] | None,
        seed: int | None,
    ) -> None:
        self.webhook, self.echo_sends = webhook, echo_sends
        self.now = now or (lambda: datetime.now(UTC))
        self.received: list[R] = []
        self.refused: list[int] = []
        self.undelivered: list[bytes] = []
        self._held: list[Any] | None = None
        self._mishaps: deque[Mishap] = deque()
        self._changed = threading.Condition()
        self._numbers = itertools.count(1)
        self._random = random.Random(seed)  # noqa: S311  # shuffles, keeps no secret
        self._client = httpx.Client(timeout=30.0, trust_env=False)
        self._server = Server(self.handler.of(self), port)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stops the server."""
        self._server.stop()
        self._client.close()

    @property
    def port(self) -> int:
        return self._server.port

    def number(self) -> int:
        """A number that this server never gives twice."""
        return next(self._numbers)

    # --- webhooks ---------------------------------------------------------------------------

    def hold(self) -> None:
        """From now on webhooks wait for ``release``, as on a platform in trouble."""
        self._held = self._held or []

    def redeliver(self) -> list[Delivery]:
        """Delivers once more what was not acknowledged, as platforms do for a while."""
        waiting, self.undelivered = self.undelivered, []
        return [self.post(raw) for raw in waiting]

    @abstractmethod
    def post(self, raw: bytes, *, signed_with: str | None = None) -> Delivery:
        """Delivers these very bytes. ``signed_with`` "" leaves the signature out; any other
        secret than ours forges it. What is not acknowledged is kept for ``redeliver``."""

    def _post(self, raw: bytes, headers: Mapping[str, str], *, genuine: bool) -> Delivery:
        started = time.perf_counter()
        try:
            answer = self._client.post(
                self.webhook, content=raw, headers={"Content-Type": "application/json", **headers}
            )
            status, text = answer.status_code, answer.text
        except httpx.TransportError as error:
            status, text = 0, str(error)
        delivery = Delivery(status, text, raw, time.perf_counter() - started)
        if genuine and not delivery.acknowledged:
            self.undelivered.append(raw)
        return delivery

    def _let_go(self, *, shuffled: bool, repeat: float) -> list[Any]:
        """What waited, a share of it (``repeat``) twice; from now on nothing waits."""
        waiting, self._held = self._held or [], None
        waiting += [one for one in waiting if self._random.random() < repeat]
        if shuffled:
            self._random.shuffle(waiting)
        return waiting

    # --- calls: what the server takes, and how it misbehaves --------------------------------

    def delay(self, seconds: float, *, times: int = 1) -> None:
        """Takes the next calls, but answers them late."""
        self._go_wrong(Mishap(delay=seconds), times)

    def drop_answer(self, *, times: int = 1) -> None:
        """Takes the next calls and hangs up without an answer."""
        self._go_wrong(Mishap(drop_answer=True), times)

    def behave(self) -> None:
        """Nothing shall go wrong any more."""
        self._mishaps.clear()

    def sent_to(self, person: str) -> list[R]:
        """What was sent to a person, in order."""
        with self._changed:
            return [one for one in self.received if one.to == person]

    def wait_for(self, person: str, *, count: int = 1, timeout: float = 10.0) -> list[R]:
        """Waits until a person was sent so many messages; raises TimeoutError."""

        def enough() -> bool:
            return sum(1 for one in self.received if one.to == person) >= count

        with self._changed:
            if not self._changed.wait_for(enough, timeout):
                raise TimeoutError(f"{person} got fewer than {count} messages in {timeout} s")
            return [one for one in self.received if one.to == person]

    def forget(self) -> None:
        """Drops what was received and what shall go wrong; people keep their windows."""
        with self._changed:
            self.received.clear()
            self.refused.clear()
            self._mishaps.clear()

    def _go_wrong(self, mishap: Mishap, times: int) -> None:
        self._mishaps.extend([mishap] * times)

    def _keep(self, received: R) -> None:
        self.received.append(received)
        self._changed.notify_all()

    def _take_call(self, work: Callable[[], tuple[JsonObject, R | None]]) -> JsonObject:
        """One call: what shall go wrong goes wrong, before or after the ``work``. Raises what the
        work does, or Dropped after taking it."""
        mishap = self._mishaps.popleft() if self._mishaps else Mishap()
        try:
            if mishap.error is not None:
                raise mishap.error
            answer, received = work()
        except Refusal as error:
            self.refused.append(error.code)
            raise
        if mishap.delay:
            time.sleep(mishap.delay)
        if received is not None and self.echo_sends:
            self._echo(received)
        if mishap.drop_answer:
            raise Dropped
        return answer

    @abstractmethod
    def _echo(self, sent: R) -> None:
        """Tells the webhook of a message that it sent itself."""

    def _ms(self) -> int:
        return int(self.now().timestamp() * 1000)


def command(twin: Twin[Any], verb: str, given: Mapping[str, Any]) -> Any:
    """Does what a person may ask of every twin; raises KeyError, TypeError or ValueError."""
    times = int(given.get("times", 1))
    if verb == "delay":
        twin.delay(float(given["seconds"]), times=times)
    elif verb == "drop":
        twin.drop_answer(times=times)
    elif verb == "hold":
        twin.hold()
    elif verb == "redeliver":
        return [told(one) for one in twin.redeliver()]
    elif verb == "forget":
        twin.forget()
    else:
        raise KeyError(verb)
    return {"done": True}


def told(delivery: Delivery) -> JsonObject:
    """A delivery for people who play with the server."""
    return {"status": delivery.status, "answer": delivery.text}
