"""The JSON API: list, summary, the four marks, what was seen, and preferences.

Every request needs the session cookie, a POST the CSRF token too. Every error is `{"error": {code, field, message}}`; a
database that is away is a 503 with Retry-After.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from ninja import NinjaAPI, Query, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.utils import check_csrf

from bellhop import frame_from_row
from bellhop.contract import SESSION_MARK
from bellhop.database.away import RETRY_AFTER, log_error
from bellhop.http import page_owner
from bellhop.http.preferences import api as preferences
from bellhop.http.schemas import (
    ListQuery,
    MarkBody,
    Marked,
    NotificationList,
    SeenBody,
    Summary,
)
from bellhop.http.signed_in import SignedInRequest
from bellhop.inbox import marks, pages, seen
from bellhop.inbox.counts import counts
from bellhop.inbox.standing import standing
from bellhop.preferences.choices import ChoiceError


def session_auth(request: HttpRequest) -> Any:
    """Return the signed-in user. 401 comes before 403: a signed-out page must learn that it is signed out."""
    if not request.user.is_authenticated:
        return None
    if check_csrf(request) is not None:
        raise HttpError(HTTPStatus.FORBIDDEN, "the CSRF token is missing or wrong")
    return request.user


def staff_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Show the API's description to staff only: 401 signed out, 404 to everybody else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return no_session(request, AuthenticationError())
        return (
            view(request, *args, **kwargs)
            if request.user.is_staff
            else not_found(request, Http404())
        )

    return guarded


api = NinjaAPI(
    title="Bellhop",
    version="1",
    urls_namespace="bellhop:api",
    docs_url=None,
    docs_decorator=staff_only,
    auth=session_auth,
)
router = Router(tags=["notifications"])


@router.get("/", response=NotificationList, exclude_unset=True)
def list_notifications(request: SignedInRequest, query: Query[ListQuery]) -> dict[str, Any]:
    """Return the user's notifications: ascending with `after`, else newest first; bounds are exclusive."""
    state = standing(request.user.pk)
    page = pages.page(
        request.user.pk, query.filters, before=query.before, after=query.after, limit=query.limit
    )
    is_ascending = query.after is not None
    rows = page.rows[::-1] if is_ascending else page.rows
    following = None
    if page.has_newer if is_ascending else page.has_older:
        given = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in query.model_dump(exclude_defaults=True, exclude={"counts"}).items()
        }
        bound = "after" if is_ascending else "before"
        following = f"{request.path}?{urlencode({**given, bound: rows[-1].seq})}"
    return {
        "results": [frame_from_row.fields(row) for row in rows],
        **state._asdict(),
        "user_key": page_owner.key_of(request),
        "next": following,
        **({"counts": counts(request.user.pk)._asdict()} if query.counts else {}),
    }


@router.get("/summary", response=Summary)
def summary(request: SignedInRequest) -> dict[str, Any]:
    """Return what a page needs to go live: the user's counts and key, and the seq from which its socket starts.

    A CSRF token too: signing in has replaced that of older pages.
    """
    state = standing(request.user.pk)
    return {
        **state._asdict(),
        "since": _mark(request, state.seq),
        "user_key": page_owner.key_of(request),
        "csrf_token": get_token(request),
    }


def _mark(request: SignedInRequest, seq: int) -> int:
    """Return the session's mark; a session that did not begin with a login of bellhop.contrib gets one here."""
    mark = request.session.get(SESSION_MARK)
    if not isinstance(mark, int):
        mark = request.session[SESSION_MARK] = seq
    return mark


def _marked(request: SignedInRequest, action: str, body: MarkBody) -> dict[str, int]:
    page_owner.check(request, body.user_key)
    done = marks.marked(
        request.user.pk,
        action,
        ids=body.ids or (),
        through=body.through,
        filters=body.filters,
        rev=body.rev,
    )
    return done._asdict()


@router.post("/read", response=Marked)
def read(request: SignedInRequest, body: MarkBody) -> dict[str, int]:
    """Mark notifications as read."""
    return _marked(request, "read", body)


@router.post("/unread", response=Marked)
def unread(request: SignedInRequest, body: MarkBody) -> dict[str, int]:
    """Mark notifications as unread."""
    return _marked(request, "unread", body)


@router.post("/archive", response=Marked)
def archive(request: SignedInRequest, body: MarkBody) -> dict[str, int]:
    """Archive notifications."""
    return _marked(request, "archive", body)


@router.post("/unarchive", response=Marked)
def unarchive(request: SignedInRequest, body: MarkBody) -> dict[str, int]:
    """Take notifications out of the archive."""
    return _marked(request, "unarchive", body)


@router.post("/seen", response=Marked)
def see(request: SignedInRequest, body: SeenBody) -> dict[str, int]:
    """Note up to where everything was seen."""
    page_owner.check(request, body.user_key)
    return seen.see(request.user.pk, body.through)._asdict()


api.add_router("", router)
api.add_router("", preferences.router)


def _error(
    request: HttpRequest, status: int, code: str, message: str, field: str | None = None
) -> HttpResponse:
    error = {"code": code, "field": field, "message": message}
    return api.create_response(request, {"error": error}, status=status)


@api.exception_handler(AuthenticationError)
def no_session(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _error(request, HTTPStatus.UNAUTHORIZED, "no_session", "sign in first")


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    code = HTTPStatus(error.status_code).name.lower()
    return _error(request, error.status_code, code, str(error))


@api.exception_handler(page_owner.OtherUserError)
def other_user(request: HttpRequest, error: page_owner.OtherUserError) -> HttpResponse:
    return _error(request, error.status, error.code, str(error), page_owner.FIELD)


@api.exception_handler(ChoiceError)
def no_choice(request: HttpRequest, error: ChoiceError) -> HttpResponse:
    return _error(request, HTTPStatus.BAD_REQUEST, "invalid", error.sentence, error.field)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _error(request, HTTPStatus.NOT_FOUND, "not_found", "there is nothing here")


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    # ("query", "query", "limit") or ("body", "body", "ids", 0): the last name is the field.
    names = [part for part in first["loc"][1:] if isinstance(part, str)]
    field = names[-1] if names and names[-1] not in ("query", "body") else None
    return _error(request, HTTPStatus.BAD_REQUEST, "invalid", first["msg"], field)


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def away(request: HttpRequest, error: Exception) -> HttpResponse:
    log_error(error)
    response = _error(
        request, HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "try again in a few seconds"
    )
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
