"""Every page, feed, export and log, asked by everybody: nothing is there of a sealed case, of one
that names who asks, or of another unit's; what they may see is."""

from __future__ import annotations

import io
import itertools
import logging
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog

from intake_api.flow import receive
from intake_api.limits import limiter
from intake_api.store import cases, consultations, registry
from tests import builders
from tests.staff import house
from tests.staff.test_consultations import made_by
from tests.staff.twins import Twin, alarm, furnish
from vntext import fold

# Words that stand nowhere else: who, what, where, who told, what an officer wrote about it.
NAME, DEED, SCHOOL = "Vương Bất Khuất", "lót tay chạy suất", "Trường THPT Cổng Trời"
TELLER, PHONE, WHY = "Lê Người Kể", "0977 123 456", "gọi hỏi về phong bì"
TEXT = f"Tôi tố cáo ông {NAME} ở {SCHOOL} nhận tiền, {DEED}. Gọi tôi {PHONE}"
SECRETS = (NAME, DEED, SCHOOL, TELLER, PHONE, "0977123456", WHY, "bat khuat", "lot tay", "phong bì")

PEOPLE: dict[str, tuple[str, str | None]] = {
    "vanphong": ("coordinator", "VP"), "lanhdao": ("leader", None), "khtc": ("lead", "KHTC"),
    "khtc.cv": ("handler", "KHTC"), "cttt": ("lead", "CTTT"), "bientap": ("editor", None),
    "quantri": ("admin", None), "kenhmat": ("confidential_officer", None),
}  # fmt: skip
# Four twins: a case that names nobody and one that names everybody of the staff, in the open and
# sealed. The named ones are the older: whatever goes by the first of several goes by them.
NAMING, OPEN, NAMING_SEALED, SEALED = (
    "mua rèm cửa vàng", "mua ghế nhựa tím", "mua chậu cảnh xanh", "mua bóng đèn hồng",
)  # fmt: skip

_CASE = {
    f"staff.{name}" for name in (
        "queue", "news", "row", "case", "talk", "related", "notes", "file", "direct_case",
        "undelivered", "notices",
    )
}  # fmt: skip
_LANE = {"staff.talks", "staff.direct", "staff.comments", "staff.comment"}
_TAKEN = {"staff.export", "staff.export_book", "staff.register_take"}
_DRAFT = {"staff.draft", "staff.draft_group"}
_WATCH = {"staff.alerts", "staff.alert", "staff.rumours", "staff.rumour"}
_LETTERS = {"staff.letters", "staff.letter_file"}
# Where each of them meets the case that they may see: what is not found there is not simply gone.
SEES: dict[str, set[str]] = {
    "vanphong": _CASE | _LANE | _TAKEN | _DRAFT | _WATCH | _LETTERS
    | {"staff.draft_table", "staff.openly", "staff.gaps", "staff.holds"},
    "lanhdao": _CASE | _LANE | _TAKEN | _DRAFT | _WATCH
    | {"staff.draft_table", "staff.openly", "staff.holds"},
    "khtc": _CASE | _TAKEN | _DRAFT | _LETTERS
    | {"staff.draft_table", "staff.openly", "staff.gaps"},
    "khtc.cv": _CASE | _DRAFT | _LETTERS | {"staff.openly", "staff.gaps"},
    "cttt": {"staff.gaps"},
    "bientap": {"staff.gaps"},
    "quantri": {"staff.holds"},
    "kenhmat": _CASE - {"staff.related"} | _LANE
    | {"staff.export", "staff.export_book", "staff.holds"},
}  # fmt: skip


Held = dict[str, list[dict[str, Any]]]


@dataclass
class House:
    """A house with everything in it; ``held``: what belongs into the addresses of an endpoint, or
    where no endpoint is named into a part of any address."""

    app: Any
    desks: dict[str, house.Desk]
    twins: dict[str, Twin]
    held: Held

    @property
    def words(self) -> list[str]:
        return [word for one in self.twins.values() for word in one.words]


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def furnished(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    store = builders.make_postgres_store() if request.param == "postgres" else None
    with house.opened(lambda: house.make_app(tmp_path_factory.mktemp("twins"), store=store)) as app:
        yield _furnished(app)


def _furnished(app: Any) -> House:
    desks = {name: house.desk(app, name, *given) for name, given in PEOPLE.items()}
    with house.services_of(app).store.reading() as tx:
        staff = {one.username: one for one in registry.all_staff(tx)}
    draft = made_by(desks["khtc"])
    desks["khtc"].get(f"/can-bo/du-thao/{draft}")
    desks["khtc"].post(f"/can-bo/du-thao/{draft}/viec/cong-bo")
    head, everybody = house.make_case(app), list(staff.values())
    twins = {
        mark: furnish(
            app, mark, head=head, draft=draft, office=staff["vanphong"], readers=everybody,
            naming=everybody if mark in (NAMING, NAMING_SEALED) else (),
            sealed=mark in (SEALED, NAMING_SEALED),
        )
        for mark in (NAMING, OPEN, NAMING_SEALED, SEALED)
    }  # fmt: skip
    held: Held = {"code": [{"code": head.code}], **alarm(app, list(twins.values()))}
    for twin in twins.values():
        for name, some in twin.held.items():
            held.setdefault(name, []).extend(some)
    with house.services_of(app).store.reading() as tx:
        groups = [one.id for one in consultations.groups(tx, draft)]
    held["any"] = [{"any": one.case.id} for one in twins.values()]
    held["staff.draft"] = held["staff.draft_edit"] = [{"number": draft}]
    held["staff.draft_table"] = [{"number": draft, "form": one} for one in ("docx", "xlsx")]
    held["staff.draft_group"] = [{"number": draft, "group_id": one} for one in groups]
    return House(app, desks, twins, held)


def _places(app: Any, held: Held) -> Iterator[tuple[str, str]]:
    """(endpoint, address) of everything that can be asked for, filled with what the house holds."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint != "static":
            for values in held.get(rule.endpoint) or _filled(rule, held):
                yield rule.endpoint, adapter.build(rule.endpoint, values)


def _filled(rule: Any, held: Held) -> Iterator[dict[str, Any]]:
    names = list(rule._converters)
    for some in itertools.product(*(_some(rule._converters[name], name, held) for name in names)):
        yield dict(zip(names, some, strict=True))


def _some(converter: Any, name: str, held: Held) -> Sequence[Any]:
    """Values that the rule takes."""
    if name in held:
        return [one[name] for one in held[name]]
    if hasattr(converter, "items"):  # one of a few words
        return [min(converter.items)]
    return [one["any"] for one in held["any"]] if "Integer" in type(converter).__name__ else ["x"]


def _searches(twins: Iterable[Twin]) -> Iterator[tuple[str, str]]:
    """Lists as they are narrowed by hand."""
    yield "staff.queue", "/can-bo/?state=all"
    yield "staff.queue", "/can-bo/?state=all&kind=misinformation"
    yield "staff.queue", "/can-bo/?unit=KHTC&state=all"
    yield "staff.export", "/can-bo/xuat.csv?state=all"
    yield "staff.export_book", "/can-bo/xuat.xlsx?state=all"
    yield "staff.news", "/can-bo/tin-moi?since=0&state=all"
    yield "staff.comments", "/can-bo/binh-luan?xem=tat-ca"
    for twin in twins:
        for word in (twin.mark, fold(twin.mark), twin.case.code):
            yield "staff.queue", f"/can-bo/?state=all&q={word.replace(' ', '+')}"


def _read(body: bytes) -> str:
    """What a file says, a table of .xlsx as well: all its parts."""
    if not body.startswith(b"PK"):
        return body.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return "".join(file.read(name).decode(errors="replace") for name in file.namelist())


def _told(answer: Any, address: str = "", words: Iterable[str] = SECRETS) -> list[str]:
    said = _read(answer.get_data()) + str(answer.headers)
    answer.close()
    # A page repeats what was searched for: the asker's words, not the case's.
    asked = address.replace("+", " ")
    return [word for word in words if word in said and word not in asked]


@dataclass
class Meeting:
    """What one person met: ``seen``, the endpoints that told of the twin that they may see, and
    ``leaked``, (address, word) of what was told of the others."""

    found: House
    own: str | None
    seen: set[str] = field(default_factory=set)
    leaked: list[tuple[str, str]] = field(default_factory=list)

    def look(self, endpoint: str, address: str, answer: Any) -> None:
        """Reads one answer."""
        allowed = self.found.twins[self.own].words if self.own else ()
        for word in _told(answer, address, self.found.words):
            if word in allowed:
                self.seen.add(endpoint)
            else:
                self.leaked.append((address, word))


@pytest.mark.parametrize("username", PEOPLE)
def test_everybody_meets_what_they_may_see_and_no_word_of_anything_else(
    furnished: House, username: str, caplog: pytest.LogCaptureFixture
) -> None:
    limiter.enabled = False
    caplog.set_level(logging.DEBUG)
    desk, own = furnished.desks[username], SEALED if username == "kenhmat" else OPEN
    meeting = Meeting(furnished, own)
    places = [one for one in _places(furnished.app, furnished.held) if one[0][:6] == "staff."]
    assert len(places) > 120
    with structlog.testing.capture_logs() as logs:
        for endpoint, address in [*places, *_searches(furnished.twins.values())]:
            meeting.look(endpoint, address, desk.client.get(address))
        if "staff.register_take" in SEES[username]:
            desk.get("/can-bo/so-tiep-nhan")
            days = {"first": "2026-11-01", "last": "2026-11-30", "csrf_token": desk.token}
            for form in ("xlsx", "docx"):
                answer = desk.client.post("/can-bo/so-tiep-nhan", data={**days, "form": form})
                meeting.look("staff.register_take", "", answer)
    assert meeting.leaked == []
    assert SEES[username] - meeting.seen == set()
    marks = [word for one in furnished.twins.values() for word in (one.mark, fold(one.mark))]
    assert [word for word in marks if word in caplog.text + str(logs)] == []


def test_a_stranger_meets_nothing(furnished: House) -> None:
    limiter.enabled = False
    client, meeting = furnished.app.test_client(), Meeting(furnished, None)
    places = list(_places(furnished.app, furnished.held))
    places += [("", f"/tra-cuu?ma={one.case.code}") for one in furnished.twins.values()]
    for endpoint, address in places:
        meeting.look(endpoint, address, client.get(address))
    assert meeting.leaked == []


# ------------------------------------------------------------------- one case, to the last word
def _sealed(app: Any) -> tuple[Any, str]:
    made = builders.make_case(
        house.services_of(app), text=TEXT, sender=receive.Sender(TELLER, PHONE)
    )
    assert made.case.confidential
    with house.services_of(app).store.transaction() as tx:
        case = cases.by_code(tx, made.case.code)
        assert case is not None
        case.school, case.unit, case.copies = SCHOOL, "KHTC", ["KHTC", "VP"]
    officer = house.desk(app, "kenhmat", "confidential_officer", None)
    officer.get(f"/can-bo/y-kien/{case.code}")
    officer.post(f"/can-bo/y-kien/{case.code}/nguoi-gui", 200, version=case.version, why=WHY)
    return case, made.pin


def test_the_receipt_opens_no_word_of_it_either(app: Any) -> None:
    case, pin = _sealed(app)
    client = app.test_client()
    answer = client.get(f"/api/v1/feedback/{case.code}", headers={"X-Pin": pin})
    assert answer.status_code == 200
    assert _told(answer) == []


def test_a_key_of_the_system_that_sent_it_opens_no_word_of_it(app: Any) -> None:
    from intake_api.domain.access import CLIENT_SCOPES
    from intake_api.flow import clients as keys
    from intake_api.store import clients

    case, _pin = _sealed(app)
    with house.services_of(app).store.transaction() as tx:
        made, key = keys.issue(
            tx, builders.the_catalog(), name="Cổng", scopes=CLIENT_SCOPES, unit=None,
            per_minute=6000, now=builders.NOW,
        )  # fmt: skip
        clients.note_sent(tx, case_id=case.id, client_id=made.id, open311=True)
    client, shown = app.test_client(), {"Authorization": f"Bearer {key}"}
    held: Held = {
        "code": [{"code": case.code}], "any": [{"any": case.id}],
        "conversation_id": [{"conversation_id": case.conversation_id}],
    }  # fmt: skip
    addresses = [one for _, one in _places(app, held) if one[:5] in ("/api/", "/open")]
    addresses += [
        "/open311/v2/requests.json", f"/open311/v2/requests.xml?service_request_id={case.code}",
        f"/open311/v2/requests/{case.code}.json",
    ]  # fmt: skip
    assert len(addresses) > 10
    for address in addresses:
        answer = client.get(address, headers=shown)
        assert answer.status_code in (200, 404), address
        listed = case.code in answer.get_data(as_text=True)
        assert not listed or answer.status_code == 404, address
        assert _told(answer, address) == [], address
    for path, body in (("messages", {"text": "thêm"}), ("status", {"status": "withdrawn"})):
        headers = {**shown, "Idempotency-Key": "1", "If-Match": "*"}
        answer = client.post(f"/api/v1/cases/{case.code}/{path}", json=body, headers=headers)
        assert answer.status_code == 404


def test_the_officer_meets_them_and_no_log_does(app: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The words are there to be met: what the tests above do not find is not simply missing."""
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as logs:
        case, _pin = _sealed(app)
        desk = house.sign_in(app, "kenhmat")
        assert DEED in desk.get(f"/can-bo/y-kien/{case.code}")
        assert case.code in desk.get("/can-bo/?state=all&q=lot+tay")
    assert [word for word in SECRETS if word in caplog.text + str(logs)] == []
