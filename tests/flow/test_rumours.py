"""Rumours: grouped by what they tell; sealed ones are nobody's rumour."""

from __future__ import annotations

from pathlib import Path

from intake_api.domain.access import Scope
from intake_api.flow import rumours
from tests import builders
from tests.builders import NOW
from tests.flow.watch_house import put, written

STRIKE = "Tin giả nói giáo viên toàn tỉnh đình công"
EVERYBODY = Scope(sealed=False, units=None)
FLU = "Tin giả nói học sinh được nghỉ một tuần vì cúm"


def test_cases_that_tell_the_same_are_one_rumour(tmp_path: Path) -> None:
    store = builders.make_store(tmp_path)
    given = {"topic": "c.tin_gia", "kind": "misinformation"}
    put(store, [written(1, text=STRIKE, **given) for _ in range(3)]
        + [written(2, text=FLU, **given) for _ in range(5)]
        + [written(2, text=FLU, **given, conversation_id="c" * 32) for _ in range(4)]
        + [written(90, text=FLU, **given), written(1, text=FLU, **given, confidential=True),
           written(1, text=FLU, topic="c.tin_gia")])  # fmt: skip
    with store.reading() as tx:
        found = rumours.grouped(tx, EVERYBODY, now=NOW)
        assert [(one.people, len(one.cases)) for one in found] == [(6, 9), (3, 3)]
        assert rumours.one(tx, EVERYBODY, found[0].number, now=NOW) == found[0]
        assert rumours.one(tx, EVERYBODY, 10_000, now=NOW) is None
        offered = rumours.questions_of(found[0])
        assert 1 <= len(offered) <= rumours.MOST_QUESTIONS
        assert all(one.startswith("Tin giả nói") for one in offered)
    store.close()
