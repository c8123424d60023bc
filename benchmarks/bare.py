"""What a submission is compared with: a Flask route that does one durable INSERT, no more.

It uses the same engine, with the same pragmas, pool and write lock, as the intake.
"""

from __future__ import annotations

import contextlib
import os
import threading

from flask import Flask, Response, jsonify, request
from sqlalchemy import Column, Integer, MetaData, String, Table, Text, insert

from intake_api.store import Store

_META = MetaData()
NOTE = Table(
    "bare_note", _META,
    Column("id", Integer, primary_key=True),
    Column("key", String(150), nullable=False),
    Column("text", Text, nullable=False),
)  # fmt: skip


def prepare(url: str) -> None:
    """Makes the one table."""
    store = Store(url)
    _META.create_all(store.engine)
    store.close()


def create() -> Flask:
    """The application; the database is named by LANGNGHE_DATABASE_URL as for the intake."""
    store = Store(os.environ["LANGNGHE_DATABASE_URL"])
    lock = threading.Lock() if store.is_sqlite else contextlib.nullcontext()
    app = Flask("bare")

    @app.get("/")
    def here() -> str:
        return "bare"

    @app.post("/bare")
    def take() -> tuple[Response, int]:
        body = request.get_json()
        values = {"key": request.headers["Idempotency-Key"], "text": body["description"]}
        with lock, store.engine.begin() as connection:
            connection.execute(insert(NOTE), values)
        return jsonify(kept=True), 201

    return app
