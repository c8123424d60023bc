"""Operations of the JSON API: what is declared here is what is checked and what is described.

One declaration names key, scope, body, query, headers and answers of an operation. ``_run`` holds
a call to it before the view sees anything, and ``openapi`` writes the document from it, so neither
can say what the other does not (decision 0027).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request
from pydantic import BaseModel, RootModel, ValidationError

from intake_api.api import callers, idempotency
from intake_api.api.callers import runtime
from intake_api.api.problems import Problem, from_validation
from intake_api.flow import receive
from intake_api.limits import limiter

if TYPE_CHECKING:
    from intake_api.flow.clients import Client
    from intake_api.runtime import Runtime
    from intake_api.store import Session

# ``*``, or one ETag or several, in quotes.
IF_MATCH = r'^(\*|"[!#-~]*"(, ?"[!#-~]*")*)$'
NO_KEY, MAY_SHOW_KEY, NEEDS_KEY = "none", "optional", "required"
ASSISTANT = "assistant"  # the service's own token, which its door asks for before anything else


@dataclass(frozen=True, slots=True)
class Header:
    """A header of a request or of an answer."""

    name: str
    about: str
    required: bool = False
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path."""

    method: str
    rule: str
    name: str
    summary: str
    about: str
    tag: str
    key: str
    scope: str | None
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    # A model, the media type of something else, or None where there is no body.
    answers: Mapping[int, type[BaseModel] | str | None]
    problems: tuple[tuple[str, int], ...]
    idempotent: bool
    etag: bool
    if_match: bool
    headers: tuple[Header, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Call:
    """What a view gets: everything in it was checked."""

    run: Runtime
    now: datetime
    client: Client | None
    caller: str  # whose idempotency keys these are
    key: str = ""  # the Idempotency-Key, where the operation asks for one
    body: Any = None
    query: Any = None

    @property
    def known(self) -> Client:
        """The system that calls, where the operation needs a key."""
        assert self.client is not None  # noqa: S101 - NEEDS_KEY was checked
        return self.client

    def once(
        self, work: Callable[[Session], tuple[int, dict[str, Any]]], *, pin: str | None = None
    ) -> Response:
        """Answers with what ``work`` puts on record, once for the call's key
        (``idempotency.once``)."""

        def spoken(tx: Session) -> tuple[int, dict[str, Any]]:
            try:
                return work(tx)
            except receive.TextMissing:
                raise Problem("validation", 422, "Chưa có nội dung.") from None

        return idempotency.once(
            self.run.store, client=self.caller, key=self.key, now=self.now, work=spoken, pin=pin
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view gives back: the model that was declared for this status."""

    body: BaseModel
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


# Every operation, in the order in which the rooms declare them.
OPERATIONS: list[Operation] = []


def operation(
    blueprint: Blueprint,
    method: str,
    rule: str,
    *,
    summary: str,
    tag: str,
    answers: Mapping[int, type[BaseModel] | str | None],
    key: str = NO_KEY,
    scope: str | None = None,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    problems: tuple[tuple[str, int], ...] = (),
    idempotent: bool = False,
    etag: bool = False,
    if_match: bool = False,
    headers: tuple[Header, ...] = (),
    limited: bool = True,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Puts a view on a door and on the list. ``limited`` False: it brings its own limits."""

    def attach(view: Callable[..., Any]) -> Callable[..., Any]:
        made = Operation(
            method, f"{blueprint.url_prefix or ''}{rule}", view.__name__, summary,
            " ".join((view.__doc__ or "").split()), tag, key, scope, body, query, answers,
            problems, idempotent, etag, if_match, headers,
        )  # fmt: skip
        OPERATIONS.append(made)

        @functools.wraps(view)
        def checked(**path: str) -> Response:
            return _run(made, view, path)

        served: Callable[..., Any] = checked
        if limited:
            served = limiter.limit(callers.pace, key_func=callers.who)(checked)
        blueprint.add_url_rule(rule, view.__name__, served, methods=[method])
        return view

    return attach


def _run(made: Operation, view: Callable[..., Any], path: Mapping[str, str]) -> Response:
    run = runtime()
    keyed = made.key in (MAY_SHOW_KEY, NEEDS_KEY)
    client = callers.current() if keyed else None
    if keyed:
        callers.check(made.key == NEEDS_KEY, made.scope)
    key = idempotency.key_of_request() if made.idempotent else ""
    if made.if_match and not request.headers.get("If-Match"):
        raise Problem("precondition-required", 428, "Cần tiêu đề If-Match với ETag đã đọc.")
    call = Call(
        run,
        run.clock.now(),
        client,
        "bot" if made.key == ASSISTANT else f"client{client.id}" if client else "api",
        key,
        body=_body(made.body) if made.body else None,
        query=_query(made.query) if made.query else None,
    )
    done = view(call, **path)
    return done if isinstance(done, Response) else _answer(done)


def _body(model: type[BaseModel]) -> BaseModel:
    if not request.is_json:
        raise Problem("unsupported-media", 415, "Nội dung phải là application/json.")
    data = request.get_json(silent=True)
    if not isinstance(data, dict):
        raise Problem("malformed", 400, "Cần một đối tượng JSON.")
    try:
        return model.model_validate(data)
    except ValidationError as wrong:
        # One of several models: the place begins with which.
        raise from_validation(wrong, inside=int(issubclass(model, RootModel))) from None


def _query(model: type[BaseModel]) -> BaseModel:
    given = {
        name: values[0] if len(values) == 1 else values for name, values in request.args.lists()
    }
    try:
        return model.model_validate(given)
    except ValidationError as wrong:
        raise from_validation(wrong, of="query") from None


def _answer(answer: Answer) -> Response:
    response = Response(
        answer.body.model_dump_json(), status=answer.status, content_type="application/json"
    )
    response.headers.update(answer.headers)
    return response
