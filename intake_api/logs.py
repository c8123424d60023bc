"""Logs as one JSON object a line. What people write, and who they are, never goes into a log."""

from __future__ import annotations

import logging
import sys

import structlog

# Names under which content or personal data could slip in: dropped whatever the caller meant.
FORBIDDEN = frozenset(
    {"text", "message", "body", "name", "phone", "email", "pin", "content", "password"}
)


def _drop_content(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    for key in FORBIDDEN & event.keys():
        event[key] = "[left out]"
    return event


def configure(level: int = logging.INFO) -> None:
    """Sets up structlog and the standard library's logging once per process."""
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _drop_content,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
