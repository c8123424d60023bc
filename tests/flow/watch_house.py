"""A department's weeks as rows: calm days, and a matter on the last of them."""

from __future__ import annotations

import itertools
import random
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from intake_api.flow import watching
from intake_api.flow.services import Services
from intake_api.store import Store
from intake_api.store.tables import Case, Conversation
from intake_api.store.watch_tables import Alert
from tests.builders import NOW
from tests.reports.rows import row

_WORDS = itertools.count(1)
LUNCH = "Nhiều cháu đau bụng sau bữa trưa bán trú ở trường, đề nghị kiểm tra bếp ăn"


def written(days_ago: int, topic: str = "e.sgk", text: str = "", **given: Any) -> dict[str, Any]:
    """One case of another person, with words of its own."""
    text = f"{text or 'Hỏi về sách'} {_word()}"
    received = NOW - timedelta(days=days_ago, minutes=next(_WORDS) % 60)
    return row(topic=topic, text=text, text_masked=text, received_at=received, **given)


def _word() -> str:
    number = next(_WORDS)
    letters = "abcdeghiklmnopqrstuvxy"
    return "".join(letters[(number // 22**at) % 22] for at in range(4))


def weeks(
    days: int = 45, topics: tuple[str, ...] = ("e.sgk", "dd.hoc_phi")
) -> list[dict[str, Any]]:
    """Calm days: two or three people a day and topic, a few of them angry."""
    rng = random.Random(7)
    return [
        written(ago, topic, sentiment=rng.choice(("neutral", "neutral", "negative")))
        for ago in range(1, days)
        for topic in topics
        for _ in range(rng.randint(1, 3))
    ]


def put(store: Store, rows: list[dict[str, Any]]) -> None:
    """Stores rows, without their events: nobody looks at them here."""
    talks = {one["conversation_id"] for one in rows if one.get("conversation_id")}
    with store.transaction() as tx:
        if talks:
            tx.execute(
                sa.insert(Conversation),
                [
                    {"id": one, "channel": "web", "external_id": one, "created_at": NOW}
                    for one in talks
                ],
            )
        for one in rows:
            one.setdefault("conversation_id", None)
            one.setdefault("school", None)
        tx.execute(sa.insert(Case), rows)


def look(services: Services, now: datetime = NOW) -> list[Alert]:
    """One pass, as the jobs process does it."""
    left = True
    while left:
        with services.store.transaction() as tx:
            left = watching.count(tx, now=now)
    with services.store.reading() as tx:
        found = watching.rising(tx, services, now=now)
    with services.store.transaction() as tx:
        return watching.open_alerts(tx, services, found, now=now)
