"""Asking: an approved answer with its source and dates, up to three choices, or an honest no."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from intake_api.domain.model import Answer, Entry, Reply
from intake_api.domain.worktime import day_in_words
from intake_api.flow import gaps
from intake_api.flow.services import Services, local_day
from intake_api.store import figures
from intake_api.store.tables import Conversation

if TYPE_CHECKING:
    from intake_api.store import Session


def ask(
    tx: Session,
    services: Services,
    *,
    conversation: Conversation | None,
    text: str,
    channel: str,
    now: datetime,
    slug: str | None = None,
) -> dict[str, Any]:
    """Answers ``text`` (or shows the entry ``slug`` that was picked) as of today, or of the time
    that the question names. What is not answered at once is logged, masked, as a gap
    (``flow.gaps``)."""
    today = local_day(now)
    index = services.knowledge()
    context = conversation.last_slug if conversation else None
    if slug:
        picked = index.picked(slug, today)
        reply = Reply("answer" if picked else "decline", (picked,) if picked else (), today)
    else:
        reply = index.answer(text, today, context_slug=context)
    if reply.answers and conversation is not None:
        # Also of choices: "à ý tôi hỏi năm 2023 cơ" leans on the likeliest of them.
        conversation.last_slug = reply.answers[0].entry.slug
    if slug:
        gaps.note_pick(tx, conversation, slug)
    else:
        gaps.note(tx, services, conversation, reply, text=text, channel=channel, now=now)
        if reply.decision == "answer":
            first = reply.answers[0].entry.slug
            figures.note_answer(tx, slug=first, channel=channel, now=now)
    return {
        "decision": reply.decision,
        "as_of": reply.as_of.isoformat(),
        "answers": [
            render(answer, today=today, related=index.related(answer.entry, reply.as_of))
            for answer in reply.answers
        ],
    }


def render(answer: Answer, *, today: date, related: list[Entry]) -> dict[str, Any]:
    """One answer as the assistant says it, with its source line and how long it holds."""
    entry, version = answer.entry, answer.version
    return {
        "slug": entry.slug,
        "title": entry.title,
        "short": entry.short,
        "score": round(answer.score, 4),
        "text": "\n".join([version.answer, *version.details]),
        "more": version.more,
        "source": version.source.line(),
        "validity": validity(answer, today),
        "related": [{"slug": one.slug, "short": one.short} for one in related][:2],
    }


def validity(answer: Answer, today: date) -> str:
    """Until when the answer holds, or that it held only in the past; "" when no end is known."""
    start, end = answer.version.valid_from, answer.version.valid_to
    if end is not None and end < today:
        return f"Quy định cũ, áp dụng từ {day_in_words(start)} đến {day_in_words(end)}"
    if start > today:
        return f"Áp dụng từ {day_in_words(start)}"
    return f"Áp dụng đến {day_in_words(end)}" if end is not None else ""
