"""The API's own house: quick classifier, keys that are made as the operator makes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from intake_api.domain.access import CASES_READ, FEEDBACK_WRITE
from intake_api.flow import answer, clients
from intake_api.flow.acting import Acting
from intake_api.limits import limiter
from intake_api.store import Store, cases, events, registry
from intake_api.store.db import Base
from tests import builders
from tests.public import house

FEE = "Trường THCS Trần Phú thu quỹ lớp 500 nghìn không có phiếu thu, gọi tôi 0912345678"
BOTH = (FEEDBACK_WRITE, CASES_READ)


def make_app(folder: Path) -> Any:
    """The application without rate limits, which have tests of their own."""
    app = house.make_app(folder, knowledge=builders.the_index)
    limiter.enabled = False
    return app


def empty(app: Any) -> None:
    """Takes everything out of the database, as if it had just been made."""
    with store_of(app).engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name != "chain_head":
                connection.execute(sa.delete(table))
        connection.execute(
            sa.text("UPDATE chain_head SET last_id = 0, last_hash = :root"),
            {"root": events.ROOT_HASH},
        )


def store_of(app: Any) -> Store:
    found: Store = app.extensions["langnghe"].store
    return found


def key(app: Any, *scopes: str, unit: str | None = None, per_minute: int = 120) -> str:
    """A new key, committed."""
    with store_of(app).transaction() as tx:
        _, made = clients.issue(
            tx, builders.the_catalog(), name="Cổng tỉnh", scopes=scopes or BOTH, unit=unit,
            per_minute=per_minute, now=builders.NOW,
        )  # fmt: skip
    return made


class Caller:
    """A system with a key (or none) that speaks JSON."""

    def __init__(self, app: Any, shown: str | None = None) -> None:
        self.app, self.client, self._sent = app, app.test_client(), 0
        self.headers = {"Authorization": f"Bearer {shown}"} if shown else {}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers={**self.headers, **headers})

    def post(self, path: str, body: Any, **headers: str) -> Any:
        self._sent += 1
        given = {"Idempotency-Key": f"k{self._sent}", **self.headers, **headers}
        return self.client.post(f"/api/v1{path}", json=body, headers=given)

    def send(self, text: str = FEE, **more: Any) -> str:
        """A comment that was taken; its code."""
        answered = self.post("/feedback", {"description": text, **more})
        assert answered.status_code == 201, answered.text
        return str(answered.json["code"])


def problem(answered: Any) -> tuple[int, str]:
    assert answered.content_type == "application/problem+json", answered.text
    return answered.status_code, answered.json["type"].rpartition("/")[2]


def reply(app: Any, code: str, text: str = "Sở đã yêu cầu nhà trường trả lại tiền.") -> None:
    """A coordinator answers a case."""
    run = app.extensions["langnghe"]
    with run.store.transaction() as tx:
        case = cases.by_code(tx, code, lock=True)
        assert case is not None
        staff = registry.staff_by_username(tx, "vanphong")
        number = case.version
    if staff is None:
        staff = builders.make_staff(run.store, username="vanphong", role="coordinator", unit="VP")
    with run.store.transaction() as tx:
        case = cases.by_code(tx, code, lock=True)
        assert case is not None
        by = Acting(staff, number, run.clock.now())
        answer.reply(tx, case, by, services=run.services, text=text)
