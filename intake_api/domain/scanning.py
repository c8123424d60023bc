"""What looks files over for malicious code, whoever that is."""

from __future__ import annotations

from typing import Protocol


class ScannerAway(RuntimeError):
    """The file was not looked at: the scanner is away, or did not want it."""


class Scanner(Protocol):
    """Looks one file over."""

    def scan(self, data: bytes) -> str | None:
        """The name of what was found, None for a clean file. Raises ScannerAway."""
