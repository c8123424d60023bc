"""The confidential lane and other units' cases: invisible in every list, search, count and file."""

from __future__ import annotations

import re
from typing import Any

import pytest

from intake_api.store import cases, conversations
from intake_api.store.tables import Attachment, Case, Draft
from tests import builders
from tests.staff import house
from vntext import fold

NORMAL = [
    ("vanphong", "coordinator", "VP"),
    ("lanhdao", "leader", None),
    ("khtc", "lead", "KHTC"),
    ("khtc.cv", "handler", "KHTC"),
    ("bientap", "editor", None),
    ("quantri", "admin", None),
]


def _file(app: Any, case: Case, **given: Any) -> int:
    with house.services_of(app).store.transaction() as tx:
        made = cases.add_attachment(
            tx,
            Attachment(
                **{"case_id": case.id, "filename": "bang-chung.jpg", "content_type": "image/jpeg",
                   "size": 3, "sha256": "0" * 64, "original": b"goc", "shown": b"che",
                   "created_at": builders.NOW, **given}
            ),
        )  # fmt: skip
        return made.id


@pytest.mark.parametrize(("username", "role", "unit"), NORMAL)
def test_a_sealed_case_does_not_exist_for_anyone_else(
    app: Any, username: str, role: str, unit: str | None
) -> None:
    sealed = house.make_case(app, house.BRIBE)
    # The hardest case: sealed, and in the very unit of the person who looks.
    with house.services_of(app).store.transaction() as tx:
        case = cases.by_code(tx, sealed.code)
        assert case is not None
        case.unit, case.copies = unit or "KHTC", ["KHTC", "VP"]
    house.make_case(app)
    file_id = _file(app, sealed)
    desk = house.desk(app, username, role, unit)
    missing = "PA-2611-0000-0000"
    for path in (
        "/can-bo/", "/can-bo/?state=all", f"/can-bo/?q={sealed.code}&state=all",
        "/can-bo/?q=chay+lop+chon&state=all", "/can-bo/?kind=denunciation&state=all",
        f"/can-bo/?q={sealed.code.lower().replace('-', ' ')}", "/can-bo/?unit=KHTC&state=all",
    ):  # fmt: skip
        page = desk.get(path)
        assert "chạy lớp" not in page
        assert f"/y-kien/{sealed.code}" not in page
    listed = desk.get("/can-bo/?kind=denunciation&state=all")
    assert "0 ý kiến" in listed or "không đọc nội dung" in listed
    listed = desk.get(f"/can-bo/?q={sealed.code}&state=all")
    assert "0 ý kiến" in listed or "không đọc nội dung" in listed
    shown, none = (
        # The token carries the second in which the page was made.
        re.sub(r'name="csrf_token" value="[^"]+"', "", desk.get(f"/can-bo/y-kien/{code}", 404))
        for code in (sealed.code, missing)
    )
    assert shown.replace(sealed.code, "") == none.replace(missing, "")
    desk.get(f"/can-bo/y-kien/{sealed.code}/hoi-thoai", 404)
    desk.get(f"/can-bo/tep/{file_id}", 404)
    for name in ("nhan", "tra-loi", "chuyen", "kenh-mat", "phan-loai", "ket-thuc"):
        form = {"text": "a", "unit": "VP", "reason": "a", "outcome": "noted"}
        desk.act(sealed, name, 404, **form)
    desk.post(f"/can-bo/y-kien/{sealed.code}/nguoi-gui", 404, version=1, why="tò mò")
    export = desk.client.get("/can-bo/xuat.csv?state=all")
    assert sealed.code not in export.get_data(as_text=True)


def test_counts_on_every_chip_leave_sealed_cases_out(app: Any) -> None:
    house.make_case(app, house.BRIBE)
    desk = house.desk(app, "vanphong", "coordinator", "VP")
    tree = house.lint(desk.get("/can-bo/"))
    counts = [n.text for n in tree.iter("span") if n.get("class") == "st-view__n"]
    assert counts == ["0"] * 10


def test_the_confidential_officer_sees_sealed_cases_and_nothing_else(app: Any) -> None:
    sealed, normal = house.make_case(app, house.BRIBE), house.make_case(app)
    desk = house.desk(app, "kenhmat", "confidential_officer", None)
    page = desk.get("/can-bo/?state=all")
    assert sealed.code in page
    assert normal.code not in page
    assert "Kênh mật" in desk.get(f"/can-bo/y-kien/{sealed.code}")
    desk.get(f"/can-bo/y-kien/{normal.code}", 404)
    export = desk.client.get("/can-bo/xuat.csv?state=all").get_data(as_text=True)
    assert sealed.code in export
    assert normal.code not in export


def test_a_handler_sees_the_own_unit_and_copies(app: Any) -> None:
    own, other, copied = (
        house.make_case(app), house.make_case(app, house.BULLYING),
        house.make_case(app, house.BULLYING),
    )  # fmt: skip
    assert (own.unit, other.unit) == ("KHTC", "CTTT")
    with house.services_of(app).store.transaction() as tx:
        case = cases.by_code(tx, copied.code)
        assert case is not None
        case.copies = ["KHTC"]
    desk = house.desk(app, "khtc.cv", "handler", "KHTC")
    page = desk.get("/can-bo/?unit=CTTT&state=all")
    assert own.code in page
    assert other.code not in page
    desk.get(f"/can-bo/y-kien/{other.code}", 404)
    page = desk.get(f"/can-bo/y-kien/{copied.code}")
    assert "chỉ xem ý kiến này" in page
    assert "/viec/" not in page
    refused = desk.act(copied, "nhan", 403).get_data(as_text=True)
    assert "chỉ xem ý kiến này" in refused
    assert house.reload(app, copied).version == 1


@pytest.mark.parametrize(("role", "unit"), [("editor", None), ("admin", None), ("handler", None)])
def test_roles_without_content_see_an_empty_queue(app: Any, role: str, unit: str | None) -> None:
    case = house.make_case(app)
    desk = house.desk(app, "ai-do", role, unit)
    page = desk.get("/can-bo/?state=all")
    assert "không đọc nội dung ý kiến" in page
    # Nobody is left at an empty page: the way to one's own work is there, and in the bar.
    own = "/can-bo/nguoi-dung" if role == "admin" else "/can-bo/hoi-dap"
    assert page.count(f'href="{own}"') == 2
    assert 'href="/can-bo/"' not in page.partition('class="st-rooms"')[2]
    assert 'role="search"' not in page
    assert case.code not in page
    desk.get(f"/can-bo/y-kien/{case.code}", 404)


def _two_matters(app: Any) -> tuple[Case, Case]:
    """A normal case, then a sealed one, in one conversation; the sealed talk went on after it."""
    from intake_api.flow import receive

    services, now = house.services_of(app), builders.NOW
    with services.store.transaction() as tx:
        talk = builders.make_conversation(tx)

        def says(text: str) -> Any:
            return conversations.add_inbound(
                tx, talk, text=text, payload=None, channel_message_id=None, now=now, state="done"
            )

        def answers(text: str) -> None:
            conversations.add_outbound(tx, talk, text=text, payload=None, author="bot", now=now)

        first = says(house.FEES)
        normal = receive.submit(
            tx, services, text=house.FEES, channel="web", now=now, conversation=talk
        ).case
        first.case_id = normal.id
        opening = says("tôi muốn nói về ông BÍ MẬT")
        answers("Trợ lý nghe, anh/chị kể thêm về ông BÍ MẬT")
        sealed = receive.submit(
            tx, services, text=house.BRIBE, channel="web", now=now, conversation=talk
        ).case
        tx.add(
            Draft(id="d", conversation_id=talk.id, text="", classification={}, created_at=now,
                  first_message_id=opening.id, case_id=sealed.id)
        )  # fmt: skip
        says("ông BÍ MẬT lại làm thế nữa")
    return normal, sealed


def test_a_sealed_matter_is_not_read_between_the_lines_of_a_normal_case(app: Any) -> None:
    normal, sealed = _two_matters(app)
    desk = house.desk(app)
    page = desk.get(f"/can-bo/y-kien/{normal.code}")
    assert "thu quỹ lớp" in page
    assert "BÍ MẬT" not in page
    assert sealed.code not in page
    assert "BÍ MẬT" not in desk.get(f"/can-bo/y-kien/{normal.code}/hoi-thoai")
    officer = house.desk(app, "kenhmat", "confidential_officer", None)
    page = officer.get(f"/can-bo/y-kien/{sealed.code}")
    assert "BÍ MẬT" in page
    assert house.FEES not in page


def test_a_case_sealed_by_hand_takes_its_messages_along(app: Any) -> None:
    normal, second = _two_matters(app)
    with house.services_of(app).store.transaction() as tx:
        case = cases.by_code(tx, second.code)
        assert case is not None
        case.confidential, case.unit = False, "KHTC"
    desk = house.desk(app)
    assert "BÍ MẬT" in desk.get(f"/can-bo/y-kien/{normal.code}")
    desk.act(second, "kenh-mat")
    assert "BÍ MẬT" not in desk.get(f"/can-bo/y-kien/{normal.code}")


def test_files_follow_the_permission_of_their_case(app: Any) -> None:
    case = house.make_case(app)
    shown = _file(app, case)
    waiting = _file(app, case, shown=None)
    paper = _file(app, case, filename='a"b\r\n/đơn.pdf', content_type="application/pdf")
    odd = _file(app, case, filename="x.html", content_type="text/html")
    desk = house.desk(app)
    answer = desk.client.get(f"/can-bo/tep/{shown}")
    assert answer.data == b"che"  # the copy without metadata, never the original
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    desk.get(f"/can-bo/tep/{waiting}", 404)
    answer = desk.client.get(f"/can-bo/tep/{paper}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "\n" not in answer.headers["Content-Disposition"]
    answer = desk.client.get(f"/can-bo/tep/{odd}")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    other = house.desk(app, "cttt", "lead", "CTTT")
    other.get(f"/can-bo/tep/{shown}", 404)
    other.get("/can-bo/tep/999999", 404)


def test_a_file_in_a_chat_shows_beside_its_message_only(app: Any) -> None:
    normal, _sealed = _two_matters(app)
    with house.services_of(app).store.reading() as tx:
        case = cases.by_code(tx, normal.code)
        assert case is not None
        talk = cases.messages(tx, case)
    open_one = _file(app, normal, case_id=None, message_id=talk[0].id)
    hidden = _file(app, normal, case_id=None, message_id=talk[1].id)
    desk = house.desk(app)
    desk.client.get(f"/can-bo/tep/{open_one}")
    assert f"/can-bo/tep/{open_one}" in desk.get(f"/can-bo/y-kien/{normal.code}")
    desk.get(f"/can-bo/tep/{hidden}", 404)


def test_lists_show_personal_data_masked(app: Any) -> None:
    text = house.FEES + ". Gọi tôi số 0912345678, a@b.vn"
    case = house.make_case(app, text)
    desk = house.desk(app)
    for path in ("/can-bo/", f"/can-bo/y-kien/{case.code}", "/can-bo/xuat.csv"):
        page = desk.client.get(path).get_data(as_text=True)
        assert "0912345678" not in page
        assert "[số điện thoại]" in page
    assert fold("0912345678") in house.reload(app, case).folded
