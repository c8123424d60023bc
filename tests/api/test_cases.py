"""What other systems may read and do with their key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from intake_api.domain.access import CASES_READ, FEEDBACK_WRITE
from intake_api.store import Store, cases, events
from tests import builders
from tests.api import house
from tests.api.house import FEE, Caller, problem

BRIBE = "Hiệu trưởng trường A nhận tiền chạy lớp, đề nghị xác minh"
DANGER = "Con tôi bị bạo hành ở trường"


# ------------------------------------------------------------------------------------- reading


def test_a_partner_reads_its_own_and_nothing_else(
    app: Any, partner: Caller, reader: Caller
) -> None:
    own, other = partner.send(), Caller(app).send()
    assert [one["code"] for one in partner.get("/cases").json["items"]] == [own]
    assert problem(partner.get(f"/cases/{other}")) == (404, "not-found")
    assert {one["code"] for one in reader.get("/cases").json["items"]} == {own, other}
    assert partner.get(f"/cases/{own}").json["may"] == ["withdrawn"]
    assert reader.get(f"/cases/{own}").json["may"] == []


def test_words_are_masked_for_everybody(partner: Caller, reader: Caller) -> None:
    code = partner.send()
    for caller in (partner, reader):
        told = caller.get(f"/cases/{code}").json
        assert "0912345678" not in str(told) and "[số điện thoại]" in told["text"]


def test_sealed_cases_do_not_exist_here(app: Any, partner: Caller, reader: Caller) -> None:
    code = partner.send(BRIBE)
    later = partner.send()
    with house.store_of(app).transaction() as tx:
        found = cases.by_code(tx, later)
        assert found is not None
        found.confidential = True
    for caller in (partner, reader):
        assert caller.get("/cases").json["items"] == []
        assert caller.get("/cases").json["total_estimate"] == 0
        for one in (code, later):
            missing = caller.get("/cases/PA-2611-0000-0000")
            for path in (f"/cases/{one}", f"/cases/{one}/history"):
                assert caller.get(path).data == missing.data
    more = partner.post(f"/cases/{code}/messages", {"text": "thêm"})
    assert problem(more) == (404, "not-found")


def test_a_key_of_a_unit_reads_that_unit(app: Any, partner: Caller) -> None:
    code = partner.send()
    assert Caller(app, house.key(app, CASES_READ, unit="KHTC")).get(f"/cases/{code}").json
    other = Caller(app, house.key(app, CASES_READ, unit="CTTT"))
    assert other.get(f"/cases/{code}").status_code == 404
    assert other.get("/cases?unit=KHTC").json["items"] == []


def test_erased_cases_are_gone(app: Any, partner: Caller, reader: Caller) -> None:
    code = partner.send()
    with house.store_of(app).transaction() as tx:
        found = cases.by_code(tx, code)
        assert found is not None
        found.state = "erased"
    assert reader.get("/cases").json["items"] == []
    assert reader.get(f"/cases/{code}").status_code == 404


def test_pages_lead_on_and_nothing_is_met_twice(
    app: Any, partner: Caller, reader: Caller, clock: builders.MovingClock
) -> None:
    sent = []
    for number in range(7):
        clock.at += timedelta(minutes=number % 2)  # some at the same moment
        sent.append(partner.send())
    met, path = [], "/cases?limit=3&status=open"
    while path:
        answered = reader.get(path)
        page = answered.json
        met += [one["code"] for one in page["items"]]
        assert page["total_estimate"] == (7 if len(met) == 3 else None)
        path = f"/cases?limit=3&status=open&cursor={page['next_cursor']}"
        if page["next_cursor"] is None:
            assert "Link" not in answered.headers
            break
        assert answered.headers["Link"].endswith('>; rel="next"')
        assert "status=open" in answered.headers["Link"]
    assert met == sent[::-1]


def test_filters_narrow(app: Any, partner: Caller, clock: builders.MovingClock) -> None:
    first = partner.send()
    clock.at += timedelta(days=2)
    second = partner.send("Con tôi bị bắt nạt")

    def codes(query: str) -> list[str]:
        return [one["code"] for one in partner.get(f"/cases?{query}").json["items"]]

    assert codes("received_to=2026-11-24T00:00:00%2B07:00") == [first]
    assert codes("received_from=2026-11-24T00:00:00Z&kind=criticism") == [second]
    assert codes("topic=dd.khoan_thu&state=routed") == [second, first]
    assert codes("status=closed") == codes("unit=CTTT") == codes("channel=web") == []


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("limit=0", "limit"), ("limit=abc", "limit"), ("limit=1&limit=2", "limit"),
        ("status=maybe", "status"), ("cursor=zz", "cursor"), ("cursor=!", "cursor"),
        ("received_from=yesterday", "received_from"), ("sort=up", "sort"),
    ],
)  # fmt: skip
def test_a_wrong_address_is_named(reader: Caller, query: str, named: str) -> None:
    answered = reader.get(f"/cases?{query}")
    assert problem(answered) == (422, "validation")
    assert [one["parameter"] for one in answered.json["errors"]] == [named]


def test_the_history_tells_what_and_when_but_not_who(app: Any, partner: Caller) -> None:
    code = partner.send()
    house.reply(app, code)
    with house.store_of(app).transaction() as tx:
        found = cases.by_code(tx, code)
        assert found is not None
        events.append(tx, at=builders.NOW, actor="staff:1", action="revealed", case_id=found.id)
    first = partner.get(f"/cases/{code}/history?limit=1").json
    rest = partner.get(f"/cases/{code}/history?cursor={first['next_cursor']}").json
    steps = [*first["items"], *rest["items"]]
    assert [(one["action"], one["state_after"]) for one in steps] == [
        ("received", "routed"), ("reply", "answered"),
    ]  # fmt: skip
    assert rest["next_cursor"] is None and "staff" not in str(steps)


def test_an_answer_that_was_read_has_arrived(app: Any, partner: Caller, reader: Caller) -> None:
    code = partner.send()
    house.reply(app, code, "Gọi 0912345678 để nhận lại tiền.")

    def undelivered() -> bool:
        with house.store_of(app).reading() as tx:
            found = cases.by_code(tx, code)
            assert found is not None
            return found.undelivered

    assert "[số điện thoại]" in reader.get(f"/cases/{code}").json["last_answer"]
    assert undelivered(), "somebody else has read it, not the sender's system"
    assert partner.get(f"/cases/{code}").json["status"] == "closed"
    assert not undelivered()


# ------------------------------------------------------------------------------------- writing


def turn(caller: Caller, code: str, body: Any, etag: str = "*") -> Any:
    return caller.post(f"/cases/{code}/status", body, **{"If-Match": etag})


def test_a_write_needs_the_version_that_was_read(partner: Caller) -> None:
    code = partner.send()
    etag = partner.get(f"/cases/{code}").headers["ETag"]
    assert partner.post(f"/cases/{code}/messages", {"text": "lớp 6A"}).status_code == 201
    blind = partner.post(f"/cases/{code}/status", {"status": "withdrawn"})
    assert problem(blind) == (428, "precondition-required")
    stale = turn(partner, code, {"status": "withdrawn"}, etag)
    assert problem(stale) == (412, "conflict")
    done = turn(partner, code, {"status": "withdrawn"}, stale.json["etag"])
    assert (done.status_code, done.json["state"]) == (200, "withdrawn")
    assert done.headers["ETag"] != stale.json["etag"]
    message = partner.post(f"/cases/{code}/messages", {"text": "nữa"}, **{"If-Match": etag})
    assert problem(message) == (412, "conflict")


def test_confirmed_with_a_mark_then_taken_up_again(app: Any, partner: Caller) -> None:
    code = partner.send()
    early = turn(partner, code, {"status": "confirmed", "rating": 5})
    assert problem(early) == (409, "transition-not-allowed")
    assert early.json["allowed"] == ["withdrawn"]
    house.reply(app, code)
    done = turn(partner, code, {"status": "confirmed", "rating": 4})
    assert (done.json["state"], done.json["outcome"]) == ("closed", "answered")
    again = turn(partner, code, {"status": "reopened"})
    assert (again.json["state"], again.json["reopened"]) == ("reopened", 1)


def test_too_late_to_be_taken_up_again(
    app: Any, partner: Caller, clock: builders.MovingClock
) -> None:
    code = partner.send()
    house.reply(app, code)
    clock.at += timedelta(days=31)
    assert problem(turn(partner, code, {"status": "reopened"})) == (409, "window-closed")


def test_wrong_wishes_are_named(partner: Caller) -> None:
    code = partner.send()
    for body, pointer in (
        ({"status": "confirmed", "rating": 9}, "#/rating"), ({"status": "gone"}, "#/"),
        ({"status": "withdrawn", "why": "x"}, "#/why"), ({}, "#/"),
    ):  # fmt: skip
        answered = turn(partner, code, body)
        assert problem(answered) == (422, "validation")
        assert answered.json["errors"][0]["pointer"] == pointer


def test_the_same_message_twice_is_one(app: Any, partner: Caller) -> None:
    code = partner.send()
    key = {"Idempotency-Key": "tin-1"}
    first = partner.post(f"/cases/{code}/messages", {"text": "lớp 6A"}, **key)
    again = partner.post(f"/cases/{code}/messages", {"text": "lớp 6A"}, **key)
    assert first.json == again.json and again.headers["Idempotency-Replayed"] == "true"
    other = partner.post(f"/cases/{code}/messages", {"text": "lớp 6B"}, **key)
    assert problem(other) == (422, "idempotency-reused")
    with house.store_of(app).reading() as tx:
        found = cases.by_code(tx, code)
        assert found is not None
        assert [one.text for one in cases.messages(tx, found)] == ["lớp 6A"]


def test_words_that_need_protection_become_a_case_of_their_own(
    app: Any, partner: Caller, reader: Caller
) -> None:
    code = partner.send()
    key = {"Idempotency-Key": "mat"}
    said = partner.post(f"/cases/{code}/messages", {"text": DANGER}, **key)
    assert said.json["apart"] and said.json["code"] != code and "111" in str(said.json["notice"])
    again = partner.post(f"/cases/{code}/messages", {"text": DANGER}, **key)
    assert again.json == said.json, "with its PIN, which is kept nowhere"
    for caller in (partner, reader):
        assert caller.get(f"/cases/{said.json['code']}").status_code == 404
    look = Caller(app).get(f"/feedback/{said.json['code']}", **{"X-Pin": said.json["pin"]})
    assert look.status_code == 200


def test_keys_of_two_systems_do_not_meet(app: Any) -> None:
    first, second = (Caller(app, house.key(app, FEEDBACK_WRITE)) for _ in range(2))
    codes = {
        caller.post("/feedback", {"description": FEE}, **{"Idempotency-Key": "1"}).json["code"]
        for caller in (first, second, Caller(app))
    }
    assert len(codes) == 3


# ------------------------------------------------------------------------------------ problems


@pytest.mark.parametrize(
    ("method", "path", "given", "expected"),
    [
        ("GET", "/api/v1/khong-co", {}, (404, "not-found")),
        ("GET", "/api/khong-co", {}, (404, "not-found")),
        ("DELETE", "/api/v1/feedback", {}, (405, "method-not-allowed")),
        ("POST", "/api/v1/feedback", {"data": "a=b"}, (415, "unsupported-media")),
        ("POST", "/api/v1/feedback",
         {"data": "x", "content_type": "text/plain"}, (415, "unsupported-media")),
        ("POST", "/api/v1/feedback",
         {"data": b"\xff\xfe", "content_type": "application/json"}, (400, "malformed")),
        ("POST", "/api/v1/feedback", {"json": {"description": "x" * 300_000}},
         (413, "payload-too-large")),
        ("POST", "/api/v1/feedback", {"json": {"description": " \u200b\u0301\n"}},
         (422, "validation")),
        ("POST", "/api/v1/feedback", {"json": {"description": "a", "consent": "yes"}},
         (422, "validation")),
    ],
)  # fmt: skip
def test_every_error_is_a_problem_document(
    app: Any, method: str, path: str, given: Any, expected: Any
) -> None:
    answered = app.test_client().open(
        path, method=method, headers={"Idempotency-Key": "k"}, **given
    )
    assert problem(answered) == expected
    assert answered.headers["Content-Language"] == "vi" and answered.json["title"]
    if expected[0] == 405:
        assert "POST" in answered.headers["Allow"]


def test_an_error_that_nobody_foresaw_is_numbered_and_says_nothing(
    app: Any, reader: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from intake_api.store import clients

    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(clients, "page", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answered = reader.get("/cases")
    assert problem(answered) == (500, "internal")
    assert answered.json["instance"].startswith("urn:uuid:") and "secret" not in answered.text


def test_people_read_the_description_too(app: Any) -> None:
    from tests.public.lint import check, words

    page = check(app.test_client().get("/api/v1/docs").text)
    told = words(page)
    for operation in ("Gửi một ý kiến", "/api/v1/cases/{code}/status", "idempotency-reused"):
        assert operation in told


# ------------------------------------------------------------------------- on both databases


def test_pages_filters_and_locks_hold_on_every_database(store: Store) -> None:
    from intake_api.flow import clients as keys
    from intake_api.flow import partners
    from intake_api.flow.clients import Client
    from intake_api.store import clients

    services = builders.make_services(store)
    client = Client(1, "a", (FEEDBACK_WRITE,), None, 120)
    with store.transaction() as tx:
        made, _key = keys.issue(
            tx, builders.the_catalog(), name="a", scopes=[FEEDBACK_WRITE], unit=None,
            per_minute=1, now=builders.NOW,
        )  # fmt: skip
        assert made.id == client.id
    codes = []
    for number in range(3):
        received = builders.make_case(services, now=builders.NOW + timedelta(seconds=number // 2))
        with store.transaction() as tx:
            clients.note_sent(tx, case_id=received.case.id, client_id=1, open311=number > 0)
        codes.append(received.case.code)
    with store.transaction() as tx:
        first = clients.page(tx, client.scope, clients.Wanted(open=True), limit=2)
        rest = clients.page(
            tx, client.scope, clients.Wanted(), after=(first[1].received_at, first[1].id), limit=2
        )
        assert [one.code for one in (*first, *rest)] == codes[::-1]
        wanted = clients.Wanted(open311=True, codes=tuple(codes))
        assert clients.count(tx, client.scope, wanted) == 2
        assert partners.own(tx, client, codes[0]).code == codes[0]
        numbers = [one.id for one in first]
        assert set(clients.changed_at(tx, numbers, ("received",))) == set(numbers)
        assert clients.sent_by(tx, numbers, 1) == set(numbers)
