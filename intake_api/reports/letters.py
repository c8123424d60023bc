"""The letter (công văn) that passes a case on, with the day until which an answer is wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from intake_api.domain import worktime
from intake_api.domain.catalog import Catalog
from intake_api.domain.worktime import LOCAL
from intake_api.reports.desk import Refused
from intake_api.reports.documents.model import (
    Document,
    Signature,
    Text,
    full_day,
    number_line,
    paragraphs,
    place_and_date,
)
from intake_api.reports.prefill import in_a_sentence
from intake_api.store import events, reports
from intake_api.store.registers import Staff
from intake_api.store.report_tables import TransferLetter
from intake_api.store.tables import Case
from vntext import mask, normalize

if TYPE_CHECKING:
    from intake_api.store import Session

MAX_ADDRESSEE, MAX_SUBJECT, MAX_BODY = 200, 300, 8_000
MARKS = ("", "KHẨN", "HỎA TỐC")
LONGEST_DAYS = 365
NO_ADDRESSEE = "đơn vị nhận"
_CODE = re.compile(r"PA-\d{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@dataclass(frozen=True, slots=True)
class Said:
    """What stands on the form of a letter."""

    addressee: str
    subject: str
    body: str
    due_on: date | None
    signer: str
    signer_name: str = ""
    mark: str = ""
    number: str = ""
    number_on: date | None = None
    sure: bool = False  # read again: what looks like personal data is none


def usual_due(catalog: Catalog, today: date) -> date:
    """The day that the catalogue gives an addressee, counted in working days from today."""
    return worktime.working_days_later(catalog.calendar, today, catalog.reports.letter.due.amount)


def prefilled(case: Case, catalog: Catalog, *, summary: str, addressee: str, today: date) -> Said:
    """The letter as the catalogue has it for this case: its code, masked words, no name."""
    rule, head = catalog.reports.letter, catalog.reports.letterhead
    due = usual_due(catalog, today)
    kind, topic = catalog.kinds.get(case.kind), catalog.topics.get(case.topic)
    holes = {
        "issuer": head.name, "Issuer": head.name, "code": case.code,
        "kind": kind.name.lower().split(",")[0] if kind else "ý kiến",
        "topic": in_a_sentence(topic.name) if topic else "nội dung công dân nêu",
        "day": full_day(case.received_at.astimezone(LOCAL).date()),
        "summary": f"“{summary}”", "to": addressee or NO_ADDRESSEE, "wants": rule.wants,
        "due": full_day(due),
    }  # fmt: skip
    return Said(
        addressee,
        rule.subject.format(**holes),
        rule.body.format(**holes),
        due,
        "office" if "office" in catalog.reports.signers else next(iter(catalog.reports.signers)),
    )


def problems(said: Said, catalog: Catalog, *, today: date) -> dict[str, str]:
    """What is wrong with the form, one sentence for each field."""
    found = {}
    for name, text, most, missing in (
        ("addressee", said.addressee, MAX_ADDRESSEE, "Ghi nơi nhận."),
        ("subject", said.subject, MAX_SUBJECT, "Ghi trích yếu."),
        ("body", said.body, MAX_BODY, "Ghi nội dung."),
    ):
        if not text:
            found[name] = missing
        elif len(text) > most:
            found[name] = f"Dài quá {most} ký tự."
    if said.due_on is None:
        found["due_on"] = "Chọn ngày phải trả lời."
    elif said.due_on <= today:
        found["due_on"] = "Hạn trả lời cần sau ngày hôm nay."
    elif (said.due_on - today).days > LONGEST_DAYS:
        found["due_on"] = "Hạn trả lời xa quá một năm."
    else:
        why = worktime.day_off(catalog.calendar, said.due_on)
        if why:
            found["due_on"] = f"Ngày này cơ quan nghỉ ({why}); chọn ngày làm việc."
    if said.signer not in catalog.reports.signers or said.mark not in MARKS:
        found["signer"] = "Chọn trong danh sách."
    if bool(said.number) != (said.number_on is not None):
        found["number"] = "Ghi cả số và ngày ban hành, hoặc bỏ trống cả hai."
    if "body" not in found and not said.sure and names_somebody(said.body):
        found["sure"] = (
            "Nội dung có thể chứa thông tin cá nhân. Bỏ thông tin đó, hoặc đánh dấu đã xem lại."
        )
    return found


def with_day(body: str, before: date, after: date) -> str:
    """The text with the day until which an answer is wanted, when it still says another one."""
    return body.replace(f"trước ngày {full_day(before)}", f"trước ngày {full_day(after)}")


def names_somebody(text: str) -> bool:
    """True when a text may hold personal data; the codes of cases are none, whatever they look
    like."""
    plain = _CODE.sub("mã", text)
    return mask(plain) != plain


def keep(tx: Session, case: Case, said: Said, *, by: Staff, now: datetime) -> TransferLetter:
    """Keeps a letter that ``problems`` found nothing wrong with. Raises Refused for a sealed
    case: what is in the lane is passed on by its officer alone, outside this system."""
    if case.confidential:
        raise Refused("Ý kiến kênh mật không lập công văn chuyển ở đây.")
    if said.due_on is None:
        raise Refused("Chọn ngày phải trả lời.")
    made = TransferLetter(
        case_id=case.id, made_by=by.id, made_at=now, addressee=said.addressee,
        subject=said.subject, body=said.body, due_on=said.due_on, mark=said.mark,
        signer=said.signer, signer_name=said.signer_name, number=said.number,
        number_on=said.number_on,
    )  # fmt: skip
    reports.add(tx, made)
    events.append(
        tx, at=now, actor=f"staff:{by.id}", action="letter_made", case_id=case.id,
        data={"letter": made.id, "due": said.due_on.isoformat()},
        words={"agency": said.addressee},
    )  # fmt: skip
    return made


def cleaned(text: str) -> str:
    return normalize(text).replace("\r\n", "\n").strip()


def document(letter: TransferLetter, catalog: Catalog) -> Document:
    """The letter as an administrative document."""
    rules = catalog.reports
    made = letter.made_at.astimezone(LOCAL).date()
    return Document(
        parent=rules.letterhead.parent,
        issuer=rules.letterhead.issuer,
        number=number_line(letter.number, f"{rules.letterhead.sign}-VP"),
        place_date=place_and_date(rules.letterhead.place, letter.number_on, month=made),
        subject=letter.subject,
        mark=letter.mark,
        to=(letter.addressee,),
        body=tuple(Text(line) for line in paragraphs(letter.body, ends=True)),
        signature=Signature(rules.signers[letter.signer], letter.signer_name),
        recipients=rules.letter.recipients,
    )
