"""What staff do with a case: one POST, one transaction, one move."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from intake_api.domain.model import STAFF_LABEL
from intake_api.domain.workflow import ACTION_TITLE, TransitionNotAllowed
from intake_api.flow import answer, disclose
from intake_api.flow.answer import Acting, NotAllowed, StaleVersion
from intake_api.flow.services import Services
from intake_api.staff import accounts, casepage, since, standing
from intake_api.staff.casepage import Notice, Shown
from intake_api.staff.typed import whole
from intake_api.store import cases, events, notes, registry
from intake_api.store.registers import Event, Staff
from intake_api.store.tables import Case
from vntext import normalize, parse_code

if TYPE_CHECKING:
    from intake_api.store import Session

Form = Mapping[str, str]
MAX_REPLY, MAX_REASON = 5000, 500
_KEPT = (
    "text", "unit", "reason", "outcome", "kind", "topic", "sentiment", "urgent", "why", "question",
    "agency", "wait_why", "extend_why", "forward_to", "forward_why", "return_why", "merge_code",
    "unseal_reader", "unseal_why", "unseal_hours", "open_question", "open_answer",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """One move at hand."""

    tx: Session
    case: Case
    by: Acting
    services: Services
    form: Form


def _take(work: Work) -> None:
    answer.take(work.tx, work.case, work.by, services=work.services)


def _reply(work: Work) -> None:
    answer.reply(work.tx, work.case, work.by, services=work.services, text=work.form["text"])


def _draft(work: Work) -> None:
    answer.draft_answer(work.tx, work.case, work.by, services=work.services, text=work.form["text"])


def _correct(work: Work) -> None:
    answer.correct(
        work.tx,
        work.case,
        work.by,
        services=work.services,
        kind=work.form.get("kind", work.case.kind),
        topic=work.form.get("topic", work.case.topic),
        sentiment=work.form.get("sentiment", work.case.sentiment),
        urgent=work.form.get("urgent") == "1",
    )


def _transfer(work: Work) -> str | None:
    answer.transfer(
        work.tx, work.case, work.by, services=work.services, unit=work.form["unit"],
        reason=work.form["reason"],
    )  # fmt: skip
    return f"{{code}}: {answer.TO_OFFICE}." if answer.went_to_office(work.case) else None


def _close(work: Work) -> None:
    answer.close(work.tx, work.case, work.by, services=work.services, outcome=work.form["outcome"])


def _reopen(work: Work) -> None:
    answer.reopen(work.tx, work.case, work.by, services=work.services)


def _spam(work: Work) -> None:
    answer.reject_spam(work.tx, work.case, work.by, services=work.services)


def _not_spam(work: Work) -> None:
    answer.not_spam(work.tx, work.case, work.by, services=work.services)


def _seal(work: Work) -> None:
    answer.seal(work.tx, work.case, work.by, services=work.services)


def _needs_text(form: Form) -> dict[str, str]:
    text = form.get("text", "")
    if not normalize(text).strip():
        return {"text": "Chưa có nội dung trả lời."}
    if len(text) > MAX_REPLY:
        return {"text": f"Nội dung trả lời dài {len(text)} ký tự, quá 5.000."}
    return {}


def _needs_unit(form: Form) -> dict[str, str]:
    errors = {}
    if not form.get("unit"):
        errors["unit"] = "Chọn đơn vị nhận."
    if not form.get("reason", "").strip():
        errors["reason"] = "Ghi lý do chuyển để người nhận hiểu ngay."
    elif len(form["reason"]) > MAX_REASON:
        errors["reason"] = f"Lý do quá {MAX_REASON} ký tự."
    return errors


def _needs_outcome(form: Form) -> dict[str, str]:
    return {} if form.get("outcome") else {"outcome": "Chọn kết quả xử lý."}


def _nothing(_form: Form) -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Move:
    """How one move of the page is checked, done and told."""

    do: Callable[[Work], str | None]  # what to say instead of ``done``, when that is not it
    event: str
    done: str
    check: Callable[[Form], dict[str, str]] = _nothing
    sends: bool = False


MOVES: dict[str, Move] = {
    "nhan": Move(_take, "take", "Anh/chị đã nhận xử lý {code}."),
    "tra-loi": Move(_reply, "reply", "Đã gửi trả lời {code}.", _needs_text, sends=True),
    "soan": Move(_draft, "draft_answer", "Đã lưu bản soạn {code}, chờ duyệt.", _needs_text),
    "phan-loai": Move(_correct, "corrected", "Đã lưu phân loại {code}."),
    "chuyen": Move(_transfer, "route", "Đã chuyển {code} sang đơn vị mới.", _needs_unit),
    "ket-thuc": Move(_close, "close", "Đã kết thúc {code}.", _needs_outcome, sends=True),
    "mo-lai": Move(_reopen, "reopen", "Đã mở lại {code}."),
    "rac": Move(_spam, "reject_spam", "Đã đánh dấu {code} là rác."),
    "khong-rac": Move(_not_spam, "not_spam", "Đã đưa {code} trở lại hàng chờ phân loại."),
    "kenh-mat": Move(_seal, "sealed", "Đã chuyển {code} sang kênh mật."),
}


def _version(form: Form) -> int:
    found = whole(form.get("version", ""))
    if found is None:
        abort(400)
    return found


def _open(tx: Session, code: str, staff: Staff) -> Case:
    try:
        return answer.open_case(tx, code=parse_code(code) or "", staff=staff)
    except KeyError:
        abort(404)


def move(code: str, name: str) -> ResponseReturnValue:
    """Does one move; what fails changes nothing and keeps what was typed."""
    wanted = MOVES.get(name)
    if wanted is None:
        abort(404)
    run, staff, form = accounts.runtime(), accounts.me(), request.form
    by = Acting(staff, _version(form), run.clock.now())
    typed = {key: form[key] for key in _KEPT if key in form}
    errors = wanted.check(form)
    if errors:
        return casepage.show(code, Shown(errors=errors, typed=typed))
    try:
        with run.store.transaction() as tx:
            case = _open(tx, code, staff)
            said = wanted.do(Work(tx, case, by, run.services, form)) or wanted.done
            if wanted.check is _needs_text:
                notes.drop_typed(tx, staff.id, case.id)
    except StaleVersion as stale:
        return _stale(code, wanted, by, stale.current, typed)
    except TransitionNotAllowed as refused:
        return casepage.show(code, Shown(notice=_refusal(refused), typed=typed))
    except NotAllowed as refused:
        notice = Notice("danger", str(refused), status=403)
        return casepage.show(code, Shown(notice=notice, typed=typed))
    if wanted.sends and case.conversation_id:
        run.services.queue.deliver(case.conversation_id)
    return _onwards(case, staff, wanted, said)


def _onwards(case: Case, staff: Staff, done: Move, said: str) -> ResponseReturnValue:
    """Back to the case, or to the queue when it is out of this person's sight now."""
    flash(said.format(code=case.code), "sent" if done.check is _needs_text else "ok")
    with accounts.runtime().store.reading() as tx:
        stays = casepage.may_see(tx, staff)(case)
    if stays:
        return redirect(url_for("staff.case", code=case.code), 303)
    return redirect(url_for("staff.queue"), 303)


def _refusal(refused: TransitionNotAllowed) -> Notice:
    allowed = [ACTION_TITLE[action] for action in refused.allowed if action in ACTION_TITLE]
    wanted = ACTION_TITLE.get(refused.action, refused.action)
    title = f"Không thể «{wanted}» khi ý kiến đang ở trạng thái «{STAFF_LABEL[refused.state]}»."
    on = f"Lúc này anh/chị có thể: {', '.join(allowed)}." if allowed else "Hiện không có việc nào."
    return Notice("warn", title, (on,))


def _stale(
    code: str, wanted: Move, by: Acting, current: int, typed: dict[str, str]
) -> ResponseReturnValue:
    """Somebody was faster. A second click of one's own is no conflict: the work is done."""
    run = accounts.runtime()
    with run.store.reading() as tx:
        case = casepage.find(tx, code, by.staff)
        history = events.of_case(tx, case.id)
        if _own_second_click(tx, case, history, wanted, by, typed):
            return _onwards(case, by.staff, wanted, wanted.done)
        names = {person.id: person.name for person in registry.all_staff(tx)}
        unnamed = standing.unnamed(tx, history, casepage.may_see(tx, by.staff))
        lines = since.changed(history, by.version, current, run.services.catalog, names, unnamed)
    if "given" in request.form and typed.get("text", "").split() == request.form["given"].split():
        # A draft that nobody touched here: what is approved next is the one that stands now.
        typed = {name: words for name, words in typed.items() if name != "text"}
    title = "Ý kiến này vừa được thay đổi, nên chưa có gì được gửi. Anh/chị xem lại rồi làm tiếp."
    return casepage.show(code, Shown(notice=Notice("warn", title, lines), typed=typed))


def _own_second_click(
    tx: Session,
    case: Case,
    history: Sequence[Event],
    wanted: Move,
    by: Acting,
    typed: dict[str, str],
) -> bool:
    if case.version != by.version + 1:
        return False
    last = next(reversed(since.counted(history)), None)
    if last is None or last.actor != by.actor or last.action != wanted.event:
        return False
    text = typed.get("text", "").strip()
    mine = [m.text for m in cases.messages(tx, case) if m.staff_id == by.staff.id]
    return not text or bool(mine and text in mine[-1])


def reveal(code: str) -> ResponseReturnValue:
    """Shows who sent the case and the words as written, once, for a reason on record."""
    run, staff, form = accounts.runtime(), accounts.me(), request.form
    by = Acting(staff, _version(form), run.clock.now())
    why = form.get("why", "")
    if not why.strip() or len(why) > MAX_REASON:
        errors = {"why": "Ghi lý do xem (tối đa 500 ký tự); lý do được lưu vào lịch sử."}
        return casepage.show(code, Shown(errors=errors, typed={"why": why}))
    try:
        with run.store.transaction() as tx:
            case = _open(tx, code, staff)
            contact = disclose.reveal_contact(tx, case, by, reason=why)
    except NotAllowed as refused:
        notice = Notice("danger", str(refused), status=403)
        return casepage.show(code, Shown(notice=notice, typed={"why": why}))
    return casepage.show(code, Shown(contact=contact, revealed=True))


def back_to_case(code: str, name: str = "") -> ResponseReturnValue:
    """A reloaded answer of a form: the page itself is the place to be."""
    return redirect(url_for("staff.case", code=code), 303)


def register(blueprint: Blueprint) -> None:
    """Puts the moves on the door."""
    blueprint.add_url_rule("/y-kien/<code>/viec/<name>", "move", move, methods=["POST"])
    blueprint.add_url_rule("/y-kien/<code>/viec/<name>", "move_back", back_to_case)
    blueprint.add_url_rule("/y-kien/<code>/nguoi-gui", "reveal", reveal, methods=["POST"])
    blueprint.add_url_rule("/y-kien/<code>/nguoi-gui", "reveal_back", back_to_case)
