"""The web application: one factory, no side effects besides what it is handed."""

from __future__ import annotations

import gc
import secrets
import threading
from typing import Any

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect
from secure import Secure, StrictTransportSecurity, XFrameOptions
from secure.headers import ReferrerPolicy, XContentTypeOptions
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from intake_api import public, staff
from intake_api.api import bot, cases, describe, feedback, open311, problems
from intake_api.hooks import messenger, zalo
from intake_api.limits import limiter
from intake_api.logs import configure as configure_logs
from intake_api.look import errors
from intake_api.public import chat
from intake_api.runtime import Runtime, build
from intake_api.settings import ROOT, load

MAX_BODY = 60 * 1024 * 1024  # five files of 10 MB and the form around them
MAX_JSON = 256 * 1024
UPLOADS = frozenset(
    {"public.send_form", "public.send_files", "public.case_deed", "staff.draft_make",
     "staff.draft_change", "staff.faq_bring_in"}
)  # fmt: skip
CHAT = frozenset({"public.chat", "public.embedded"})
MAX_ID = 2**31 - 1


class ColumnInteger(IntegerConverter):
    """A number in an address: what no column can hold leads nowhere, whichever page is asked."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=MAX_ID)


def create_app(runtime: Runtime) -> Flask:
    """Builds the application on a runtime."""
    settings = runtime.settings
    app = Flask("langnghe", static_folder=str(ROOT / "intake_api" / "look" / "static"),
                template_folder=str(ROOT / "intake_api" / "look" / "templates"))  # fmt: skip
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        MAX_CONTENT_LENGTH=MAX_JSON,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.environment == "production",
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        RATELIMIT_STORAGE_URI=settings.rate_limit_storage,
        EMBED_ORIGINS=settings.embed_origins,
        TESTING=settings.environment == "test",
    )
    app.url_map.converters["int"] = ColumnInteger
    app.extensions["langnghe"] = runtime
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    # Before the check of forms, which reads them.
    _protect(app)
    csrf = CSRFProtect(app)
    limiter.init_app(app)
    for room in (bot, feedback, cases, describe, open311, messenger, zalo):
        # Machines: signed bodies or bearer tokens instead of a browser's session.
        csrf.exempt(room.blueprint)
        app.register_blueprint(room.blueprint)
    # Asked by a script with a header that no other site can send, instead of a form's key.
    for view in (chat.say, chat.send_files, chat.remember, chat.forget):
        csrf.exempt(view)
    app.register_blueprint(public.blueprint)
    app.register_blueprint(staff.blueprint)
    staff.init_app(app, settings)
    problems.register(app)
    errors.register(app)
    app.register_error_handler(HTTPException, _fail)  # after the pages' own, which it replaces
    return app


def _protect(app: Flask) -> None:
    app.jinja_env.globals["csp_nonce"] = lambda: g.csp_nonce
    # Sites that may show the chat in a frame, and nothing but the chat.
    framed = app.config["EMBED_ORIGINS"] or "'none'"
    plain = Secure(
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
        hsts=StrictTransportSecurity().max_age(31536000),
    )

    @app.before_request
    def prepare() -> Response | None:
        g.csp_nonce = secrets.token_urlsafe(16)
        if request.endpoint in UPLOADS:
            request.max_content_length = MAX_BODY
        if problems.is_api(request.path) and (request.content_length or 0) > MAX_JSON:
            return problems.Problem("payload-too-large", 413).response()
        return None

    @app.after_request
    def headers(response: Response) -> Response:
        plain.set_headers(response)
        # deep-chat writes its styles into its shadow root; only the chat page may do that.
        style = "'self' 'unsafe-inline'" if request.endpoint in CHAT else "'self'"
        ancestors = "'none'"
        if request.endpoint == "public.embedded":
            ancestors = framed
            # It knows no list; frame-ancestors says the same and more.
            response.headers.pop("X-Frame-Options", None)
        response.headers.setdefault(
            "Content-Security-Policy",
            f"default-src 'self'; script-src 'self' 'nonce-{g.get('csp_nonce', '')}'; "
            f"style-src {style}; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
            f"form-action 'self'; frame-ancestors {ancestors}",
        )
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _fail(error: HTTPException) -> Any:
    """An error in the words of the door that it happened at."""
    if problems.is_api(request.path):
        return problems.from_http(error).response()
    if open311.is_ours(request.path):
        return open311.from_http(error)
    return errors.page(error)


def create() -> Flask:
    """Entry point of the web server: settings from the environment, jobs handed to huey."""
    from intake_api.jobs.queue import JobQueue

    settings = load()
    configure_logs()
    app = create_app(build(settings, queue=JobQueue(settings.queue_url)))
    threading.Thread(target=_warm, args=(app,), daemon=True, name="figures").start()
    _settle()
    return app


def _warm(app: Flask) -> None:
    # The first leader of the day must not wait until every case was read.
    staff.warm(app)
    _settle()


def _settle() -> None:
    """Tells Python's garbage collector that what is there now stays: it would go through models
    and catalogue again and again, and nobody is answered meanwhile (pauses of 0.2 to 0.7 s with
    20 officers at work, measured; 0.03 s without)."""
    gc.collect()
    gc.freeze()
