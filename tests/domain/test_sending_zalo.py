"""Zalo's consultation window: every combination of its facts."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from intake_api.domain import sending
from tests.builders import NOW

AGES = (None, timedelta(0), timedelta(hours=48), timedelta(hours=48, seconds=1), timedelta(days=9))
USED = (0, 7, 8, 20)
# Left before the last interaction, at that moment, after it, or not at all.
LEFT = (None, timedelta(seconds=-1), timedelta(0), timedelta(seconds=1))


@pytest.mark.parametrize(("age", "used", "left"), list(itertools.product(AGES, USED, LEFT)))
def test_the_whole_table(age, used, left):
    last = None if age is None else NOW - age
    left_at = None if left is None else (last or NOW) + left
    mode = sending.decide_zalo(now=NOW, last_inbound_at=last, replies_used=used, left_at=left_at)
    if age is None:
        wanted = ("hold", sending.ZALO_NEVER_WROTE)
    elif left is not None and left >= timedelta(0):
        wanted = ("hold", sending.ZALO_LEFT)
    elif age > timedelta(hours=48):
        wanted = ("hold", sending.ZALO_WINDOW_OVER)
    elif used >= 8:
        wanted = ("hold", sending.ZALO_USED_UP)
    else:
        wanted = ("consult", "")
    assert (mode.mode, mode.reason) == wanted


@pytest.mark.parametrize(("length", "parts"), [(0, 1), (1, 1), (2000, 1), (2001, 2), (4000, 2)])
def test_long_texts_take_several_messages(length, parts):
    assert sending.zalo_parts("x" * length) == parts
