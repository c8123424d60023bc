"""E-mail, the way in: a letter becomes a case, or goes to the one that it belongs to.

A letter is no chat: it is put on record as a whole, and one receipt answers it. Letters that a
program wrote get no answer and make no case (RFC 3834).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from intake_api.domain import letters
from intake_api.domain.letters import Letter
from intake_api.domain.model import Channel, Classification, State
from intake_api.flow import (
    ask,
    citizen,
    consult_comment,
    danger,
    files,
    floods,
    outgoing,
    receive,
    say,
    triage,
    waiting,
)
from intake_api.flow.services import Services, local_day
from intake_api.store import cases, conversations, mail, registry
from intake_api.store.tables import Case, Conversation, Message
from vntext import codes

if TYPE_CHECKING:
    from intake_api.store import Session

log = structlog.get_logger()
# So many letters of our programs may one address get in a day: two machines that answer each other
# stop here even when neither says that it is one.
MOST_RECEIPTS = 6
DAY = timedelta(days=1)
RETURNED = "thư bị trả lại: địa chỉ không nhận được"
ENDED = frozenset({State.ANSWERED, State.CLOSED})
NO_WORDS = "(Thư chỉ có tệp đính kèm)"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a letter: known, automatic, returned, unanswerable, too_big, emergency, case,
    more or reopened; and the conversation in which something may wait to be sent."""

    what: str
    conversation_id: str | None = None


def take(tx: Session, services: Services, letter: Letter, *, now: datetime) -> Taken:
    """Stores one letter and does what it asks for; the same letter again changes nothing."""
    mark = letter.message_id or hashlib.sha256(f"{letter.sender}{letter.text}".encode()).hexdigest()
    key = f"{Channel.EMAIL}:{mark}"[:200]
    body = {"automatic": letter.automatic, "files": len(letter.files)}
    if not registry.add_raw_event(tx, channel=Channel.EMAIL, natural_key=key, body=body, now=now):
        return Taken("known")
    if letter.failed:
        for name in letter.failed:
            mail.returned(tx, name, reason=RETURNED)
        return Taken("returned")
    if letter.automatic:
        log.info("automatic letter", why=letter.automatic)
        return Taken("automatic")
    if not letter.sender:
        log.warning("letter without a sender")
        return Taken("unanswerable")
    parts = letters.split(letter.text)
    talk = _conversation(tx, letter, parts.fresh, key, now)
    if letter.message_id:
        subject = letters.bare_subject(letter.subject)
        mail.note(
            tx, message_id=letter.message_id, conversation_id=talk.id, subject=subject, now=now
        )
    return _put_on_record(tx, services, letter, parts.fresh, talk, key, now)


def _conversation(tx: Session, letter: Letter, fresh: str, key: str, now: datetime) -> Conversation:
    """The thread that a letter belongs to: by what it answers, else by the code that it names.
    Only the same address goes on in it; a letter that somebody passed on begins anew."""
    named = codes.find_codes(f"{letter.subject}\n{fresh}")
    for found in (
        mail.conversation_of(tx, letter.references),
        mail.conversation_of_code(tx, named) if named else None,
    ):
        if found is not None and address_of(found.external_id) == letter.sender:
            return found
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    name = f"{letter.sender[:180]}#{digest}"
    return conversations.get_or_create(tx, channel=Channel.EMAIL, external_id=name, now=now)


def address_of(external_id: str) -> str:
    """The address of a conversation by e-mail."""
    return external_id.rpartition("#")[0]


def _put_on_record(
    tx: Session,
    services: Services,
    letter: Letter,
    fresh: str,
    talk: Conversation,
    key: str,
    now: datetime,
) -> Taken:
    message = conversations.add_inbound(
        tx, talk, text=_whole(letter), payload={"subject": letter.subject[:200]},
        channel_message_id=key, now=now, state="done",
    )  # fmt: skip
    outgoing.release_held(tx, talk, now)
    if not letter.whole:
        _tell(tx, services, talk, services.catalog.messages["mail_too_big"], now)
        return Taken("too_big", talk.id)
    refused = _keep_files(tx, services, letter, message, now)
    words = _words(letter, fresh)
    understood = services.classifier.classify(words, channel=Channel.EMAIL)
    message.sealed = triage.sealed(services, understood)
    if understood.danger:
        danger.meet(tx, services, talk, message, understood, text=words, now=now)
        return Taken("emergency", talk.id)
    case = _goes_on(tx, talk, message, fresh)
    if case is not None:
        waiting.citizen_wrote(tx, services, talk, now=now)
        return Taken(_more(tx, services, talk, case, message, understood, refused, now), talk.id)
    origin = f"{Channel.EMAIL}:{letter.sender}"
    joined = floods.joined(
        tx, services, origin=origin, text=words, message=message, confidential=message.sealed,
        now=now,
    )  # fmt: skip
    if joined is not None:
        text = services.catalog.messages["supplemented"].format(code=joined.code)
        _tell(tx, services, talk, _with_refused(text, refused), now, case=joined)
        return Taken("more", talk.id)
    received = receive.submit(
        tx, services, text=words, channel=Channel.EMAIL, now=now, conversation=talk
    )
    message.case_id, message.sealed = received.case.id, received.case.confidential
    floods.note(tx, services, case_id=received.case.id, origin=origin, now=now)
    consult_comment.adopt_named(tx, services, received.case, now=now)
    text = _receipt(tx, services, received, words, understood, refused, now)
    _tell(tx, services, talk, text, now, case=received.case)
    return Taken("case", talk.id)


def _whole(letter: Letter) -> str:
    return f"{letter.subject}\n\n{letter.text}".strip() or NO_WORDS


def _words(letter: Letter, fresh: str) -> str:
    """What is understood and put on record: the subject says the matter as often as the words."""
    subject = letters.bare_subject(letter.subject)
    if subject and subject.lower() not in fresh.lower() and not codes.find_codes(subject):
        fresh = f"{subject}\n{fresh}"
    return fresh.strip()[: receive.MAX_TEXT] or NO_WORDS


def _keep_files(
    tx: Session, services: Services, letter: Letter, message: Message, now: datetime
) -> list[str]:
    """Keeps what can be kept; returns what could not, in words for the sender."""
    refused = []
    for number, one in enumerate(letter.files):
        try:
            if number >= files.MAX_FILES:
                raise files.FileRefused(f"Mỗi thư chỉ nhận {files.MAX_FILES} tệp.")
            cases.keep_file(
                tx,
                files.inspect(one.name, one.data, services.scanner),
                message_id=message.id,
                now=now,
            )
        except files.FileRefused as error:
            refused.append(f"“{one.name[:60]}”: {error.reason_vi}")
    return refused


def _goes_on(tx: Session, talk: Conversation, message: Message, fresh: str) -> Case | None:
    """The case that a letter in a known thread is about; None when it begins one of its own. What
    has to be sealed never joins a case that is not."""
    named = set(codes.find_codes(fresh))
    own = cases.of_conversation(tx, talk.id, lock=True)
    found = next((case for case in own if case.code in named), own[0] if own else None)
    if found is None or (message.sealed and not found.confidential):
        return None
    return found


def _more(
    tx: Session,
    services: Services,
    talk: Conversation,
    case: Case,
    message: Message,
    understood: Classification,
    refused: list[str],
    now: datetime,
) -> str:
    """More in the same matter. After the end, thanks leave it ended; anything else takes it up
    again, or asks for it."""
    texts, what, name = services.catalog.messages, "more", "supplemented"
    citizen.supplement(tx, services, case, now=now, message=message)
    if case.state in ENDED:
        if understood.kind == "praise":
            return what
        outcome = citizen.reopen(tx, services, case, now=now)
        what = "reopened" if outcome == "reopened" else "more"
        name = {"reopened": "reopened", "asked": "reopen_asked"}.get(outcome, name)
    _tell(tx, services, talk, _with_refused(texts[name].format(code=case.code), refused), now, case)
    return what


def _receipt(
    tx: Session,
    services: Services,
    received: receive.Received,
    words: str,
    understood: Classification,
    refused: list[str],
    now: datetime,
) -> str:
    made = say.receipt(services, received)
    text = services.catalog.messages["mail_receipt"].format(receipt="\n".join(made["receipt"]))
    if understood.kind == "question" and not received.case.confidential:
        reply = services.knowledge().answer(words, local_day(now))
        if reply.decision == "answer" and not reply.answers[0].past:
            found = ask.render(reply.answers[0], today=local_day(now), related=[])
            lines = [found["text"], found["source"], found["validity"]]
            answer = "\n".join(line for line in lines if line)
            text += "\n\n" + services.catalog.messages["mail_answer"].format(answer=answer)
    return _with_refused(text, refused)


def _with_refused(text: str, refused: list[str]) -> str:
    if not refused:
        return text
    return "\n\n".join([text, "Sở chưa nhận được tệp sau:\n" + "\n".join(refused)])


def _tell(
    tx: Session,
    services: Services,
    talk: Conversation,
    text: str,
    now: datetime,
    case: Case | None = None,
) -> None:
    if mail.told_since(tx, address_of(talk.external_id), now - DAY) >= MOST_RECEIPTS:
        log.warning("no more receipts today", conversation=talk.id)
        return
    conversations.add_outbound(
        tx, talk, text=text, payload=None, author="system", now=now,
        case_id=case.id if case else None, sealed=bool(case and case.confidential),
    )  # fmt: skip
