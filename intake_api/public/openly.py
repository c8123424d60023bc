"""The open page: what anybody may know of how the department listens. No script, printable."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from typing import Any

from flask import Response, abort, render_template, request

from intake_api.public import blueprint, house
from intake_api.store import openly
from intake_api.store.open_tables import ChainRoot, OpenMonth, Publication

NEWEST, PAGE, WEEKS = 5, 20, 12
_MONTH = re.compile(r"(\d{4})-(\d{2})")


def _first_day(code: str) -> date:
    found = _MONTH.fullmatch(code)
    if found is None or not 1 <= int(found[2]) <= 12 or not 2000 <= int(found[1]) <= 2100:
        abort(404)
    return date(int(found[1]), int(found[2]), 1)


@blueprint.get("/cong-khai")
@blueprint.get("/cong-khai/<code>")
def openness(code: str = "") -> str:
    """The newest month, or one that is asked for; answered questions; the roots of the chain."""
    with house.store().reading() as tx:
        listed = openly.months(tx)
        wanted = _first_day(code) if code else (listed[0] if listed else None)
        shown = openly.month(tx, wanted) if wanted else None
        if code and shown is None:
            abort(404)
        answers = [_answer(*one) for one in openly.published(tx, limit=NEWEST)]
        roots = openly.roots(tx, WEEKS)
    return render_template(
        "public/openly.html", shown=shown, body=shown.body if shown else None, months=listed,
        answers=answers, roots=roots, widest=_widest(shown),
    )  # fmt: skip


def _widest(shown: OpenMonth | None) -> dict[str, int]:
    """The longest bar of each table."""
    tables = shown.body["tables"] if shown else []
    return {
        table["id"]: max((row["value"] or 0 for row in table["rows"]), default=0)
        for table in tables
    }


def _answer(found: Publication, topic: str) -> dict[str, Any]:
    catalog = house.services().catalog
    return {
        "id": found.id,
        "topic": topic,
        "topic_name": catalog.topics[topic].name if topic in catalog.topics else topic,
        "question": found.question,
        "answer": found.answer,
        "published_at": found.published_at,
    }


@blueprint.get("/cong-khai/hoi-dap")
def open_answers() -> str:
    """Every published answer, by topic, twenty at a time."""
    catalog = house.services().catalog
    topic, before = request.args.get("chu_de", ""), request.args.get("truoc", "")
    if (topic and topic not in catalog.topics) or not re.fullmatch(r"\d{0,9}", before, re.ASCII):
        abort(404)
    with house.store().reading() as tx:
        found = openly.published(
            tx, topic=topic, before=int(before) if before else None, limit=PAGE + 1
        )
        topics = openly.topics(tx)
    more = found[PAGE - 1][0].id if len(found) > PAGE else None
    named = [(one, catalog.topics[one].name) for one in catalog.topics if one in topics]
    return render_template(
        "public/open_answers.html", answers=[_answer(*one) for one in found[:PAGE]], topic=topic,
        topics=named, more=more,
    )  # fmt: skip


# ------------------------------------------------------------------------------- to take along


def _month(code: str) -> OpenMonth:
    with house.store().reading() as tx:
        found = openly.month(tx, _first_day(code))
    if found is None:
        abort(404)
    return found


def _json(value: Any, name: str) -> Response:
    body = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, mimetype="application/json", headers=headers)


def _csv(rows: list[tuple[Any, ...]], name: str) -> Response:
    """UTF-8 with the mark that tells Excel so. Only codes, names of the catalogue and numbers."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + buffer.getvalue(), mimetype="text/csv", headers=headers)


@blueprint.get("/cong-khai/<code>.json")
def open_month_json(code: str) -> Response:
    """The frozen figures, with the digest of their canonical JSON (sorted keys, no blanks)."""
    found = _month(code)
    return _json({"sha256": found.sha256, "figures": found.body}, f"so-lieu-{code}.json")


@blueprint.get("/cong-khai/<code>.csv")
def open_month_csv(code: str) -> Response:
    """The same as one table: an empty value is one that is not told."""
    body = _month(code).body
    rows: list[tuple[Any, ...]] = [("bang", "ma", "ten", "gia_tri", "trong_so", "cach_doc")]
    rows += [
        ("chung", one["id"], one["title"], one["value"], one["of"], one["said"])
        for one in body["numbers"]
    ]
    rows += [
        ("mo_niem_phong", name, one["title"], one["value"], None, one["said"])
        for name, one in body["unsealing"].items()
    ]
    for table in body["tables"]:
        rows += [
            (table["id"], row["code"], row["title"], row["value"], table["total"],
             "" if row["value"] is not None else "không nêu")
            for row in table["rows"]
        ]  # fmt: skip
    return _csv(rows, f"so-lieu-{code}.csv")


def _roots() -> list[ChainRoot]:
    with house.store().reading() as tx:
        return openly.roots(tx)


@blueprint.get("/cong-khai/chuoi.json")
def open_roots_json() -> Response:
    """Every weekly root of the audit chain."""
    rows = [
        {"week": one.week.isoformat(), "event": one.event_id, "hash": one.hash,
         "taken_at": one.taken_at.isoformat(timespec="seconds")}
        for one in _roots()
    ]  # fmt: skip
    return _json(rows, "chuoi-kiem-chung.json")


@blueprint.get("/cong-khai/chuoi.csv")
def open_roots_csv() -> Response:
    """The same as a table."""
    rows: list[tuple[Any, ...]] = [("tuan", "su_kien", "ma_bam", "luc")]
    rows += [
        (one.week.isoformat(), one.event_id, one.hash, one.taken_at.isoformat(timespec="seconds"))
        for one in _roots()
    ]
    return _csv(rows, "chuoi-kiem-chung.csv")
