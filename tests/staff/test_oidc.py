"""The house's own sign-in, against a real provider on this machine: the browser's whole way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from oidc_provider_mock import User, run_server_in_thread

from intake_api.limits import limiter
from intake_api.store import accounts as account_store
from intake_api.store import events, registry
from tests import builders
from tests.staff import house

START = "/can-bo/dang-nhap/so"
PEOPLE = [
    User(sub="s-1", claims={"preferred_username": "lan.khtc", "name": "Nguyễn Thị Lan",
                            "groups": ["khtc"]}),
    User(sub="s-2", claims={"preferred_username": "mat", "name": "Người Kênh Mật",
                            "groups": ["kenh-mat"]}),
    User(sub="s-3", claims={"preferred_username": "khach", "name": "Khách", "groups": ["khac"]}),
    User(sub="s-4", claims={"preferred_username": "khtc", "name": "Trùng Tên",
                            "groups": ["khtc"]}),
]  # fmt: skip


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with run_server_in_thread(user_claims=PEOPLE, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def settings(issuer: str) -> dict[str, Any]:
    return {
        "oidc_issuer": issuer, "oidc_client_id": "langnghe", "oidc_client_secret": "bi-mat",
        "oidc_roles": {"khtc": "handler:KHTC", "kenh-mat": "confidential_officer"},
    }  # fmt: skip


@pytest.fixture
def app(tmp_path: Path, clock: builders.MovingClock, settings: dict[str, Any]) -> Iterator[Any]:
    made = house.make_app(tmp_path, clock=clock, settings=settings)
    yield made
    limiter.enabled = True
    house.services_of(made).store.close()


def _way(client: Any, subject: str, start: str = START) -> Any:
    """Walks to the provider, signs in there as ``subject`` and comes back; the last answer."""
    away = client.get(start)
    assert away.status_code == 302, away.get_data(as_text=True)
    query = parse_qs(urlsplit(away.location).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["nonce"]
    with httpx.Client() as browser:
        there = browser.post(away.location, data={"sub": subject})
    assert there.status_code in (302, 303), there.text
    back = urlsplit(there.headers["location"])
    return client.get(f"{back.path}?{back.query}")


def test_the_first_arrival_makes_an_account_with_the_role_of_the_group(app: Any) -> None:
    case = house.make_case(app)
    client = app.test_client()
    assert START in client.get("/can-bo/dang-nhap").get_data(as_text=True)
    answer = _way(client, "s-1", f"{START}?tiep=/can-bo/?kind%3Dcriticism")
    assert answer.status_code == 303
    assert answer.location == "/can-bo/?kind=criticism"
    desk = house.Desk(client)
    assert case.code in desk.get("/can-bo/")
    page = desk.get("/can-bo/tai-khoan")
    assert "Nguyễn Thị Lan" in page
    assert "tài khoản của Sở" in page
    _way(app.test_client(), "s-1")
    with house.services_of(app).store.reading() as tx:
        assert [one.username for one in registry.all_staff(tx)] == ["lan.khtc"]
        assert list(events.verify(tx)) == []


def test_a_guarded_role_waits_for_a_second_person(app: Any) -> None:
    sealed = house.make_case(app, house.BRIBE)
    client = app.test_client()
    answer = _way(client, "s-2")
    assert answer.status_code == 403
    assert "chờ người thứ hai duyệt" in answer.get_data(as_text=True)
    assert client.get("/can-bo/").status_code == 303
    leader = house.desk(app, "lanhdao", "leader", None)
    page = leader.get("/can-bo/duyet-tai-khoan")
    assert "Hệ thống đăng nhập của Sở" in page
    path = re.search(r'action="(/can-bo/duyet-tai-khoan/\d+)"', page).group(1)  # type: ignore[union-attr]
    leader.post(path, 200, verdict="yes")
    _way(client, "s-2")
    assert sealed.code in house.Desk(client).get("/can-bo/")


def test_without_a_group_on_the_map_nobody_enters(app: Any) -> None:
    answer = _way(app.test_client(), "s-3")
    assert answer.status_code == 403
    assert "chưa được giao việc" in answer.get_data(as_text=True)


def test_an_account_of_the_same_name_is_not_taken_over_but_can_be_tied(app: Any) -> None:
    own = house.desk(app)  # "khtc", a lead, with a password
    answer = _way(app.test_client(), "s-4")
    assert answer.status_code == 403
    assert "đã có tài khoản cùng tên" in answer.get_data(as_text=True)
    _way(own.client, "s-4")
    assert "Đã nối với tài khoản của Sở" in own.get("/can-bo/tai-khoan")
    client = app.test_client()
    _way(client, "s-4")
    assert "Lãnh đạo đơn vị" in house.Desk(client).get("/can-bo/tai-khoan")


def test_whoever_leaves_the_group_is_refused_and_another_group_is_a_request(
    app: Any, tmp_path: Path, settings: dict[str, Any], clock: builders.MovingClock
) -> None:
    _way(app.test_client(), "s-1")
    store = house.services_of(app).store
    moved = {**settings, "oidc_roles": {"khtc": "handler:VP"}}
    later = house.make_app(tmp_path, clock=clock, store=store, settings=moved)
    _way(later.test_client(), "s-1")
    with store.reading() as tx:
        staff = registry.staff_by_username(tx, "lan.khtc")
        assert staff is not None
        assert staff.unit == "KHTC"  # until somebody approves
        (asked,) = account_store.open_requests(tx, staff.id)
        assert (asked.role, asked.unit, asked.asked_by) == ("handler", "VP", None)
    gone = {**settings, "oidc_roles": {"khac": "handler:VP"}}
    app3 = house.make_app(tmp_path, clock=clock, store=store, settings=gone)
    assert _way(app3.test_client(), "s-1").status_code == 403


def test_a_forged_or_stale_return_is_refused(app: Any) -> None:
    client = app.test_client()
    back = "/can-bo/dang-nhap/so/ve"
    assert client.get(back).status_code == 401
    assert client.get(f"{back}?code=abc&state=xyz").status_code == 401
    away = client.get(START)
    state = parse_qs(urlsplit(away.location).query)["state"][0]
    assert client.get(f"{back}?code=gia-mao&state={state}").status_code == 401
    # Somebody else's return does not sign this browser in.
    other = app.test_client()
    away = other.get(START)
    with httpx.Client() as browser:
        there = browser.post(away.location, data={"sub": "s-1"})
    parts = urlsplit(there.headers["location"])
    assert client.get(f"{parts.path}?{parts.query}").status_code == 401
    refused = client.get(f"{back}?error=access_denied&state=x").get_data(as_text=True)
    assert "không hợp lệ hoặc đã quá lâu" in refused


def test_a_closed_account_stays_closed(app: Any) -> None:
    _way(app.test_client(), "s-1")
    with house.services_of(app).store.transaction() as tx:
        registry.staff_by_username(tx, "lan.khtc").active = False  # type: ignore[union-attr]
    assert _way(app.test_client(), "s-1").status_code == 403


def test_a_provider_that_is_away_is_told_plainly(
    tmp_path: Path, clock: builders.MovingClock, settings: dict[str, Any]
) -> None:
    away = {**settings, "oidc_issuer": "http://127.0.0.1:9"}
    app = house.make_app(tmp_path, clock=clock, settings=away)
    answer = app.test_client().get(START)
    assert answer.status_code == 503
    assert "chưa trả lời" in answer.get_data(as_text=True)
    house.lint(answer.get_data(as_text=True))


def test_a_map_that_names_no_role_stops_the_start(tmp_path: Path, settings: dict[str, Any]) -> None:
    for wrong in ("giam-doc", "handler"):
        with pytest.raises(ValueError, match="LANGNGHE_OIDC_ROLES"):
            house.make_app(tmp_path, settings={**settings, "oidc_roles": {"khtc": wrong}})
