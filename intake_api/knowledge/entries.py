"""Read the approved questions and answers: one YAML file of ``data/faq`` is one Entry."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from intake_api.domain.model import Entry, Source, Version


class EntryError(ValueError):
    """A file of data/faq cannot be used; the message names the file and what is wrong."""


_STATUS = ("published", "draft")
_BASIS = ("verified", "partly_verified", "memory")


def _fail(path: Path, message: str) -> EntryError:
    return EntryError(f"{path.name}: {message}")


def _day(path: Path, name: str, value: Any) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise _fail(path, f"{name} is not a date (YYYY-MM-DD): {value!r}") from error


def _text(path: Path, raw: dict[str, Any], name: str, *, required: bool = True) -> str:
    value = raw.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        raise _fail(path, f"{name} must be a text")
    return value.strip()


def _texts(path: Path, raw: dict[str, Any], name: str) -> tuple[str, ...]:
    value = raw.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _fail(path, f"{name} must be a list of texts")
    return tuple(item.strip() for item in value if item.strip())


def _version(path: Path, raw: Any, number: int) -> Version:
    if not isinstance(raw, dict):
        raise _fail(path, f"version {number} must be a mapping")
    status = raw.get("status", "draft")
    if status not in _STATUS:
        raise _fail(path, f"version {number}: status must be published or draft, not {status!r}")
    start = _day(path, f"version {number}: valid_from", raw.get("valid_from"))
    end = _day(path, f"version {number}: valid_to", raw.get("valid_to"))
    if start is None:
        raise _fail(path, f"version {number}: valid_from is missing")
    if end is not None and end < start:
        raise _fail(path, f"version {number}: valid_to {end} is before valid_from {start}")
    source = raw.get("source")
    if not isinstance(source, dict) or not str(source.get("document") or "").strip():
        raise _fail(path, f"version {number}: source.document is missing")
    return Version(
        valid_from=start,
        valid_to=end,
        answer=_text(path, raw, "answer"),
        details=_texts(path, raw, "details"),
        more=_text(path, raw, "more", required=False),
        source=Source(
            document=str(source["document"]).strip(),
            issuer=str(source.get("issuer") or "").strip(),
            date=str(source.get("date") or "").strip(),
            article=str(source.get("article") or "").strip(),
        ),
        published=status == "published",
    )


def _check_order(path: Path, versions: tuple[Version, ...]) -> None:
    served = sorted((v for v in versions if v.published), key=lambda v: v.valid_from)
    for one, two in pairwise(served):
        if one.valid_to is None or one.valid_to >= two.valid_from:
            raise _fail(path, f"two published versions hold on {two.valid_from}")


def load_entry(path: Path) -> Entry:
    """One file as an Entry; raises EntryError naming the file."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = "" if line is None else f" near line {line + 1}"
        raise _fail(path, f"not readable as YAML{where}") from error
    if not isinstance(raw, dict):
        raise _fail(path, "must be one mapping")
    slug = _text(path, raw, "slug")
    if slug != path.stem:
        raise _fail(path, f"slug {slug!r} differs from the file name")
    basis = raw.get("basis", "verified")
    if basis not in _BASIS:
        raise _fail(path, f"basis must be one of {', '.join(_BASIS)}, not {basis!r}")
    questions = _texts(path, raw, "questions")
    if not questions:
        raise _fail(path, "questions is empty")
    found = raw.get("versions")
    if not isinstance(found, list) or not found:
        raise _fail(path, "versions is empty")
    versions = tuple(_version(path, item, i) for i, item in enumerate(found, 1))
    _check_order(path, versions)
    return Entry(
        slug=slug,
        topic=_text(path, raw, "topic"),
        owner=_text(path, raw, "owner"),
        title=_text(path, raw, "title"),
        short=_text(path, raw, "short"),
        questions=questions,
        versions=versions,
        family=_text(path, raw, "family", required=False),
        basis=basis,
        review_by=_day(path, "review_by", raw.get("review_by")),
        instead=_texts(path, raw, "instead"),
        related=_texts(path, raw, "related"),
    )


def load_entries(data_dir: Path) -> list[Entry]:
    """Every entry of ``data_dir``/faq by slug; raises EntryError for the first bad file."""
    return [load_entry(path) for path in sorted((Path(data_dir) / "faq").glob("*.yml"))]


def load_documents(data_dir: Path) -> list[dict[str, Any]]:
    """What is known of legal documents beyond the source lines (``data_dir``/documents.yml):
    when they held and what took their place. Raises EntryError."""
    path = Path(data_dir) / "documents.yml"
    if not path.is_file():
        return []
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _fail(path, "not readable as YAML") from error
    if not isinstance(found, list) or not all(
        isinstance(one, dict) and one.get("number") and one.get("title") for one in found
    ):
        raise _fail(path, "must be a list of documents with number and title")
    return found
