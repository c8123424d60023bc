from __future__ import annotations

import json
from typing import Any

import pytest

from intake_api.domain.access import Scope
from intake_api.store import Store, StoreUnavailable, cases, conversations, queue
from tests import builders
from tests.builders import NOW

FEE = "Trường THPT A Kim Bảng thu quỹ lớp 500 nghìn không có phiếu thu, đề nghị Sở kiểm tra"


@pytest.fixture
def app(store: Store) -> Any:
    builders.load_faq(store)
    return builders.make_app(store)


@pytest.fixture
def client(app: Any) -> Any:
    return app.test_client()


def post(client: Any, path: str, body: Any, *, key: str | None = "k1", **headers: str) -> Any:
    raw = body if isinstance(body, (bytes, str)) else json.dumps(body)
    given = {"Idempotency-Key": f'"{key}"'} if key else {}
    return client.post(
        path, data=raw, content_type="application/json", headers={**given, **headers}
    )


def all_cases(store: Store, *, sealed: bool = False) -> int:
    with store.reading() as tx:
        return queue.count(tx, Scope(sealed, None), queue.Filter(), NOW)


def test_a_comment_gets_code_pin_unit_and_date(client: Any, store: Store) -> None:
    answer = post(client, "/api/v1/feedback", {"description": FEE})
    assert answer.status_code == 201, answer.json
    assert answer.json["unit_name"] == "Phòng Kế hoạch - Tài chính"
    assert answer.json["due"].startswith("trước 17h00")
    look = client.get(
        f"/api/v1/feedback/{answer.json['code']}", headers={"X-Pin": answer.json["pin"]}
    )
    assert look.json["state"] == "routed"


def test_the_same_request_twice_is_one_case(client: Any, store: Store) -> None:
    first = post(client, "/api/v1/feedback", {"description": FEE})
    again = post(client, "/api/v1/feedback", {"description": FEE})
    assert again.json == first.json and again.headers["Idempotency-Replayed"] == "true"
    assert all_cases(store) == 1


def test_a_flood_from_one_address_is_one_case_and_every_copy_is_kept(
    client: Any, store: Store
) -> None:
    answers = [
        post(client, "/api/v1/feedback", {"description": f"{FEE} Lần {n}."}, key=f"f{n}")
        for n in range(7)
    ]
    assert {answer.status_code for answer in answers} == {201}
    codes = [answer.json["code"] for answer in answers]
    assert len(set(codes[:3])) == 3 and set(codes[3:]) == {codes[0]}
    assert all_cases(store) == 3
    # The PIN of the first sender is not told to whoever writes from the same address.
    assert [answer.json["pin"] is None for answer in answers] == [False] * 3 + [True] * 4
    again = post(client, "/api/v1/feedback", {"description": f"{FEE} Lần 6."}, key="f6")
    assert again.json == answers[6].json
    with store.reading() as tx:
        case = cases.by_code(tx, codes[0])
        assert case is not None and case.conversation_id is not None
        said = [one.text for one in conversations.messages(tx, case.conversation_id)]
    assert said == [f"{FEE} Lần {n}." for n in range(3, 7)]
    named = {"description": FEE, "contact": {"phone": "0900000001"}, "consent": True}
    assert post(client, "/api/v1/feedback", named, key="n").json["code"] not in codes


def test_a_key_for_another_body_is_refused(client: Any) -> None:
    post(client, "/api/v1/feedback", {"description": FEE})
    answer = post(client, "/api/v1/feedback", {"description": "Nội dung khác hẳn"})
    assert (answer.status_code, answer.json["type"].rsplit("/")[-1]) == (422, "idempotency-reused")


def test_without_a_key(client: Any) -> None:
    assert post(client, "/api/v1/feedback", {"description": FEE}, key=None).status_code == 400


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ("{nonsense", 400, None),
        ("[]", 400, None),
        ({"description": 5}, 422, "#/description"),
        ({"description": ""}, 422, "#/description"),
        ({"description": "x" * 5001}, 422, "#/description"),
        ({}, 422, "#/description"),
        ({"description": FEE, "other": 1}, 422, "#/other"),
        ({"description": FEE, "contact": {"phone": ["1"]}}, 422, "#/contact/phone"),
        ({"description": FEE, "contact": {"phone": "0900000001"}}, 422, "#/consent"),
    ],
)
def test_bad_input_is_named_and_not_repeated(
    client: Any, store: Store, body: Any, status: int, pointer: str | None
) -> None:
    answer = post(client, "/api/v1/feedback", body)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    if pointer:
        assert pointer in [error["pointer"] for error in answer.json["errors"]]
    assert "x" * 100 not in answer.get_data(as_text=True)
    assert all_cases(store) == 0


def test_a_megabyte_is_too_much(client: Any) -> None:
    answer = post(client, "/api/v1/feedback", {"description": "x" * 1_000_000})
    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")


def test_control_characters_markup_and_sql_are_only_words(client: Any, store: Store) -> None:
    text = "Góp ý\x00\x07 <script>alert(1)</script>'); DROP TABLE cases;-- \u202e nhé"
    assert post(client, "/api/v1/feedback", {"description": text}).status_code == 201
    assert all_cases(store) + all_cases(store, sealed=True) == 1


def test_unknown_code_and_wrong_pin_look_alike(client: Any) -> None:
    code = post(client, "/api/v1/feedback", {"description": FEE}).json["code"]
    wrong = client.get(f"/api/v1/feedback/{code}", headers={"X-Pin": "x"})
    unknown = client.get("/api/v1/feedback/PA-2611-0000-0000", headers={"X-Pin": "x"})
    assert wrong.status_code == unknown.status_code == 404
    assert wrong.data == unknown.data


def test_when_the_database_is_gone_nothing_is_pretended(
    client: Any, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_given: object, **_named: object) -> None:
        raise StoreUnavailable("database or disk is full")

    monkeypatch.setattr(type(store), "transaction", gone)
    answer = post(client, "/api/v1/feedback", {"description": FEE})
    assert (answer.status_code, answer.json["title"]) == (503, "Tạm thời chưa ghi được")


# ------------------------------------------------------------------------- the assistant's door


@pytest.fixture
def talk(store: Store) -> str:
    with store.transaction() as tx:
        return f"web:{builders.make_conversation(tx).id}"


def bot(
    client: Any, path: str, body: dict[str, Any], *, key: str = "k", method: str = "POST"
) -> Any:
    headers = {"Authorization": "Bearer " + "b" * 40, "Idempotency-Key": key}
    return client.open("/bot/v1" + path, method=method, json=body, headers=headers)


def test_only_the_assistant_may_use_its_door(client: Any, talk: str) -> None:
    body = {"sender": talk, "message_id": 1, "text": "học phí"}
    assert client.post("/bot/v1/answer", json=body).status_code == 401
    wrong = client.post("/bot/v1/answer", json=body, headers={"Authorization": "Bearer x"})
    assert wrong.status_code == 401


def test_an_answer_carries_its_source_and_dates(client: Any, talk: str) -> None:
    found = bot(
        client,
        "/answer",
        {
            "sender": talk,
            "message_id": 1,
            "text": "từ năm 2025 thi tốt nghiệp THPT mấy môn, những môn nào",
        },
    ).json
    assert found["answers"][0]["slug"] == "thi-tn-2025-mon-thi"
    assert found["answers"][0]["source"].startswith("Nguồn: ")
    old = bot(
        client, "/answer", {"sender": talk, "message_id": 2, "text": "", "slug": "thi-tn-2023-lich"}
    ).json
    assert old["answers"][0]["slug"] == "thi-tn-2023-lich"
    assert "Quy định cũ" in old["answers"][0]["validity"]


def test_what_is_declined_becomes_a_masked_gap(client: Any, talk: str, store: Store) -> None:
    import sqlalchemy as sa

    text = "giá vàng hôm nay bao nhiêu, gọi tôi 0900000123"
    assert (
        bot(client, "/answer", {"sender": talk, "message_id": 1, "text": text}).json["decision"]
        == "decline"
    )
    with store.reading() as tx:
        kept = tx.execute(sa.text("SELECT text_masked, decision FROM gap")).all()
    assert kept == [("giá vàng hôm nay bao nhiêu, gọi tôi [số điện thoại]", "decline")]


def test_from_the_first_sentence_to_the_code(client: Any, talk: str, store: Store) -> None:
    opened = bot(client, "/drafts", {"sender": talk, "message_id": 1, "text": FEE}).json
    assert (opened["kind"], opened["needs_place"]) == ("criticism", False)
    assert "Kim Bảng" in opened["matter"]
    name = opened["draft_id"]
    changed = bot(
        client, f"/drafts/{name}",
        {"name": "Nguyễn Thử", "phone": "0900000001", "consent": True}, method="PATCH",
    ).json  # fmt: skip
    assert changed["contact_kind"] == "named" and "0900000001" not in str(changed)
    done = bot(client, f"/drafts/{name}/submit", {"message_id": 3}, key="s1")
    assert done.status_code == 201 and done.json["code"] in str(done.json["receipt"])
    assert bot(client, f"/drafts/{name}/submit", {"message_id": 3}, key="s1").json == done.json
    # The first answer never arrived and the person agrees again: the same case, the same PIN.
    again = bot(client, f"/drafts/{name}/submit", {"message_id": 4}, key="s2").json
    assert (again["code"], again["pin"]) == (done.json["code"], done.json["pin"])
    assert all_cases(store) == 1
    seen = bot(client, "/status", {"sender": talk, "text": "đơn của tôi đến đâu rồi"}).json
    assert [case["code"] for case in seen["cases"]] == [done.json["code"]]


def test_another_conversation_needs_the_pin(client: Any, talk: str, store: Store) -> None:
    received = builders.make_case(client.application.extensions["langnghe"].services)
    body = {"sender": talk, "text": f"tra cứu {received.case.code}"}
    assert bot(client, "/status", body).json == {
        "found": False, "needs_pin": True, "mistyped": False, "cases": [],
    }  # fmt: skip
    assert bot(client, "/status", {**body, "pin": received.pin}).json["found"]
    assert not bot(client, "/status", {**body, "pin": "0"}).json["found"]


def test_a_denunciation_is_sealed_and_explained(client: Any, talk: str, store: Store) -> None:
    text = (
        "Tôi tố cáo ông hiệu trưởng trường tiểu học Minh Khai ăn chặn tiền ăn bán trú của học sinh"
    )
    opened = bot(client, "/drafts", {"sender": talk, "message_id": 1, "text": text}).json
    assert opened["confidential"] and "Điều 22, 25" in opened["notice"]
    assert "Minh Khai" not in opened["matter"] and "Minh Khai" not in str(opened["summary"])
    done = bot(client, f"/drafts/{opened['draft_id']}/submit", {"message_id": 2}).json
    assert done["unit_name"] == "bộ phận bảo mật của Sở"
    assert (all_cases(store), all_cases(store, sealed=True)) == (0, 1)


def test_press_and_handoff(client: Any, talk: str) -> None:
    text = "Tôi là phóng viên báo tỉnh, xin gặp người phát ngôn về việc tuyển sinh lớp 10"
    press = bot(client, "/press", {"sender": talk, "message_id": 1, "text": text}, key="p")
    assert press.status_code == 201 and "người phát ngôn" in press.json["notice"]
    bare = bot(client, "/handoff", {"sender": talk, "message_id": 2, "text": "gặp cán bộ"}, key="h")
    assert bare.json["code"] is None and "giờ làm việc" in bare.json["notice"]


def test_a_conversation_that_does_not_exist(client: Any) -> None:
    body = {"sender": "web:" + "0" * 32, "message_id": 1, "text": "x"}
    assert bot(client, "/answer", body).status_code == 404
    assert bot(client, "/answer", {**body, "sender": "web:../../x"}).status_code == 422


def test_a_sender_adds_and_withdraws_in_words(client: Any, store: Store) -> None:
    received = builders.make_case(client.application.extensions["langnghe"].services)
    own = {"sender": f"web:{received.case.conversation_id}"}
    more = {**own, "message_id": 5, "text": "bổ sung: lớp 10A2", "reason": "supplement"}
    assert received.case.code in bot(client, "/handoff", more, key="m").json["notice"]
    away = {**own, "message_id": 6, "text": "cho tôi rút phản ánh", "reason": "withdraw"}
    assert "rút" in bot(client, "/handoff", away, key="w").json["notice"]
    with store.reading() as tx:
        found = cases.by_code(tx, received.case.code)
    assert found is not None
    assert found.state == "withdrawn"


def test_a_sealed_case_does_not_go_away_with_a_message(client: Any, store: Store) -> None:
    received = builders.make_case(
        client.application.extensions["langnghe"].services, kind="child_protection"
    )
    body = {"sender": f"web:{received.case.conversation_id}", "message_id": 6, "text": "rút đơn",
            "reason": "withdraw"}  # fmt: skip
    assert "xem xét" in bot(client, "/handoff", body).json["notice"]
    with store.reading() as tx:
        found = cases.by_code(tx, received.case.code)
    assert found is not None
    assert found.state != "withdrawn"


def kept_bodies(store: Store) -> str:
    import sqlalchemy as sa

    with store.reading() as tx:
        return str(tx.execute(sa.text("SELECT body FROM idempotency_key")).all())


def test_no_pin_is_kept_with_the_answers(client: Any, talk: str, store: Store) -> None:
    wish = "Đề nghị Sở bố trí thêm xe buýt đưa đón học sinh ở xa"
    first = post(client, "/api/v1/feedback", {"description": wish}).json
    opened = bot(client, "/drafts", {"sender": talk, "message_id": 1, "text": wish}).json
    path = f"/drafts/{opened['draft_id']}/submit"
    done = bot(client, path, {}, key="s").json
    asks = {"sender": talk, "message_id": 2, "text": "Tôi là phóng viên, xin gặp người phát ngôn"}
    press = bot(client, "/press", asks, key="p").json
    kept = kept_bodies(store)
    assert not [one["pin"] for one in (first, done, press) if one["pin"] in kept]
    assert post(client, "/api/v1/feedback", {"description": wish}).json == first
    assert bot(client, path, {}, key="s").json == done
    assert bot(client, "/press", asks, key="p").json == press


def test_pins_cannot_be_guessed_through_any_door(client: Any, talk: str) -> None:
    received = builders.make_case(client.application.extensions["langnghe"].services)
    code, wrong = received.case.code, "000000" if received.pin != "000000" else "000001"
    answers = [
        bot(client, "/status", {"sender": talk, "text": code, "pin": wrong}).status_code
        for _ in range(21)
    ]
    assert set(answers[:20]) == {200} and answers[20] == 429
    look = client.get(f"/api/v1/feedback/{code}", headers={"X-Pin": received.pin})
    assert look.status_code == 429
    # Whoever wrote it in this very conversation needs no PIN and is not shut out.
    own = {"sender": f"web:{received.case.conversation_id}", "text": code}
    assert bot(client, "/status", own).json["found"]


def test_looking_up_is_limited_by_address(client: Any) -> None:
    path = "/api/v1/feedback/PA-2611-0000-0000"
    assert [client.get(path).status_code for _ in range(6)] == [404] * 5 + [429]


def test_a_role_that_is_too_long_is_refused_on_every_database(client: Any) -> None:
    body = {"description": "Đề nghị bố trí thêm xe buýt", "sender_role": "x" * 31}
    assert post(client, "/api/v1/feedback", body).status_code == 422


def test_a_long_message_becomes_a_case_whole_and_as_it_was_written(
    client: Any, talk: str, store: Store
) -> None:
    from intake_api.flow import converse
    from intake_api.store import conversations

    text = "Đề nghị  Sở bố trí thêm xe buýt. " + "Đường xa và rất nguy hiểm. " * 120 + "HẾT"
    run = client.application.extensions["langnghe"]
    with store.transaction() as tx:
        found = conversations.get(tx, talk.partition(":")[2])
        assert found is not None
        said = converse.store_incoming(
            tx, run.services, found, converse.Incoming(text=text), now=NOW
        )
    sent = converse.text_for_assistant(said)
    assert len(sent) <= 2000
    body = {"sender": talk, "message_id": said.id, "text": sent.strip()}
    opened = bot(client, "/drafts", body).json
    done = bot(client, f"/drafts/{opened['draft_id']}/submit", {}, key="s").json
    with store.reading() as tx:
        case = cases.by_code(tx, done["code"])
    assert case is not None
    assert case.text == text


def test_a_body_without_a_length_is_not_read_without_end(client: Any) -> None:
    import io

    raw = io.BytesIO(b'{"description":"' + b"a" * 400_000 + b'"}')
    answer = client.post(
        "/api/v1/feedback", input_stream=raw, content_type="application/json",
        headers={"Idempotency-Key": "k", "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )  # fmt: skip
    assert answer.status_code in (400, 413)
