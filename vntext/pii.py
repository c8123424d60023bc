"""Personal data in people's messages: where it is, and a readable text without it.

What counts as personal: domain facts and interface design (telephone, e-mail, identity and
account numbers, persons' names, home addresses). Hotlines, money, dates, codes and document
numbers are not. Rules prefer to leave an unsure name: a masked word that was no name destroys
the sense of a message, and staff see the original only with a reason.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vntext.addresses import find_addresses
from vntext.align import Aligned
from vntext.letters import fold_chars
from vntext.names import find_names
from vntext.numbers import find_numbers
from vntext.tagger import tagged


class Span(NamedTuple):
    """``text`` is exactly ``original[start:end]``; kind is phone, email, id_number, name or
    address."""

    start: int
    end: int
    kind: str
    text: str


LABELS = {
    "phone": "[số điện thoại]",
    "email": "[email]",
    "id_number": "[số giấy tờ]",
    "name": "[tên]",
    "address": "[địa chỉ]",
}
_LABEL = re.compile("|".join(re.escape(label) for label in LABELS.values()))


def find_pii(text: str) -> list[Span]:
    """Personal data in ``text``: exact, non-overlapping spans in order. Never raises.

    Kinds: phone, email, id_number, name, address. Where two readings overlap the number wins
    over what the tagger read, that over the rules' address, the address over the name.
    """
    aligned = Aligned(text)
    plain = aligned.text
    folded = fold_chars(plain)
    labels = [m.span() for m in _LABEL.finditer(plain)]
    candidates = find_numbers(plain, folded)
    ruled = [(a, b, "address") for a, b in find_addresses(plain, folded)]
    ruled += [(a, b, "name") for a, b in find_names(plain, folded)]
    # The tagger knows what the rules found and sets the ends; what it leaves, the rules keep.
    candidates += tagged(plain, folded, [*candidates, *ruled])
    candidates += ruled
    taken = bytearray(len(plain))
    for start, end in labels:
        taken[start:end] = b"\1" * (end - start)
    chosen: list[Span] = []
    for start, end, kind in candidates:
        if start >= end or any(taken[start:end]):
            continue
        taken[start:end] = b"\1" * (end - start)
        first, last = aligned.back(start, end)
        if first < last:
            chosen.append(Span(first, last, kind, text[first:last]))
    return sorted(chosen)


def mask(text: str) -> str:
    """Replace personal data by a label in brackets ("cháu [tên], lớp 6B"). Idempotent."""
    # Masking one thing can uncover another ("[tên], 0912..." joins cues), so repeat until calm:
    # every round has fewer words that are no label, so it ends.
    while spans := find_pii(text):
        for span in reversed(spans):
            text = text[: span.start] + LABELS[span.kind] + text[span.end :]
    return text
