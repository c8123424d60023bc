"""The whole public API against its own description: whatever the document allows is taken, whatever
it forbids is refused, and every answer is one that it names (schemathesis, in process)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from intake_api.api.operations import OPERATIONS
from intake_api.limits import limiter
from tests.api import house

EXAMPLES = 10
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


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    made = house.make_app(tmp_path_factory.mktemp("fuzz"))
    yield made
    limiter.enabled = True
    house.store_of(made).close()


@pytest.fixture(scope="module")
def shown(app: Any) -> str:
    return house.key(app)


@pytest.fixture(scope="module")
def known(app: Any, shown: str) -> Callable[[Any], None]:
    """Puts codes and places that exist where guessed ones stand: those lead to the same 404 and
    422 for ever."""
    caller = house.Caller(app, shown)
    sent = [caller.send() for _ in range(4)]
    house.reply(app, sent[0])
    sealed = caller.send("Hiệu trưởng trường A nhận tiền chạy lớp, đề nghị xác minh")
    codes, place = cycle([*sent, sealed]), caller.get("/cases?limit=2").json["next_cursor"]

    def put(case: Any) -> None:
        if case.meta.generation.mode != GenerationMode.POSITIVE:
            return
        if "code" in (case.path_parameters or {}):
            case.path_parameters["code"] = next(codes)
        if "cursor" in (case.query or {}):
            case.query["cursor"] = "1" if "history" in case.operation.path else place

    return put


@pytest.fixture(scope="module")
def api(app: Any, shown: str) -> Any:
    made = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=CONFIG)

    @made.auth()
    class Key:
        def get(self, _case: Any, _context: Any) -> str:
            return shown

        def set(self, case: Any, data: str, _context: Any) -> None:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}

    return made


# Where nothing is asked for nothing can be wrong.
WRONG = [one.name for one in OPERATIONS if one.body or one.query or one.headers or "<" in one.rule]
CALLS = [
    *((one.name, GenerationMode.POSITIVE) for one in OPERATIONS),
    *((name, GenerationMode.NEGATIVE) for name in WRONG),
]


def test_the_description_is_an_openapi_document(api: Any) -> None:
    api.validate()
    assert api.raw_schema["openapi"] == "3.1.0"


@pytest.mark.parametrize(("name", "mode"), CALLS, ids=lambda one: str(one).rpartition(".")[2])
def test_the_api_does_what_its_description_says(
    api: Any, known: Callable[[Any], None], name: str, mode: GenerationMode
) -> None:
    found = api.find_operation_by_id(name)

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=found.as_strategy(mode))
    def calls(case: Any) -> None:
        known(case)
        case.call_and_validate()

    calls()
