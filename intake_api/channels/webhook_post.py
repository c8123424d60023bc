"""Posts one signed notice (Standard Webhooks 1.0.0)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx
from standardwebhooks import Webhook

from intake_api.channels import guard

TIMEOUT = 15.0


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of it. ``status`` None: no answer; ``error`` is for the operator, "" when it was
    taken; ``gone``: the receiver wants no more; ``after``: seconds it asks us to wait."""

    status: int | None
    error: str = ""
    gone: bool = False
    after: float = 0.0


def headers(name: str, body: str, at: datetime, secrets: Sequence[str]) -> dict[str, str]:
    """The three headers of the standard; one signature for each key that is in use."""
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(one).sign(name, at, body) for one in secrets),
        "content-type": "application/json; charset=utf-8",
        "user-agent": "LangNghe-Webhooks/1.0",
    }


def post(
    url: str,
    *,
    name: str,
    body: str,
    at: datetime,
    secrets: Sequence[str],
    private: frozenset[str] = frozenset(),
) -> Answered:
    """Sends once; never raises for what happens on the way, follows no redirect, reads no body."""
    try:
        target = guard.check(url, private=private)
    except guard.Refused as error:
        return Answered(None, f"refused: {error}")
    except (OSError, UnicodeError):
        return Answered(None, "the name is unknown")
    sent = {**headers(name, body, at, secrets), "host": target.host}
    try:
        with (
            httpx.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=False) as client,
            client.stream(
                "POST", target.url, content=body.encode("utf-8"), headers=sent,
                extensions={"sni_hostname": target.name},
            ) as answer,
        ):  # fmt: skip
            return _answered(answer)
    except httpx.HTTPError as error:
        return Answered(None, type(error).__name__)


def _answered(answer: httpx.Response) -> Answered:
    code = answer.status_code
    if 200 <= code < 300:
        return Answered(code)
    wait = answer.headers.get("retry-after", "")
    after = float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 7 else 0.0
    return Answered(code, f"answered {code}", gone=code == 410, after=after)
