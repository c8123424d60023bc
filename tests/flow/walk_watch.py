"""What must hold after every step of a random walk; a step that is refused changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from intake_api.domain import access, workflow
from intake_api.domain.model import OPEN_STATES, PAUSED_STATES, Role, State
from intake_api.flow import acting, clocks
from intake_api.flow.services import Services
from intake_api.staff import since
from intake_api.store import cases, events, ledgers, queue
from intake_api.store.registers import Event, Staff
from intake_api.store.tables import Case, Message
from tests.builders import MovingClock

REFUSALS = (
    acting.NotAllowed, acting.StaleVersion, workflow.TransitionNotAllowed, KeyError,
)  # fmt: skip
# What a step may leave without a change of state, and the acts that only time or senders do.
UNTIED = {"unmerge"}


@dataclass
class Seen:
    """What is known of a case from the steps before."""

    state: str
    version: int
    consumed: timedelta


@dataclass
class Watch:
    """What is known of the cases of a walk. ``marks`` are words that stand in one case each and
    nowhere else."""

    services: Services
    clock: MovingClock
    seed: int
    staff: list[Staff] = field(default_factory=list)
    seen: dict[int, Seen] = field(default_factory=dict)
    marks: dict[int, list[str]] = field(default_factory=dict)
    written: list[tuple[str, str]] = field(default_factory=list)  # conversation, words
    steps: dict[int, int] = field(default_factory=dict)  # newest event of a case looked at

    def attempt(self, number: int, work: Callable[[Any, Case], Any], *, role: Role) -> bool:
        """Does something to a case; when it is refused, nothing may have changed."""
        try:
            with self.services.store.transaction() as tx:
                case = cases.by_id(tx, number)
                assert case is not None
                work(tx, case)
        except REFUSALS:
            with self.services.store.reading() as tx:
                case = cases.by_id(tx, number)
                assert case is not None
                known = self.seen[number]
                assert (case.state, case.version) == (known.state, known.version)
            return False
        self.look_at_all(role=role)
        return True

    def look_at_all(self, *, role: Role) -> None:
        """Looks at every case that has another version than before (a merge changes two)."""
        with self.services.store.reading() as tx:
            for number, version in tx.execute(select(Case.id, Case.version)):
                if self.seen[number].version != version:
                    self.check(tx, number, role)

    def note(self, case: Case) -> None:
        with self.services.store.reading() as tx:
            spent = clocks.consumed(tx, self.services.catalog, case, self.clock.at)
        self.seen[case.id] = Seen(case.state, case.version, spent)

    def check(self, tx: Any, number: int, role: Role) -> None:
        """One case after a step."""
        case, known = cases.by_id(tx, number), self.seen[number]
        assert case is not None
        assert case.version > known.version
        # What the second writer is shown is counted from these.
        assert len(since.counted(events.of_case(tx, number))) == case.version - 1
        self.check_path(tx, case, known, role)
        assert (case.paused_at is not None) == (State(case.state) in PAUSED_STATES)
        pause = ledgers.open_pause(tx, number)
        assert (pause is not None) == (case.paused_at is not None)
        assert (ledgers.merge_of(tx, number) is not None) == (case.state == State.MERGED)
        if case.state in OPEN_STATES:
            assert case.closed_at is None
        assert State(ledgers.leading(tx, case).state) != State.MERGED
        spent = clocks.consumed(tx, self.services.catalog, case, self.clock.at)
        assert spent >= known.consumed, (case.code, known.consumed, spent)
        self.seen[number] = Seen(case.state, case.version, spent)

    def check_path(self, tx: Any, case: Case, known: Seen, role: Role) -> None:
        """The newest events lead from the state before to the state now, along the table."""
        state = State(known.state)
        query = select(Event).where(Event.case_id == case.id, Event.id > self.steps.get(case.id, 0))
        for one in tx.execute(query.order_by(Event.id)).scalars():
            self.steps[case.id] = one.id
            if "from" not in one.data:
                continue
            assert one.data["from"] == state, (one.action, one.data, state)
            after = State(one.data["to"])
            move = workflow.MOVES.get((state, one.action))
            assert move is not None, (state, one.action)
            actor = role if one.actor.startswith("staff") else None
            assert actor is None or actor in move[1], (one.action, actor)
            assert after == move[0] or one.action in UNTIED, (state, one.action, after)
            state = after
        assert state == case.state

    def check_lists(self) -> None:
        """No list, count or export of anybody but the officer holds a word of a sealed case."""
        with self.services.store.reading() as tx:
            sealed = {
                case.id for number in self.seen
                if (case := cases.by_id(tx, number)) is not None and case.confidential
            }  # fmt: skip
            for staff in self.staff:
                scope = access.scope(staff.role, staff.unit)
                wanted = queue.Filter()
                rows = queue.page(tx, scope, wanted, now=self.clock.at, limit=10_000).cases
                for row in rows:
                    assert (row.id in sealed) == (staff.role == Role.CONFIDENTIAL_OFFICER)
                if staff.role in (Role.ADMIN, Role.EDITOR):
                    assert rows == []

    def check_messages(self) -> None:
        """Everything that was written is there, word for word, in its order."""
        with self.services.store.reading() as tx:
            held: dict[str, list[str]] = {}
            query = select(Message).where(Message.direction == "in").order_by(Message.id)
            for message in tx.execute(query).scalars():
                held.setdefault(message.conversation_id, []).append(message.text)
        wanted: dict[str, list[str]] = {}
        for talk, text in self.written:
            wanted.setdefault(talk, []).append(text)
        assert held == wanted

    def sealed_words(self) -> list[str]:
        """Every word that belongs to a case that is sealed now."""
        with self.services.store.reading() as tx:
            return [
                word
                for number, words in self.marks.items()
                if (case := cases.by_id(tx, number)) is not None and case.confidential
                for word in words
            ]
