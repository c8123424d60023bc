"""The second factor: an authenticator app (TOTP, RFC 6238) and recovery codes.

``pyotp`` computes the codes, ``cryptography`` keeps the secret: whoever reads the database
alone cannot make a code.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyotp.utils import strings_equal

from intake_api.store import accounts, events
from intake_api.store.account_tables import SecondFactor
from intake_api.store.registers import Staff

if TYPE_CHECKING:
    from intake_api.flow.services import Services
    from intake_api.store import Session

ISSUER = "Lắng nghe"
STEP_SECONDS = 30
# A phone's clock may be half a minute off either way.
AROUND = (0, -1, 1)
RECOVERY_CODES = 10
# No letter or digit that is taken for another when written down.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


class NoSecret(RuntimeError):
    """The stored secret cannot be read: the key of the house changed. An administrator has it
    taken away, and the person sets it up again."""


def _box(services: Services) -> Fernet:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factor")
    return Fernet(base64.urlsafe_b64encode(made.derive(services.pin_key)))


def begin(tx: Session, services: Services, staff: Staff, *, now: datetime) -> str:
    """A fresh secret (base32), kept but not counting before a code from it was shown; the one
    that was begun before is shown again, so that a reloaded page does not make a new one."""
    known = accounts.second_factor(tx, staff.id)
    if known is not None and known.confirmed_at is None:
        try:
            return _secret(services, known)
        except NoSecret:
            pass
    secret = pyotp.random_base32()
    sealed = _box(services).encrypt(secret.encode()).decode()
    accounts.put_second_factor(tx, SecondFactor(staff_id=staff.id, secret=sealed, created_at=now))
    return secret


def uri(secret: str, username: str) -> str:
    """What an authenticator app reads from the square."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(
        name=username, issuer_name=ISSUER
    )


def _secret(services: Services, factor: SecondFactor) -> str:
    try:
        return _box(services).decrypt(factor.secret.encode()).decode()
    except InvalidToken as error:
        raise NoSecret from error


def _step(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step that ``code`` belongs to, or None."""
    digits = "".join(code.split())
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    current = totp.timecode(now.astimezone(UTC))
    found = [current + away for away in AROUND
             if strings_equal(digits, totp.generate_otp(current + away))]  # fmt: skip
    return found[0] if found else None


def confirm(
    tx: Session, services: Services, staff: Staff, *, code: str, now: datetime
) -> list[str] | None:
    """Makes the secret count and returns the recovery codes, once; None for a wrong code."""
    factor = accounts.second_factor(tx, staff.id, lock=True)
    if factor is None or factor.confirmed_at is not None:
        return None
    step = _step(_secret(services, factor), code, now)
    if step is None:
        return None
    factor.confirmed_at, factor.last_step = now, step
    events.append(tx, at=now, actor=f"staff:{staff.id}", action="second_factor_set")
    return new_recovery_codes(tx, staff, now=now)


def new_recovery_codes(tx: Session, staff: Staff, *, now: datetime) -> list[str]:
    """Ten fresh codes in place of the old ones; only their hashes are kept."""
    made = ["".join(secrets.choice(_LETTERS) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    accounts.replace_recovery_codes(tx, staff.id, [_hash(one) for one in made])
    events.append(tx, at=now, actor=f"staff:{staff.id}", action="recovery_codes_made")
    return [f"{one[:4]}-{one[4:8]}-{one[8:]}" for one in made]


def _hash(code: str) -> str:
    # 59 random bits: SHA-256 is enough, a slow hash only slows the sign-in.
    return hashlib.sha256(code.encode()).hexdigest()


def is_on(tx: Session, staff_id: int) -> bool:
    """True when this account asks for a second factor."""
    factor = accounts.second_factor(tx, staff_id)
    return factor is not None and factor.confirmed_at is not None


def passes(
    tx: Session, services: Services, staff: Staff, *, code: str, now: datetime
) -> str | None:
    """``totp`` or ``recovery`` when the code is right, else None. Each code works once.

    Raises NoSecret.
    """
    factor = accounts.second_factor(tx, staff.id, lock=True)
    if factor is None or factor.confirmed_at is None:
        return None
    bare = "".join(char for char in code.upper() if char.isalnum())
    if len(bare) == 12:
        found = accounts.unused_recovery_code(tx, staff.id, _hash(bare))
        if found is None:
            return None
        found.used_at = now
        events.append(tx, at=now, actor=f"staff:{staff.id}", action="recovery_code_used")
        return "recovery"
    step = _step(_secret(services, factor), bare, now)
    if step is None or step <= (factor.last_step or 0):
        return None
    factor.last_step = step
    return "totp"


def take_away(tx: Session, staff: Staff, *, actor: str, now: datetime) -> None:
    """Removes the second factor and its recovery codes."""
    accounts.drop_second_factor(tx, staff.id)
    events.append(
        tx, at=now, actor=actor, action="second_factor_removed", data={"account": staff.id}
    )
