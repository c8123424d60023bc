"""The people around one draft that is put up for comments, and what they do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from intake_api.flow import consult, consult_comment, formed
from intake_api.flow.consult import By, Plan
from intake_api.flow.services import Services
from intake_api.reports import opinions
from intake_api.store import consultations
from intake_api.store.consult_tables import Consultation
from intake_api.store.registers import Staff
from tests import builders
from tests.flow import drafts

TODAY = date(2026, 11, 23)
PLAN = Plan(
    "Quy định về dạy thêm, học thêm trên địa bàn tỉnh", "GDTRH", "Công văn số 12/SGDĐT",
    TODAY, TODAY + timedelta(days=30), 40,
)  # fmt: skip


class Office:
    """The people around one draft."""

    def __init__(self, services: Services, clock: builders.MovingClock) -> None:
        self.services, self.clock = services, clock
        self.hand = self._staff("gdtrh.cv", "handler", "GDTRH")
        self.lead = self._staff("gdtrh", "lead", "GDTRH")
        self.leader = self._staff("lanhdao", "leader", None)
        self.other = self._staff("khtc", "lead", "KHTC")

    def _staff(self, name: str, role: str, unit: str | None) -> Staff:
        return builders.make_staff(self.services.store, username=name, role=role, unit=unit)

    def by(self, who: Staff) -> By:
        return By(who, self.services.now())

    def prepared(self, plan: Plan = PLAN, data: bytes | None = None) -> Consultation:
        draft = consult.read_draft(self.services, "du-thao.docx", data or drafts.write())
        with self.services.store.transaction() as tx:
            return consult.prepare(tx, self.services, plan, draft, self.by(self.hand))

    def opened(self, **given: Any) -> Consultation:
        made = self.prepared(**given)
        self.do(made, consult.announce, self.lead)
        return made

    def do(self, found: Consultation, step: Any, who: Staff, *args: Any, **given: Any) -> Any:
        with self.services.store.transaction() as tx:
            locked = consultations.get(tx, found.id, lock=True)
            return step(tx, locked, *args, self.by(who), **given)

    def say(
        self, found: Consultation, text: str, place: str | None = None, **given: Any
    ) -> formed.FormReceived:
        who = {"organisation": None, "named": False}
        who |= {name: given.pop(name) for name in tuple(given) if name in who}
        with self.services.store.transaction() as tx:
            locked = consultations.get(tx, found.id)
            assert locked is not None
            clause = next(
                (one for one in consultations.clauses(tx, found.id) if one.place == place), None
            )
            form = formed.FormInput(text=text, form_token=f"{text}{given}", consent=True, **given)
            return consult_comment.from_form(
                tx, self.services, locked, clause, form, now=self.services.now(), **who
            )

    def rows(self, found: Consultation) -> tuple[opinions.Row, ...]:
        with self.services.store.reading() as tx:
            now = consultations.get(tx, found.id)
            assert now is not None
            return opinions.gather(tx, now).rows

    def answer_all(self, found: Consultation, verdict: str = "accepted") -> None:
        for row in self.rows(found):
            with self.services.store.transaction() as tx:
                locked = consultations.get(tx, found.id, lock=True)
                group = consultations.group(tx, row.group)
                assert locked is not None and group is not None
                consult.answer(
                    tx, locked, group, self.by(self.hand), verdict=verdict,
                    text="Sửa theo ý kiến này.", summary="",
                )  # fmt: skip

    def ahead(self, days: int) -> None:
        self.clock.at += timedelta(days=days)

    def published(self, found: Consultation) -> None:
        self.ahead(31)
        self.answer_all(found)
        self.do(found, consult.submit, self.lead)
        self.do(found, consult.publish, self.leader)

    def again(self, found: Consultation) -> Consultation:
        with self.services.store.reading() as tx:
            now = consultations.get(tx, found.id)
        assert now is not None
        return now
