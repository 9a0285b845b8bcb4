"""Error answers: a page that needs nothing to be in order, and JSON under /api/.

Django's own views would render with the request, and so ask the database who is signed in: with the database
away, an error page must not become another error.
"""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from bellhop.database.away import RETRY_AFTER

API_PREFIX = "/api/"
# Codes and words of the API's own handlers; HTTPStatus has others for everything else.
_WORDS = {
    HTTPStatus.NOT_FOUND: ("not_found", "there is nothing here"),
    HTTPStatus.SERVICE_UNAVAILABLE: ("unavailable", "try again in a few seconds"),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("internal_server_error", "the fault is ours; try again"),
}


def answer(request: HttpRequest, status: HTTPStatus, template: str = "") -> HttpResponse:
    """Return the error as JSON for an API path, else as the page `errors/<status>.html` or `template`."""
    if request.path.startswith(API_PREFIX):
        code, message = _WORDS.get(status, (status.name.lower(), status.phrase.lower()))
        error = {"code": code, "field": None, "message": message}
        return JsonResponse({"error": error}, status=status)
    return HttpResponse(render_to_string(template or f"errors/{status.value}.html"), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(request, HTTPStatus.FORBIDDEN, "errors/403_csrf.html")


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return answer(request, HTTPStatus.NOT_FOUND)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """allauth's throttles come here."""
    return answer(request, HTTPStatus.TOO_MANY_REQUESTS)


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away; see core.requests.database_unavailable."""
    return try_again(answer(request, HTTPStatus.SERVICE_UNAVAILABLE))


def mail_away(request: HttpRequest) -> HttpResponse:
    """A mail could not leave; see core.accounts.mail."""
    return try_again(answer(request, HTTPStatus.SERVICE_UNAVAILABLE, "errors/503_mail.html"))


def try_again(response: HttpResponse) -> HttpResponse:
    """Make the answer a 503 that says when to come back."""
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response.headers["Retry-After"] = str(RETRY_AFTER)
    response.headers["Cache-Control"] = "no-store"
    return response
