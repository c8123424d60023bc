"""Idempotency-Key: the same request twice is done once (draft-ietf-httpapi-idempotency-key-07)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request

from intake_api.api.problems import Problem
from intake_api.store import Store, registry

if TYPE_CHECKING:
    from intake_api.store import Session

# A structured field's string or a bare token: visible characters, with or without the quotes.
KEY = r'^"?[!#-~]{1,150}"?$'
# Stands in a kept answer where the PIN was: that is stored nowhere but as a keyed hash.
PIN = "{pin}"


def key_of_request() -> str:
    """The key, with or without the quotes of a structured field. Raises Problem 400."""
    given = request.headers.get("Idempotency-Key", "").strip()
    key = given.strip('"')
    if not re.fullmatch(KEY, given) or not key:
        raise Problem("idempotency-missing", 400, "Cần tiêu đề Idempotency-Key (1 đến 150 ký tự).")
    return key


def once(
    store: Store,
    *,
    client: str,
    key: str,
    now: datetime,
    work: Callable[[Session], tuple[int, dict[str, Any]]],
    pin: str | None = None,
) -> Response:
    """Runs ``work`` in one transaction and keeps its answer under the key; a repetition gets the
    kept answer (one that comes while the first still runs waits for it). ``pin``: the steady PIN
    that the answer tells, left out of what is kept. Raises Problem 422 when the key was used for
    another body."""
    scope = f"{client}:{request.method}:{request.path}:{key}"[:250]
    fingerprint = hashlib.sha256(request.get_data()).hexdigest()
    try:
        with store.transaction() as tx:
            status, body = work(tx)
            registry.keep_answer(
                tx, scope=scope, fingerprint=fingerprint, status=status,
                body=_swap(body, pin, PIN), now=now,
            )  # fmt: skip
        return _answer(status, body, replayed=False)
    except (registry.AlreadyAnswered, Problem):
        # A repetition: its own work was given up with its transaction. Its work may also have
        # failed on what the first one changed (a draft that is a case by now).
        with store.reading() as tx:
            found = registry.idempotency(tx, scope)
        if found is None:
            raise
    if found.fingerprint != fingerprint:
        raise Problem("idempotency-reused", 422)
    return _answer(found.status or 200, _swap(found.body or {}, PIN, pin), replayed=True)


def _swap(body: dict[str, Any], old: str | None, new: str | None) -> dict[str, Any]:
    """The answer with one PIN in place of another: its member and the line of its receipt."""
    if not old or not new or body.get("pin") != old:
        return body
    swapped = {**body, "pin": new}
    if "receipt" in body:
        swapped["receipt"] = [
            line.replace(old, new) if "PIN" in line else line for line in body["receipt"]
        ]
    return swapped


def _answer(status: int, body: dict[str, Any], *, replayed: bool) -> Response:
    response = jsonify(body)
    response.status_code = status
    if replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response
