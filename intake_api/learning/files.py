"""The files that a person reviews: one YAML file per kind of signal, outside the served data."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from intake_api.domain.candidate import STATUSES, Candidate

_HEAD = """\
# Candidate examples, masked. Set each status to accepted or rejected (or run
# `langnghe learn review {name}`); a proposed label may be put right here. Then
# `langnghe learn add {name}`.
"""


class CandidateError(ValueError):
    """A file of candidates cannot be used; names the file and the candidate."""


def read(path: Path) -> list[Candidate]:
    """The candidates of a file; none when there is no file. Raises CandidateError."""
    if not path.exists():
        return []
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))["candidates"] or []
    except (yaml.YAMLError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise CandidateError(f"{path.name}: not a mapping with candidates") from error
    return [_candidate(path, number, one) for number, one in enumerate(raw, 1)]


def _candidate(path: Path, number: int, raw: Any) -> Candidate:
    try:
        found = Candidate(**raw)
        if not isinstance(found.text, str) or not isinstance(found.proposed, dict):
            raise TypeError
    except TypeError as error:
        raise CandidateError(f"{path.name}: candidate {number} is not as it was written") from error
    if found.status not in STATUSES:
        raise CandidateError(
            f"{path.name}: candidate {number}: status {found.status!r} is none of "
            f"{', '.join(sorted(STATUSES))}"
        )
    return found


def write(path: Path, candidates: Sequence[Candidate]) -> None:
    """Writes the file in one step; only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    body = yaml.safe_dump(
        {"candidates": [_plain(one) for one in candidates]},
        allow_unicode=True, sort_keys=False, width=1000,
    )  # fmt: skip
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.touch(mode=0o600)
    part.write_text(_HEAD.format(name=path.name) + body, encoding="utf-8")
    part.replace(path)


def _plain(one: Candidate) -> dict[str, Any]:
    found: dict[str, Any] = {
        "status": one.status, "text": one.text, "understood": one.understood,
        "proposed": one.proposed, "times": one.times, "model": one.model, "why": one.why,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value != ""}
