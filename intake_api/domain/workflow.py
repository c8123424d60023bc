"""The workflow as one table: (state, action) → state, and which roles may.

Anything that is not in the table is refused (interfaces 6.3). Lateness is no state: it is a
query on the due date.
"""

from __future__ import annotations

from datetime import timedelta

from intake_api.domain.model import OPEN_STATES, Role, State

_CARERS = frozenset({Role.COORDINATOR, Role.LEAD, Role.CONFIDENTIAL_OFFICER, Role.LEADER})
_HANDS = _CARERS | {Role.HANDLER}
_APPROVERS = frozenset({Role.LEAD, Role.CONFIDENTIAL_OFFICER, Role.LEADER})
_SORTERS = frozenset({Role.COORDINATOR, Role.LEAD, Role.CONFIDENTIAL_OFFICER})
_PUBLIC = frozenset({Role.CITIZEN, Role.SERVICE})
_SYSTEM = frozenset({Role.SERVICE})

ACTION_TITLE: dict[str, str] = {
    "triage": "Phân loại",
    "route": "Chuyển đơn vị",
    "return": "Trả lại Văn phòng",
    "take": "Nhận xử lý",
    "ask_citizen": "Hỏi thêm người gửi",
    "wait_external": "Chờ cơ quan phối hợp",
    "resume": "Tiếp tục xử lý",
    "draft_answer": "Soạn trả lời",
    "approve": "Duyệt trả lời",
    "reply": "Gửi trả lời",
    "close": "Kết thúc",
    "lapse": "Kết thúc do quá hạn bổ sung",
    "reopen": "Mở lại",
    "merge": "Gộp",
    "unmerge": "Tách",
    "forward_outside": "Chuyển cơ quan ngoài ngành",
    "reject_spam": "Đánh dấu rác",
    "not_spam": "Không phải rác",
    "withdraw": "Rút ý kiến",
    "erase": "Xóa theo yêu cầu",
}

_WORKING = (State.ROUTED, State.IN_PROGRESS, State.REOPENED)
_PAUSED = (State.AWAITING_CITIZEN, State.AWAITING_EXTERNAL)
_DRAFT = (State.ANSWER_DRAFTED, State.ANSWER_APPROVED)
_SETTLED = (State.ANSWERED, State.CLOSED)


def _table() -> dict[tuple[State, str], tuple[State, frozenset[Role]]]:
    moves: dict[tuple[State, str], tuple[State, frozenset[Role]]] = {}

    def allow(froms: tuple[State, ...], action: str, to: State, roles: frozenset[Role]) -> None:
        for state in froms:
            moves[(state, action)] = (to, roles)

    allow((State.RECEIVED,), "triage", State.TRIAGED, _SORTERS | _SYSTEM)
    unsettled = (State.RECEIVED, State.TRIAGED, *_WORKING, *_PAUSED, State.ANSWER_DRAFTED)
    allow(unsettled, "route", State.ROUTED, _SORTERS | _SYSTEM)
    # "Không đúng thẩm quyền": whoever holds the case gives it back to be sorted again.
    allow(unsettled[1:], "return", State.TRIAGED, _HANDS - {Role.COORDINATOR})
    allow((State.TRIAGED, *_WORKING), "take", State.IN_PROGRESS, _HANDS)
    allow((State.TRIAGED, *_WORKING), "ask_citizen", State.AWAITING_CITIZEN, _HANDS)
    allow(_WORKING, "wait_external", State.AWAITING_EXTERNAL, _HANDS)
    allow(_PAUSED, "resume", State.IN_PROGRESS, _HANDS | _PUBLIC)
    allow(
        (State.TRIAGED, *_WORKING, *_PAUSED, *_DRAFT), "draft_answer", State.ANSWER_DRAFTED, _HANDS
    )
    allow((State.ANSWER_DRAFTED,), "approve", State.ANSWER_APPROVED, _APPROVERS)
    allow((State.TRIAGED, *_WORKING, *_PAUSED, *_DRAFT), "reply", State.ANSWERED, _CARERS)
    allow((State.TRIAGED, *_WORKING, *_PAUSED, State.ANSWERED), "close", State.CLOSED, _CARERS)
    allow((State.ANSWERED,), "close", State.CLOSED, _CARERS | _PUBLIC)
    allow((State.AWAITING_CITIZEN,), "lapse", State.CLOSED, _SYSTEM)
    allow(_SETTLED, "reopen", State.REOPENED, _CARERS | _PUBLIC)
    open_states = tuple(sorted(OPEN_STATES))
    allow(open_states, "merge", State.MERGED, _SORTERS)
    allow((State.MERGED,), "unmerge", State.TRIAGED, _SORTERS | _SYSTEM)
    allow((State.TRIAGED, *_WORKING, *_PAUSED), "forward_outside", State.FORWARDED_OUTSIDE, _CARERS)
    allow((State.RECEIVED, State.TRIAGED, *_WORKING), "reject_spam", State.REJECTED_SPAM, _SORTERS)
    # A mistake about spam is put right like any other: the case is sorted again.
    allow((State.REJECTED_SPAM,), "not_spam", State.TRIAGED, _SORTERS)
    allow(open_states, "withdraw", State.WITHDRAWN, _PUBLIC)
    ended = (State.CLOSED, State.FORWARDED_OUTSIDE, State.REJECTED_SPAM, State.WITHDRAWN)
    allow((*ended, State.ANSWERED, State.MERGED), "erase", State.ERASED, _PUBLIC)
    return moves


MOVES = _table()

# A second person approves before these go out (interfaces 6.3, transition 6).
TWO_PERSON_KINDS = frozenset({"complaint", "denunciation", "draft_comment"})

# How often a case may be sent on by the units before the coordinator decides (transition 3).
MOST_BOUNCES = 3
# Silence after an answer that arrived closes the case; so long may it be taken up again.
SETTLE = timedelta(days=7)
REOPEN = timedelta(days=30)


class TransitionNotAllowed(ValueError):
    """The move is not in the table; ``allowed`` lists what this role may do from here."""

    def __init__(self, state: State, action: str, allowed: list[str]) -> None:
        self.state, self.action, self.allowed = state, action, allowed
        super().__init__(f"{action} is not allowed from {state.value}; allowed: {allowed}")


def allowed(state: State, role: Role) -> list[str]:
    """Actions that ``role`` may take from ``state``, in the order of the table."""
    return [
        action
        for (start, action), (_to, roles) in MOVES.items()
        if start == state and role in roles
    ]


def ever(role: Role, action: str) -> bool:
    """True when there is a state from which ``role`` may take ``action``."""
    return any(name == action and role in roles for (_from, name), (_to, roles) in MOVES.items())


def apply(state: State, action: str, role: Role) -> State:
    """Returns the state after ``action``. Raises TransitionNotAllowed."""
    move = MOVES.get((state, action))
    if move is None or role not in move[1]:
        raise TransitionNotAllowed(state, action, allowed(state, role))
    return move[0]


def restored(before: State) -> State:
    """The state a case takes up again when it is parted from the one it was merged into.

    A pause ended with the merging, so whoever waited goes on working. Raises ValueError for a
    state that no case is merged from.
    """
    if before not in OPEN_STATES:
        raise ValueError(f"no case is merged from {before}")
    return State.IN_PROGRESS if before in _PAUSED else before


def may_approve(role: Role) -> bool:
    """True when this role may approve what somebody else drafted."""
    return role in _APPROVERS


def needs_second_person(kind: str) -> bool:
    """True when whoever wrote the answer may not be the one who sends it."""
    return kind in TWO_PERSON_KINDS
