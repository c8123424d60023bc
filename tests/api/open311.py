"""A client of Open311 in process that holds every answer to the specification's own documents."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from intake_api.store import cases
from tests.api import house

FEES = "dd.khoan_thu"
BASE = "/open311/v2"
PLACE = "127.0.0.1"  # the host of the public address is the jurisdiction


@cache
def grammar() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(Path(__file__).with_name("georeport.rng")))


class Client:
    """Speaks to the door in process and holds every XML document to the grammar."""

    def __init__(self, app: Any, key: str | None = None) -> None:
        self.client, self.key = app.test_client(), key

    def get(self, path: str, http: int = 200, fmt: str = "json", **query: str) -> Any:
        given = {**({"api_key": self.key} if self.key else {}), **query}
        return self._read(self.client.get(f"{BASE}/{path}.{fmt}", query_string=given), fmt, http)

    def post(self, path: str, http: int = 200, fmt: str = "json", **form: str) -> Any:
        given = {**({"api_key": self.key} if self.key else {}), **form}
        return self._read(self.client.post(f"{BASE}/{path}.{fmt}", data=given), fmt, http)

    def report(self, text: str = house.FEE, **form: str) -> Any:
        return self.post("requests", service_code=FEES, description=text, **form)[0]

    def _read(self, answered: Any, fmt: str, status: int) -> Any:
        assert answered.status_code == status, answered.text
        if fmt == "json":
            assert answered.content_type == "application/json; charset=utf-8"
            return json.loads(answered.text)
        assert answered.content_type == "text/xml; charset=utf-8"
        tree = etree.fromstring(answered.data)
        assert grammar().validate(tree), grammar().error_log
        return tree


def case_of(app: Any, code: str) -> Any:
    with house.store_of(app).reading() as tx:
        found = cases.by_code(tx, code)
        assert found is not None
        return found
