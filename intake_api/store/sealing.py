"""The confidential lane in the database: what is sealed is stored only encrypted.

Columns that may hold sealed words have one of the types below. A value is encrypted when it is
one of ``SealedText``, ``SealedData``, ``SealedBytes``; reading gives the same classes back, which
are a str, a dict and bytes to everybody else. Which rows are sealed is decided in one place,
``store.lane``, when the session writes: no use case has to think of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import JSON, Dialect, LargeBinary, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

# No keyboard writes this character; whoever sends it all the same is encrypted as well, so that
# what is stored can always be told apart.
MARK = "\x02sealed:"
BYTES_MARK = MARK.encode()
DATA_MARK = "\x02sealed"


class NoKeys(RuntimeError):
    """There is something sealed to write or read and the process has no keys."""

    def __init__(self) -> None:
        super().__init__("LANGNGHE_SEALING_KEYS is missing: sealed cases cannot be read or kept")


class WrongKeys(RuntimeError):
    """What is stored was sealed with a key that this process does not have."""

    def __init__(self) -> None:
        super().__init__("a sealed value cannot be opened with the keys in LANGNGHE_SEALING_KEYS")


class Keyring:
    """Fernet keys, newest first: the first one seals, every one opens."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises ValueError for a key that is no Fernet key or when there is none."""
        if not keys:
            raise ValueError("no sealing key")
        self._all = MultiFernet([Fernet(key) for key in keys])

    def seal(self, raw: bytes) -> bytes:
        return self._all.encrypt(raw)

    def open(self, token: bytes) -> bytes:
        """Raises WrongKeys."""
        try:
            return self._all.decrypt(token)
        except InvalidToken:
            raise WrongKeys from None


# Types know only the dialect of their engine; each engine has its own.
_RINGS: WeakKeyDictionary[Dialect, Keyring] = WeakKeyDictionary()


def equip(dialect: Dialect, ring: Keyring) -> None:
    """Gives the keys to everything that reads and writes through this dialect."""
    _RINGS[dialect] = ring


def ring_of(dialect: Dialect) -> Keyring:
    """The keys of a dialect. Raises NoKeys."""
    try:
        return _RINGS[dialect]
    except KeyError:
        raise NoKeys from None


class SealedText(str):
    """Text that is stored encrypted."""

    __slots__ = ()


class SealedBytes(bytes):
    """Bytes that are stored encrypted."""

    __slots__ = ()


class SealedData(dict[str, Any]):
    """A JSON object that is stored encrypted."""


def sealed(value: Any) -> Any:
    """The value in the class that is stored encrypted; None stays None."""
    if isinstance(value, str):
        return SealedText(value)
    if isinstance(value, bytes):
        return SealedBytes(value)
    return SealedData(value) if isinstance(value, dict) else value


def is_sealed(value: Any) -> bool:
    """True when nothing of this value would be stored in the open."""
    return value is None or isinstance(value, SealedText | SealedBytes | SealedData)


class SealableText(TypeDecorator[str]):
    """Text that may be sealed. ``length`` is what the column had before it could be: SQLite
    keeps the word and never enforced it, PostgreSQL stores text of any length."""

    impl = Text
    cache_ok = True

    def __init__(self, length: int | None = None) -> None:
        super().__init__()
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if self.length is not None and dialect.name == "sqlite":
            return String(self.length)
        return Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or not (isinstance(value, SealedText) or value.startswith(MARK)):
            return value
        return MARK + ring_of(dialect).seal(value.encode()).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        if value is None or not value.startswith(MARK):
            return None if value is None else str(value)
        return SealedText(ring_of(dialect).open(value.removeprefix(MARK).encode()).decode())


class SealableBytes(TypeDecorator[bytes]):
    """Bytes that may be sealed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        if value is None or not (isinstance(value, SealedBytes) or value.startswith(BYTES_MARK)):
            return value
        return BYTES_MARK + ring_of(dialect).seal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        raw = bytes(value)
        if not raw.startswith(BYTES_MARK):
            return raw
        return SealedBytes(ring_of(dialect).open(raw.removeprefix(BYTES_MARK)))


class SealableData(TypeDecorator[dict[str, Any]]):
    """A JSON object that may be sealed."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: dict[str, Any] | None, dialect: Dialect
    ) -> dict[str, Any] | None:
        if value is None or not (isinstance(value, SealedData) or DATA_MARK in value):
            return value
        raw = json.dumps(value, ensure_ascii=False).encode()
        return {DATA_MARK: ring_of(dialect).seal(raw).decode()}

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, Any] | None:
        if not isinstance(value, dict) or DATA_MARK not in value:
            return value
        return SealedData(json.loads(ring_of(dialect).open(value[DATA_MARK].encode())))
