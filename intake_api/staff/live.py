"""What happened since the page was made, as server-sent events.

Each answer ends at once and tells the browser to ask again after ``RETRY``: a stream that stays
open would hold one of the few threads per open page (docs/decisions). The audit chain's numbers
are the cursor, so nothing is missed between two answers.
"""

from __future__ import annotations

import json

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from intake_api.staff import accounts, filters, words
from intake_api.staff.typed import whole
from intake_api.store import queue, registry

RETRY = 5000  # milliseconds
AT_ONCE = 200  # changes


def _since() -> int | None:
    raw = request.headers.get("Last-Event-ID") or request.args.get("since", "")
    return whole(raw, digits=18)


def news() -> ResponseReturnValue:
    """One event with what changed in this person's lists; nothing when nothing did."""
    run, staff = accounts.runtime(), accounts.me()
    now, scope = run.clock.now(), accounts.my_scope()
    since = _since()
    with run.store.reading() as tx:
        newest = queue.newest_event(tx)
        if since is None or since >= newest:
            return _stream(f"id: {newest}\n\n")
        happened = queue.changes(tx, scope, since, limit=AT_ONCE)
        if len(happened) == AT_ONCE:
            newest = happened[-1].number  # the rest is asked for the next time
        others = [one for one in happened if one.actor != f"staff:{staff.id}"]
        ids = {one.case_id for one in others}
        wanted = filters.read(request.args, run.services.catalog, staff, now)
        matching = queue.matching(tx, scope, wanted.filter, ids, now) if ids else set()
        names = {person.id: person.name for person in registry.all_staff(tx)} if ids else {}
    changed = {
        one.code: {
            "by": words.actor_name(one.actor, names),
            "listed": one.code in matching,
            "did": one.action,
        }
        for one in others
    }
    if not changed:
        return _stream(f"id: {newest}\n\n")
    body = json.dumps(changed, ensure_ascii=False)
    return _stream(f"id: {newest}\nevent: changes\ndata: {body}\n\n")


def _stream(body: str) -> Response:
    response = Response(f"retry: {RETRY}\n{body}", mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    return response


def register(blueprint: Blueprint) -> None:
    """Puts the news on the door."""
    blueprint.add_url_rule("/tin-moi", "news", news)
