"""What the steps of the path need from outside, handed in once by the process that runs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from intake_api.classify import Classifier
    from intake_api.domain.catalog import Catalog
    from intake_api.domain.scanning import Scanner
    from intake_api.knowledge import Index
    from intake_api.store import Store


@dataclass(frozen=True, slots=True)
class BotReply:
    """One message of the assistant; ``buttons`` are {"title", "payload"} pairs."""

    text: str
    buttons: tuple[dict[str, str], ...] = ()
    custom: dict[str, Any] = field(default_factory=dict)


class AssistantUnavailable(RuntimeError):
    """Rasa did not answer."""


class AssistantSilent(AssistantUnavailable):
    """Rasa was reached and answered with nothing: it swallows the errors of its actions."""


class Assistant(Protocol):
    """The dialogue engine behind the intake."""

    def turn(self, *, sender: str, text: str, metadata: dict[str, Any]) -> list[BotReply]:
        """Sends one message; raises AssistantUnavailable."""

    def answered_before(self, *, sender: str, message_id: int) -> list[BotReply] | None:
        """What it said to this very message in an earlier try; None when it never saw it.

        Raises AssistantUnavailable.
        """


class Queue(Protocol):
    """Hands work to the jobs process; called after the transaction has committed."""

    def process(self, conversation_id: str) -> None: ...

    def deliver(self, conversation_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a step may use besides its arguments."""

    store: Store
    catalog: Catalog
    classifier: Classifier
    knowledge: Callable[[], Index]  # the index of this moment: entries are republished live
    assistant: Assistant
    queue: Queue
    pin_key: bytes  # keys the hash of PINs
    now: Callable[[], datetime]
    human_agent_approved: bool = False
    # Looks files over for malicious code; None where nobody does.
    scanner: Scanner | None = None
    # Name of the approved template for notices on the state of a case; "" while there is none.
    utility_template: str = ""
    # True where conversations can be passed to the Page's own inbox.
    page_inbox: bool = False


def local_day(now: datetime) -> date:
    """The calendar day in Hà Nam at this moment."""
    from intake_api.domain.worktime import LOCAL

    return now.astimezone(LOCAL).date()
