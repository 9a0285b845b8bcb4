"""/healthz: 200 when this service can do its job (answer and save), else 503 with the reason."""

from collections.abc import Callable

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse

from bellhop.models import Inbox


class HealthMiddleware:
    """Answers before host checks, sessions and logs: the check comes from inside, every few seconds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != "/healthz":
            return self.get_response(request)
        try:
            Inbox.objects.exists()
        except Error as error:
            reason = f"database: {error}".strip()
            return JsonResponse({"status": "unhealthy", "reason": reason}, status=503)
        # Redis is no part of the job: logins work without it.
        return JsonResponse({"status": "ok"})
