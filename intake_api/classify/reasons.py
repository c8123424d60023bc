"""Why a topic was chosen, in the words of the message: what an officer reads beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from intake_api.linear.features import Row
from vntext import fold

if TYPE_CHECKING:
    from intake_api.classify.model import Classifier

_SHOWN = 3
# Words that may weigh something but tell an officer nothing.
_EMPTY = frozenset(
    """
    a ad ai anh ba ban bao bi bo cac cai can chau chi cho chua co con cua cung da de den di do
    duoc em gi hay hoi khi khong la lai lam len ma minh moi mot muon nay nao neu ngay nhe
    nhieu nhu nhung noi o oi ong phai qua ra rang rat roi sao sau se so ta tai that thay the
    thi toi trong tu va vay ve vi voi xin
    """.split()  # noqa: SIM905 - a list of words reads better as a text
)


def _telling(key: str) -> bool:
    """True for a word or pair worth showing: letters, not only filler."""
    words = key.split(" ")
    return all(word.isalpha() for word in words) and not all(fold(w) in _EMPTY for w in words)


def topic_reason(classifier: Classifier, row: Row, topic: int, pii: Sequence[str]) -> list[str]:
    """["từ “lạm thu”, “phiếu thu”"], or nothing when no single word decided.

    Words of any span that holds personal data are left out.
    """
    if not len(row.ids):
        return []
    gains = row.weights * classifier.coef[row.ids, topic]
    hidden = {word for span in pii for word in fold(span).split()}
    surface: dict[str, str] = {}
    words = row.words
    for i, word in enumerate(words):
        surface.setdefault(fold(word), word)
        if i + 1 < len(words):
            surface.setdefault(fold(f"{word} {words[i + 1]}"), f"{word} {words[i + 1]}")
    shown: list[str] = []
    for at in np.argsort(-gains, kind="stable")[:40]:
        key = classifier.vectorizer.keys[int(row.ids[at])]
        if gains[at] <= 0 or len(shown) == _SHOWN:
            break
        if key[0] == "c" or not _telling(key[1:]):
            continue
        folded = fold(key[1:])
        if hidden.intersection(folded.split()) or folded not in surface:
            continue
        if any(folded in fold(one) or fold(one) in folded for one in shown):
            continue
        shown.append(surface[folded])
    return ["từ " + ", ".join(f"“{word}”" for word in shown)] if shown else []
