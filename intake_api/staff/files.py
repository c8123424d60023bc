"""Files that people sent: the copy that may be shown, behind the permission of its case."""

from __future__ import annotations

import io

from flask import Blueprint, abort, send_file
from flask.typing import ResponseReturnValue

from intake_api.staff import accounts, casepage
from intake_api.store import transcript

# Only these are drawn by the browser itself; everything else is saved.
INLINE = frozenset({"image/jpeg", "image/png"})
KNOWN = INLINE | {
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def file(file_id: int) -> ResponseReturnValue:
    """The shown copy of a file; 404 alike for what is not there and what may not be seen."""
    run, staff = accounts.runtime(), accounts.me()
    with run.store.reading() as tx:
        sees = casepage.may_see(tx, staff)
        found = transcript.file_for(tx, file_id, sees, reader=staff.id)
        if found is None or found.shown is None:
            abort(404)
        body, name, kind = found.shown, found.filename, found.content_type
    response = send_file(
        io.BytesIO(body),
        mimetype=kind if kind in KNOWN else "application/octet-stream",
        as_attachment=kind not in INLINE,
        download_name="".join(char for char in name if char.isprintable()) or "tep",
    )
    # Whatever the bytes are, they run nothing and reach nothing.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def register(blueprint: Blueprint) -> None:
    """Puts the files on the door."""
    blueprint.add_url_rule("/tep/<int:file_id>", "file", file)
