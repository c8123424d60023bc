"""Plays the held-out dialogues through the whole running system and judges every turn.

A turn is judged by what was done, never by its wording alone: each message of the assistant is
traced to the text it was made from (``bot/domain/responses.yml``, ``catalog/messages.yml``) and
answers to their entry.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import yaml

from benchmarks import chat
from benchmarks.load import TOKEN
from benchmarks.serving import HOST
from intake_api.knowledge import load_entries
from intake_api.settings import ROOT

if TYPE_CHECKING:
    from benchmarks.measures import Results
    from intake_api.domain.model import Entry

# The moment at which all dialogues begin: what an entry says depends on the day.
NOW = "2026-11-24T09:00:00+07:00"
_TIMEOUT = 30.0
_SLOT = re.compile(r"\\\{\w+\\\}")

# What the assistant may do for a turn, by the texts that say so.
FORM = {
    "form_content", "content_too_short", "noted", "noted_plain", "noted_praise", "two_issues",
    "noted_confidential", "form_place", "form_contact", "form_contact_again", "contact_unclear",
    "form_confirm", "appended", "changed", "now_anonymous", "ask_fix", "ask_new_content",
    "must_confirm", "still_open", "ask_what",
}  # fmt: skip
NUMBERS = {"danger_numbers", "danger", "self_harm", "distress_number"}
SMALL = {
    "greet", "goodbye", "thank", "bot_challenge", "abuse", "foreign_language", "off_topic", "here",
    "not_understood", "default", "restart", "offer_declined", "nothing_open", "noted_praise",
    "danger_kept", "danger_listening", "distress_more", "resume", "danger_left", "ask_what",
    "ask_danger_contact",
}  # fmt: skip
ACTS: dict[str, set[str]] = {
    "none": {"no_answer", "suggest", "answer_gone", "off_topic", "not_understood"},
    "record": FORM,
    "sealed": FORM,
    "form": {*FORM, "receipt"},
    "summary_yes": {"receipt", "sent_sealed_anonymous", "sent_sealed", "sent_anonymous"},
    "cancel": {"cancelled", "cancelled_later", "nothing_open", "offer_declined"},
    "danger": NUMBERS,
    "person": {"handoff", "press"},
    "status": {"form_status_code", "form_status_pin", "code_mistyped", "case", "case_not_found"},
    "small": SMALL,
}


def play(items: Sequence[Mapping[str, Any]], results: Results) -> None:
    """Plays every dialogue as a visitor of its own; counts turns and whole dialogues.

    Raises BenchProblem when the system does not start.
    """
    results.sizes["dialogues"] = Counter(str(item["form"]) for item in items)
    with chat.house(now=NOW) as running:
        for number, item in enumerate(items, start=1):
            right = [
                _judge(turn["expect"], said, item["form"], results)
                for turn, said in zip(item["turns"], _talk(running.port, number, item), strict=True)
            ]
            results.count("dialogue.turn", item["form"], sum(right), len(right))
            results.count("dialogue.whole", item["form"], all(right))


def _talk(port: int, number: int, item: Mapping[str, Any]) -> Iterator[list[str]]:
    headers = {"X-Forwarded-For": f"10.2.{number // 250}.{number % 250 + 1}"}
    base = f"http://{HOST}:{port}"
    with httpx.Client(base_url=base, timeout=_TIMEOUT, trust_env=False, headers=headers) as browser:
        found = TOKEN.search(browser.get("/tro-chuyen").text)
        assert found, "the chat's page names no conversation"
        after = 0
        for turn in item["turns"]:
            body = {
                "text": turn["say"], "payload": None, "client_id": str(uuid.uuid4()), "after": after
            }  # fmt: skip
            answer = browser.post(
                "/tro-chuyen/tin", json=body, headers={"X-Langnghe-Chat": found[1]}
            )
            said = answer.raise_for_status().json()["messages"]
            after = max([after, *(message["id"] for message in said)])
            yield [message["text"] for message in said if message["author"] != "citizen"]


def _judge(expect: Mapping[str, Any], said: Sequence[str], form: str, results: Results) -> bool:
    wanted = str(expect["act"])
    acts, answered, offered = done(said)
    if wanted in ("answer", "choices"):
        # The right entry among the choices is one tap away, as in the FAQ's "among those offered".
        right = bool((answered or offered) & set(expect["entry"]))
        results.count("dialogue.answered", form, bool(answered & set(expect["entry"])))
    else:
        right = bool(acts & ACTS[wanted])
        # A person who does not ask is not answered, and one without an entry gets none.
        if wanted in ("none", "small", "record", "sealed", "cancel", "person", "status"):
            right = right and not answered
    results.confuse("Dialogue", wanted, wanted if right else _named(acts, answered))
    return right


def _named(acts: set[str], answered: set[str]) -> str:
    return "another entry" if answered else ", ".join(sorted(acts)) or "nothing known"


def done(said: Sequence[str]) -> tuple[set[str], set[str], set[str]]:
    """Names of the texts that were said, entries answered with, and entries offered to choose."""
    acts: set[str] = set()
    answered: set[str] = set()
    offered: set[str] = set()
    for text in said:
        acts |= {name for name, pattern in _texts() if pattern.fullmatch(text.strip())}
        answered |= {slug for slug, begins in _answers() if begins in text}
        offered |= {one.slug for one in _entries() if f". {one.title}\n" in text}
    return acts, answered, offered


@cache
def _texts() -> list[tuple[str, re.Pattern[str]]]:
    found: list[tuple[str, str]] = []
    responses = yaml.safe_load((ROOT / "bot/domain/responses.yml").read_text(encoding="utf-8"))
    for name, variants in responses["responses"].items():
        found += [(name.removeprefix("utter_"), one.get("text", "")) for one in variants]
    messages: Path = ROOT / "intake_api" / "catalog" / "messages.yml"
    found += list(yaml.safe_load(messages.read_text(encoding="utf-8")).items())
    # A text that is nothing but one slot matches everything.
    return [(name, _pattern(text)) for name, text in found if not re.fullmatch(r"\{\w+\}", text)]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(_SLOT.sub(".*", re.escape(text.strip())), re.DOTALL)


@cache
def _entries() -> list[Entry]:
    return load_entries(ROOT / "data")


@cache
def _answers() -> list[tuple[str, str]]:
    return [(one.slug, version.answer.strip()) for one in _entries() for version in one.versions]
