"""A young person who is not well: short warm words, the number once, a way to a person."""

from __future__ import annotations

import re

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events
from actions.turn import Turn
from vntext import views

_HEAVY = re.compile(
    r"\b(?:ap luc|stress|tram cam|khong ngu duoc|mat ngu|kho ngu|(?:met|chan|buon|so|co don"
    r"|tui than) "
    r"(?:moi )?(?:qua|lam|vl)|khong (?:con )?muon (?:di hoc|den truong|hoc nua|noi chuyen)"
    r"|khong ai "
    r"(?:hieu|choi|quan tam|nghe)|bi (?:co lap|tay chay|che|ghet|bat nat)|khoc (?:mai|suot|hoai)"
    r"|be tac|tuyet vong|tu ti)\b"
)
_SELF = re.compile(r"\b(?:em|minh|chau|con|tui|to|t|mk)\b")
# A grown-up speaks about a child, or about a rule.
_GROWN = re.compile(
    r"\b(?:con (?:toi|em|minh|trai|gai|chau|nha|be|lon|nho|chung)|chau nha|chau toi|be nha"
    r"|cac (?:con|chau|em|be|ban)"
    r"|hoc sinh|phu huynh|toi|de nghi|kien nghi|phan anh|gop y)\b"
)
_SECRET = re.compile(
    r"\b(?:dung|khong) (?:noi|ke|bao|mach|cho)\b.*\b(?:bo|me|ba|gia dinh|co giao|thay)\b"
)
_PUPIL = re.compile(
    r"\b(?:bo me|ba me|me|bo|ban be|cac ban|lop|co giao|thay|di hoc|thi cu|bai|truong) (?:em"
    r"|minh|chau|con|to)\b"
    r"|\b(?:em|chau) (?:hoc|la hoc sinh|dang hoc|nam nay hoc|bi (?:ban|cac ban|chung no))\b"
    r"|\b(?:cuu|giup) (?:em|chau)\b|\bnhot em\b"
)
_TEEN = re.compile(
    r"(?<!\w)(?:hok|hong|mk|mik|ns|bt|zậy|zay|z|j|tr|nha|hic|huhu)(?!\w)", re.IGNORECASE
)
_MOST = 25


def troubled(turn: Turn) -> bool:
    """Whether somebody young tells of a heavy heart, in their own name and in short words."""
    folded = views(turn.typed).folded
    if not turn.typed or turn.words > _MOST or _GROWN.search(folded):
        return False
    return bool(_HEAVY.search(folded) and (_SELF.search(folded) or turn.words <= 5))


def wants_secrecy(turn: Turn) -> bool:
    """Whether the message asks that parents or teachers be told nothing."""
    folded = views(turn.typed).folded
    return bool(turn.typed) and turn.words <= 12 and bool(_SECRET.search(folded))


def writes_as_pupil(turn: Turn) -> bool:
    """Whether the words are a pupil's own."""
    folded = views(turn.typed).folded
    if not turn.typed or _GROWN.search(folded):
        return False
    teen = len({w.lower() for w in _TEEN.findall(turn.typed)})
    return bool(_PUPIL.search(folded)) or teen >= 2 or troubled(turn)


def listen(dispatcher: CollectingDispatcher, turn: Turn, tracker: Tracker) -> Events | None:
    """Answer a heavy heart; None when the message is something else."""
    heard = bool(tracker.get_slot("heard"))
    if heard and wants_secrecy(turn):
        dispatcher.utter_message(response="utter_distress_secret")
    elif troubled(turn):
        dispatcher.utter_message(response="utter_distress_more" if heard else "utter_distress")
    elif wants_secrecy(turn) and writes_as_pupil(turn):
        dispatcher.utter_message(response="utter_distress_secret")
        dispatcher.utter_message(response="utter_distress_number")
    else:
        return None
    offer = {"do": "which", "text": turn.typed}
    return [SlotSet("heard", "yes"), SlotSet("pupil", "yes"), SlotSet("offer", offer)]
