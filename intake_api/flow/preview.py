"""An answer as each channel will say it: the same rendering that sends it, before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from intake_api.domain import rendering, taps
from intake_api.domain.model import Answer, Channel, Entry
from intake_api.domain.rendering import Button
from intake_api.flow.ask import render
from intake_api.flow.services import Services

# What one message of Messenger and Zalo holds, and a title of a button (interfaces 5.6, 5.7).
MAX_MESSAGE, MAX_BUTTON, MOST_BUTTONS = 2000, 20, 3


@dataclass(frozen=True, slots=True)
class Bubble:
    """What one channel shows: messages in order, the card below (web), the buttons."""

    channel: str
    name: str
    parts: tuple[str, ...]
    card: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()


def bubbles(
    services: Services, answer: Answer, related: Sequence[Entry], *, today: date
) -> list[Bubble]:
    """One bubble for each channel that says approved answers."""
    said = render(answer, today=today, related=list(related))
    buttons = buttons_of(said)
    card = {"source": said["source"], "validity": said["validity"]}
    lines = tuple(line for line in card.values() if line)
    whole = rendering.with_source(said["text"], card)
    numbered = rendering.with_choices(whole, buttons)
    words = services.catalog.messages
    public = words["comment_answer"].format(answer=said["text"], source="\n".join(lines))
    letter = words["mail_answer"].format(answer="\n".join([said["text"], *lines]))
    short = tuple(rendering.short_titles(buttons, MAX_BUTTON))
    return [
        Bubble(Channel.WEB, "Trò chuyện trên trang", (said["text"],), lines,
               tuple(one.title for one in buttons)),
        Bubble(Channel.MESSENGER, "Messenger", tuple(rendering.split(whole, MAX_MESSAGE)), (),
               short),
        Bubble(Channel.ZALO, "Zalo", tuple(rendering.split(numbered, MAX_MESSAGE))),
        Bubble(Channel.COMMENT, "Bình luận trên Trang (công khai)", (public,)),
        Bubble(Channel.EMAIL, "Thư điện tử", (letter,)),
    ]  # fmt: skip


def buttons_of(said: dict[str, object]) -> list[Button]:
    """The buttons that the assistant puts below an answer (``actions.answers``, which a shared
    example keeps alike): more of it, what people ask next, and that it was none."""
    found = []
    if said.get("more"):
        found.append(Button("Xem thêm", f'/more_answer{{"slug":"{said["slug"]}"}}'))
    listed = said.get("related")
    for one in listed if isinstance(listed, list) else []:
        if len(found) < MOST_BUTTONS - 1:
            found.append(Button(one["short"], f'/pick_answer{{"slug":"{one["slug"]}"}}'))
    last = taps.not_helpful(str(said["slug"]))
    return [*found, Button(last["title"], last["payload"])]
