"""The owner of a page: its forms and requests act for the user it was rendered for, or not at all."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext, gettext_lazy

from bellhop import contract

FIELD: Final = "user_key"
"""The field of a form, or of a body of the API, that holds the user key of the page that sends it."""

NOTHING_CHANGED: Final = gettext_lazy(
    "Somebody else signed in with this browser meanwhile. Nothing was changed."
)


class OtherUserError(Exception):
    """An action of a page that was rendered for somebody else: 409, and nothing is changed."""

    status = HTTPStatus.CONFLICT
    code = "other_user"


def key_of(request: HttpRequest) -> str:
    """Return the user key of the signed-in user; the empty string where nobody is signed in."""
    user: Any = getattr(request, "user", None)
    return contract.user_key(user) if user is not None and user.is_authenticated else ""


def check(request: HttpRequest, owner: str | None) -> None:
    """Raise OtherUserError unless the page's owner, where it has one, is the signed-in user."""
    if owner is not None and owner != key_of(request):
        raise OtherUserError("somebody else is signed in; nothing was changed")


class OwnerMiddleware:
    """Refuses a form of another user's page before its view and before the check of its CSRF token.

    The user is led to LOGIN_REDIRECT_URL, or to the login, with a message. Signing in replaces the token, so the form
    would be refused anyway, by a page that can only propose sending it again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        if request.method != "POST":
            return None
        try:
            owner = request.POST.get(FIELD)
        except UnreadablePostError:
            return None  # for CsrfViewMiddleware, which expects it
        try:
            check(request, owner)
        except OtherUserError:
            if request.user.is_authenticated:
                messages.warning(request, NOTHING_CHANGED)
                return redirect(settings.LOGIN_REDIRECT_URL)
            messages.warning(
                request, gettext("You were signed out meanwhile. Nothing was changed.")
            )
            return redirect_to_login(
                resolve_url(settings.LOGIN_REDIRECT_URL), str(settings.LOGIN_URL)
            )
        return None
