"""Questions: the intake's knowledge decides the answer, this says it."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, honest_when_down
from actions.client import intake
from actions.distress import listen
from actions.people import hand_over, reset_status
from actions.supplements import belongs_to_case, but, supplement
from actions.turn import Turn, anybody_there, question_shaped, read_turn, speaks_up
from vntext import views

TITLE = 20
SURE = 0.6
# Below this a text is rather not understood than about something else.
_OFF_TOPIC = 0.55
_WITHDRAW = re.compile(r"\b(?:rut|huy (?:phan anh|y kien|gop y|don|yeu cau)|xin huy)\b")
_FEWEST_CONTENT_WORDS = 4
_NUMBER = re.compile(r"(?:so |cau |chon )?([1-3])(?: a| nhe)?\Z")


def short_title(text: str) -> str:
    """Cut ``text`` to a button title at a word boundary."""
    if len(text) <= TITLE:
        return text
    cut = text[: TITLE - 1].rsplit(" ", 1)[0].rstrip(" ,:;-")
    return cut + "…"


def pick(slug: str, title: str) -> dict[str, str]:
    """A button that asks for one entry."""
    return {"title": short_title(title), "payload": f'/pick_answer{{"slug":"{slug}"}}'}


async def ask(turn: Turn, text: str, **more: Any) -> dict[str, Any]:
    """Ask the intake; the question is logged there when it has no answer."""
    return await intake().call(
        "POST", "/answer", turn.body(text=text, **more), key=turn.key("answer")
    )


def say_answer(dispatcher: CollectingDispatcher, answer: dict[str, Any], *, more: bool) -> Events:
    """Say one entry with its source, and offer what belongs to it."""
    body = answer["more"] if more and answer.get("more") else answer["text"]
    lines = [body, answer.get("source") or "", answer.get("validity") or ""]
    buttons = []
    if answer.get("more") and not more:
        payload = f'/more_answer{{"slug":"{answer["slug"]}"}}'
        buttons.append({"title": "Xem thêm", "payload": payload})
    related = answer.get("related") or []
    buttons += [pick(r["slug"], r["short"]) for r in related[: 2 - len(buttons)]]
    buttons.append({"title": "Chưa đúng ý", "payload": f"faq:unhelpful:{answer['slug']}"})
    dispatcher.utter_message(
        response="utter_answer",
        answer="\n".join(line for line in lines if line),
        buttons=buttons,
        json_message={"source": answer.get("source"), "validity": answer.get("validity")},
    )
    return [SlotSet("last_slug", answer["slug"]), SlotSet("choices", None)]


def say_suggestions(dispatcher: CollectingDispatcher, answers: list[dict[str, Any]]) -> Events:
    """Ask which of up to three entries was meant."""
    answers = answers[:3]
    options = "\n".join(f"{i}. {a['title']}" for i, a in enumerate(answers, 1))
    dispatcher.utter_message(
        response="utter_suggest",
        options=options,
        buttons=[pick(a["slug"], a["short"]) for a in answers],
    )
    return [SlotSet("choices", [a["slug"] for a in answers])]


def say_reply(dispatcher: CollectingDispatcher, reply: dict[str, Any], question: str) -> Events:
    """Say what the intake decided: an answer, a choice, or that there is none."""
    answers = reply.get("answers") or []
    if reply["decision"] == "answer" and answers:
        return [*say_answer(dispatcher, answers[0], more=False), SlotSet("offer", None)]
    if reply["decision"] == "suggest" and answers:
        offer = SlotSet("offer", {"do": "send_question", "text": question})
        return [*say_suggestions(dispatcher, answers), offer]
    dispatcher.utter_message(response="utter_no_answer")
    return [SlotSet("offer", {"do": "send_question", "text": question}), SlotSet("choices", None)]


def asked_slug(turn: Turn, tracker: Tracker) -> tuple[str | None, bool]:
    """The entry a button or a typed number names, and whether "Xem thêm" was meant."""
    if turn.entities.get("slug"):
        return turn.entities["slug"], turn.intent == "more_answer"
    folded = views(turn.typed).folded.strip(" .!?")
    choices = tracker.get_slot("choices") or []
    number = _NUMBER.match(folded)
    if number and int(number[1]) <= len(choices):
        return choices[int(number[1]) - 1], False
    if folded in ("xem them", "doc them", "chi tiet") and tracker.get_slot("last_slug"):
        return tracker.get_slot("last_slug"), True
    return None, False


async def say_entry(dispatcher: CollectingDispatcher, turn: Turn, slug: str, more: bool) -> Events:
    """Say the entry ``slug`` as it holds today."""
    reply = await ask(turn, turn.typed, slug=slug, more=more)
    answers = reply.get("answers") or []
    if not answers:
        dispatcher.utter_message(response="utter_answer_gone")
        return []
    if more and not answers[0].get("more"):
        dispatcher.utter_message(response="utter_no_more")
        return []
    return say_answer(dispatcher, answers[0], more=more)


def asks_on(turn: Turn, tracker: Tracker) -> bool:
    """Whether a sentence that sounds a little like a comment asks on after an answer."""
    unsure = turn.confidence < SURE and not speaks_up(turn)
    return unsure and bool(tracker.get_slot("last_slug")) and question_shaped(turn.typed)


class ActionAnswer(Action):
    """Everything that may be a question ends here, and what nobody understood."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_answer"

    @honest_when_down
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Answer, offer up to three entries, or say honestly that there is no answer."""
        turn = read_turn(tracker)
        slug, more = asked_slug(turn, tracker)
        if slug:
            return await say_entry(dispatcher, turn, slug, more)
        question = turn.typed
        offer = tracker.get_slot("offer") or {}
        if not question and offer.get("do") == "which":
            question = offer["text"]
        if turn.only_files:
            dispatcher.utter_message(response="utter_file_kept_alone")
            return []
        if not any(c.isalnum() for c in question):
            dispatcher.utter_message(response="utter_ask_what")
            return []
        heard = listen(dispatcher, turn, tracker)
        if heard is not None:
            return heard
        if belongs_to_case(turn):
            await supplement(dispatcher, turn)
            return [SlotSet("offer", None)]
        shaped = question_shaped(question)
        if speaks_up(turn) and not (shaped and turn.confidence >= SURE):
            return [FollowupAction("feedback_form")]
        if turn.intent == "off_topic" and (shaped or turn.confidence >= _OFF_TOPIC):
            if shaped:
                reply = await ask(turn, question)
                if reply["decision"] == "answer":
                    return say_reply(dispatcher, reply, question)
            dispatcher.utter_message(response="utter_off_topic")
            return []
        if turn.intent != "ask_question" and not shaped:
            dispatcher.utter_message(response="utter_not_understood")
            return [SlotSet("offer", {"do": "which", "text": question})]
        return say_reply(dispatcher, await ask(turn, question), question)


async def instead(dispatcher: CollectingDispatcher, turn: Turn, tracker: Tracker) -> Events | None:
    """What a control word that is none outside its form may be; None when it is one after all.

    Nothing somebody complains of may be lost to a weak guess ("trường không có nước uống").
    """
    if turn.command or not turn.typed:
        return None
    heard = listen(dispatcher, turn, tracker)
    if heard is not None:
        return heard
    if turn.confidence >= SURE or turn.words < _FEWEST_CONTENT_WORDS:
        return None
    if belongs_to_case(turn):
        await supplement(dispatcher, turn)
        return [SlotSet("offer", None)]
    if question_shaped(turn.typed):
        return say_reply(dispatcher, await ask(turn, turn.typed), turn.typed)
    return [FollowupAction("feedback_form")]


class ActionSmallTalk(Action):
    """Greetings and thanks, unless they are only how somebody begins."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_small_talk"

    @honest_when_down
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Answer in one line, or go on with what follows the politeness."""
        turn = read_turn(tracker)
        heard = listen(dispatcher, turn, tracker)
        if heard is not None:
            return heard
        if but(turn.typed):
            if belongs_to_case(turn):
                await supplement(dispatcher, turn)
                return []
            return [FollowupAction("feedback_form")]
        if turn.intent == "thank":
            dispatcher.utter_message(response="utter_thank")
        elif anybody_there(turn.typed):
            dispatcher.utter_message(response="utter_here")
        elif turn.intent == "greet" and turn.confidence < SURE and question_shaped(turn.typed):
            return say_reply(dispatcher, await ask(turn, turn.typed), turn.typed)
        elif turn.intent == "bot_challenge":
            dispatcher.utter_message(response="utter_bot_challenge")
        else:
            dispatcher.utter_message(response="utter_greet")
        return []


class ActionOutside(Action):
    """Cancel, correct, skip, anonymous while nothing is open: mostly about a case already sent."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_outside"

    @honest_when_down
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Pass a withdrawal or an addition to the officers, else say what is possible."""
        turn = read_turn(tracker)
        forget = [SlotSet("offer", None), *reset_status()]
        sent_before = bool(turn.metadata.get("has_open_case"))
        if turn.intent == "anonymous":
            dispatcher.utter_message(response=_anonymity(tracker, sent_before))
        elif turn.intent == "cancel" and sent_before and _WITHDRAW.search(views(turn.typed).folded):
            await hand_over(dispatcher, turn, turn.typed, "withdraw")
        elif belongs_to_case(turn) or (turn.intent == "correct" and sent_before and turn.words > 2):
            await supplement(dispatcher, turn)
        else:
            told = None
            if not tracker.get_slot("requested_slot"):
                told = await instead(dispatcher, turn, tracker)
            if told is not None:
                return [*forget, *told]
            dispatcher.utter_message(response="utter_nothing_open")
        return forget


def _anonymity(tracker: Tracker, sent_before: bool) -> str:
    """What is said about names: of the case just sent, or of one still to come."""
    sent = tracker.get_slot("sent") or {}
    if not (sent_before and sent):
        return "utter_anonymous_possible"
    nameless = sent.get("contact_kind") == "anonymous"
    if sent.get("confidential"):
        return "utter_sent_sealed_anonymous" if nameless else "utter_sent_sealed"
    return "utter_sent_anonymous" if nameless else "utter_anonymous_possible"


class ActionOffer(Action):
    """Yes or no to what the assistant offered last."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_offer"

    @honest_when_down
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Hand on to the action the offer stands for."""
        turn = read_turn(tracker)
        offer = tracker.get_slot("offer") or {}
        what = offer.get("do")
        if turn.intent == "deny" and what:
            dispatcher.utter_message(response="utter_offer_declined")
            return [SlotSet("offer", None)]
        if not what:
            told = await instead(dispatcher, turn, tracker)
            if told is not None:
                return told
        if what == "send_question":
            await hand_over(dispatcher, turn, offer["text"], "unanswered")
            return [SlotSet("offer", None)]
        if what == "feedback":
            # A form that has been opened waits for the person; any other action would need a rule.
            return [FollowupAction("feedback_form")]
        dispatcher.utter_message(response="utter_nothing_open")
        return []
