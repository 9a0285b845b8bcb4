"""The log of requests: nothing in it opens somebody's account, and health checks do not fill it."""

import logging
import re
from typing import Any, Final
from uuid import uuid4

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware as StructlogMiddleware

_SECRET: Final = re.compile(r"(/accounts/(?:password/reset/key|confirm-email)/)[^/?\s\"]+")
"""The part of a mailed link that is as good as a password; nginx masks the same."""

_HEALTH_CHECKS: Final = ("/healthz", "/readyz")

_REQUEST_ID: Final = re.compile(r"[\w.-]{1,200}", re.ASCII)


def masked(text: str) -> str:
    """Return the text with the secret part of each mailed link masked."""
    return _SECRET.sub(r"\1***", text)


class RequestMiddleware(StructlogMiddleware):
    """django-structlog's, without the secrets of links, and with a request id that can be stored."""

    def prepare(self, request: HttpRequest) -> None:
        # nginx sets it; without nginx anybody may.
        if not _REQUEST_ID.fullmatch(request.META.get("HTTP_X_REQUEST_ID", "")):
            request.META["HTTP_X_REQUEST_ID"] = str(uuid4())
        super().prepare(request)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return masked(StructlogMiddleware.format_request(request))


class MaskingFilter(logging.Filter):
    """Masks secrets in the lines that Django and gunicorn log of a request by themselves."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(map(_masked, record.args))
        record.msg = _masked(record.msg)
        return True


def _masked(value: Any) -> Any:
    return masked(value) if isinstance(value, str) else value


class HealthFilter(logging.Filter):
    """For Django's log of answers: no error for each 503 to a health check. What is wrong was logged once."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        return getattr(request, "path", "") not in _HEALTH_CHECKS
