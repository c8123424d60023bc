"""A small piece of work for the browser when very much comes from one address.

Nobody is counted out: below the limit nothing is asked, above it the browser computes for about a
second while the person reads on. The challenge is ALTCHA's, made and checked here; no other
service is asked.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from altcha.v1 import ChallengeOptions, create_challenge, verify_solution
from flask import current_app, request
from flask_limiter.util import get_remote_address
from limits import parse

from intake_api.limits import limiter
from intake_api.public import house
from intake_api.store import Session, registry

# So many submissions in an hour from one address ask for nothing.
FREE = parse("10/hour")
HARDNESS = 60_000  # a second on a phone, at most
LIFE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the browser needs to begin."""

    salt: str
    challenge: str
    signature: str
    most: int


def _key() -> str:
    return hashlib.sha256(f"effort:{current_app.config['SECRET_KEY']}".encode()).hexdigest()


def too_many() -> bool:
    """True when this address has used up what is free in this hour; counts the call."""
    return limiter.enabled and not limiter.limiter.hit(FREE, "form", get_remote_address())


def challenge() -> Challenge:
    """A new challenge."""
    made = create_challenge(
        ChallengeOptions(
            hmac_key=_key(), max_number=HARDNESS, expires=house.services().now() + LIFE
        )
    )
    return Challenge(made.salt, made.challenge, made.signature, HARDNESS)


def solved(answer: str) -> bool:
    """True when the browser's answer is right and not too old."""
    if not answer or len(answer) > 2000:
        return False
    try:
        right, _why = verify_solution(answer, _key(), check_expires=True)
    except (TypeError, AttributeError, KeyError):
        return False  # well-formed nonsense
    return right


def spend(tx: Session, answer: str) -> bool:
    """False when this answer was used before; in the transaction of what it is given for."""
    mark = hashlib.sha256(answer.encode()).hexdigest()
    return registry.add_raw_event(
        tx, channel="effort", natural_key=f"effort:{mark}", body={}, now=house.services().now()
    )


def given() -> str:
    """The answer in this request."""
    return request.form.get("altcha", "")
