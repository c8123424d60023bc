"""The case page: the conversation as it was, what was understood, what may be done next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain import access, templates, texts, workflow
from intake_api.domain.catalog import Catalog
from intake_api.domain.model import (
    OUTCOME_TITLE,
    SENTIMENT_TITLE,
    STAFF_LABEL,
    Outcome,
    Role,
    Sentiment,
    State,
)
from intake_api.flow import answer, bulk, outgoing
from intake_api.flow import status as lookup
from intake_api.flow.services import Services, local_day
from intake_api.staff import accounts, looks, openly, reach, standing, words
from intake_api.store import (
    cases,
    conversations,
    events,
    notes,
    outbox,
    registry,
    transcript,
    unsealings,
)
from intake_api.store.registers import Staff
from intake_api.store.tables import Attachment, Case, Contact, Message
from vntext import mask, parse_code

if TYPE_CHECKING:
    from intake_api.runtime import Runtime

    from intake_api.store import Session  # isort: skip

_WEIGHED = "từ “"  # how ``classify.reasons`` begins
NO_REPLY = (
    "Ý kiến này không có kênh trả lời; hãy liên hệ theo thông tin người gửi rồi kết thúc ý kiến."
)


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as the page shows it."""

    id: int
    author: str
    who: str
    text: str
    at: datetime
    time: str
    day: str
    draft: bool
    delivery: tuple[str, str] | None
    files: list[Attachment]


@dataclass(frozen=True, slots=True)
class Moves:
    """What this person may do with this case now; the page shows nothing else."""

    take: bool = False
    reply: bool = False
    draft: bool = False
    approve: bool = False
    transfer: bool = False
    close: bool = False
    reopen: bool = False
    spam: bool = False
    not_spam: bool = False
    correct: bool = False
    seal: bool = False
    reveal: bool = False
    why_not: str = ""

    @property
    def any(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__ if name not in ("why_not",))


@dataclass(frozen=True, slots=True)
class Notice:
    """What went wrong with the last try; the page keeps what was typed."""

    level: str  # warn | danger
    title: str
    lines: Sequence[str] = ()
    status: int = 409


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page needs besides the case itself."""

    notice: Notice | None = None
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    contact: Contact | None = None
    revealed: bool = False


def may_see(tx: Session, staff: Staff) -> Callable[[Case], bool]:
    """Asks ``domain.access`` for one person; a case that names them does not exist for them."""
    # Read once, and only when there is a case to ask about.
    naming = cache(lambda: unsealings.naming(tx, staff.id))

    def ask(case: Case) -> bool:
        seen = access.may_see(
            staff.role,
            staff.unit,
            confidential=case.confidential,
            case_unit=case.unit,
            copies=case.copies or (),
        )
        return seen and case.id not in naming()

    return ask


def find(tx: Session, code: str, staff: Staff) -> Case:
    """The case for reading; 404 alike for what is not there and what may not be seen."""
    canonical = parse_code(code)
    case = cases.by_code(tx, canonical) if canonical else None
    if case is None or case.state == State.ERASED or not may_see(tx, staff)(case):
        abort(404)
    return case


def moves_for(case: Case, staff: Staff, draft: Message | None) -> Moves:
    """The moves that the workflow and the access rules leave to this person."""
    lane = {"confidential": case.confidential, "case_unit": case.unit}
    assigned = case.assignee_id == staff.id
    reveal = access.may_reveal(staff.role, staff.unit, **lane, assigned=assigned)  # type: ignore[arg-type]
    if not access.may_act(staff.role, staff.unit, **lane):  # type: ignore[arg-type]
        return Moves(why_not="Đơn vị của anh/chị chỉ xem ý kiến này.")
    allowed = workflow.allowed(State(case.state), Role(staff.role))
    pair = workflow.needs_second_person(case.kind)
    others_draft = draft is not None and draft.staff_id != staff.id
    can_send = "reply" in allowed and case.conversation_id is not None
    send = can_send and (not pair or others_draft)
    why = ""
    if case.conversation_id is None and "draft_answer" in allowed:
        why = NO_REPLY
    elif can_send and not send:
        why = (
            "Anh/chị đã soạn bản này; một người khác của đơn vị duyệt và gửi."
            if draft is not None
            else "Loại ý kiến này cần hai người: một người soạn, một người khác duyệt và gửi."
        )
    elif "draft_answer" in allowed and "reply" not in allowed:
        why = "Bản soạn được lãnh đạo đơn vị xem và gửi."
    return Moves(
        take="take" in allowed and not (assigned and case.state == State.IN_PROGRESS),
        reply=send and draft is None,
        approve=send and draft is not None,
        draft="draft_answer" in allowed and case.conversation_id is not None,
        transfer="route" in allowed,
        close="close" in allowed,
        reopen="reopen" in allowed,
        spam="reject_spam" in allowed,
        not_spam="not_spam" in allowed,
        correct=access.may_correct(staff.role) and words.is_open(case),
        seal=access.may_seal(staff.role) and not case.confidential,
        reveal=reveal,
        why_not=why,
    )


def may_merge(case: Case, staff: Staff) -> bool:
    """True when this person may merge the case into another one."""
    acts = access.may_act(
        staff.role, staff.unit, confidential=case.confidential, case_unit=case.unit
    )
    return acts and "merge" in workflow.allowed(State(case.state), Role(staff.role))


def bubbles(
    tx: Session, case: Case, staff: Staff, names: dict[int, str], now: datetime, *, revealed: bool
) -> list[Bubble]:
    """The conversation as this person may read it: people's own words masked until revealed."""
    found = transcript.of_case(tx, case, may_see(tx, staff), reader=staff.id)
    sent = outbox.of_messages(tx, [m.id for m in found if m.direction == "out"])
    by_message: dict[int, list[Attachment]] = {}
    for one in transcript.files(tx, case, found):
        by_message.setdefault(one.message_id or 0, []).append(one)
    return [
        Bubble(
            id=m.id,
            author=m.author,
            who=words.speaker(m, names),
            text=words.without_pin(m.text if revealed or m.direction == "out" else mask(m.text)),
            at=m.created_at,
            time=words.clock(m.created_at, m.created_at),
            day=words.day_heading(m.created_at, now),
            draft=m.state == "draft",
            delivery=words.delivery(m, sent.get(m.id), now),
            files=by_message.get(m.id, []),
        )
        for m in found
    ]


def loose_files(tx: Session, case: Case, shown: Sequence[Bubble]) -> list[Attachment]:
    """Files of the case that stand beside no message."""
    beside = {one.id for bubble in shown for one in bubble.files}
    return [one for one in cases.attachments(tx, case.id) if one.id not in beside]


def filled_templates(services: Services, case: Case) -> list[tuple[str, str, str]]:
    """(name, title, text) of the reply templates with this case's words in them."""
    given = bulk.case_words(services, case)
    return [
        (name, body["title"], templates.fill(body["text"], given))
        for name, body in services.catalog.templates.items()
    ]


def _window(tx: Session, services: Services, case: Case, now: datetime) -> str:
    """A warning when the channel will not take an answer now; empty when it will."""
    conversation = conversations.get(tx, case.conversation_id) if case.conversation_id else None
    if conversation is None:
        return ""
    way = outgoing.way_for(tx, services, conversation, now=now, by_person=True)
    return way.reason if way.mode == "hold" else ""


def _understood(case: Case, catalog: Catalog) -> dict[str, Any]:
    raw = case.classification or {}
    reasons = [str(reason) for reason in raw.get("reasons", ())]
    return {
        "confidence": round(float(raw.get("confidence", case.confidence)) * 100),
        # What a rule found has a meaning; the words the model weighed are only words.
        "reasons": [one for one in reasons if not one.startswith(_WEIGHED)],
        "raw_words": [one for one in reasons if one.startswith(_WEIGHED)],
        "model": str(raw.get("model_version", "")) or "không rõ",
        "best": [
            (
                str(code),
                words.topic_name(catalog, str(code)),
                round(float(score) * 100),
                not case.confidential and words.is_sealed_topic(catalog, str(code)),
            )
            for code, score in raw.get("topics", ())[:3]
        ],
        "issues": [words.topic_name(catalog, code) for code in case.issues or ()],
    }


def _choices(catalog: Catalog, case: Case, now: datetime) -> dict[str, Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for topic in catalog.topics.values():
        groups.setdefault(topic.group_name, []).append((topic.code, topic.name))
    today = local_day(now)
    return {
        "kinds": [(kind.code, kind.name) for kind in catalog.kinds.values()],
        "topic_groups": groups,
        "sentiments": [(str(s), SENTIMENT_TITLE[s]) for s in Sentiment],
        "outcomes": [
            (str(o), OUTCOME_TITLE[o]) for o in Outcome if case.answered_at or o != Outcome.ANSWERED
        ],
        "units": [
            (unit.code, unit.name)
            for unit in catalog.units.values()
            if unit.exists_on(today) and unit.code != case.unit
        ],
    }


def context(tx: Session, run: Runtime, case: Case, staff: Staff, shown: Shown) -> dict[str, Any]:
    """Everything the case page needs, read in one go."""
    catalog, now = run.services.catalog, run.clock.now()
    names = {person.id: person.name for person in registry.all_staff(tx)}
    draft = answer.draft_of(tx, case)
    talk = bubbles(tx, case, staff, names, now, revealed=shown.revealed)
    happened, sees = events.of_case(tx, case.id), may_see(tx, staff)
    unnamed = standing.unnamed(tx, happened, sees)
    history = [
        (words.actor_name(e.actor, names), words.event_words(e, catalog, names, unnamed), e.at,
         words.clock(e.at, now))
        for e in happened
    ]  # fmt: skip
    return {
        "case": case,
        "shown": shown,
        "talk": talk,
        "files": loose_files(tx, case, talk),
        "history": history[::-1],
        "moves": moves_for(case, staff, draft),
        "more": standing.possible(tx, run.services, case, staff, draft, sees),
        "openly": openly.beside(tx, run.services, case, staff),
        "lane": looks.for_officer(tx, case, staff, now),
        "draft": draft,
        **_typed(tx, case, staff, draft),
        "draft_by": names.get(draft.staff_id or 0, "") if draft else "",
        "assignee": names.get(case.assignee_id or 0, ""),
        "state": STAFF_LABEL[State(case.state)],
        "kind": words.kind_name(catalog, case.kind),
        "topic": words.topic_name(catalog, case.topic),
        "unit": words.unit_name(catalog, case.unit),
        "copies": [words.unit_name(catalog, code) for code in case.copies or ()],
        "channel": words.CHANNEL_WORD.get(case.channel, case.channel),
        "sentiment": SENTIMENT_TITLE.get(Sentiment(case.sentiment), case.sentiment)
        if case.sentiment in list(Sentiment)
        else case.sentiment,
        "place": words.place(case),
        "due": words.due(case, now, catalog.calendar),
        "first": words.first_contact(case, now, catalog.calendar),
        "understood": _understood(case, catalog),
        "outcome": OUTCOME_TITLE[Outcome(case.outcome)] if case.outcome else "",
        "answered_title": OUTCOME_TITLE[Outcome.ANSWERED],
        "sender_role": texts.SENDER_TITLE.get(case.role_of_sender or "", case.role_of_sender or ""),
        "text": words.without_pin(case.text if shown.revealed else case.text_masked),
        "masked": case.text != case.text_masked,
        "has_contact": cases.contact(tx, case.id) is not None,
        "templates": filled_templates(run.services, case),
        "window": _window(tx, run.services, case, now),
        "reach": reach.reach(tx, case, sees_comments=access.lane_of_talks(staff.role) is not None),
        "public_talk": reach.context(tx, case, staff, now),
        "choices": _choices(catalog, case, now),
        "consulted": lookup.draft_of(tx, case),
    }


def _typed(tx: Session, case: Case, staff: Staff, draft: Message | None) -> dict[str, Any]:
    """``kept``: what this person has typed and not sent. Once a colleague has drafted anew it is
    ``older``: what is approved must be the draft that stands."""
    kept = notes.typed(tx, staff.id, case.id)
    overtaken = kept is not None and draft is not None and draft.created_at > kept.at
    return {"kept": None if overtaken else kept, "older": kept if overtaken else None}


def show(code: str, shown: Shown | None = None) -> ResponseReturnValue:
    """Renders the page of a case, with what a failed try left behind."""
    run, staff, shown = accounts.runtime(), accounts.me(), shown or Shown()
    with run.store.reading() as tx:
        case = find(tx, code, staff)
        values = context(tx, run, case, staff, shown)
    status = shown.notice.status if shown.notice else 422 if shown.errors else 200
    return render_template("staff/case.html", **values), status


def case_page(code: str) -> ResponseReturnValue:
    """One case. Other spellings of a code lead to the one address."""
    canonical = parse_code(code)
    if canonical and canonical != code:
        return redirect(url_for("staff.case", code=canonical))
    template = request.args.get("mau", "")
    typed = {}
    if template:
        run, staff = accounts.runtime(), accounts.me()
        with run.store.reading() as tx:
            case = find(tx, code, staff)
        filled = {name: text for name, _title, text in filled_templates(run.services, case)}
        typed = {"text": filled.get(template, "")}
    return show(code, Shown(typed=typed))


def talk(code: str) -> ResponseReturnValue:
    """The conversation alone, for the page to renew while it is open."""
    run, staff = accounts.runtime(), accounts.me()
    now = run.clock.now()
    with run.store.reading() as tx:
        case = find(tx, code, staff)
        names = {person.id: person.name for person in registry.all_staff(tx)}
        shown = bubbles(tx, case, staff, names, now, revealed=False)
    page = render_template("staff/_talk.html", talk=shown)
    return page, 200, {"X-Case-Version": str(case.version)}


def register(blueprint: Blueprint) -> None:
    """Puts these pages on the door."""
    blueprint.add_url_rule("/y-kien/<code>", "case", case_page)
    blueprint.add_url_rule("/y-kien/<code>/hoi-thoai", "talk", talk)
