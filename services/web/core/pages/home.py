"""The first page: the inbox for a signed-in user, the landing page for a stranger."""

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
    """Render the user's notifications, or the landing page where nobody is signed in."""
    if request.user.is_authenticated:
        return views.inbox(cast("SignedInRequest", request))
    return render(request, "landing.html")
