"""A document as a file of one of the forms that people take away."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from intake_api.reports.documents.model import Document

# Form → what its file is called on the wire.
FORMS: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def write(document: Document, form: str, *, made_at: datetime) -> bytes:
    """The whole file. ``made_at`` (aware) goes into its properties."""
    # What the writers need takes ten megabytes and more: only a process that makes a file has it.
    if form == "docx":
        from intake_api.reports.documents import docx

        return docx.write(document, made_at=made_at)
    from intake_api.reports.documents import pdf

    return pdf.write(document, made_at=made_at)
