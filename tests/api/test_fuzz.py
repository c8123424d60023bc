"""The whole public API against its own description: whatever the document allows is taken, whatever
it forbids is refused, and every answer is one that it names (schemathesis, in process)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from intake_api.api import describe
from intake_api.api.operations import OPERATIONS
from intake_api.limits import limiter
from tests import builders
from tests.api import house

EXAMPLES = 6
# Beyond what any description can say: a version that moved on meanwhile.
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", "404", "409", "412"]},
            "missing_required_header": {"expected-statuses": ["400", "401", "422", "428"]},
        },
        "generation": {"deterministic": True, "database": "none"},
    }
)


# Each door with its document, and who calls.
DOORS = {
    "everybody": ("/api/v1/openapi.json", describe.of_everybody()),
    "assistant": ("/bot/v1/openapi.json", describe.of_the_assistant()),
}
TOKEN = "b" * 40


@pytest.fixture(scope="module")
def app(shared: Any) -> Iterator[Any]:
    house.empty(shared)
    limiter.enabled = False
    yield shared
    limiter.enabled = True


class Known:
    """Puts codes and places that exist where guessed ones stand: those lead to the same 404 and 422
    for ever."""

    def __init__(self, app: Any, shown: str) -> None:
        caller = house.Caller(app, shown)
        sent = [caller.send() for _ in range(4)]
        house.reply(app, sent[0])
        sealed = caller.send("Hiệu trưởng trường A nhận tiền chạy lớp, đề nghị xác minh")
        self.codes, self.place = cycle([*sent, sealed]), caller.get("/cases?limit=2").json
        with house.store_of(app).transaction() as tx:
            self.sender = f"web:{builders.make_conversation(tx).id}"
        self.client, self.drafts, self.keys = app.test_client(), 0, 0

    def put(self, case: Any) -> None:
        if case.meta.generation.mode != GenerationMode.POSITIVE:
            return
        if "Idempotency-Key" in (case.headers or {}):
            # Short keys meet again, with another body: that is refused, and tested elsewhere.
            self.keys += 1
            key = case.headers["Idempotency-Key"]
            quote = '"' if key.endswith('"') and key != '"' else ""
            case.headers["Idempotency-Key"] = f"{key.rstrip(chr(34))[:140]}.{self.keys}{quote}"
        if "code" in (case.path_parameters or {}):
            case.path_parameters["code"] = next(self.codes)
        if "draft_id" in (case.path_parameters or {}):
            case.path_parameters["draft_id"] = self.draft()
        if "cursor" in (case.query or {}):
            history = "history" in case.operation.path
            case.query["cursor"] = "1" if history else self.place["next_cursor"]
        if isinstance(case.body, dict) and "sender" in case.body:
            case.body["sender"] = self.sender
            # What no description can say: some words are left when marks and blanks are gone.
            case.body["text"] = f"học phí {case.body.get('text', '')}"[:5000]

    def draft(self) -> str:
        self.drafts += 1
        made = self.client.post(
            "/bot/v1/drafts", json={"sender": self.sender, "text": house.FEE},
            headers={"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": f"d{self.drafts}"},
        )  # fmt: skip
        return str(made.json["draft_id"])


@pytest.fixture(scope="module")
def shown(app: Any) -> str:
    return house.key(app)


@pytest.fixture(scope="module")
def known(app: Any, shown: str) -> Known:
    return Known(app, shown)


@pytest.fixture(scope="module")
def schemas(app: Any, shown: str) -> dict[str, Any]:
    found = {}
    for name, (path, _operations) in DOORS.items():
        token = TOKEN if name == "assistant" else shown
        made = schemathesis.openapi.from_wsgi(
            path, app, config=CONFIG, headers={"Authorization": f"Bearer {token}"}
        )
        made.auth()(_key(token))
        found[name] = made
    return found


def _key(token: str) -> type:
    class Key:
        def get(self, _case: Any, _context: Any) -> str:
            return token

        def set(self, case: Any, data: str, _context: Any) -> None:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}

    return Key


def calls() -> Iterator[Any]:
    for door, (_path, operations) in DOORS.items():
        for one in operations:
            yield pytest.param(door, one.name, GenerationMode.POSITIVE, id=f"{one.name}-positive")
            # Where nothing is asked for nothing can be wrong.
            if one.body or one.query or one.headers or "<" in one.rule:
                mode = GenerationMode.NEGATIVE
                yield pytest.param(door, one.name, mode, id=f"{one.name}-negative")


@pytest.mark.parametrize("door", DOORS)
def test_the_description_is_an_openapi_document(schemas: dict[str, Any], door: str) -> None:
    schemas[door].validate()
    assert schemas[door].raw_schema["openapi"] == "3.1.0"


def test_the_assistants_description_is_not_for_everybody(app: Any) -> None:
    assert app.test_client().get("/bot/v1/openapi.json").status_code == 401


def test_every_address_of_the_api_is_described(app: Any) -> None:
    made = {(one.method, one.rule) for one in OPERATIONS}
    served = {
        (method, str(rule.rule))
        for rule in app.url_map.iter_rules()
        if str(rule.rule).startswith(("/api/", "/bot/"))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert served - made == {("GET", "/api/v1/docs"), ("GET", "/bot/v1/openapi.json")}
    assert made <= served


@pytest.mark.parametrize(("door", "name", "mode"), list(calls()))
def test_the_api_does_what_its_description_says(
    schemas: dict[str, Any], known: Known, door: str, name: str, mode: GenerationMode
) -> None:
    found = schemas[door].find_operation_by_id(name)

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=found.as_strategy(mode))
    def call(case: Any) -> None:
        known.put(case)
        case.call_and_validate()

    call()
