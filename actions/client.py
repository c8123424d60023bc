"""The one HTTP client of the action server: the intake's door for the bot."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import Any

import aiohttp

logger = logging.getLogger(__name__)

# A person is waiting: two tries must fit into the time a chat may stay silent.
_TIMEOUT = aiohttp.ClientTimeout(total=6, connect=2)
_RETRY_STATUS = (502, 503, 504)
_PAUSE = 0.2


class IntakeDown(Exception):
    """The intake did not answer, or not sensibly; the person's message is stored there already."""


class IntakeRefused(Exception):
    """The intake understood and said no (RFC 9457 problem)."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('type', '')} {problem.get('title', '')}".strip())
        self.status = status
        self.problem = problem


class Intake:
    """Calls ``/bot/v1`` of the intake.

    Every write carries an Idempotency-Key, so one retry is safe.
    """

    def __init__(self, base_url: str, token: str) -> None:
        self._base = base_url.rstrip("/") + "/bot/v1"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, key: str | None = None
    ) -> dict[str, Any]:
        """Return the JSON answer ({} for 204); raises IntakeDown or IntakeRefused."""
        headers = {"Idempotency-Key": key} if key else {}
        for attempt in (1, 2):
            try:
                status, content = await self._once(method, path, body, headers)
            except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
                logger.warning("intake %s %s: %s", method, path, type(error).__name__)
                if attempt == 2:
                    raise IntakeDown(type(error).__name__) from error
            else:
                if status not in _RETRY_STATUS:
                    return _checked(status, content)
                if attempt == 2:
                    raise IntakeDown(str(status))
            await asyncio.sleep(_PAUSE)
        raise IntakeDown("unreachable")  # the loop above always returns or raises

    async def _once(
        self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        session = self._open()
        async with session.request(method, self._base + path, json=body, headers=headers) as reply:
            if reply.status == 204:
                return 204, {}
            content = await reply.json(content_type=None)
            if not isinstance(content, dict):
                raise ValueError("not a JSON object")
            return reply.status, content

    def _open(self) -> aiohttp.ClientSession:
        # Made on first use: a session belongs to the event loop that runs the actions.
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(headers=self._headers, timeout=_TIMEOUT)
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


def _checked(status: int, content: dict[str, Any]) -> dict[str, Any]:
    if status >= 500:
        raise IntakeDown(str(status))
    if status >= 400:
        raise IntakeRefused(status, content)
    return content


_intake: Intake | None = None


def intake() -> Intake:
    """The client, made from the environment on first use; KeyError names what is missing."""
    global _intake
    if _intake is None:
        _intake = Intake(os.environ["LANGNGHE_INTAKE_URL"], os.environ["LANGNGHE_BOT_TOKEN"])
    return _intake
