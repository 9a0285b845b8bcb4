"""Logging for every service: one event a line on stdout, as logfmt, the time first so that `sort` orders it."""

import logging
import re
import sys
from typing import Any, Final, TextIO, cast

import structlog
from structlog.typing import EventDict, WrappedLogger

from stack.batched_log_lines import Lines

_FIRST: Final = ("timestamp", "level", "service", "event", "request_id")
_PLAIN: Final = re.compile(r"[!#-<>-\[\]-~]*").fullmatch
_logfmt: Final = structlog.processors.LogfmtRenderer(
    key_order=list(_FIRST), drop_missing=True, bool_as_flag=False
)


def _flatten(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Keep one event on one line: a traceback becomes a quoted field, other values plain text."""
    return {
        key: value if isinstance(value, str | int | float | bool | None) else str(value)
        for key, value in event.items()
    }


def _render(logger: WrappedLogger, name: str, event: EventDict) -> str:
    """Return the event as a line. Plain words and numbers, as nearly all are, need none of structlog's escaping."""
    words = []
    for key, value in event.items():
        text = value
        if type(value) is int:
            text = str(value)
        elif value is None and key not in _FIRST:
            text = ""
        if type(text) is not str or not _PLAIN(text):
            return _logfmt(logger, name, _flatten(logger, name, event))
        if key not in _FIRST:
            words.append(f"{key}={text}")
    first = [f"{key}={event[key]}" for key in _FIRST if key in event]
    return " ".join(first + words)


def configure(service: str) -> dict[str, Any]:
    """Configure structlog and return Django's LOGGING for the service of that name."""

    def name_service(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        name_service,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
    ]
    # Straight to stdout: by way of the standard library a line costs four times as much (53 µs against 13), and the
    # socket service writes one for each frame it sends.
    structlog.configure(
        processors=[*shared, _render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", Lines(sys.stdout))),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "logfmt": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _render,
                ],
                # What libraries log by the standard library.
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "formatter": "logfmt",
                "stream": "ext://sys.stdout",
            }
        },
        "root": {"handlers": ["stdout"], "level": logging.getLevelName(logging.INFO)},
        "loggers": {
            # Django gives this one handlers of its own, which would write lines of another form.
            "django": {"handlers": [], "propagate": True},
            # Anyone may send any Host: a line each would bury the rest. web's own is host_refused.
            "django.security.DisallowedHost": {"handlers": [], "propagate": False},
            # Autobahn and Twisted narrate every connection; Django repeats what the request log says.
            "django.channels": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
            "daphne": {"level": "WARNING"},
            # The pool would report each attempt; database_lost has said it once, with the reason.
            "psycopg": {"level": "ERROR"},
            "celery.worker.strategy": {"level": "WARNING"},
            # A line for each task that has expired; rings_expired counts them.
            "celery.worker.request": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
        },
    }
