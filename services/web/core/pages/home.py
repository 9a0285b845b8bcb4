"""The first page: the inbox of whoever is signed in; strangers see what this is."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from bellhop.http import views
from bellhop.http.signed_in import SignedInRequest


@require_safe
@never_cache
@ensure_csrf_cookie
def home(request: HttpRequest) -> HttpResponse:
    """The notifications of whoever is signed in, or the landing page."""
    if request.user.is_authenticated:
        return views.inbox(cast("SignedInRequest", request))
    return render(request, "landing.html")
