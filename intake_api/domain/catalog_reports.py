"""Reads ``reports.yml``: who issues documents, which reports are due when, what stands in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from intake_api.domain.durations import Duration, parse
from intake_api.domain.reporting import (
    HOLES,
    LETTER_HOLES,
    TABLES,
    DayOfYear,
    Kind,
    KindRule,
    Letterhead,
    LetterRule,
    ReportRules,
    SectionRule,
)

if TYPE_CHECKING:
    from intake_api.domain.catalog import _Reader

FILE = "reports.yml"
_HOLE = re.compile(r"\{([^{}\n]{0,40})\}")
_LEVELS = ("lead", "part", "clause")
_SECTION_KEYS = frozenset(
    {"code", "title", "level", "text", "heading", "above", "empty", "unit_text", "tables"}
)


def read_reports(reader: _Reader) -> ReportRules | None:
    """The rules of reports; None (with problems said) when unusable."""
    values, lines = reader.mapping(FILE)
    if not values:
        return None

    def say(key: str, message: str) -> None:
        reader.say(FILE, lines.get(key, 1), message)

    known = len(reader.problems)
    head, letter = values.get("letterhead") or {}, values.get("letter") or {}
    for name in ("parent", "issuer", "name", "place", "sign"):
        if not head.get(name):
            say("letterhead", f"letterhead: {name} is missing")
    kinds = _kinds(values.get("kinds") or {}, say)
    signers = values.get("signers") or {}
    if not signers or not all(isinstance(one, list) and one for one in signers.values()):
        say("signers", "signers: each needs its lines")
    remind = values.get("remind") or []
    if not all(isinstance(one, int) and one > 0 for one in remind):
        say("remind", "remind are numbers of working days such as [10, 3]")
    sections = tuple(_section(one, say) for one in values.get("sections") or ())
    if not sections or len({one.code for one in sections}) < len(sections):
        say("sections", "sections are needed, each with a code of its own")
    for key in ("subject", "unit_subject"):
        _holes(values.get(key), HOLES, key, key, say)
    rule = _letter(letter, say)
    if len(reader.problems) > known or rule is None:
        return None
    return ReportRules(
        Letterhead(**{name: str(value) for name, value in head.items()}),
        kinds,
        tuple(remind),
        {str(code): tuple(str(line) for line in found) for code, found in signers.items()},
        str(values["subject"]),
        str(values["unit_subject"]),
        sections,
        _lines(values.get("recipients")),
        _lines(values.get("unit_recipients")),
        rule,
    )


def _lines(found: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in found or ())


def _holes(text: object, known: Any, key: str, what: str, say: Any) -> None:
    for name in _HOLE.findall(str(text or "")):
        if name not in known:
            say(key, f"{what} names {{{name}}}, which nobody fills in")


def _kinds(found: dict[str, Any], say: Any) -> dict[Kind, KindRule]:
    kinds: dict[Kind, KindRule] = {}
    for kind in Kind:
        if kind == Kind.ADHOC:
            continue
        item = found.get(kind) or {}
        try:
            within = parse(str(item["within"])) if item.get("within") else None
            rule = KindRule(
                str(item["name"]), _day(item.get("ends")), _day(item.get("before")), within
            )
        except (KeyError, ValueError) as error:
            say("kinds", f"report {kind}: {error}")
            continue
        if (rule.ends is None) != (kind in (Kind.MONTH, Kind.QUARTER)):
            say("kinds", f"report {kind}: a half-year and a year have ends, the others none")
        if within is not None and within.unit != "wd":
            say("kinds", f"report {kind}: within is counted in wd")
        kinds[kind] = rule
    return kinds


def _day(value: object) -> DayOfYear | None:
    if value is None:
        return None
    month, _, day = str(value).partition("-")
    found = DayOfYear(int(month), int(day))
    found.in_year(2023)  # 29 February is no day of every year
    return found


def _section(item: Any, say: Any) -> SectionRule:
    body: dict[str, Any] = item if isinstance(item, dict) else {}
    code = str(body.get("code", ""))
    for key in set(body) - _SECTION_KEYS:
        say("sections", f"section {code}: unknown key {key!r}")
    if not code or not body.get("title") or body.get("level") not in _LEVELS:
        say("sections", f"section {code}: code, title and level (lead, part, clause) are needed")
    if body.get("level") in ("part", "clause") and not body.get("heading"):
        say("sections", f"section {code}: a {body['level']} needs a heading")
    for key in ("text", "empty", "unit_text"):
        _holes(body.get(key), HOLES, "sections", f"section {code}", say)
    tables = tuple(body.get("tables") or ())
    for name in set(tables) - TABLES:
        say("sections", f"section {code}: there is no table {name}")
    words = {
        key: str(body.get(key) or "").strip()
        for key in ("text", "heading", "above", "empty", "unit_text")
    }
    return SectionRule(
        code=code, title=str(body.get("title", "")), level=str(body.get("level", "")),
        tables=tables, **words,
    )  # fmt: skip


def _letter(found: dict[str, Any], say: Any) -> LetterRule | None:
    for key in ("subject", "body", "wants", "recipients", "due"):
        if not found.get(key):
            say("letter", f"letter: {key} is missing")
            return None
    _holes(f"{found['subject']}{found['body']}", LETTER_HOLES, "letter", "letter", say)
    try:
        length: Duration = parse(str(found["due"]))
    except ValueError as error:
        say("letter", f"letter: {error}")
        return None
    return LetterRule(
        str(found["subject"]), str(found["body"]).strip(), str(found["wants"]),
        _lines(found["recipients"]), length,
    )  # fmt: skip
