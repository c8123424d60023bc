"""Signing in: who gets in, what strangers learn, how sessions end."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from intake_api.staff import accounts, door, signin
from intake_api.store import events, registry
from tests import builders
from tests.staff import house

LOGIN = "/can-bo/dang-nhap"


def test_every_staff_page_needs_a_signed_in_person(app: Any) -> None:
    """Walks the URL map: a page added tomorrow is closed unless it is named here."""
    opened = set()
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("staff."):
            continue
        assert str(rule).startswith("/can-bo/")
        path = str(rule).replace("<code>", "PA-2611-AAAA-AAAA").replace("<name>", "nhan")
        path = re.sub(r"<int:\w+>", "1", path)
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", path)
        app.config["WTF_CSRF_ENABLED"] = False
        for method in rule.methods - {"OPTIONS", "HEAD"}:
            answer = app.test_client().open(path, method=method)
            if answer.status_code == 303 and LOGIN in answer.location:
                continue
            opened.add(rule.endpoint)
    # The rest of OPEN_ENDPOINTS leads to the sign-in page as well, for want of what they need.
    assert opened == {"staff.sign_in"}
    assert {
        "staff.sign_in", "staff.second_step", "staff.set_password", "staff.oidc_start",
        "staff.oidc_back",
    } == door.OPEN_ENDPOINTS  # fmt: skip


def test_signing_in_leads_where_one_wanted_to_go(app: Any) -> None:
    desk = house.desk(app)
    assert "Hàng chờ" in desk.get("/can-bo/")
    stranger = app.test_client()
    answer = stranger.get("/can-bo/?kind=criticism")
    assert "tiep=/can-bo/?kind%3Dcriticism" in answer.location
    other = house.Desk(stranger)
    other.get(answer.location)
    sent = other.post(
        LOGIN, username="khtc", password=builders.PASSWORD, tiep="/can-bo/?kind=criticism"
    )
    assert sent.location == "/can-bo/?kind=criticism"


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.vn/can-bo/", "//evil.vn/can-bo/", "/\\evil.vn", "/can-bo/\\..", "/", "", None,
     "javascript:alert(1)", "/can-bo/\r\nSet-Cookie: a=b", "/can-bo/ x"],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(app: Any, wanted: str | None) -> None:
    with app.test_request_context():
        assert signin.safe_next(wanted) == "/can-bo/"


def test_unknown_name_wrong_password_and_closed_account_answer_alike(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = house.services_of(app).store
    house.desk(app)
    house.desk(app, "nghi-viec", "handler", "KHTC")
    with store.transaction() as tx:
        registry.staff_by_username(tx, "nghi-viec").active = False  # type: ignore[union-attr]
    work: list[int] = []
    real = accounts.hasher

    class Counting:
        hash = real.hash
        check_needs_rehash = real.check_needs_rehash

        def verify(self, *given: Any) -> bool:
            work.append(1)
            return real.verify(*given)

    monkeypatch.setattr(accounts, "hasher", Counting())
    pages = []
    for name, password in (
        ("khtc", "sai-mat-khau"), ("khong-co", "sai-mat-khau"), ("nghi-viec", builders.PASSWORD),
    ):  # fmt: skip
        desk = house.Desk(app.test_client())
        desk.get(LOGIN)
        page = desk.post(LOGIN, 401, username=name, password=password).get_data(as_text=True)
        pages.append(page.replace(name, "TEN").replace(desk.token, ""))
    cleaned = {"\n".join(x for x in page.splitlines() if "csrf_token" not in x) for page in pages}
    assert len(cleaned) == 1
    assert len(work) == 3  # each costs one verification, so each lasts as long


def test_the_session_is_renewed_at_sign_in(app: Any) -> None:
    house.desk(app)
    client = app.test_client()
    desk = house.Desk(client)
    desk.get(LOGIN)
    before = desk.token
    with client.session_transaction() as session:
        session["chat_token"] = "giữ"
        old = session["csrf_token"]
    desk.post(LOGIN, username="khtc", password=builders.PASSWORD)
    desk.get("/can-bo/")
    with client.session_transaction() as session:
        assert session["csrf_token"] != old
        assert session["chat_token"] == "giữ"
    assert desk.token != before
    assert desk.client.post("/can-bo/dang-xuat", data={"csrf_token": before}).status_code == 400


def test_a_changed_stamp_ends_every_session(app: Any) -> None:
    desk = house.desk(app)
    with house.services_of(app).store.transaction() as tx:
        registry.staff_by_username(tx, "khtc").session_stamp = "neu"  # type: ignore[union-attr]
    desk.get("/can-bo/", 303)


def test_a_closed_account_ends_at_once(app: Any) -> None:
    desk = house.desk(app)
    with house.services_of(app).store.transaction() as tx:
        registry.staff_by_username(tx, "khtc").active = False  # type: ignore[union-attr]
    desk.get("/can-bo/", 303)


def test_sessions_end_after_a_pause_and_after_a_day(app: Any, clock: builders.MovingClock) -> None:
    desk = house.desk(app)
    for _ in range(10):
        clock.at += timedelta(hours=1)
        desk.get("/can-bo/")
    clock.at += timedelta(hours=2, minutes=1)
    desk.get("/can-bo/", 303)
    again = house.sign_in(app, "khtc")
    for _ in range(11):
        clock.at += timedelta(hours=1)
        again.get("/can-bo/")
    clock.at += timedelta(hours=1, minutes=1)
    again.get("/can-bo/", 303)
    assert "Phiên làm việc đã hết" in again.get(LOGIN)


def test_signing_out_ends_the_session_and_needs_a_token(app: Any) -> None:
    desk = house.desk(app)
    desk.get("/can-bo/")
    assert desk.client.post("/can-bo/dang-xuat").status_code == 400
    desk.get("/can-bo/")
    desk.post("/can-bo/dang-xuat")
    desk.get("/can-bo/", 303)


def test_sign_in_is_on_record(app: Any) -> None:
    house.desk(app)
    with house.services_of(app).store.reading() as tx:
        assert list(events.verify(tx)) == []
        staff = registry.staff_by_username(tx, "khtc")
        assert staff is not None
        assert staff.last_sign_in_at == builders.NOW


def test_guessing_is_stopped_per_address_and_per_name(tmp_path: Path) -> None:
    app = house.make_app(tmp_path, limits=True)
    from intake_api.limits import limiter

    limiter.reset()
    desk = house.Desk(app.test_client())
    desk.get(LOGIN)
    for _ in range(10):
        desk.post(LOGIN, 401, username="khtc", password="sai")
    page = desk.post(LOGIN, 429, username="ai-khac", password="sai").get_data(as_text=True)
    assert "Thử quá nhiều lần" in page
    # Another address does not help against the same name.
    other = house.Desk(app.test_client())
    other.client.environ_base["REMOTE_ADDR"] = "10.9.8.7"
    other.get(LOGIN)
    other.post(LOGIN, 429, username=" KHTC ", password="sai")
    limiter.reset()


def test_changing_the_password(app: Any) -> None:
    desk = house.desk(app)
    elsewhere = house.sign_in(app, "khtc")
    path = "/can-bo/mat-khau"
    desk.get(path)
    good = {"old": builders.PASSWORD, "new": "bon tu ghep lai", "again": "bon tu ghep lai"}
    for change, words in (
        ({"old": "sai"}, "Mật khẩu hiện tại không đúng"),
        ({"new": "ngắn", "again": "ngắn"}, "từ 10 ký tự"),
        ({"new": "khtc khtc khtc", "again": "khtc khtc khtc"}, "tên đăng nhập"),
        ({"again": "khác hẳn nhau"}, "chưa giống nhau"),
        ({"new": builders.PASSWORD, "again": builders.PASSWORD}, "cần khác"),
    ):
        assert words in desk.post(path, 422, **{**good, **change}).get_data(as_text=True)
    desk.post(path, **good)
    assert "Đã đổi mật khẩu" in desk.get(path)
    elsewhere.get("/can-bo/", 303)
    house.sign_in(app, "khtc", "bon tu ghep lai").get("/can-bo/")


def test_hashes_are_argon2id_and_short_passwords_refused() -> None:
    assert accounts.hash_password("mười ký tự trở lên").startswith("$argon2id$")
    with pytest.raises(ValueError, match="characters"):
        accounts.hash_password("ngắn")


def test_pages_stay_out_of_caches(app: Any) -> None:
    desk = house.desk(app)
    for path in ("/can-bo/", "/can-bo/mat-khau"):
        assert desk.client.get(path).headers["Cache-Control"] == "no-store"


def test_nul_is_refused_before_any_database_sees_it(app: Any) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    stranger = app.test_client()
    answer = stranger.post(LOGIN, data={"username": "a\x00b", "password": "x"})
    assert answer.status_code == 400
