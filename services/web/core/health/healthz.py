"""/healthz: whether this service can answer and save. /readyz: whether the whole stack delivers at once."""

from collections.abc import Callable

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse

from bellhop import health_answers
from bellhop.models import Inbox
from core.health import readiness

_log = health_answers.ChangeLog("unhealthy", "healthy_again")


class HealthMiddleware:
    """Answers health checks before host checks, sessions and logs: they come from inside, every few seconds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return _healthz()
        if request.path == "/readyz":
            return _answer(*health_answers.readiness(readiness.missing.get()))
        return self.get_response(request)


def _healthz() -> HttpResponse:
    # Redis is not asked: logins work without it.
    try:
        Inbox.objects.exists()
    except Error as error:
        _log.note(f"database: {' '.join(str(error).split())}", kind="database")
        return _answer(503, health_answers.UNHEALTHY)
    _log.note("")
    return _answer(200, health_answers.HEALTHY)


def _answer(status: int, body: dict[str, object]) -> HttpResponse:
    return JsonResponse(body, status=status, headers=health_answers.HEADERS)
