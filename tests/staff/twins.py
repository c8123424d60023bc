"""Cases that are alike in everything but one mark, with all that a page can show of a case: what is
kept from somebody stands beside a twin that is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from intake_api.flow import answer, gaps, merging, receive, takeover
from intake_api.flow.acting import Acting
from intake_api.flow.services import Services
from intake_api.store import cases, consultations, conversations, notes, outbox, pages, unsealings
from intake_api.store import gaps as gap_store
from intake_api.store.faq_tables import GapCluster
from intake_api.store.notice_tables import Notice
from intake_api.store.open_tables import Publication
from intake_api.store.page_tables import PageComment, PagePost
from intake_api.store.registers import Gap, Staff
from intake_api.store.report_tables import TransferLetter
from intake_api.store.retention_tables import LegalHold
from intake_api.store.tables import Attachment, Case, Conversation
from intake_api.store.watch_tables import Alert
from tests.builders import NOW
from tests.staff import house
from tests.staff.test_consultations import say
from vntext import fold

TEXT = "Trường THCS Trần Phú thu quỹ lớp để {mark} mà không có phiếu thu, đề nghị Sở kiểm tra"
OPINION = "Điều này nên bỏ vì nhà trường sẽ {mark} và bắt phụ huynh trả tiền"
POST = "1001_7"


@dataclass
class Twin:
    """One case, what hangs on it, and the codes of all that are like it. ``words``: nobody who may
    not see it may meet one of them."""

    mark: str
    case: Case
    codes: list[str]
    held: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def words(self) -> tuple[str, ...]:
        return (self.mark, fold(self.mark), *self.codes)


def furnish(
    app: Any, mark: str, *, head: Case, draft: int, office: Staff, readers: Sequence[Staff],
    naming: Sequence[Staff] = (), sealed: bool = False,
) -> Twin:  # fmt: skip
    """A twin: the case itself; one that was merged into ``head``; one that was merged into it; and
    two comments on a draft, of which one came too late for its groups."""
    services = house.services_of(app)
    text = TEXT.format(mark=mark)
    sender = receive.Sender(mark, "0977123456")
    main = house.make_case(app, text, channel="zalo", sender=sender)
    follows = house.make_case(app, f"{text} giúp")
    led = house.make_case(app, house.BULLYING)
    opinions = [say(app, draft, OPINION.format(mark=mark) + end).case for end in ("", " ngay")]
    twin = Twin(mark, main, [one.code for one in (main, follows, *opinions)])
    with services.store.transaction() as tx:
        _merge(tx, services, office, follows.code, head.code)
        _merge(tx, services, office, led.code, main.code)
        late = consultations.opinion(tx, opinions[1].id)
        assert late is not None
        late.group_id = None
        case = cases.by_id(tx, main.id)
        assert case is not None
        case.kind, case.school = "misinformation", f"Trường THCS {mark}"
        _say(tx, services, case, twin, office)
        _hang(tx, services, case, twin, readers)
        _ask(tx, services, case, twin)
        for one in (main, follows, *opinions):
            unsealings.name(tx, one.id, [person.id for person in naming])
    twin.held["code"] = [{"code": main.code}, {"code": led.code}]
    if sealed:
        if not naming:
            twin.codes.append(led.code)  # it tells of the same matter
        _seal(services, office, (main, follows, *opinions))
    return twin


def _merge(tx: Any, services: Services, office: Staff, code: str, into: str) -> None:
    case, head = (cases.by_code(tx, one) for one in (code, into))
    assert case is not None and head is not None
    merging.merge(tx, case, Acting(office, case.version, NOW), services=services, into=head)


def _seal(services: Services, office: Staff, found: Sequence[Case]) -> None:
    for one in found:
        with services.store.transaction() as tx:
            case = cases.by_id(tx, one.id)
            assert case is not None
            answer.seal(tx, case, Acting(office, case.version, NOW), services=services)


def _say(tx: Any, services: Services, case: Case, twin: Twin, office: Staff) -> None:
    """What was said in its conversation, and below a post of the Page."""
    mark, talk = twin.mark, tx.get_one(Conversation, case.conversation_id)
    conversations.add_inbound(
        tx, talk, text=f"họ vẫn {mark}", payload=None, channel_message_id=None, now=NOW,
        state="done",
    )  # fmt: skip
    takeover.ask(tx, talk, now=NOW)
    for author, number in (("staff", case.id), ("bot", None)):
        sent = conversations.add_outbound(
            tx, talk, text=f"Về việc {mark}", payload=None, author=author, now=NOW,
            case_id=number, staff_id=office.id if number else None,
        )  # fmt: skip
        row = outbox.of_messages(tx, [sent.id])[sent.id]
        outbox.mark_failed(tx, row.id, reason="Zalo không nhận (mã -201)")
    if pages.post(tx, POST) is None:
        pages.add_post(tx, PagePost(id=POST, text="Lịch học", created_at=NOW, changed_at=NOW))
    made = PageComment(
        remote_id=f"7_{case.id}", post_id=POST, author_id="a", text=f"Trường lại {mark}",
        created_at=NOW, changed_at=NOW, look="named", step="record", case_id=case.id,
        conversation_id=talk.id,
    )  # fmt: skip
    pages.add(tx, made)
    twin.held["staff.direct"] = [{"name": talk.id}]
    twin.held["staff.comment"] = [{"number": made.id}]


def _hang(tx: Any, services: Services, case: Case, twin: Twin, readers: Sequence[Staff]) -> None:
    """What staff wrote and keep of it."""
    mark, by = twin.mark, readers[0].id
    file = Attachment(
        case_id=case.id, filename=f"{mark}.jpg", content_type="image/jpeg", size=3,
        sha256="0" * 64, original=mark.encode(), shown=mark.encode(), created_at=NOW,
    )  # fmt: skip
    cases.add_attachment(tx, file)
    notes.add(tx, notes.Note(case_id=case.id, staff_id=by, at=NOW, text=f"Đã hỏi về {mark}"), [])
    letter = TransferLetter(
        case_id=case.id, made_by=by, made_at=NOW, addressee="Phòng A", subject=f"Về {mark}",
        body=f"Chuyển đơn về {mark}.", due_on=date(2026, 12, 1), signer="office",
    )  # fmt: skip
    offered = Publication(
        case_id=case.id, state="proposed", question=f"Sao lại {mark}?", answer="Đã kiểm tra.",
        proposed_by=by, proposed_at=NOW,
    )  # fmt: skip
    held = [
        LegalHold(reason=f"Hồ sơ {mark}", placed_by=by, placed_at=NOW, **one)
        for one in ({"case_id": case.id}, {"conversation_id": case.conversation_id})
    ]
    tx.add_all([letter, offered, *held])
    tx.add_all(
        Notice(staff_id=one.id, kind="assigned", case_id=case.id, at=NOW, mail="pending",
               once=f"{case.id}:{one.id}")
        for one in readers
    )  # fmt: skip
    tx.flush()
    twin.held["staff.file"] = [{"file_id": file.id}]
    twin.held["staff.letter_file"] = [{"code": case.code, "number": letter.id, "form": "docx"}]
    twin.held["staff.rumour"] = [{"number": case.id}]


def _ask(tx: Any, services: Services, case: Case, twin: Twin) -> None:
    """What its sender had asked the assistant before."""
    person = gaps.person_of(services, tx.get(Conversation, case.conversation_id))
    asked = gap_store.add_gap(
        tx,
        Gap(at=NOW, text_masked=f"có được {twin.mark} không", decision="decline", offered=[],
            channel="zalo", person=person),
    )  # fmt: skip
    tx.add(
        GapCluster(made_at=NOW, text=asked.text_masked, people=1, count=1, first_at=NOW,
                   last_at=NOW, decisions={"decline": 1}, offered=[], members=[asked.id])
    )  # fmt: skip


def alarm(app: Any, twins: Sequence[Twin]) -> dict[str, list[dict[str, Any]]]:
    """The early warning over all of them: one alert of their topic, one of the words of each."""
    ids = [one.case.id for one in twins]
    numbers = {"test": "count", "days": 1, "people": 9, "expected": 1, "observed": 9,
               "negative": None, "share": None, "usual_share": None}  # fmt: skip
    said = [[one.mark, 5] for one in twins]
    made = [_alert("topic", "dd.khoan_thu", {**numbers, "cases": ids, "phrases": said})]
    made += [
        _alert("phrase", fold(one.mark), {**numbers, "cases": [one.case.id], "shown": one.mark})
        for one in twins
    ]
    with house.services_of(app).store.transaction() as tx:
        tx.add_all(made)
        tx.flush()
        return {"staff.alert": [{"number": one.id} for one in made]}


def _alert(kind: str, code: str, evidence: dict[str, Any]) -> Alert:
    return Alert(
        kind=kind, code=code, day=NOW.date(), opened_at=NOW, state="open", level=1, proposed=1,
        evidence=evidence,
    )  # fmt: skip
