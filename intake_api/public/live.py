"""What is new in a conversation, as server-sent events.

Like the workbench's news (docs/decisions/0013), an answer normally ends at once and ``retry`` says
when to ask again. Only while something is on its way does it stay open, for HOLD seconds at most
and for SEATS pages per process: so an answer appears when it is ready, and the few threads of a
process never all hang on pages that wait.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict

from flask import Response

from intake_api.flow import webchat
from intake_api.flow.services import Services
from intake_api.public import house
from intake_api.store import StoreUnavailable

STREAM = "text/event-stream"
SEATS = 4
HOLD = 15.0  # seconds; below the time after which proxies think that nobody is there
LOOK = 0.2  # seconds between two looks
# When to ask again, in milliseconds: an answer is on its way; somebody is talking; quiet.
SOON, TALKING, QUIET = 700, 3000, 15000
_SEATS = threading.BoundedSemaphore(SEATS)


def stream(token: str | None, after: int) -> Response:
    """The events after a number. Each is named by the highest number in it."""
    services = house.services()
    body = _events(services, token, after) if token else iter((f"retry: {QUIET}\n\n",))
    response = Response(body, mimetype=STREAM)
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _events(services: Services, token: str, after: int) -> Iterator[str]:
    seated = _SEATS.acquire(blocking=False)
    try:
        end = time.monotonic() + (HOLD if seated else 0.0)
        told: bool | None = None
        while True:
            found = webchat.messages_after(services, token=token, after=after)
            if found.messages or found.pending is not told:
                after = max([after, *(message.id for message in found.messages)])
                told = found.pending
                yield _event(found, after)
            if not found.pending or time.monotonic() >= end:
                break
            time.sleep(LOOK)
        quiet = webchat.quiet(services, token=token)
        yield f"retry: {SOON if found.pending else QUIET if quiet else TALKING}\n\n"
    except StoreUnavailable:
        yield f"retry: {TALKING}\nevent: busy\ndata: 1\n\n"
    finally:
        if seated:
            _SEATS.release()


def _event(found: webchat.Said, number: int) -> str:
    data = {"messages": [asdict(message) for message in found.messages], "pending": found.pending}
    return f"id: {number}\nevent: said\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
