"""A city in one process: officers, senders and time act on cases at random, forbidden acts too.

Each step is one transaction, as a door opens it. What must hold after every step is checked in
``walk_watch``.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from intake_api.domain import access
from intake_api.domain.model import Outcome, Role
from intake_api.flow import (
    acting,
    answer,
    citizen,
    converse,
    disclose,
    extending,
    handover,
    merging,
    outside,
    receive,
    unsealing,
    waiting,
)
from intake_api.store import cases, conversations, outbox, unsealings
from intake_api.store.registers import Staff
from intake_api.store.tables import Case
from tests.builders import make_staff
from tests.flow.walk_watch import REFUSALS, Watch

PEOPLE = (
    ("vanphong", "coordinator", "VP"), ("khtc", "lead", "KHTC"), ("khtc.cv", "handler", "KHTC"),
    ("tccb", "lead", "TCCB"), ("tccb.cv", "handler", "TCCB"), ("vp", "lead", "VP"),
    ("kenhmat", "confidential_officer", None), ("lanhdao", "leader", None),
    ("quantri", "admin", None), ("bientap", "editor", None),
)  # fmt: skip
KINDS = ("criticism", "suggestion", "question", "complaint", "denunciation", "child_protection")
UNITS = ("VP", "KHTC", "TCCB", "CTTT", "KHONGCO")


@dataclass
class Walk(Watch):
    """One random walk."""

    tried: dict[str, int] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)
    counter: int = 0

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.staff = [
            make_staff(self.services.store, username=name, role=role, unit=unit)
            for name, role, unit in PEOPLE
        ]

    # ------------------------------------------------------------------ words

    def word(self, case_id: int | None = None) -> str:
        """A word that was never used before; of a case when its number is given."""
        self.counter += 1
        made = f"dauvet{self.seed}x{self.counter}z"
        if case_id is not None:
            self.marks.setdefault(case_id, []).append(made)
        return made

    # ------------------------------------------------------------------ steps

    def step(self) -> None:
        """One thing happens."""
        self.clock.at += timedelta(minutes=self.rng.choice((0, 1, 5, 30, 120, 900)))
        kinds = ["staff"] * 14 + ["sender"] * 5 + ["time"] + ["channel"] * 2 + ["second"] * 2
        if not self.seen or self.rng.random() < 0.05:
            self.tell()
            return
        getattr(self, f"by_{self.rng.choice(kinds)}")()

    def tell(self) -> None:
        """Somebody new tells of a matter."""
        kind, mark, sender = self.rng.choice(KINDS), self.word(), self.word()
        channel = self.rng.choice(("web", "messenger"))
        now = self.clock.at
        with self.services.store.transaction() as tx:
            talk = conversations.get_or_create(
                tx, channel=channel, external_id=f"p{self.counter}", now=now
            )
            text = f"Trường thu tiền sai quy định {mark}"
            message = conversations.add_inbound(
                tx, talk, text=text, payload=None, channel_message_id=None, now=now, state="done"
            )
            case = receive.submit(
                tx, self.services, text=text, channel=channel, now=now, conversation=talk,
                kind=kind, sender=receive.Sender(f"Nguyễn {sender}", "0911222333"),
            ).case  # fmt: skip
            message.case_id, message.sealed = case.id, case.confidential
        self.marks.setdefault(case.id, []).extend([mark, sender])
        self.written.append((talk.id, text))
        self.note(case)

    def by_staff(self) -> None:
        number = self.rng.choice(list(self.seen))
        staff = self.rng.choice(self.staff if self.rng.random() < 0.3 else self.near(number))
        name, work = self.rng.choice(self.moves())
        self.tried[name] = self.tried.get(name, 0) + 1

        def act(tx: Any, case: Case) -> None:
            opened = acting.open_case(tx, code=case.code, staff=staff)
            stale = self.rng.random() < 0.05
            by = acting.Acting(staff, opened.version - stale, self.clock.at)
            work(tx, opened, by)

        if self.attempt(number, act, role=Role(staff.role)):
            self.done[name] = self.done.get(name, 0) + 1

    def near(self, number: int) -> list[Staff]:
        """Those who may act on a case: most of what happens is done by them."""
        with self.services.store.reading() as tx:
            case = tx.get_one(Case, number)
        return [
            one for one in self.staff
            if access.may_act(
                one.role, one.unit, confidential=case.confidential, case_unit=case.unit
            )
        ]  # fmt: skip

    def moves(self) -> list[tuple[str, Callable[[Any, Case, acting.Acting], Any]]]:
        """Everything that staff can try, with arguments that fit or do not."""
        rng, services = self.rng, self.services

        def said(case: Case) -> str:
            return rng.choice(("", f"Vì {self.word(case.id)}", f"Theo {self.word(case.id)}"))

        def into(tx: Any, case: Case, by: acting.Acting) -> None:
            other = cases.by_id(tx, rng.choice(list(self.seen)))
            assert other is not None
            target = acting.open_case(tx, code=other.code, staff=by.staff)
            merging.merge(tx, case, by, services=services, into=target)

        def reply(tx: Any, case: Case, by: acting.Acting) -> None:
            draft = answer.draft_of(tx, case)
            text = draft.text if draft and rng.random() < 0.8 else f"Trả lời {self.word(case.id)}"
            answer.reply(tx, case, by, services=services, text=text)

        def correct(tx: Any, case: Case, by: acting.Acting) -> None:
            answer.correct(
                tx, case, by, services=services, kind=rng.choice(KINDS), topic=case.topic,
                sentiment=case.sentiment, urgent=rng.random() < 0.2,
            )  # fmt: skip

        def unseal(tx: Any, case: Case, by: acting.Acting) -> None:
            unsealing.ask(
                tx, case, by, services=services, reader=rng.choice(self.staff).username,
                reason=said(case), hours=rng.choice((0, 1, 24, 72, 100)),
            )  # fmt: skip

        def reveal(tx: Any, case: Case, by: acting.Acting) -> None:
            disclose.reveal_contact(tx, case, by, reason=said(case))

        def with_reason(work: Callable[..., Any], **more: Any) -> Callable[..., Any]:
            return lambda tx, case, by: work(
                tx, case, by, services=services, reason=said(case), **more
            )

        def plain(work: Callable[..., Any], **more: Any) -> Callable[..., Any]:
            return lambda tx, case, by: work(tx, case, by, services=services, **more)

        agency = rng.choice(("", "Công an tỉnh", "UBND xã"))
        return [
            ("take", plain(answer.take)),
            ("route", with_reason(answer.transfer, unit=rng.choice(UNITS))),
            ("return", with_reason(answer.give_back)),
            ("draft", lambda tx, case, by: answer.draft_answer(
                tx, case, by, services=services, text=f"Dự thảo {self.word(case.id)}")),
            ("approve", plain(answer.approve)),
            ("reply", reply),
            ("reply again", reply),
            ("close", plain(answer.close, outcome=rng.choice([*Outcome, "khac"]))),
            ("reopen", plain(answer.reopen)),
            ("spam", plain(answer.reject_spam)),
            ("seal", plain(answer.seal)),
            ("correct", correct),
            ("ask", lambda tx, case, by: waiting.ask_citizen(
                tx, case, by, services=services, question=said(case))),
            ("wait", with_reason(waiting.wait_external, agency=agency)),
            ("resume", plain(waiting.resume)),
            ("ask extension", with_reason(extending.ask)),
            ("extend", with_reason(extending.give)),
            ("forward", with_reason(outside.forward, agency=agency)),
            ("merge", into),
            ("unmerge", plain(merging.unmerge)),
            ("unseal", unseal),
            ("reveal", reveal),
        ]  # fmt: skip

    def by_sender(self) -> None:
        """A sender writes, takes back, confirms or wants more."""
        number = self.rng.choice(list(self.seen))
        what = self.rng.choice(("write", "withdraw", "confirm", "reopen", "supplement"))
        self.tried[what] = self.tried.get(what, 0) + 1

        def act(tx: Any, case: Case) -> None:
            now = self.clock.at
            if what == "write":
                talk = conversations.get(tx, str(case.conversation_id))
                assert talk is not None
                text = f"Tôi nói thêm {self.word(case.id)}"
                converse.store_incoming(
                    tx, self.services, talk, converse.Incoming(text=text), now=now
                )
                self.written.append((talk.id, text))
            elif what == "withdraw" and self.rng.random() < 0.2:
                citizen.withdraw(tx, self.services, case, now=now)
            elif what == "confirm":
                citizen.confirm(tx, self.services, case, now=now)
            elif what == "reopen":
                citizen.reopen(tx, self.services, case, now=now)
            elif what == "supplement":
                citizen.supplement(tx, self.services, case, now=now)

        if self.attempt(number, act, role=Role.CITIZEN):
            self.done[what] = self.done.get(what, 0) + 1

    def by_time(self) -> None:
        """The hourly round of the jobs."""
        with self.services.store.transaction() as tx:
            now = self.clock.at
            waiting.expire(tx, self.services, now=now)
            waiting.settle(tx, self.services, now=now)
            unsealing.expire(tx, now=now)
            handover.hand_over(tx, self.services.catalog, now=now)
        self.look_at_all(role=Role.SERVICE)

    def by_channel(self) -> None:
        """A channel confirms, holds or refuses what it was given; a page is looked at."""
        number = self.rng.choice(list(self.seen))

        def act(tx: Any, case: Case) -> None:
            talk = conversations.get(tx, str(case.conversation_id))
            assert talk is not None
            if talk.channel in conversations.PULLED:
                unread = [
                    m.id for m in conversations.messages(tx, talk.id, limit=10_000)
                    if m.direction == "out" and m.state == "queued"
                ]  # fmt: skip
                conversations.mark_fetched(tx, talk.id, unread, self.clock.at)
                return
            row = outbox.take_next(tx, talk.id, self.clock.at)
            if row is None:
                return
            fate = self.rng.random()
            if fate < 0.7:
                outbox.mark_sent(tx, row.id, now=self.clock.at, remote_id="m")
            elif fate < 0.85:
                outbox.mark_held(tx, row.id, reason="ngoài khung giờ")
            else:
                outbox.mark_failed(tx, row.id, reason="từ chối")

        self.attempt(number, act, role=Role.SERVICE)

    def by_second(self) -> None:
        """Somebody decides about an unsealing, or tries to read what was unsealed."""
        staff = self.rng.choice(self.staff)
        with self.services.store.reading() as tx:
            numbers = [one.id for one in (*unsealings.asked(tx), *unsealings.given(tx))]
        if not numbers:
            return
        number = self.rng.choice(numbers)
        try:
            with self.services.store.transaction() as tx:
                if self.rng.random() < 0.5:
                    unsealing.decide(
                        tx, self.services, number, staff=staff, now=self.clock.at,
                        give=self.rng.random() < 0.7,
                    )  # fmt: skip
                    assert staff.role == Role.LEADER
                else:
                    unsealing.read(tx, number, staff=staff, now=self.clock.at)
                    found = unsealings.get(tx, number)
                    assert found is not None and found.reader_id == staff.id
                    assert found.ends_at is not None and self.clock.at < found.ends_at
        except REFUSALS:
            return
