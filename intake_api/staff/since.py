"""What happened to a case since the version that an officer saw."""

from __future__ import annotations

from collections.abc import Sequence

from intake_api.domain.catalog import Catalog
from intake_api.staff import words
from intake_api.store.registers import Event

# Events that are on record without a new version of the case …
_SILENT = frozenset(
    {
        "received", "revealed", "rated", "asked_to_withdraw", "asked_to_reopen",
        "own_data", "own_data_withheld", "noted", "asked_to_erase", "erasure_taken_back",
        "held", "hold_lifted", "lift_asked", "lift_refused", "unsealed", "unseal_refused",
        "unsealed_read", "resent", "let_go",
        "letter_made", "open_agreed", "open_declined", "folded", "comment_removed",
    }
)  # fmt: skip
# … and those that are so only when nobody of the staff did it.
_SILENT_OF_OTHERS = frozenset({"open_taken_back", "unseal_ended"})


def counted(history: Sequence[Event]) -> list[Event]:
    """The events that gave the case a new version each, oldest first."""
    return [
        one
        for one in history
        if one.action not in _SILENT
        and (one.action not in _SILENT_OF_OTHERS or one.actor.startswith("staff:"))
        # More words of an emergency stand in its conversation; nobody's work is held up by them.
        and not (one.action == "said_more" and one.data.get("danger"))
    ]


def changed(
    history: Sequence[Event], seen: int, current: int, catalog: Catalog, names: dict[int, str],
    unnamed: set[str],
) -> list[str]:  # fmt: skip
    """What happened after the version the officer saw, in words (``words.event_words``)."""
    missed = counted(history)[-(current - seen) :] if current > seen else []
    return [
        f"{words.actor_name(event.actor, names)} "
        f"{words.event_words(event, catalog, names, unnamed)}"
        for event in missed
    ]
