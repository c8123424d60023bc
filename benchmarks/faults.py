"""``./dev bench faults --minutes N``: people write while programs are killed and platforms fail.

At the end it is all added up: every message that a platform handed over has to be answered once.
An answer whose arrival is not known stands on the officers' list; the harness looks at the
platform as an officer would ask the person, and has sent again what did not arrive.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.platforms import Setting, answered, running
from intake_api.flow import resend
from intake_api.store import Store, conversations, outbox, registry
from intake_api.store.registers import Staff
from intake_api.store.tables import Conversation, Message, Outbox

PEOPLE = 12
SETTLE_SECONDS = 400


class People:
    """Write now and then, on both channels; platforms repeat themselves and bring again what was
    not acknowledged."""

    def __init__(self, here: Setting, chance: random.Random) -> None:
        self._here, self._chance = here, chance
        self.count = self.repeats = self.held = 0
        self.stopped = threading.Event()

    def write(self, channel: str, person: str, times: int = 1) -> None:
        """One more word of somebody; the platform hands it over so many times."""
        self.count += 1
        self.repeats += times - 1
        twin = self._here.meta if channel == "messenger" else self._here.zalo
        twin.deliver(twin.text(person, f"câu số {self.count} về lịch học"), times=times)

    def run(self) -> None:
        while not self.stopped.is_set():
            channel = self._chance.choice(("messenger", "zalo"))
            person = f"p{self._chance.randrange(PEOPLE)}"
            self.write(channel, person, times=2 if self._chance.random() < 0.1 else 1)
            if self.count % 20 == 0:
                self.again()
            self.stopped.wait(self._chance.uniform(0.05, 0.6))

    def again(self) -> None:
        """What was not acknowledged comes again."""
        for twin in (self._here.meta, self._here.zalo):
            twin.redeliver()


class Trouble:
    """One mishap after the other, at random."""

    def __init__(self, here: Setting, chance: random.Random) -> None:
        self._here, self._chance = here, chance
        self.count: Counter[str] = Counter()

    def one(self) -> None:
        here = self._here
        deeds = {
            "jobs killed": lambda: here.kill("jobs"),
            "intake killed": lambda: here.kill("intake"),
            "both killed": lambda: here.kill("intake", "jobs"),
            "Meta away": lambda: here.meta.fail(2, times=5, status=503),
            "Meta busy": lambda: here.meta.fail(1200, times=3),
            "Meta takes and does not answer": lambda: here.meta.drop_answer(times=2),
            "Meta slow": lambda: here.meta.delay(1.5, times=3),
            "Zalo away": lambda: here.zalo.fail(0, times=5, status=502),
            "Zalo takes and does not answer": lambda: here.zalo.drop_answer(times=2),
            "Zalo token expired": here.zalo.expire,
            "assistant away": self._assistant_away,
        }
        name = self._chance.choice(list(deeds))
        self.count[name] += 1
        deeds[name]()

    def _assistant_away(self) -> None:
        self._here.assistant.down = True
        time.sleep(self._chance.uniform(2, 6))
        self._here.assistant.down = False


def measure(console: Console, *, minutes: float, seed: int | None = None) -> dict[str, Any]:
    """Runs, settles, adds up and prints. ``lost`` and ``doubled`` have to be 0."""
    seed = seed if seed is not None else random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="langnghe-faults-") as name, running(Path(name)) as h:
        people, trouble = People(h, random.Random(seed + 1)), Trouble(h, chance)
        writing = threading.Thread(target=people.run, daemon=True)
        writing.start()
        end = time.monotonic() + 60 * minutes
        while time.monotonic() < end:
            time.sleep(chance.uniform(1.0, 6.0))
            trouble.one()
        people.stopped.set()
        writing.join()
        _calm(h, people)
        found = _add_up(h, people)
        found |= {
            "seed": seed, "minutes": minutes, "kills": h.kills, "trouble": dict(trouble.count),
            "repeats": people.repeats, "held": people.held,
        }  # fmt: skip
    _show(console, found)
    return found


def _calm(here: Setting, people: People) -> None:
    """Everything works again; waits until nothing is under way any more."""
    here.assistant.down = False
    here.meta.behave()
    here.zalo.behave()
    people.again()
    _settle(here)
    # Eight answers in 48 hours are what Zalo allows: whoever wrote more often than that while
    # the assistant was away gets the rest at her next word. So she writes.
    people.held = len(_held(here))
    for _ in range(20):
        held = _held(here)
        if not held:
            break
        for channel, person in held:
            people.write(channel, person)
        _settle(here)


def _held(here: Setting) -> set[tuple[str, str]]:
    """Whose answers wait for their next word."""
    store = Store(here.database)
    with store.reading() as tx:
        found = (
            tx.query(Conversation.channel, Conversation.external_id)
            .join(Outbox, Outbox.conversation_id == Conversation.id)
            .filter(Outbox.state == "held")
            .distinct()
            .all()
        )
    store.close()
    return {(channel, person) for channel, person in found}


def _settle(here: Setting) -> None:
    store, end = Store(here.database), time.monotonic() + SETTLE_SECONDS
    quiet = 0
    while quiet < 3 and time.monotonic() < end:
        with store.reading() as tx:
            under_way = tx.query(Outbox).filter(
                Outbox.state.in_(("pending", "sending"))
            ).count() + conversations.count_waiting(tx)
        quiet = 0 if under_way else quiet + 1
        time.sleep(1)
    store.close()


def _arrived(here: Setting) -> Counter[int]:
    texts = [one.text for one in here.meta.received] + [one.text for one in here.zalo.received]
    return Counter(answered(texts))


def _add_up(here: Setting, people: People) -> dict[str, Any]:
    store = Store(here.database)
    got = _arrived(here)
    with store.reading() as tx:
        rows = list(tx.query(Outbox.id, Outbox.state, Message.text).join(Message).all())
        left = {
            "messages waiting": conversations.count_waiting(tx),
            "rows under way": sum(row[1] in ("pending", "sending") for row in rows),
        }
    in_doubt = {row[0]: answered([row[2]]) for row in rows if row[1] in outbox.UNSENT}
    listed = {number for numbers in in_doubt.values() for number in numbers}
    expected = range(1, people.count + 1)
    found: dict[str, Any] = {
        "expected": len(expected),
        "answered": sum(1 for number in expected if got[number]),
        "doubled": sorted(number for number in expected if got[number] > 1),
        "unknown": len(in_doubt),
        "unknown_arrived": sum(1 for n in listed if got[n]),
        "lost": sorted(n for n in expected if not got[n] and n not in listed),
        "states": dict(Counter(row[1] for row in rows)),
        "left": left,
    }
    _by_hand(here, store, [row for row, numbers in in_doubt.items() if not _all(got, numbers)])
    final = _arrived(here)
    found["final_answered"] = sum(1 for number in expected if final[number])
    found["final_doubled"] = sorted(number for number in expected if final[number] > 1)
    store.close()
    return found


def _all(got: Counter[int], numbers: list[int]) -> bool:
    return bool(numbers) and all(got[number] for number in numbers)


def _by_hand(here: Setting, store: Store, rows: list[int]) -> None:
    """An officer has sent again what did not arrive."""
    now = datetime.now(UTC)
    with store.transaction() as tx:
        officer = registry.add_staff(
            tx,
            Staff(
                username="bench", name="bench", password_hash="!", role="coordinator", unit="VP",
                session_stamp="s", created_at=now,
            ),
        )  # fmt: skip
        for number in rows:
            row = outbox.get(tx, number)
            if row is not None and row.state in outbox.UNSENT:
                resend.again(tx, row, staff=officer, now=now)
    _settle(here)


def _show(console: Console, found: dict[str, Any]) -> None:
    table = Table(title=f"Faults: {found['minutes']:g} minutes, seed {found['seed']}")
    table.add_column("what")
    table.add_column("count", justify="right")
    for name in ("expected", "answered", "unknown", "unknown_arrived", "held", "final_answered",
                 "kills", "repeats"):  # fmt: skip
        table.add_row(name.replace("_", " "), str(found[name]))
    for name in ("lost", "doubled", "final_doubled"):
        numbers = found[name]
        table.add_row(name.replace("_", " "), f"{len(numbers)} {numbers[:10] or ''}")
    for name, count in {**found["left"], **found["trouble"]}.items():
        table.add_row(name, str(count))
    console.print(table)
