from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from intake_api.domain.access import Scope
from intake_api.flow import acting, answer, citizen, converse, disclose, receive, waiting
from intake_api.flow.services import Services
from intake_api.store import (
    Store,
    cases,
    conversations,
    events,
    migrate,
    notes,
    queue,
    rotation,
    sealing,
    search,
)
from intake_api.store.lane import PROTECTED
from intake_api.store.tables import Attachment, Case, Message
from tests.builders import NOW, SEALING_KEY, make_case, make_conversation
from tests.flow.desk import Desk, again
from tests.flow.test_converse import event, store_all
from tests.store.dump import everything

# Words that stand nowhere else in the project.
NAME, PHONE, DEED = "Vương Bất Khuất", "0977123456", "lót tay chạy suất biên chế"
ACCUSES = f"Tôi tố cáo ông hiệu trưởng {NAME} nhận hối lộ, {DEED}, đề nghị Sở xử lý"


def leaks(store: Store, *more: str) -> list[str]:
    """Which of the secret words can be read in the database."""
    held = everything(store)
    return [word for word in (NAME, DEED, PHONE, "bat khuat", "lot tay", *more) if word in held]


def sealed_case(services: Services, **given: object) -> Case:
    made = make_case(services, text=ACCUSES, sender=receive.Sender("Lê Kín", PHONE), **given)  # type: ignore[arg-type]
    assert made.case.confidential
    return made.case


def test_nothing_of_a_sealed_case_can_be_read_in_the_database(services: Services) -> None:
    case = sealed_case(services)
    with services.store.transaction() as tx:
        cases.add_attachment(
            tx,
            Attachment(
                case_id=case.id, filename=f"{NAME}.jpg", content_type="image/jpeg", size=3,
                sha256="0" * 64, original=NAME.encode(), shown=DEED.encode(), created_at=NOW,
            ),
        )  # fmt: skip
    assert leaks(services.store, "Lê Kín") == []
    with services.store.reading() as tx:
        found = cases.by_id(tx, case.id)
        assert found is not None
        contact = cases.contact(tx, case.id)
        (file,) = cases.attachments(tx, case.id)
        assert (found.text, contact and contact.phone) == (ACCUSES, PHONE)
        assert (file.filename, file.shown) == (f"{NAME}.jpg", DEED.encode())


def test_normal_cases_stay_readable(services: Services) -> None:
    make_case(services, text="Trường thu quỹ lớp quá nhiều, đề nghị kiểm tra")
    assert "thu quỹ lớp quá nhiều" in everything(services.store)


def test_a_case_sealed_by_hand_takes_everything_along(services: Services) -> None:
    lead = Desk(services, "khtc", "lead", "KHTC")
    text = "Trường THPT A Kim Bảng thu quỹ lớp 500 nghìn không có phiếu thu, đề nghị kiểm tra"
    case = make_case(services, text=text, sender=receive.Sender("Lê Kín", PHONE)).case
    lead.do(answer.take, case)
    lead.do(waiting.wait_external, case, agency=f"Công an, {NAME}", reason=f"vì {DEED}")
    lead.do(answer.draft_answer, case, text=f"Về ông {NAME}")
    with services.store.transaction() as tx:
        found = acting.open_case(tx, code=case.code, staff=lead.staff)
        by = acting.Acting(lead.staff, found.version, NOW)
        disclose.reveal_contact(tx, found, by, reason=f"gọi hỏi về {DEED}")
        note = notes.Note(case_id=case.id, staff_id=lead.staff.id, at=NOW, text=f"ông {NAME}")
        notes.add(tx, note, [])
        notes.keep_typed(tx, lead.staff.id, case.id, f"Về việc {DEED}", NOW)
        answer.correct(
            tx, found, by, services=services, kind=found.kind, topic=found.topic,
            sentiment="neutral", urgent=True,
        )  # fmt: skip
        cases.add_attachment(
            tx,
            Attachment(
                case_id=case.id, filename="anh.jpg", content_type="image/jpeg", size=3,
                sha256="0" * 64, original=b"bytes " + NAME.encode(), created_at=NOW,
            ),
        )  # fmt: skip
    assert {NAME, DEED, PHONE} <= set(leaks(services.store))
    with services.store.transaction() as tx:
        found = acting.open_case(tx, code=case.code, staff=lead.staff)
        answer.seal(tx, found, acting.Acting(lead.staff, found.version, NOW), services=services)
    # What the jobs do within the hour: the index only marks what it deletes.
    with services.store.transaction() as tx:
        assert events.any_since(tx, ("sealed",), NOW)
        search.forget_deleted(tx)
    assert leaks(services.store, "Lê Kín", "thu quỹ lớp") == []
    with services.store.reading() as tx:
        assert list(events.verify(tx)) == []
        history = {one.action: one.data for one in events.of_case(tx, case.id)}
    assert history["wait_external"]["reason"] == f"vì {DEED}"


def test_messages_on_a_platform_are_sealed_with_their_raw_events(services: Services) -> None:
    (name,) = store_all(services, event(ACCUSES))
    assert leaks(services.store) == []
    with services.store.reading() as tx:
        assert conversations.messages(tx, name)[0].text == ACCUSES


def test_what_was_said_on_the_way_to_a_sealed_case_is_sealed(services: Services) -> None:
    with services.store.transaction() as tx:
        talk = make_conversation(tx)
        said = converse.store_incoming(
            tx, services, talk, converse.Incoming(text=f"tôi muốn nói về ông {NAME}"), now=NOW
        )
        draft = receive.open_draft(
            tx, services, conversation=talk, text=said.text, message_id=said.id, now=NOW
        )
        conversations.add_outbound(
            tx, talk, text=f"Anh/chị kể thêm về ông {NAME}", payload=None, author="bot", now=NOW
        )
        receive.change_draft(draft, now=NOW, text_append=ACCUSES)
        receive.submit_draft(tx, services, draft=draft, conversation=talk, now=NOW)
        converse.store_incoming(
            tx, services, talk, converse.Incoming(text=f"ông {NAME} hôm nay lại thế"), now=NOW
        )
    assert leaks(services.store) == []


def test_a_draft_is_sealed_before_anybody_knows_what_it_is(services: Services) -> None:
    with services.store.transaction() as tx:
        talk = make_conversation(tx)
        receive.open_draft(
            tx, services, conversation=talk, text=f"ông {NAME}", message_id=None, now=NOW
        )
    assert leaks(services.store) == []


def test_the_lane_is_searched_all_the_same(services: Services) -> None:
    case = sealed_case(services)
    sealed_case(services, kind="child_protection")

    def found(words: str, *, sealed: bool = True) -> list[str]:
        with services.store.reading() as tx:
            wanted = queue.Filter(words=search.words_of(words))
            rows = queue.page(tx, Scope(sealed, None), wanted, now=NOW).cases
            return [one.code for one in rows]

    assert len(found("bat khuat")) == 2
    assert found(case.code[-9:].lower()) == [case.code]
    assert found("khong co chu nay") == []
    assert found("bat khuat", sealed=False) == []


def test_somebody_without_the_keys_reads_nothing(services: Services, tmp_path: Path) -> None:
    case = sealed_case(services)
    for store, error in (
        (Store(services.store.url), sealing.NoKeys),
        (Store(services.store.url, keys=[Fernet.generate_key().decode()]), sealing.WrongKeys),
    ):
        with pytest.raises(error) as caught, store.reading() as tx:
            cases.by_id(tx, case.id)
        assert "LANGNGHE_SEALING_KEYS" in str(caught.value)
        store.close()


def test_what_looks_like_sealed_but_is_not_survives(services: Services) -> None:
    odd = sealing.MARK + "đây là lời của người dân"
    with services.store.transaction() as tx:
        talk = make_conversation(tx)
        tx.add(
            Message(conversation_id=talk.id, direction="in", author="citizen", text=odd,
                    payload={sealing.DATA_MARK: "x"}, state="done", created_at=NOW)
        )  # fmt: skip
        name = talk.id
    with services.store.reading() as tx:
        (message,) = conversations.messages(tx, name)
    assert (message.text, message.payload) == (odd, {sealing.DATA_MARK: "x"})


def test_rotation_leaves_nothing_under_the_old_key(services: Services) -> None:
    case = sealed_case(services)
    officer = Desk(services, "kenhmat", "confidential_officer", None)
    officer.do(answer.take, case)
    officer.do(waiting.ask_citizen, case, question=f"{NAME} ở trường nào?")
    fresh = Fernet.generate_key().decode()
    both = Store(services.store.url, keys=[fresh, SEALING_KEY])
    written = 0
    for table in rotation.TABLES:
        last = None
        while True:
            with both.transaction() as tx:
                last, done = rotation.reseal(tx, table, last)
            written += done
            if last is None:
                break
    both.close()
    assert written >= 4
    only = Store(services.store.url, keys=[fresh])
    with only.reading() as tx:
        for table in PROTECTED:
            for row in tx.execute(sa.select(table)).scalars():
                for column in PROTECTED[table]:
                    getattr(row, column)
        found = cases.by_id(tx, case.id)
        assert found is not None and found.text == ACCUSES
        assert list(events.verify(tx)) == []
    only.close()
    assert leaks(services.store) == []


def test_rows_from_before_are_sealed_by_the_migration(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    keyless = Store(url)
    migrate.upgrade(keyless, "0013")
    _old_rows(keyless)
    with pytest.raises(sealing.NoKeys):
        migrate.upgrade(keyless)
    keyless.close()
    store = Store(url, keys=[SEALING_KEY])
    migrate.upgrade(store)
    assert leaks(store) == []
    with store.reading() as tx:
        case = tx.get_one(Case, 1)
        assert (case.text, case.school) == (ACCUSES, NAME)
        (message,) = cases.messages(tx, case)
        assert (message.text, message.payload) == (ACCUSES, {"code": NAME})
    migrate.downgrade(store, "0013")
    assert {NAME, DEED} <= set(leaks(store))
    migrate.upgrade(store)
    assert migrate.is_current(store)
    store.close()


def _old_rows(store: Store) -> None:
    when = "2026-11-23 02:00:00"
    with store.transaction() as tx:
        tx.execute(
            sa.text(
                "INSERT INTO conversation (id, channel, external_id, created_at) "
                "VALUES ('c', 'web', 'x', :when)"
            ),
            {"when": when},
        )
        tx.execute(
            sa.text(
                "INSERT INTO cases (id, code, pin_hash, conversation_id, channel, state, version, "
                "text, text_masked, folded, kind, topic, sentiment, urgent, confidential, toxic, "
                "confidence, classification, school, unit, route_rule, route_reason, received_at, "
                "due_explanation, anonymous, bounces, reopened, undelivered) VALUES (1, "
                "'PA-2611-0000-0000', 'h', 'c', 'web', 'routed', 1, :text, :text, 'bat khuat', "
                "'denunciation', 'x.khac', 'negative', 0, 1, 0, 0.5, :data, :name, 'VP', '1b', "
                "'lý do', :when, '', 0, 0, 0, 0)"
            ),
            {"text": ACCUSES, "name": NAME, "when": when, "data": f'{{"reasons": ["{DEED}"]}}'},
        )
        tx.execute(
            sa.text(
                "INSERT INTO message (id, conversation_id, case_id, direction, author, text, "
                "payload, sealed, state, attempts, created_at) VALUES (1, 'c', 1, 'in', "
                "'citizen', :text, :data, 0, 'done', 0, :when)"
            ),
            {"text": ACCUSES, "when": when, "data": f'{{"code": "{NAME}"}}'},
        )


def test_withdrawing_a_sealed_case_only_notes_the_wish(services: Services) -> None:
    case = sealed_case(services)
    with services.store.transaction() as tx:
        found = cases.by_id(tx, case.id, lock=True)
        assert found is not None
        assert not citizen.withdraw(tx, services, found, now=NOW)
    assert again(services, case).state != "withdrawn"
