"""Open311 GeoReport v2 (interfaces 5.1): applications of other cities report here as there."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from intake_api.api import callers
from intake_api.api.callers import runtime
from intake_api.api.open311_format import FORMATS, answer, error
from intake_api.domain import access, open311
from intake_api.flow import open311 as flow
from intake_api.flow import partners, receive
from intake_api.flow.clients import Client
from intake_api.limits import limiter
from intake_api.store import StoreUnavailable, clients
from vntext import parse_code

blueprint = Blueprint("open311", __name__, url_prefix="/open311/v2")
FMT = "<any(xml,json):fmt>"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-26T00:00:00+07:00"
CONTACT = "Văn phòng Sở Giáo dục và Đào tạo Hà Nam; khóa truy cập do quản trị hệ thống cấp."
BAD_KEY = "api_key thiếu, sai hoặc đã thu hồi."
_ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,60})\](?:\[\])?")
WORDS = {
    400: "Không đọc được nội dung gửi lên.",
    404: "Không có địa chỉ này.",
    405: "Địa chỉ này không nhận cách gọi đó.",
    413: "Nội dung quá lớn.",
    415: "Nội dung phải là application/x-www-form-urlencoded.",
    429: "Gửi quá nhanh; xin chờ một phút.",
    500: "Hệ thống gặp lỗi; lỗi này đã được ghi lại.",
    503: "Nội dung chưa được lưu; xin gửi lại sau ít phút.",
}


class Refused(Exception):
    """An answer of this door that is not a success."""

    def __init__(self, status: int, description: str) -> None:
        self.status, self.description = status, description
        super().__init__(description)


def is_ours(path: str) -> bool:
    return path.startswith("/open311/")


def _fmt() -> str:
    """The format that the address asks for; XML, the one that the specification demands, where
    it asks for none."""
    return "json" if request.path.endswith(".json") else FORMATS[0]


def from_http(failed: HTTPException) -> Response:
    """An error of the framework in the format of this door."""
    status = failed.code or 500
    made = error(_fmt(), status, WORDS.get(status, WORDS[500 if status >= 500 else 400]))
    for name, value in failed.get_headers():
        if name.lower() in ("allow", "retry-after"):
            made.headers[name] = value
    return made


@blueprint.errorhandler(Refused)
def refused(why: Refused) -> Response:
    return error(_fmt(), why.status, why.description)


@blueprint.errorhandler(StoreUnavailable)
def unavailable(_error: StoreUnavailable) -> Response:
    made = error(_fmt(), 503, WORDS[503])
    made.headers["Retry-After"] = "30"
    return made


def jurisdiction() -> str:
    """This service's one jurisdiction: the name of its host."""
    return urlsplit(runtime().settings.public_url).hostname or ""


@blueprint.before_request
def one_jurisdiction() -> None:
    """Refuses what is meant for another place."""
    given = _given("jurisdiction_id")
    if given and given != jurisdiction():
        raise Refused(404, f"jurisdiction_id không có ở đây; ở đây là {jurisdiction()}.")


def _given(name: str) -> str:
    """An argument; what is empty is absent. NUL is in no writing system."""
    return str(request.values.get(name) or "").replace("\x00", "").strip()


def _services() -> dict[str, open311.Service]:
    return open311.services(runtime().services.catalog)


def _service(code: str) -> open311.Service:
    found = _services().get(code)
    if found is None:
        raise Refused(404, "service_code không có trong danh sách dịch vụ.")
    return found


# ----------------------------------------------------------------------------------- reading


@blueprint.get(f"/discovery.{FMT}")
def discovery(fmt: str) -> Response:
    """Where the interface stands and which formats it speaks."""
    settings = runtime().settings
    kind = "production" if settings.environment == "production" else "test"
    return answer(
        fmt,
        "discovery",
        {
            "changeset": CHANGESET,
            "contact": CONTACT,
            "key_service": CONTACT,
            "endpoints": [
                {
                    "specification": SPECIFICATION,
                    "url": f"{settings.public_url.rstrip('/')}/open311/v2",
                    "changeset": CHANGESET,
                    "type": kind,
                    "formats": ["text/xml", "application/json"],
                }
            ],
        },
    )


@blueprint.get(f"/services.{FMT}")
def services(fmt: str) -> Response:
    """Every service: the topics, and two that need protection."""
    listed = [
        {
            "service_code": one.code,
            "service_name": one.name,
            "description": one.description,
            "metadata": not one.blackbox,
            "type": one.type,
            "keywords": ",".join(one.keywords),
            "group": one.group,
        }
        for one in _services().values()
    ]
    return answer(fmt, "services", listed)


@blueprint.get(f"/services/<code>.{FMT}")
def definition(code: str, fmt: str) -> Response:
    """The questions of one service."""
    service = _service(code)
    asked = () if service.blackbox else open311.ATTRIBUTES
    attributes = [
        {
            "variable": True,
            "code": one.code,
            "datatype": "singlevaluelist",
            "required": False,
            "datatype_description": one.help,
            "order": number,
            "description": one.description,
            "values": [{"key": key, "name": name} for key, name in one.values],
        }
        for number, one in enumerate(asked, start=1)
    ]
    content = {"service_code": service.code, "attributes": attributes}
    return answer(fmt, "service_definition", content)


def _reader() -> Client | None:
    """Who shows a key, if anybody does. Raises 403 for a wrong one."""
    client = callers.current()
    if client is None and callers.shown():
        raise Refused(403, BAD_KEY)
    return client


@blueprint.get(f"/requests.{FMT}")
@limiter.limit(callers.pace, key_func=callers.who)
def requests(fmt: str) -> Response:
    """Requests of ninety days, the newest first; codes override every other argument."""
    client = _reader()
    wanted, skip, limit = _wanted(client), 0, open311.MOST
    if wanted.codes is None:
        limit = _number("page_size", open311.MOST, most=open311.MOST)
        skip = (_number("page", 1, most=10_000) - 1) * limit
    return _listed(fmt, client, wanted, skip, limit)


@blueprint.get(f"/requests/<code>.{FMT}")
@limiter.limit(callers.pace, key_func=callers.who)
def one_request(code: str, fmt: str) -> Response:
    """One request."""
    client = _reader()
    _, narrow = flow.scope_of(client)
    wanted = clients.Wanted(codes=(parse_code(code) or "",), open311=narrow)
    return _listed(fmt, client, wanted, 0, 1, must=True)


def _listed(
    fmt: str, client: Client | None, wanted: clients.Wanted, skip: int, limit: int,
    *, must: bool = False,
) -> Response:  # fmt: skip
    run = runtime()
    with run.store.reading() as tx:
        found = flow.requests(tx, run.services, wanted, client=client, skip=skip, limit=limit)
    if must and not found:
        raise Refused(404, "service_request_id không có ở đây.")
    return answer(fmt, "service_requests", found)


def _wanted(client: Client | None) -> clients.Wanted:
    _, narrow = flow.scope_of(client)
    if codes := _given("service_request_id"):
        given = [parse_code(code) or "" for code in flow.listed_codes(codes)]
        return clients.Wanted(codes=tuple(given), open311=narrow)
    states = {part.strip() for part in _given("status").split(",") if part.strip()}
    if states - {"open", "closed"}:
        raise Refused(400, "status là open, closed hoặc cả hai, cách nhau bằng dấu phẩy.")
    try:
        since, until = open311.span(
            _moment("start_date"), _moment("end_date"), runtime().clock.now()
        )
    except ValueError as wrong:
        raise Refused(400, str(wrong)) from None
    topics = [_service(code).topic or "" for code in flow.listed_codes(_given("service_code"))]
    return clients.Wanted(
        open=None if len(states) != 1 else "open" in states, topics=tuple(topics), since=since,
        until=until, open311=narrow,
    )  # fmt: skip


def _moment(name: str) -> Any:
    given = _given(name)
    if not given:
        return None
    try:
        return open311.moment(given)
    except (ValueError, OverflowError):
        raise Refused(
            400, f"{name} phải là thời điểm W3C, như 2026-11-23T08:00:00+07:00."
        ) from None


def _number(name: str, default: int, *, most: int) -> int:
    given = _given(name)
    if not given:
        return default
    if not re.fullmatch(r"[0-9]{1,6}", given) or not 1 <= int(given) <= most:
        raise Refused(400, f"{name} là số từ 1 đến {most}.")
    return int(given)


@blueprint.get(f"/tokens/<token>.{FMT}")
def tokens(token: str, fmt: str) -> Response:
    """A report gets its number at once, so that no token is ever given out."""
    raise Refused(404, "token không có ở đây; mã được trả ngay khi gửi.")


# ----------------------------------------------------------------------------------- writing


def _writer() -> Client:
    """Who reports. Raises 403 without a key, for a wrong one and for one that may only read."""
    client = callers.current()
    if client is None:
        raise Refused(403, BAD_KEY)
    if access.FEEDBACK_WRITE not in client.scopes:
        raise Refused(403, f"api_key này không có quyền {access.FEEDBACK_WRITE}.")
    return client


@blueprint.post(f"/requests.{FMT}")
@limiter.limit(callers.pace, key_func=callers.who)
def report(fmt: str) -> Response:
    """One report, by the same path as every other comment."""
    client = _writer()
    run, now, given = runtime(), runtime().clock.now(), _report()
    decision = flow.decide(run.services, given, now)
    try:
        with run.store.transaction() as tx:
            taken = flow.take(tx, run.services, given, decision, client=client, now=now)
    except receive.TextMissing:
        raise Refused(400, "Thiếu description.") from None
    made: dict[str, Any] = {"service_notice": taken.notice, "account_id": None}
    if taken.request_id is not None:
        made = {"service_request_id": taken.request_id, **made}
    return answer(fmt, "service_requests", [made])


def _report() -> flow.Report:
    if not _given("service_code"):
        raise Refused(400, "Thiếu service_code.")
    service, text = _service(_given("service_code")), _given("description")
    if not text:
        raise Refused(400, "Thiếu description.")
    if len(text) > open311.MAX_DESCRIPTION:
        raise Refused(400, f"description dài quá {open311.MAX_DESCRIPTION} ký tự.")
    media = _given("media_url")
    if media and (len(media) > 2000 or not media.startswith(("https://", "http://"))):
        raise Refused(400, "media_url phải là một địa chỉ http(s).")
    role, consent = _attributes(service)
    name = " ".join(part for part in (_given("last_name"), _given("first_name")) if part)
    for what, value, most in (("tên", name, 200), ("email", _given("email"), 200),
                              ("phone", _given("phone"), 30)):  # fmt: skip
        if len(value) > most:
            raise Refused(400, f"{what} dài quá {most} ký tự.")
    sender = receive.Sender(
        name or None, _given("phone") or None, _given("email") or None, role=role
    )
    return flow.Report(service, text, _place(), media or None, sender, consent)


def _attributes(service: open311.Service) -> tuple[str | None, bool]:
    """Who writes, and whether contact data may be kept."""
    known = {one.code: {key for key, _name in one.values} for one in open311.ATTRIBUTES}
    found: dict[str, str] = {}
    for name, values in request.form.lists():
        match = _ATTRIBUTE.fullmatch(name)
        value = values[-1].strip()
        if match is None or not value:
            continue
        code = match[1]
        if code not in known:
            raise Refused(400, f"attribute[{code}] không có trong dịch vụ {service.code}.")
        if value not in known[code]:
            raise Refused(400, f"attribute[{code}] không nhận giá trị này.")
        found[code] = value
    return found.get("sender_role"), found.get("consent") == open311.YES


def _place() -> str | None:
    """Where it happened. Education is seldom found on a map, so a place may be left out."""
    number, words = _given("address_id"), _given("address_string")
    if number:
        unit = runtime().services.catalog.units.get(number)
        if unit is None:
            raise Refused(404, "address_id không phải mã đơn vị trong danh mục.")
        return unit.name
    if words:
        return words[:200]
    lat, long = _given("lat"), _given("long")
    if not lat and not long:
        return None
    try:
        return open311.point(lat, long)
    except ValueError as wrong:
        raise Refused(400, str(wrong)) from None


@blueprint.post(f"/servicerequestupdates.{FMT}")
@limiter.limit(callers.pace, key_func=callers.who)
def update(fmt: str) -> Response:
    """What the sender adds later (FixMyStreet's extension); the same ``update_id`` counts once."""
    client = _writer()
    for name in ("jurisdiction_id", "service_request_id", "update_id", "updated_datetime",
                 "status", "description"):  # fmt: skip
        if not _given(name):
            raise Refused(400, f"Thiếu {name}.")
    _moment("updated_datetime")
    status = _given("status").lower()
    if status not in ("open", "closed"):
        raise Refused(400, "status là open hoặc closed.")
    if len(_given("description")) > open311.MAX_DESCRIPTION or len(_given("update_id")) > 200:
        raise Refused(400, "description hoặc update_id quá dài.")
    told = flow.Update(_given("update_id"), status == "closed", _given("description"))
    run = runtime()
    try:
        with run.store.transaction() as tx:
            case = partners.own(tx, client, parse_code(_given("service_request_id")) or "")
            flow.update(tx, run.services, case, told, client=client, now=run.clock.now())
    except partners.NotFound:
        raise Refused(
            404, "service_request_id không có trong những gì hệ thống này đã gửi."
        ) from None
    except receive.TextMissing:
        raise Refused(400, "Thiếu description.") from None
    made = {"update_id": told.update_id}
    if fmt == "json":
        return answer(fmt, "", {"service_request_updates": made})
    return answer(fmt, "service_request_updates", [made])
