"""Six months of an invented life become a signed half-year's report, as .docx and as PDF.

The messages are the project's own examples; everything that happens to them goes through the real
steps. What comes out is drawn page by page, and nothing stands where it should not.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import yaml
from docx import Document

from intake_api.domain import reporting
from intake_api.domain.reporting import Kind
from intake_api.flow import acting, answer, outside, receive
from intake_api.flow.services import Services
from intake_api.jobs.reports import Reports
from intake_api.settings import ROOT
from intake_api.store import citizen_tables, conversations, reports
from tests import builders
from tests.staff import house

HALF = reporting.fixed(builders.the_catalog().reports, Kind.HALF, 2027)
# A working morning after the end of April.
MORNING = datetime.fromisoformat("2027-05-04T09:00+07:00")
CASES = 120
MM = 72 / 25.4


@pytest.fixture(scope="module")
def clock() -> builders.MovingClock:
    return builders.MovingClock(HALF.since())


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, clock: builders.MovingClock) -> Iterator[Any]:
    """The whole application, with the real classifier, catalogue and rules."""
    store = builders.make_store(tmp_path_factory.mktemp("half-year"))
    with house.opened(lambda: builders.make_app(store, clock=clock)) as made:
        yield made


def live(services: Services, clock: builders.MovingClock) -> None:
    """Six months: people write, units answer in time, late or not at all, some pass things on."""
    rng = random.Random(2027)
    texts = [
        message["text"]
        for path in sorted((ROOT / "data" / "feedback").glob("*.yml"))[::9]
        for message in yaml.safe_load(path.read_text(encoding="utf-8"))["messages"]
    ]
    desk = builders.make_staff(services.store, username="vp", role="coordinator", unit="VP")
    span = (HALF.until() - HALF.since()).total_seconds()
    moments = sorted(HALF.since() + timedelta(seconds=rng.random() * span) for _ in range(CASES))
    for moment, text in zip(moments, rng.sample(texts, CASES), strict=True):
        clock.at = moment
        with services.store.transaction() as tx:
            talk = builders.make_conversation(tx, channel=rng.choice(("web", "form")), now=moment)
            conversations.add_inbound(
                tx, talk, text=text, payload=None, channel_message_id=None, now=moment,
                state="done",
            )  # fmt: skip
            case = receive.submit(
                tx, services, text=text, channel=talk.channel, now=moment, conversation=talk
            ).case
        if not case.confidential:
            _handle(services, clock, desk, case, rng)


def _handle(
    services: Services, clock: builders.MovingClock, staff: Any, case: Any, rng: random.Random
) -> None:
    fate = rng.random()
    later = case.received_at + timedelta(days=rng.choice((1, 2, 4, 6, 10, 20)), hours=3)
    if fate < 0.12 or later >= HALF.until() or case.kind in ("complaint", "draft_comment"):
        return
    clock.at = later
    with services.store.transaction() as tx:
        found = acting.open_case(tx, code=case.code, staff=staff)
        by = acting.Acting(staff, found.version, later)
        if fate < 0.2:
            outside.forward(
                tx, found, by, services=services, agency="UBND xã Mẫu", reason="Đúng thẩm quyền"
            )
            return
        answer.reply(tx, found, by, services=services, text="Sở đã kiểm tra, đã chấn chỉnh.")
        if fate > 0.6:
            tx.add(citizen_tables.Rating(case_id=found.id, score=rng.choice((3, 4, 5)), at=later))


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def signed(app: Any, clock: builders.MovingClock) -> tuple[str, house.Desk]:
    """The report from the draft that appeared by itself to the leader's signature."""
    clock.at = MORNING
    services = app.extensions["langnghe"].services
    Reports(services).round()
    with services.store.reading() as tx:
        found = reports.by_once(tx, "half:2027-04-30")
        assert found is not None and found.progress == 100
        at = f"/can-bo/bao-cao/{found.id}"
    writer = house.desk(app, "vanphong", "coordinator", "VP")
    second = house.desk(app, "vanphong2", "coordinator", "VP")
    leader = house.desk(app, "lanhdao", "leader", None)
    page = writer.get(at)
    texts = {
        str(node.get("name")): (node.text or "").removeprefix("\n")
        for node in house.lint(page).iter("textarea")
    }
    texts = {
        name: re.sub(r"^\[.*\]$", "Trong kỳ không xảy ra sự cố truyền thông.", text, flags=re.M)
        for name, text in texts.items()
    }
    texts["s-proposals"] = "Đề nghị UBND tỉnh quan tâm, chỉ đạo."
    writer.post(
        f"{at}/viet", version=version(page), signer="deputy", signer_name="Nguyễn Văn Mẫu", **texts
    )
    second.post(f"{at}/kiem-tra", version=version(second.get(at)))
    leader.post(f"{at}/ky", version=version(leader.get(at)))
    return at, leader


def margins_are_clean(page: Any) -> bool:
    """True when nothing is drawn in the margins but the number of the page above."""
    picture = page.render(scale=1, grayscale=True).to_pil()
    width, height = picture.size
    strips = (
        (0, 0, int(29 * MM), height), (int(width - 18.5 * MM), 0, width, height),
        (0, int(height - 19 * MM), width, height), (0, 0, width, int(7 * MM)),
    )  # fmt: skip
    return all(picture.crop(box).getextrema()[0] > 250 for box in strips)


def test_six_months_become_a_signed_report(
    app: Any, clock: builders.MovingClock, tmp_path: Path
) -> None:
    live(app.extensions["langnghe"].services, clock)
    at, leader = signed(app, clock)
    page = leader.get(at)
    (sha256,) = re.findall(r'băm số liệu \(SHA-256\)</dt><dd class="sr-hash">([0-9a-f]{64})<', page)

    file = Document(io.BytesIO(leader.client.get(f"{at}/van-ban.docx").data))
    words = [one.text for one in file.paragraphs]
    for heading in (
        "I. CÔNG TÁC CHỈ ĐẠO", "II. KẾT QUẢ", "1. Truyền thông", "2. Tiếp nhận", "3. Xử lý",
        "4. Vấn đề nổi cộm, sự cố truyền thông", "5. Kiến nghị chính sách rút ra",
        "III. HẠN CHẾ, NGUYÊN NHÂN", "IV. PHƯƠNG HƯỚNG", "V. ĐỀ XUẤT, KIẾN NGHỊ",
    ):  # fmt: skip
        assert heading in words
    assert not any("{" in one or "[" in one for one in words)

    pdf = leader.client.get(f"{at}/van-ban.pdf").data
    (tmp_path / "bao-cao.pdf").write_bytes(pdf)
    drawn = pypdfium2.PdfDocument(pdf)
    assert 6 <= len(drawn) <= 14
    assert all(margins_are_clean(one) for one in drawn)
    everything = "".join("".join(one.get_textpage().get_text_bounded().split()) for one in drawn)
    for said in (
        "6thángđầunăm2027", "KT.GIÁMĐỐC", "NguyễnVănMẫu", "Nơinhận:", "ĐềnghịUBNDtỉnhquantâm",
        "Bảng1.", "PhụlụcI", "PhụlụcII", "cases.received", sha256, "./.",
    ):  # fmt: skip
        assert said in everything, said
    # The .docx says the same words.
    for one in words:
        assert "".join(one.split()) in everything, one
