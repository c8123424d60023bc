"""What the assistant says and what it is built of, read as plain YAML (no Rasa)."""

from __future__ import annotations

import ast
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml

from vntext import fold

ROOT = Path(__file__).parents[2]
DOMAIN = sorted((ROOT / "bot" / "domain").glob("*.yml"))
RULES = [*sorted((ROOT / "bot" / "rules").glob("*.yml")), *(ROOT / "bot" / "stories").glob("*.yml")]
NLU = sorted((ROOT / "data" / "nlu").glob("*.yml"))
SOURCES = sorted((ROOT / "actions").glob("*.py"))

FORBIDDEN = (
    "!",
    "rất tiếc",
    "trải nghiệm",
    "xin lỗi vì",
    "câu hỏi rất hay",
    "tuyệt vời",
    "vui lòng chờ",
    "chatbot",
    "quý khách",
    "tôi là",
    "nhà cung cấp",
)
BUTTON_ONLY = {"pick_answer", "more_answer", "send_question"}


def _load(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _merged(key: str) -> Any:
    parts = [content[key] for content in map(_load, DOMAIN) if key in content]
    assert len(parts) == 1, key
    return parts[0]


RESPONSES = _merged("responses")
VARIANTS = [(name, variant) for name, variants in RESPONSES.items() for variant in variants]
BUTTONS = [(name, b) for name, v in VARIANTS for b in v.get("buttons", [])]


def _steps(node: Any, key: str) -> set[str]:
    """All values of ``key`` anywhere inside ``node``."""
    if isinstance(node, dict):
        own = {node[key]} if isinstance(node.get(key), str) else set()
        return own.union(*(_steps(v, key) for v in node.values()))
    if isinstance(node, list):
        return set().union(*(_steps(v, key) for v in node))
    return set()


@pytest.mark.parametrize("path", [*DOMAIN, *RULES, *NLU], ids=lambda p: p.name)
def test_files_are_nfc(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text) or path.parent.name == "nlu"


@pytest.mark.parametrize(("name", "variant"), VARIANTS, ids=[n for n, _ in VARIANTS])
def test_text_follows_the_voice(name: str, variant: dict[str, Any]) -> None:
    text = variant["text"]
    assert len(text) <= 500
    assert len(text.splitlines()) <= 6
    for phrase in FORBIDDEN:
        assert phrase not in text.lower(), phrase
    assert not re.search(r"[\U0001f300-\U0001faff☀-➿]", text)
    bare = re.sub(r"\{[^}]*\}", "", text)
    if len(bare.split()) > 4:
        words = re.findall(r"[^\W\d_]+", bare)
        accented = sum(w != fold(w) for w in words)
        assert accented / len(words) > 0.35, "looks unaccented"
    assert len(variant.get("buttons", [])) <= 3


@pytest.mark.parametrize(("name", "button"), BUTTONS, ids=[f"{n}:{b['title']}" for n, b in BUTTONS])
def test_button_fits_and_leads_somewhere(name: str, button: dict[str, str]) -> None:
    assert 0 < len(button["title"]) <= 20
    payload = button["payload"].replace("{{", "{").replace("}}", "}")
    match = re.fullmatch(r"/(\w+)(\{.*\})?", payload)
    assert match, payload
    assert match[1] in set(_merged("intents"))
    if match[2]:
        assert set(json.loads(match[2])) <= set(_merged("entities"))


def test_first_message_says_what_it_is() -> None:
    assert "trợ lý tự động của Sở" in RESPONSES["utter_greet"][0]["text"]
    assert "trợ lý tự động của Sở" in RESPONSES["utter_bot_challenge"][0]["text"]


def test_danger_opens_with_the_numbers() -> None:
    first = RESPONSES["utter_danger_numbers"][0]["text"].splitlines()[0]
    assert all(number in first for number in ("111", "113", "115"))


def test_asking_says_why_and_that_it_may_be_left_out() -> None:
    place = RESPONSES["utter_form_place"][0]["text"]
    assert "giúp chuyển đúng đơn vị" in place
    assert "bỏ qua" in place
    contact = RESPONSES["utter_form_contact"][0]["text"]
    assert "ẩn danh" in contact
    assert "chỉ dùng" in contact
    assert "đồng ý để Sở lưu" in RESPONSES["utter_form_confirm"][0]["text"]


def test_wrong_code_and_wrong_pin_share_one_sentence() -> None:
    text = RESPONSES["utter_case_not_found"][0]["text"]
    assert "mã và PIN" in text


def test_every_intent_of_the_domain_is_taught_and_answered() -> None:
    intents = set(_merged("intents"))
    taught = {block["intent"] for path in NLU for block in _load(path)["nlu"]}
    assert intents - BUTTON_ONLY == taught
    answered = set().union(*(_steps(_load(path), "intent") for path in RULES))
    # Rasa answers "restart" by itself, with action_restart.
    assert (intents | {"nlu_fallback"}) - answered == {"restart"}


def test_every_action_exists() -> None:
    used = set().union(*(_steps(_load(path), "action") for path in RULES))
    listed, forms = set(_merged("actions")), set(_merged("forms"))
    own = {a for a in used if not a.startswith("utter_")}
    assert own <= listed | forms | {"action_deactivate_loop", "action_listen"}
    assert {a for a in used if a.startswith("utter_")} <= set(RESPONSES)
    assert listed == _names_of_actions()
    assert {f"validate_{form}" for form in forms} <= listed


def _names_of_actions() -> set[str]:
    """What the ``name`` methods in actions/ return, read without importing rasa_sdk."""
    names = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name == "name":
                names |= {
                    r.value.value
                    for r in ast.walk(node)
                    if isinstance(r, ast.Return) and isinstance(r.value, ast.Constant)
                }
    return names


def test_every_response_is_said_and_every_said_response_exists() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    said = set(re.findall(r"\butter_[a-z_]+\b", code)) - {"utter_message"}
    said |= set().union(*(_steps(_load(path), "action") for path in RULES))
    said = {s for s in said if s.startswith("utter_") and not s.endswith("_")}
    # Put together from a slot's name, or said by Rasa itself.
    said |= {f"utter_form_{slot}" for slot in ("content", "place", "contact", "confirm")}
    said |= {"utter_form_status_code", "utter_form_status_pin", "utter_default"}
    said |= {"utter_ask_danger_where", "utter_ask_danger_contact"}
    assert said == set(RESPONSES)


def test_all_run_methods_are_async() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                plain = [f.name for f in node.body if isinstance(f, ast.FunctionDef)]
                assert "run" not in plain, f"{path.name}: {node.name}.run blocks the event loop"


def test_no_slot_steers_a_policy() -> None:
    for name, slot in _merged("slots").items():
        assert slot["type"] == "any" or slot["influence_conversation"] is False, name


def test_config_is_light_and_fixed() -> None:
    config = _load(ROOT / "bot" / "config.yml")
    names = [c["name"] for c in config["pipeline"] + config["policies"]]
    assert not [n for n in names if "DIET" in n or "TED" in n]
    assert config["assistant_id"] == "lang-nghe"
    assert config["language"] == "vi"


def test_only_the_rest_channel_is_open() -> None:
    assert set(_load(ROOT / "bot" / "credentials.yml")) == {"rest"}
