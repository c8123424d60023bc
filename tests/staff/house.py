"""The application around the staff door, and a desk: somebody signed in who reads and presses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import html5lib
from argon2 import PasswordHasher

from intake_api.app import create_app
from intake_api.domain.model import Classification, Place, Scored
from intake_api.flow.services import Services
from intake_api.limits import limiter
from intake_api.runtime import Runtime
from intake_api.staff import accounts
from intake_api.store.tables import Case
from tests import builders

# Argon2 is slow by design; what is tested here is not its slowness.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
FEES = "Trường THCS Trần Phú thu quỹ lớp 500 nghìn không có phiếu thu, đề nghị kiểm tra"
BULLYING = "Con tôi bị bạn bắt nạt ở trường nhiều lần mà nhà trường im lặng"
BRIBE = "Ông hiệu trưởng nhận tiền chạy lớp chọn, tôi tố cáo việc này"


class WordClassifier:
    """Decides by three words, so that a test chooses unit and lane by what it writes."""

    def classify(self, text: str, *, channel: str | None = None) -> Classification:
        sealed = "nhận tiền" in text
        topic = "b.bao_luc_hoc_duong" if "bắt nạt" in text else "dd.khoan_thu"
        kind = "denunciation" if sealed else "complaint" if "khiếu nại" in text else "criticism"
        return Classification(
            kind=kind, kind_confidence=0.9, topic=topic,
            topics=(Scored(topic, 0.81), Scored("dd.hoc_phi", 0.11), Scored("a.gui_gop_y", 0.04)),
            sentiment="negative", urgent="khẩn" in text, confidential=sealed, toxic=False,
            danger=False, pii=(), place=Place(), confidence=0.81,
            reasons=("«thu quỹ lớp» gợi chủ đề khoản thu",), model_version="thu-1",
        )  # fmt: skip


def make_app(
    folder: Path,
    *,
    clock: builders.MovingClock | None = None,
    store: Any = None,
    limits: bool = False,
    settings: dict[str, Any] | None = None,
) -> Any:
    """The whole application on a migrated store, with the real catalogue."""
    accounts.hasher = CHEAP
    store = store or builders.make_store(folder)
    clock = clock or builders.MovingClock()
    services = Services(
        store=store,
        catalog=builders.the_catalog(),
        classifier=WordClassifier(),  # type: ignore[arg-type]
        knowledge=builders.the_index,
        assistant=builders.ScriptedAssistant(),
        queue=builders.ListQueue(),
        pin_key=b"test",
        now=clock.now,
    )
    made = builders.make_settings(database_url=store.url, **(settings or {}))
    app = create_app(Runtime(made, store, clock, services))  # type: ignore[arg-type]
    limiter.enabled = limits  # the config is read once, when the limiter meets the app
    return app


@contextmanager
def opened(make: Callable[[], Any]) -> Iterator[Any]:
    """The application that ``make`` gives, without limits and with quick hashes, until the block
    ends; then its store is closed and both are as they were."""
    kept, accounts.hasher = accounts.hasher, CHEAP
    try:
        app = make()
        limiter.enabled = False
        yield app
        services_of(app).store.close()
    finally:
        limiter.enabled, accounts.hasher = True, kept


def services_of(app: Any) -> Services:
    found: Services = app.extensions["langnghe"].services
    return found


def make_case(app: Any, text: str = FEES, **given: Any) -> Case:
    """One case, committed."""
    return builders.make_case(services_of(app), text=text, **given).case


def reload(app: Any, case: Case) -> Case:
    """The case as it stands in the store now."""
    from intake_api.store import cases

    with services_of(app).store.reading() as tx:
        found = cases.by_code(tx, case.code)
    assert found is not None
    return found


class Unclean(AssertionError):
    """A page breaks a rule that every page keeps."""


def lint(page: str) -> Any:
    """Parses a page strictly and checks what every page must have; returns its tree."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    found = list(tree.iter())
    ids = [node.get("id") for node in found if node.get("id")]
    doubled = {name for name in ids if ids.count(name) > 1}
    if doubled:
        raise Unclean(f"ids stand twice: {doubled}")
    if next(node for node in found if node.tag == "html").get("lang") != "vi":
        raise Unclean("lang is not vi")
    if [node.tag for node in found].count("h1") != 1:
        raise Unclean("a page has one h1")
    labels = {node.get("for") for node in found if node.tag == "label"}
    if missing := labels - set(ids) - {None}:
        raise Unclean(f"labels of nothing: {missing}")
    for node in found:
        control = node.tag in ("input", "select", "textarea")
        seen = node.get("type") not in ("hidden", "submit", "button")
        if control and seen and node.get("id") not in labels and not node.get("aria-label"):
            raise Unclean(f"no label: {node.attrib}")
        posting = node.tag == "form" and (node.get("method") or "").lower() == "post"
        if posting and all(one.get("name") != "csrf_token" for one in node.iter("input")):
            raise Unclean(f"no CSRF token: {node.get('action')}")
        if node.get("style") or any(name.startswith("on") for name in node.attrib):
            raise Unclean(f"inline style or handler: {node.attrib}")
        data = node.get("type") == "application/json"
        if node.tag == "script" and not node.get("src") and not data:
            raise Unclean("inline script")
        for name in ("aria-describedby", "aria-labelledby"):
            for target in (node.get(name) or "").split():
                if target not in ids:
                    raise Unclean(f"{name} points nowhere: {target}")
        href = node.get("href") or ""
        if href.startswith("#") and href[1:] not in ids:
            raise Unclean(f"link points nowhere: {href}")
    return tree


@dataclass
class Desk:
    """A browser of one member of staff. Every page it meets is linted."""

    client: Any
    token: str = ""

    def get(self, path: str, status: int = 200) -> str:
        """A page's text; fails on another status."""
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.location)
        page: str = answer.get_data(as_text=True)
        if answer.mimetype == "text/html" and status != 303 and "hoi-thoai" not in path:
            lint(page)
            self.token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)  # type: ignore[union-attr]
        return page

    def post(self, path: str, status: int = 303, **form: Any) -> Any:
        """Sends a form with the token of the page read last."""
        answer = self.client.post(path, data={"csrf_token": self.token, **form})
        assert answer.status_code == status, (path, answer.status_code, answer.location)
        if status not in (204, 303):
            lint(answer.get_data(as_text=True))
        return answer

    def act(self, case: Case, name: str, status: int = 303, **form: Any) -> Any:
        """One move on a case, from the version in ``case`` unless another is given."""
        if not self.token:
            self.get("/can-bo/mat-khau")
        return self.post(
            f"/can-bo/y-kien/{case.code}/viec/{name}", status, **{"version": case.version, **form}
        )


def desk(app: Any, username: str = "khtc", role: str = "lead", unit: str | None = "KHTC") -> Desk:
    """Makes the account and signs it in through the page."""
    store = services_of(app).store
    staff = builders.make_staff(store, username=username, role=role, unit=unit)
    with store.transaction() as tx:
        tx.merge(staff).password_hash = CHEAP.hash(builders.PASSWORD)
    return sign_in(app, username)


def sign_in(app: Any, username: str, password: str = builders.PASSWORD) -> Desk:
    made = Desk(app.test_client())
    made.get("/can-bo/dang-nhap")
    made.post("/can-bo/dang-nhap", username=username, password=password)
    made.token = ""  # the session was renewed
    return made
