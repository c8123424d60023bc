"""Open311's two formats: XML as the specification writes it, JSON as its "Spark" mapping.

In JSON a list is a bare array, in XML it has a wrapper; what is null is an empty element.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from flask import Response

FORMATS = ("xml", "json")
TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
# What each list's wrapper is called in XML, and its members.
MEMBER = {
    "services": "service", "service_requests": "request", "errors": "error",
    "attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format",
    "service_request_updates": "request_update",
}  # fmt: skip
# What XML 1.0 cannot hold, whatever somebody typed.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answer(fmt: str, root: str, content: Any, status: int = 200) -> Response:
    """``content`` (a list, or one object) as a document whose XML element is ``root``."""
    if fmt == "json":
        body = json.dumps(content, ensure_ascii=False)
    else:
        made = _element(root, content)
        body = ElementTree.tostring(made, encoding="unicode", xml_declaration=False)
        body = f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'
    return Response(body, status=status, content_type=TYPES[fmt])


def error(fmt: str, status: int, description: str) -> Response:
    """An error as the specification writes it; never a problem document here."""
    return answer(fmt, "errors", [{"code": status, "description": description}], status)


def _element(name: str, value: Any) -> ElementTree.Element:
    made = ElementTree.Element(name)
    if isinstance(value, Mapping):
        made.extend(_element(key, one) for key, one in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        made.extend(_element(MEMBER[name], one) for one in value)
    elif isinstance(value, bool):
        made.text = "true" if value else "false"
    elif value is not None:
        made.text = _NOT_XML.sub("", str(value))
    return made
