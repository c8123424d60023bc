"""Open311 GeoReport v2: against a client that is not ours (georeport), and against the
specification's own documents (georeport.rng, written from it alone)."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from georeport import GeoReport
from lxml import etree
from werkzeug.serving import make_server

from intake_api.domain.access import CASES_READ, FEEDBACK_WRITE
from intake_api.store import cases
from tests import builders
from tests.api import house
from tests.api.open311 import BASE, FEES, PLACE, Client, case_of


@pytest.fixture
def sender(app: Any) -> Client:
    return Client(app, house.key(app, FEEDBACK_WRITE))


@pytest.fixture
def reader(app: Any) -> Client:
    return Client(app, house.key(app, CASES_READ))


@pytest.fixture
def anybody(app: Any) -> Client:
    return Client(app)


# ----------------------------------------------------------------------- a client that is not ours


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_a_strangers_client_finds_its_way(app: Any, sender: Client, fmt: str) -> None:
    codes = {sender.report()["service_request_id"] for _ in range(2)}
    server = make_server(PLACE, 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        address = f"http://{PLACE}:{server.server_port}{BASE}"
        client = GeoReport(address, jurisdiction=PLACE, output_format=fmt)
        listed = {one["service_code"]: one for one in client.get_service_list()}
        assert listed[FEES]["service_name"] == "Các khoản thu, lạm thu"
        assert client.get_service_definition(FEES)["service_code"] == FEES
        found = client.get_service_requests(status="open", service_code=FEES)
        assert {one["service_request_id"] for one in found} == codes
        some = codes.pop()
        one = client.get_service_request(some)
        assert (one["service_request_id"], one["status"]) == (some, "open")
        span = {"start_date": "2026-11-01T00:00:00Z", "end_date": "2026-11-02T00:00:00Z"}
        if fmt == "json":  # the client cannot read an empty list in XML
            assert client.get_service_requests(**span) == []
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# --------------------------------------------------------------------------------- the documents


def test_every_document_is_as_the_specification_writes_it(
    app: Any, sender: Client, reader: Client
) -> None:
    for lat in ("", "20.541"):
        sender.report(lat=lat, long=lat and "105.91")
    for path in ("discovery", "services", f"services/{FEES}", "services/denunciation", "requests"):
        plain, tree = reader.get(path), reader.get(path, fmt="xml")
        assert (isinstance(plain, list)) == (path in ("services", "requests"))
        members = plain if isinstance(plain, list) else [plain]
        for told, element in zip(members, tree if isinstance(plain, list) else [tree], strict=True):
            assert list(told) == [child.tag for child in element]
    made = sender.post("requests", fmt="xml", service_code=FEES, description="Thu quỹ & <b>phụ</b>")
    assert len(made) == 1
    wrong = reader.get("requests/PA-2611-0000-0000", 404, "xml")
    assert [one.tag for one in wrong[0]] == ["code", "description"]


def test_a_request_looks_like_the_one_in_the_specification(
    app: Any, sender: Client, reader: Client
) -> None:
    code = sender.report(address_id="PGD-PL")["service_request_id"]
    (told,) = reader.get(f"requests/{code}")
    assert told["service_code"] == FEES and told["status"] == "open"
    assert told["status_notes"].startswith("Đã chuyển ")
    assert told["requested_datetime"] == "2026-11-23T09:00:00+07:00"
    assert told["expected_datetime"].endswith("+07:00")
    assert (told["address"], told["address_id"]) == ("Phòng GDĐT thành phố Phủ Lý", "PGD-PL")
    assert "[số điện thoại]" in told["description"]
    assert (told["zipcode"], told["lat"], told["media_url"]) == (None, None, None)


def test_a_point_on_the_map_comes_back_as_it_was(sender: Client) -> None:
    code = sender.report(lat="20.541", long="105.91")["service_request_id"]
    (told,) = sender.get(f"requests/{code}")
    assert (told["lat"], told["long"], told["address"]) == (20.541, 105.91, None)


# ----------------------------------------------------------------------------------- what is told


def test_anybody_is_told_the_state_and_nothing_that_a_person_wrote(
    app: Any, sender: Client, anybody: Client
) -> None:
    code = sender.report(address_string="nhà bà Hoa, thôn 3")["service_request_id"]
    other = house.Caller(app).send()
    (told,) = anybody.get("requests")
    assert told["service_request_id"] == code and told["agency_responsible"]
    assert told["description"] == "Nội dung không công khai."
    assert told["address"] is None and "Hoa" not in str(told) and "quỹ lớp" not in str(told)
    anybody.get(f"requests/{other}", 404)
    (own,) = sender.get("requests")
    assert "quỹ lớp" in own["description"]


def test_words_that_stand_on_the_open_page_are_told_here_too(
    app: Any, sender: Client, anybody: Client
) -> None:
    from intake_api.store import openly
    from intake_api.store.open_tables import Publication

    code = sender.report()["service_request_id"]
    staff = builders.make_staff(house.store_of(app))
    with house.store_of(app).transaction() as tx:
        openly.add(
            tx,
            Publication(
                case_id=case_of(app, code).id, state=openly.PUBLISHED, question="Quỹ lớp?",
                answer="Tự nguyện.", proposed_by=staff.id, proposed_at=builders.NOW,
            ),
        )  # fmt: skip
    assert [one["description"] for one in anybody.get("requests")] == ["Quỹ lớp?"]


def test_a_key_that_reads_sees_every_open_matter(app: Any, sender: Client, reader: Client) -> None:
    codes = {sender.report()["service_request_id"], house.Caller(app).send()}
    assert {one["service_request_id"] for one in reader.get("requests")} == codes


@pytest.mark.parametrize("service", ["denunciation", "child_protection", "b.xam_hai_tre_em"])
def test_a_blackbox_takes_the_report_and_tells_nothing(
    app: Any, sender: Client, reader: Client, anybody: Client, service: str
) -> None:
    listed = {one["service_code"]: one for one in anybody.get("services")}
    assert (listed[service]["type"], listed[service]["metadata"]) == ("blackbox", False)
    for fmt in ("json", "xml"):
        made = sender.post("requests", fmt=fmt, service_code=service, description="việc kín")
        text = str(made) if fmt == "json" else etree.tostring(made, encoding="unicode")
        assert "service_request_id" not in text and "token" not in text and "PA-" not in text
    for one in (sender, reader, anybody):
        assert one.get("requests") == []
    with house.store_of(app).reading() as tx:
        from intake_api.domain.access import Scope
        from intake_api.store import queue

        sealed = queue.count(tx, Scope(True, None), queue.Filter(), builders.NOW)
    assert sealed == 2


def test_words_that_need_protection_are_sealed_in_any_service(
    app: Any, sender: Client, reader: Client
) -> None:
    told = sender.report("Con tôi bị bạo hành ở lớp")
    assert "service_request_id" not in told and "111" in told["service_notice"]
    assert "service_request_id" not in sender.report("Hiệu trưởng nhận tiền chạy lớp")
    assert reader.get("requests") == []


def test_spam_and_erased_requests_are_hidden(app: Any, sender: Client, anybody: Client) -> None:
    for state in ("rejected_spam", "erased"):
        code = sender.report()["service_request_id"]
        with house.store_of(app).transaction() as tx:
            found = cases.by_code(tx, code)
            assert found is not None
            found.state = state
        anybody.get(f"requests/{code}", 404)
    assert anybody.get("requests") == []


# ------------------------------------------------------------------------------------- reporting


def test_a_report_goes_the_way_of_every_comment(app: Any, sender: Client) -> None:
    told = sender.report(email="a@b.vn", **{"attribute[sender_role]": "phu_huynh"})
    assert told["account_id"] is None and "trước 17h00" in told["service_notice"]
    found = case_of(app, told["service_request_id"])
    assert (found.channel, found.topic, found.unit) == ("api", FEES, "KHTC")
    assert (found.role_of_sender, found.confidence) == ("phu_huynh", 1.0)


def test_contact_data_needs_an_explicit_yes(app: Any, sender: Client) -> None:
    given = {"first_name": "An", "last_name": "Nguyễn", "phone": "0912345678"}
    silent = sender.report(**given)
    agreed = sender.report(**given, **{"attribute[consent]": "yes"})
    assert "không được lưu" in silent["service_notice"]
    with house.store_of(app).reading() as tx:
        ids = [case_of(app, one["service_request_id"]).id for one in (silent, agreed)]
        without, with_it = (cases.contact(tx, number) for number in ids)
    assert without is None
    assert with_it is not None
    assert (with_it.name, with_it.phone) == ("Nguyễn An", "0912345678")


def test_a_picture_is_fetched_later(app: Any, sender: Client) -> None:
    from intake_api.store import files

    sender.report(media_url="https://example.vn/anh/cong-truong.jpg?x=1")
    with house.store_of(app).reading() as tx:
        (due,) = files.due(tx, builders.NOW)
        kept = cases.attachment(tx, due.attachment_id)
    assert due.url == "https://example.vn/anh/cong-truong.jpg?x=1"
    assert kept is not None
    assert kept.filename == "cong-truong.jpg"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"service_code": ""}, 400), ({"service_code": "nope"}, 404), ({"description": ""}, 400),
        ({"description": "x" * 4001}, 400), ({"description": "\u200b\u00ad"}, 400),
        ({"lat": "20"}, 400), ({"lat": "99", "long": "1"}, 400), ({"lat": "nan", "long": "1"}, 400),
        ({"address_id": "nope"}, 404), ({"media_url": "file:///etc/passwd"}, 400),
        ({"attribute[x]": "1"}, 400), ({"attribute[consent]": "maybe"}, 400),
        ({"email": "x" * 201}, 400), ({"jurisdiction_id": "boston.gov"}, 404),
        ({"api_key": ""}, 403), ({"api_key": "wrong"}, 403),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_words_of_the_specification(
    app: Any, sender: Client, form: dict[str, str], status: int
) -> None:
    whole = {"service_code": FEES, "description": house.FEE, **form}
    ((told,), tree) = (
        sender.post("requests", status, fmt, **whole) for fmt in ("json", "xml")
    )  # fmt: skip
    assert told["code"] == status == int(tree[0][0].text)
    assert told["description"] == tree[0][1].text and told["description"].endswith(".")
    assert Client(app, house.key(app)).get("requests") == []


def test_a_key_that_only_reads_may_not_report(reader: Client) -> None:
    reader.post("requests", 403, service_code=FEES, description="a")


def test_nothing_here_is_a_problem_document(app: Any, anybody: Client) -> None:
    anybody.get("tokens/abc", 404)
    anybody.get("services/nope", 404, "xml")
    anybody.get("requests", 403, api_key="wrong")
    client = app.test_client()
    for method, path, status in (
        ("GET", "/nope.json", 404), ("GET", "/requests.txt", 404), ("PUT", "/requests.xml", 405),
    ):  # fmt: skip
        answered = client.open(BASE + path, method=method)
        assert answered.status_code == status
        assert answered.mimetype in ("application/json", "text/xml")
    huge = client.post(f"{BASE}/requests.json", data={"description": "x" * 600_000})
    assert (huge.status_code, huge.json[0]["code"]) == (413, 413)


def test_when_the_database_is_gone_nothing_is_pretended(
    app: Any, sender: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from intake_api.store import StoreUnavailable

    sender.get("requests")  # the key was noted as used

    def gone(*_given: object, **_named: object) -> None:
        raise StoreUnavailable("full")

    monkeypatch.setattr(type(house.store_of(app)), "transaction", gone)
    (told,) = sender.post("requests", 503, service_code=FEES, description="a")
    assert "chưa được lưu" in told["description"]


# --------------------------------------------------------------------------------------- asking


def test_filters_and_pages(app: Any, sender: Client, clock: builders.MovingClock) -> None:
    old = sender.report()["service_request_id"]
    clock.at += timedelta(days=91)
    codes = [sender.report()["service_request_id"] for _ in range(3)]

    def asked(**query: str) -> list[str]:
        return [one["service_request_id"] for one in sender.get("requests", **query)]

    assert asked() == codes[::-1], "ninety days by default"
    assert asked(page_size="2") == codes[:0:-1] and asked(page_size="2", page="2") == codes[:1]
    assert asked(status="closed") == [] and len(asked(status="open,closed")) == 3
    assert asked(service_code="dd.hoc_phi") == [] and len(asked(service_code=f"{FEES},x.khac")) == 3
    assert asked(start_date="2026-11-01") == [old]
    assert asked(end_date="2026-12-01T00:00:00Z") == [old]
    # Codes override everything else; empty arguments are none.
    assert asked(service_request_id=f"{old},{codes[0]},x", status="closed") == [codes[0], old]
    assert asked(status="", start_date="", service_request_id="") == codes[::-1]


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "yesterday"}, {"end_date": "0001-01-01T00:00:00%2B07:00"},
        {"start_date": "9999-12-31"}, {"end_date": "0001-01-02"},
        {"start_date": "2026-11-02", "end_date": "2026-11-01"},
        {"start_date": "2026-01-01", "end_date": "2026-11-01"}, {"status": "late"},
        {"page": "0"}, {"page_size": "1001"}, {"page": "x"},
    ],
)  # fmt: skip
def test_a_wrong_question_is_said(anybody: Client, query: dict[str, str]) -> None:
    (told,) = anybody.get("requests", 400, **query)
    assert told["code"] == 400 and told["description"]
