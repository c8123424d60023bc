"""Who calls: the system whose key came with the request, and how often it may."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, cast

from flask import current_app, g, request
from flask_limiter.util import get_remote_address

from intake_api.api.problems import Problem
from intake_api.flow import clients
from intake_api.flow.clients import Client
from intake_api.store import StoreUnavailable

if TYPE_CHECKING:
    from intake_api.runtime import Runtime

_NONE = object()


def runtime() -> Runtime:
    """What the process runs on."""
    return cast("Runtime", current_app.extensions["langnghe"])


def shown() -> str:
    """The key as it was shown: ``Authorization: Bearer``, or Open311's ``api_key``."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return key.strip()
    if request.path.startswith("/open311/"):
        return str(request.values.get("api_key") or "").strip()
    return ""


def current() -> Client | None:
    """The system that calls; None without a key, and for one that is wrong or was taken away."""
    kept = g.get("api_client", _NONE)
    if kept is not _NONE:
        return cast("Client | None", kept)
    found, key = None, shown()
    if key:
        with runtime().store.reading() as tx:
            found = clients.find(tx, key)
        if found is not None:
            _note(found)
    g.api_client = found
    return found


def _note(client: Client) -> None:
    run = runtime()
    if not client.unnoted(run.clock.now()):
        return
    # A read that cannot note that it was made is still a read.
    with suppress(StoreUnavailable), run.store.transaction() as tx:
        clients.note_use(tx, client.id, run.clock.now())


def check(needed: bool, scope: str | None) -> None:
    """Refuses a wrong key, a missing one where it is needed, and one without the scope."""
    client = current()
    if client is None:
        if needed or shown():
            raise Problem("unauthenticated", 401, "Khóa truy cập thiếu, sai hoặc đã thu hồi.")
        return
    if scope is not None and scope not in client.scopes:
        raise Problem("forbidden", 403, f"Khóa này không có quyền {scope}.")


def who() -> str:
    """Whose calls are counted together: a key's all in one, others by address and operation."""
    client = current()
    if client is not None:
        return f"client:{client.id}"
    return f"{get_remote_address()}:{request.endpoint}"


def pace() -> str:
    """How many calls are good for whoever calls."""
    client = current()
    if client is not None:
        return f"{client.per_minute}/minute"
    return runtime().settings.api_limit
