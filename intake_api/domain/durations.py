"""Lengths of time as the catalogue writes them: ``15min``, ``4h``, ``2wd``, ``30cd``, ``3mo``."""

from __future__ import annotations

import re
from dataclasses import dataclass

UNITS = {
    "min": "phút",
    "h": "giờ làm việc",
    "wd": "ngày làm việc",
    "cd": "ngày",
    "mo": "tháng",
}
_FORM = re.compile(r"^(\d{1,4})(min|h|wd|cd|mo)$")


@dataclass(frozen=True, slots=True)
class Duration:
    """``amount`` of ``unit``: min (clock minutes), h (working hours), wd (working days),
    cd (calendar days) or mo (calendar months)."""

    amount: int
    unit: str

    @property
    def code(self) -> str:
        """The length as the catalogue writes it, for ``parse``."""
        return f"{self.amount}{self.unit}"

    def __str__(self) -> str:
        return f"{self.amount} {UNITS[self.unit]}"


def parse(text: str) -> Duration:
    """Reads ``"15cd"``. Raises ValueError when the text has another form."""
    match = _FORM.match(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a length of time such as 15min, 4h, 2wd, 30cd, 3mo")
    return Duration(int(match[1]), match[2])
