"""Writes a document as PDF with the same layout. Typst sets it: one wheel, no office, no pango, and
the fonts that lie here, so that it comes out alike on every machine (decision 0023)."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from intake_api.reports.documents import measure
from intake_api.reports.documents.layout import (
    BODY,
    MOTTO,
    MOTTO_SIZE,
    STATE,
    belongs_to,
    issuer_rule,
    rule_length,
)
from intake_api.reports.documents.model import SHORT_TABLE, Document, listed

LAYOUT = Path(__file__).parent / "layout.typ"


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[measure.FONTS]
    )


def write(document: Document, *, made_at: datetime) -> bytes:
    """The whole file: PDF/A-2b, with bookmarks and tags, every letter embedded. ``made_at``
    (aware) goes into its properties."""
    content = json.dumps(_content(document), ensure_ascii=False)
    made = typst.compile(
        LAYOUT,
        root=LAYOUT.parent,
        font_paths=_fonts(),
        sys_inputs={"content": content},
        format="pdf",
        pdf_standards=["a-2b"],
        timestamp=made_at.replace(microsecond=0),  # typst takes no fractions
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single file")
    return made


def _content(document: Document) -> dict[str, Any]:
    """What the layout reads: the content and what is reckoned from it."""
    plain = document.plain()
    for annex in plain["annexes"]:
        annex["heading"] = annex["title"].upper()
        annex["belongs"] = belongs_to(document)
    return {
        **plain,
        "name": document.name,
        "state": STATE,
        "motto": MOTTO,
        "short-table": SHORT_TABLE,
        "to-lines": listed(document.to),
        "recipient-lines": listed(document.recipients),
        "rules": {
            "issuer": issuer_rule(document.issuer),
            "motto": measure.width(MOTTO, MOTTO_SIZE, bold=True),
            "subject": rule_length(document.subject, BODY),
        },
    }
