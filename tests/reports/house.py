"""Cases of a half-year in a store, and the steps that make a report of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from intake_api.domain import reporting
from intake_api.domain.reporting import About, Kind
from intake_api.reports import desk, snapshot
from intake_api.store import Store, reports
from intake_api.store.registers import Staff
from intake_api.store.report_tables import Report
from intake_api.store.tables import Case
from tests.builders import the_catalog

# The first Monday of May 2027: the half-year has ended, the report is due on the tenth.
NOW = datetime(2027, 5, 4, 2, 0, tzinfo=UTC)
HALF = reporting.fixed(the_catalog().reports, Kind.HALF, 2027)
_TOPICS = ("dd.khoan_thu", "dd.hoc_phi", "b.bao_luc_hoc_duong", "i.tuyen_sinh_dau_cap")


def add_cases(store: Store, count: int, **given: Any) -> list[int]:
    """Cases spread over the half-year: most answered in time, some late, some open."""
    topics = [one for one in _TOPICS if one in the_catalog().topics]
    start, made = HALF.since(), []
    with store.transaction() as tx:
        for n in range(count):
            received = start + timedelta(hours=4300 / count * n)
            answered = received + timedelta(days=3 + n % 16) if n % 9 else None
            case = Case(
                **{
                    "code": f"PA-27{n:02d}-{n:04d}-{given.get('unit', 'X'):X<4}"[:20],
                    "pin_hash": "", "channel": ("web", "form", "messenger")[n % 3],
                    "state": "answered" if answered else "routed", "text": "Chữ", "folded": "chu",
                    "text_masked": "Chữ", "kind": ("criticism", "suggestion")[n % 2],
                    "topic": topics[n % len(topics)], "sentiment": "negative",
                    "classification": {}, "unit": ("KHTC", "CTTT")[n % 2], "route_rule": "4",
                    "route_reason": "", "received_at": received, "first_response_at": answered,
                    "due_at": received + timedelta(days=15), "answered_at": answered,
                    "level": ("th", "thcs", None)[n % 3], **given,
                }
            )  # fmt: skip
            tx.add(case)
            tx.flush()
            made.append(case.id)
    return made


def make(
    store: Store, by: Staff | None, *, of: About | None = None, period: Any = HALF,
    kind: Kind = Kind.HALF,
) -> int:  # fmt: skip
    """A report with its figures."""
    with store.transaction() as tx:
        made = desk.make(
            tx, the_catalog(), kind=kind, period=period, of=of or About(), by=by, now=NOW
        )
    snapshot.take(store, the_catalog(), made.id, now=NOW, told=lambda percent: None)
    return made.id


def get(store: Store, number: int) -> Report:
    with store.reading() as tx:
        found = reports.one(tx, number)
    assert found is not None
    return found


def frozen(store: Store, number: int) -> snapshot.Frozen:
    with store.reading() as tx:
        report = reports.one(tx, number)
        assert report is not None
        found = snapshot.read(tx, report)
    assert found is not None
    return found


def do(store: Store, number: int, staff: Staff, work: Any, **given: Any) -> Report:
    """One step as a person, on the version that stands."""
    with store.transaction() as tx:
        report = desk.find(tx, number, staff, lock=True)
        work(tx, report, desk.By(staff, NOW, report.version), **given)
    return get(store, number)


def write(store: Store, number: int, staff: Staff, **changed: str) -> Report:
    """Saves the text with these sections changed; what is left open is answered."""
    report = get(store, number)
    answered = "Trong kỳ không xảy ra sự cố truyền thông."
    texts = {
        code: "\n".join(answered if line.startswith("[") else line for line in text.split("\n"))
        for code, text in report.sections.items()
    }
    said = desk.Written({**texts, **changed}, "deputy", "Nguyễn Văn Mẫu")

    def work(tx: Any, found: Report, by: desk.By) -> None:
        desk.write(tx, the_catalog(), found, by, said)

    return do(store, number, staff, work)


def sign(store: Store, number: int, staff: Staff) -> Report:
    def work(tx: Any, found: Report, by: desk.By) -> None:
        desk.sign(tx, the_catalog(), found, by)

    return do(store, number, staff, work)


def document(store: Store, number: int) -> Any:
    with store.reading() as tx:
        report = reports.one(tx, number)
        assert report is not None
        return desk.document(tx, the_catalog(), report, today=date(2027, 5, 4))
