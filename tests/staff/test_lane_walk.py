"""Every page, feed, export and log, asked by everybody: nothing of a sealed case is there."""

from __future__ import annotations

import io
import logging
import zipfile
from typing import Any

import pytest
import structlog

from intake_api.flow import receive
from intake_api.store import cases
from intake_api.store.tables import Attachment
from tests import builders
from tests.staff import house
from tests.staff.test_leaks import NORMAL

# Words that stand nowhere else: who, what, where, who told, what an officer wrote about it.
NAME, DEED, SCHOOL = "Vương Bất Khuất", "lót tay chạy suất", "Trường THPT Cổng Trời"
TELLER, PHONE, WHY = "Lê Người Kể", "0977 123 456", "gọi hỏi về phong bì"
TEXT = f"Tôi tố cáo ông {NAME} ở {SCHOOL} nhận tiền, {DEED}. Gọi tôi {PHONE}"
SECRETS = (NAME, DEED, SCHOOL, TELLER, PHONE, "0977123456", WHY, "bat khuat", "lot tay", "phong bì")


def _sealed(app: Any) -> tuple[Any, int, str]:
    made = builders.make_case(
        house.services_of(app), text=TEXT, sender=receive.Sender(TELLER, PHONE)
    )
    assert made.case.confidential
    with house.services_of(app).store.transaction() as tx:
        case = cases.by_code(tx, made.case.code)
        assert case is not None
        case.school, case.unit, case.copies = SCHOOL, "KHTC", ["KHTC", "VP"]
        kept = cases.add_attachment(
            tx,
            Attachment(
                case_id=case.id, filename=f"{NAME}.jpg", content_type="image/jpeg", size=3,
                sha256="0" * 64, original=DEED.encode(), shown=DEED.encode(),
                created_at=builders.NOW,
            ),
        )  # fmt: skip
    officer = house.desk(app, "kenhmat", "confidential_officer", None)
    officer.get(f"/can-bo/y-kien/{case.code}")
    officer.post(f"/can-bo/y-kien/{case.code}/nguoi-gui", 200, version=case.version, why=WHY)
    return case, kept.id, made.pin


def _addresses(app: Any, case: Any, file_id: int) -> list[str]:
    """Every address that can be asked for, with what belongs to the sealed case filled in."""
    known = {"code": case.code, "file_id": file_id, "conversation_id": case.conversation_id}
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static":
            continue
        values = {
            name: known.get(name, _some(converter, case.id))
            for name, converter in rule._converters.items()
        }
        found.append(adapter.build(rule.endpoint, values))
    plain = case.code.lower()
    return [
        *found,
        *(f"/can-bo/?state=all&q={q}" for q in (plain, "lot+tay", "0977123456", "le+nguoi+ke")),
        *(f"/can-bo/xuat.csv?state=all&q={q}" for q in (plain, "lot+tay")),
        "/can-bo/?state=all&kind=denunciation", "/can-bo/?unit=KHTC&state=all",
        f"/tra-cuu?ma={case.code}",
    ]  # fmt: skip


def _some(converter: Any, number: int) -> Any:
    """A value that the rule takes."""
    if hasattr(converter, "items"):  # one of a few words
        return min(converter.items)
    return number if "Integer" in type(converter).__name__ else "x"


def _read(body: bytes) -> str:
    """What a file says, a table of .xlsx as well: all its parts."""
    if not body.startswith(b"PK"):
        return body.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return "".join(file.read(name).decode(errors="replace") for name in file.namelist())


def _told(answer: Any, address: str = "") -> list[str]:
    said = _read(answer.get_data()) + str(answer.headers)
    # A page repeats what was searched for: the asker's words, not the case's.
    asked = address.replace("+", " ")
    return [word for word in SECRETS if word in said and word not in asked]


@pytest.mark.parametrize(("username", "role", "unit"), [*NORMAL, ("ai do", "", None)])
def test_nobody_else_meets_a_word_of_it_anywhere(
    app: Any, username: str, role: str, unit: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as logs:
        case, file_id, _pin = _sealed(app)
        client = house.desk(app, username, role, unit).client if role else app.test_client()
        addresses = _addresses(app, case, file_id)
        assert len(addresses) > 25
        for address in addresses:
            answer = client.get(address)
            assert _told(answer, address) == [], address
            answer.close()
    assert [word for word in SECRETS if word in caplog.text + str(logs)] == []


def test_the_receipt_opens_no_word_of_it_either(app: Any) -> None:
    case, _file, pin = _sealed(app)
    client = app.test_client()
    answer = client.get(f"/api/v1/feedback/{case.code}", headers={"X-Pin": pin})
    assert answer.status_code == 200
    assert _told(answer) == []


def test_a_key_of_the_system_that_sent_it_opens_no_word_of_it(app: Any) -> None:
    from intake_api.domain.access import CLIENT_SCOPES
    from intake_api.flow import clients as keys
    from intake_api.store import clients

    case, file_id, _pin = _sealed(app)
    with house.services_of(app).store.transaction() as tx:
        made, key = keys.issue(
            tx, builders.the_catalog(), name="Cổng", scopes=CLIENT_SCOPES, unit=None,
            per_minute=6000, now=builders.NOW,
        )  # fmt: skip
        clients.note_sent(tx, case_id=case.id, client_id=made.id, open311=True)
    client, shown = app.test_client(), {"Authorization": f"Bearer {key}"}
    addresses = [one for one in _addresses(app, case, file_id) if one[:5] in ("/api/", "/open")]
    addresses += [
        "/open311/v2/requests.json", f"/open311/v2/requests.xml?service_request_id={case.code}",
        f"/open311/v2/requests/{case.code}.json",
    ]  # fmt: skip
    assert len(addresses) > 10
    for address in addresses:
        answer = client.get(address, headers=shown)
        assert answer.status_code in (200, 404), address
        assert _told(answer, address) == [], address
        listed = case.code in answer.get_data(as_text=True)
        assert not listed or answer.status_code == 404, address
    for path, body in (("messages", {"text": "thêm"}), ("status", {"status": "withdrawn"})):
        headers = {**shown, "Idempotency-Key": "1", "If-Match": "*"}
        answer = client.post(f"/api/v1/cases/{case.code}/{path}", json=body, headers=headers)
        assert answer.status_code == 404


def test_the_officer_meets_them(app: Any) -> None:
    """The words are there to be met: what the tests above do not find is not simply missing."""
    case, _file, _pin = _sealed(app)
    desk = house.sign_in(app, "kenhmat")
    assert DEED in desk.get(f"/can-bo/y-kien/{case.code}")
    assert case.code in desk.get("/can-bo/?state=all&q=lot+tay")
