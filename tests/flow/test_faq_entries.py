"""Approved answers: written, submitted, approved by another person, published, replaced."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from intake_api.domain import faq
from intake_api.domain.model import Entry, Source, Version
from intake_api.flow import documents, entries, faq_telling, publish, shipped, trying
from intake_api.flow import webhooks as writing
from intake_api.flow.documents import Filled
from intake_api.flow.entries import Refused, Stale
from intake_api.flow.services import Services
from intake_api.runtime import LiveIndex
from intake_api.store import Store, events, notices, webhooks
from intake_api.store import faq as rows
from intake_api.store.faq_tables import FaqRevision
from intake_api.store.registers import Event, Staff
from intake_api.store.webhook_tables import WebhookEndpoint
from tests.builders import NOW, load_few, make_staff, the_entries, the_index

FEES = "hoc-phi-2023"
NEW = Source("Thông tư 29/2024/TT-BGDĐT", "Bộ Giáo dục và Đào tạo", "2024-12-30", "Điều 4")


def an_entry(**changes: object) -> Entry:
    made = Entry(
        slug="", topic="e.day_them", owner="GDTRH", title="Dạy thêm trong dịp hè",
        short="Dạy thêm hè",
        questions=(
            "hè này trường có được dạy thêm không", "day them he 2026", "học hè có bắt buộc ko",
        ),
        versions=(
            Version(date(2026, 1, 1), None, "Trường không tổ chức dạy thêm hè.", (), "", NEW),
        ),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def house(services: Services, store: Store) -> Services:
    """A few shipped entries."""
    load_few(store)
    return services


@pytest.fixture
def editor(store: Store) -> Staff:
    return make_staff(store, username="bientap", role="editor", unit=None)


@pytest.fixture
def lead(store: Store) -> Staff:
    return make_staff(store, username="gdtrh", role="lead", unit="GDTRH")


def submitted(services: Services, by: Staff, entry: Entry) -> int:
    """A draft that waits, tried on the known questions."""
    with services.store.transaction() as tx:
        made = entries.draft(tx, by=by, now=NOW, entry=entry)
        entries.submit(tx, services, made, by=by, now=NOW)
        made.check = {"of": entries.fingerprint(made)}
        return made.id


def approve(services: Services, number: int, by: Staff, publish_on: date | None = None) -> None:
    with services.store.transaction() as tx:
        found = rows.revision(tx, number, lock=True)
        assert found is not None
        entries.approve(tx, services, found, by=by, now=NOW, lock=found.lock, publish_on=publish_on)


def get(services: Services, number: int) -> FaqRevision:
    with services.store.reading() as tx:
        found = rows.revision(tx, number)
    assert found is not None
    return found


def test_live_in_another_process_within_two_seconds_and_found_untrained(
    house: Services, editor: Staff, lead: Staff
) -> None:
    import time

    elsewhere = LiveIndex(house.store, the_index().ranker)
    asked = "nghỉ hè nhà trường mở lớp học thêm cho các cháu được không ạ"
    before = elsewhere().answer(asked, date(2026, 6, 1))
    assert all(one.entry.title != "Dạy thêm trong dịp hè" for one in before.answers)
    number = submitted(house, editor, an_entry())
    approve(house, number, lead)
    at = time.monotonic()
    while "day-them-trong-dip-he" not in elsewhere().entries:
        assert time.monotonic() - at < 2
        time.sleep(0.05)
    after = elsewhere().answer(asked, date(2026, 6, 1))
    assert after.answers[0].entry.slug == "day-them-trong-dip-he"


def test_nobody_approves_their_own_words_nor_another_units(
    house: Services, editor: Staff, lead: Staff, store: Store
) -> None:
    own = make_staff(store, username="gdtrh2", role="lead", unit="GDTRH")
    other = make_staff(store, username="khtc", role="lead", unit="KHTC")
    number = submitted(house, own, an_entry())
    for who, words in ((own, "tự duyệt"), (other, "đơn vị phụ trách"), (editor, "lãnh đạo")):
        with pytest.raises(Refused, match=words):
            approve(house, number, who)
    assert get(house, number).stage == "submitted"
    approve(house, number, lead)
    assert get(house, number).stage == "published"
    with house.store.reading() as tx:
        told = [one.action for one in tx.query(Event).order_by(Event.id)]
    assert told[-1] == "faq_published" and "faq_approved" in told


def test_a_later_day_is_kept_until_it_comes(house: Services, editor: Staff, lead: Staff) -> None:
    number = submitted(house, editor, an_entry())
    with pytest.raises(Refused, match="đã qua"):
        approve(house, number, lead, date(2026, 11, 1))
    approve(house, number, lead, date(2026, 12, 1))
    for now, published in ((NOW, 0), (NOW + timedelta(days=8), 1)):
        with house.store.transaction() as tx:
            assert entries.publish_due(tx, house, now=now) == published
    assert get(house, number).stage == "published"


def test_everything_that_is_wrong_is_named_and_the_draft_is_kept(
    house: Services, editor: Staff
) -> None:
    old = Version(date(2026, 1, 1), None, "Một.", (), "", NEW)
    bad = an_entry(
        questions=("một câu",),
        versions=(
            old,
            Version(date(2026, 6, 1), date(2026, 5, 1), "Hai!", (), "", Source("", "", "")),
            Version(
                date(2026, 7, 1), None, "Ba.", (), "", Source("Thông tư 1/1999/TT-BGDĐT", "", "")
            ),
        ),
    )  # fmt: skip
    with house.store.transaction() as tx:
        number = entries.draft(tx, by=editor, now=NOW, entry=bad).id
    with pytest.raises(Refused) as refused, house.store.transaction() as tx:
        found = rows.revision(tx, number)
        assert found is not None
        entries.submit(tx, house, found, by=editor, now=NOW)
    said = refused.value.errors
    assert "3 cách hỏi" in said["questions"]
    assert "cùng hiệu lực ngày 1/6/2026" in said["v2_from"] and "31/5/2026" in said["v2_from"]
    assert "đứng trước ngày bắt đầu" in said["v2_to"]
    assert "chưa có văn bản" in said["v2_source"]
    assert "chưa có trong danh bạ: Thông tư 1/1999/TT-BGDĐT" in said["v3_source"]
    assert get(house, number).body["title"] == bad.title


def test_two_entries_of_a_family_do_not_share_a_day(house: Services, editor: Staff) -> None:
    with house.store.transaction() as tx:
        clash = an_entry(family="day-them-quy-dinh")
        found = entries.problems(tx, house, clash)
        assert "cùng nhóm cũng hiệu lực" in found["family"]
        # What is shared already is no reason to refuse a correction of the answer.
        live = {one.slug: one for one in publish.read_entries(tx)}
        assert "family" not in entries.problems(tx, house, live["day-them-2025-cam"])


def test_two_who_write_at_once_lose_nothing(house: Services, editor: Staff, lead: Staff) -> None:
    with house.store.transaction() as tx:
        made = entries.reopen(tx, "day-them-2025-cam", by=editor, now=NOW)
        assert entries.reopen(tx, "day-them-2025-cam", by=lead, now=NOW).id == made.id
        lock, entry = made.lock, entries.entry_of(made)
        entries.save(tx, made, by=lead, now=NOW, entry=entry, lock=lock)
        with pytest.raises(Stale, match="còn nguyên"):
            entries.save(tx, made, by=editor, now=NOW, entry=entry, lock=lock)
        assert made.writers == [editor.id, lead.id]


def test_rolling_back_is_a_draft_like_every_other(
    house: Services, editor: Staff, lead: Staff
) -> None:
    with house.store.reading() as tx:
        live = {one.slug: one for one in publish.read_entries(tx)}["day-them-2025-cam"]
    approve(house, submitted(house, editor, replace(live, title="Tên mới")), lead)
    with house.store.transaction() as tx:
        made = entries.roll_back(tx, live.slug, 1, by=editor, now=NOW)
        assert (made.stage, made.number, entries.entry_of(made).title) == ("draft", 3, live.title)
        entries.submit(tx, house, made, by=editor, now=NOW)
        with pytest.raises(Refused, match="Kiểm tra"):
            entries.approve(tx, house, made, by=lead, now=NOW, lock=made.lock)


def test_a_replaced_document_flags_what_outlives_it(
    house: Services, editor: Staff, lead: Staff
) -> None:
    with house.store.transaction() as tx:
        register = {one.key: one for one in rows.documents(tx)}
        old = register["29/2024/tt-bgddt"]
        new = documents.keep(
            tx, Filled("Thông tư 99/2026/TT-BGDĐT", issuer="Bộ", valid_from=date(2026, 12, 1)),
            by=editor, now=NOW,
        )  # fmt: skip
        filled = Filled(old.title, issuer=old.issuer, replaced_by=new.id)
        documents.keep(tx, filled, by=editor, now=NOW, number=old.id)
        assert old.valid_to == date(2026, 11, 30)
        flagged = documents.flagged(tx)
        assert set(flagged) == {"day-them-2025-cam"}
        assert faq_telling.replaced(tx, house, old.id, now=NOW) == 1
        ((note, _case),) = notices.of_person(tx, lead.id)
        assert "29/2024" in str(note.words) and note.path == "/can-bo/hoi-dap/muc/day-them-2025-cam"
        made = documents.correct(tx, "day-them-2025-cam", old.id, by=editor, now=NOW)
        entry = entries.entry_of(made)
        assert entry.versions[-1].valid_from == date(2026, 12, 1)
        assert entry.versions[-2].valid_to == date(2026, 11, 30)
        assert "99/2026" in entry.versions[-1].source.document
        entries.submit(tx, house, made, by=editor, now=NOW)
        made.check = {"of": entries.fingerprint(made)}
        entries.approve(tx, house, made, by=lead, now=NOW, lock=made.lock)
        assert documents.flagged(tx) == {}


def test_a_document_is_not_replaced_by_itself_nor_ends_before_it_begins(
    house: Services, editor: Staff
) -> None:
    with house.store.transaction() as tx:
        row = rows.documents(tx)[0]
        bad = Filled(
            row.title, valid_from=date(2026, 5, 1), valid_to=date(2026, 4, 1), replaced_by=row.id
        )
        with pytest.raises(Refused) as refused:
            documents.keep(tx, bad, by=editor, now=NOW, number=row.id)
        assert "đứng trước" in refused.value.errors["valid_to"]
        assert "chính văn bản này" in refused.value.errors["replaced_by"]
        with pytest.raises(Refused) as twice:
            documents.keep(tx, Filled(row.title), by=editor, now=NOW)
        assert "đã có" in twice.value.errors["title"]


def test_an_upgrade_replaces_what_nobody_touched_and_waits_beside_what_was_edited(
    house: Services, editor: Staff, store: Store
) -> None:
    lead = make_staff(store, username="pgd", role="leader", unit=None)
    with store.reading() as tx:
        live = {one.slug: one for one in publish.read_entries(tx)}
    approve(house, submitted(house, editor, replace(live["phuc-khao-2025"], short="Của Sở")), lead)
    ships = [
        replace(live[FEES], short="Bản mới"),
        replace(live["phuc-khao-2025"], short="Bản phát hành"),
        live["day-them-2012"],  # day-them-2025-cam is shipped no longer
    ]
    for _ in range(2):  # the second time changes nothing
        with store.transaction() as tx:
            taken = shipped.take_in(tx, ships, now=NOW)
    assert taken == shipped.Taken(0, ())
    with store.reading() as tx:
        after = {one.slug: one for one in publish.read_entries(tx)}
        waiting = rows.open_revision(tx, "phuc-khao-2025")
    assert set(after) == {FEES, "phuc-khao-2025", "day-them-2012"}
    assert (after[FEES].short, after["phuc-khao-2025"].short) == ("Bản mới", "Của Sở")
    assert waiting is not None and waiting.body["short"] == "Bản phát hành"


def test_what_was_served_before_there_were_revisions_is_taken_over(
    services: Services, store: Store
) -> None:
    kept, gone = the_entries()[:2]
    with store.transaction() as tx:
        for one in (kept, gone):
            publish.put(tx, one, now=NOW)
        assert shipped.take_in(tx, [kept], now=NOW).changed == 2
        assert [one.slug for one in publish.read_entries(tx)] == [kept.slug]
        assert rows.published(tx, kept.slug) is not None


def test_a_draft_without_a_word_can_be_tried(house: Services, editor: Staff) -> None:
    blank = an_entry(title="", questions=(), versions=())
    with house.store.transaction() as tx:
        made = entries.draft(tx, by=editor, now=NOW, entry=replace(blank, slug="trong"))
        assert trying.try_out(tx, house, [made], now=NOW).own == 0


def test_the_check_shows_what_would_be_answered_differently(house: Services, editor: Staff) -> None:
    with house.store.transaction() as tx:
        live = {one.slug: one for one in publish.read_entries(tx)}["phuc-khao-2025"]
        ended = replace(live.versions[-1], valid_to=date(2026, 1, 1))
        off = replace(live, versions=(*live.versions[:-1], ended))
        made = entries.draft(tx, by=editor, now=NOW, entry=off)
        lost = trying.try_out(tx, house, [made], now=NOW)
        assert entries.is_checked(made)
        assert made.check is not None and made.check["asked"] > 100
        new = entries.draft(tx, by=editor, now=NOW, entry=an_entry())
        gained = trying.try_out(tx, house, [new], now=NOW)
        entries.save(tx, new, by=editor, now=NOW, entry=an_entry(title="Khác"), lock=new.lock)
        assert not entries.is_checked(new)
    assert any(one.kind == trying.LOST and one.question in live.questions for one in lost.changes)
    assert all(one.before != one.after for one in lost.changes if one.kind != trying.WORDS)
    assert gained.own == 4 and gained.met + gained.offered == 4
    assert not [one for one in gained.changes if one.kind == trying.LOST and not one.own]


def test_an_end_and_a_review_date_are_told_once(
    house: Services, editor: Staff, lead: Staff
) -> None:
    ends = an_entry(
        versions=(replace(an_entry().versions[0], valid_to=date(2026, 11, 25)),),
        review_by=date(2026, 12, 3),
    )
    approve(house, submitted(house, editor, ends), lead)
    made = []
    for day in (0, 0, 3, 4):
        with house.store.transaction() as tx:
            made.append(faq_telling.look_through(tx, house, now=NOW + timedelta(days=day)))
    assert made == [1, 0, 1, 0]
    with house.store.reading() as tx:
        assert [e.data["slug"] for e in tx.query(Event) if e.action == "faq_expired"] == [
            "day-them-trong-dip-he"
        ]
        assert not list(events.verify(tx))


def test_other_systems_are_told_what_is_published_and_what_has_ended(
    house: Services, editor: Staff, lead: Staff
) -> None:
    with house.store.transaction() as tx:
        webhooks.begin(tx)
        webhooks.add_endpoint(
            tx,
            WebhookEndpoint(
                url="https://x.example/hook", types=["faq.published", "faq.expired"], active=True,
                generation=1, created_at=NOW,
            ),
        )  # fmt: skip
    ends = an_entry(versions=(replace(an_entry().versions[0], valid_to=date(2026, 11, 25)),))
    approve(house, submitted(house, editor, ends), lead)
    later = NOW + timedelta(days=4)
    with house.store.transaction() as tx:
        faq_telling.look_through(tx, house, now=later)
    with house.store.transaction() as tx:
        writing.write(tx, house, now=later)
        bodies = {one.type: json.loads(one.body)["data"] for one in webhooks.recent(tx)}
    assert bodies == {
        "faq.published": {"slug": "day-them-trong-dip-he", "revision": 1, "topic": "e.day_them",
                          "owner": "GDTRH"},
        "faq.expired": {"slug": "day-them-trong-dip-he", "ended_on": "2026-11-25"},
    }  # fmt: skip


def test_every_shipped_entry_survives_the_plain_form() -> None:
    for entry in the_entries():
        assert faq.from_plain(faq.to_plain(entry)) == (entry, {})
