"""The addresses of the inbox: `path("notifications/", include("bellhop.urls"))` in a project's urls.py.

The page is at "", a single notification at "<id>/", their forms go to "mark/", what people choose is at "preferences/",
the JSON API is at "api/". A project that wants them elsewhere includes `inbox_urlpatterns`, `preferences_urlpatterns`
and `api_urls` where it likes, in a namespace that is named "bellhop".
"""

from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.db import connections, transaction
from django.urls import URLPattern, include, path
from django.views.decorators.cache import never_cache

from bellhop.http import views
from bellhop.http.api import api
from bellhop.http.preferences import page


def _commits_at_once[View: Callable[..., Any]](view: View) -> View:
    """Return the view, outside of the transaction that ATOMIC_REQUESTS would put around it.

    Each has one of its own where it needs one; around it, a person's inbox would stay locked until the answer is made.
    """
    for alias in connections:
        view = transaction.non_atomic_requests(using=alias)(view)
    return view


app_name = "bellhop"

inbox_urlpatterns: Final = [
    path("", _commits_at_once(views.inbox), name="inbox"),
    path("mark/", _commits_at_once(views.mark_notifications), name="mark"),
    path("seen/", _commits_at_once(views.seen), name="seen"),
    path("<uuid:pk>/", _commits_at_once(views.notification), name="notification"),
]
preferences_urlpatterns: Final = [
    path("", _commits_at_once(page.preferences), name="preferences"),
    path("download/", _commits_at_once(page.download), name="download"),
    path("erase/", _commits_at_once(page.erase), name="erase"),
]
api_urls: Final = api.urls
for pattern in api_urls[0]:
    if isinstance(pattern, URLPattern):
        # It judges by itself who is signed in, and says 401: LoginRequiredMiddleware would lead a script to a form. No
        # cache of the project's may keep what it answers.
        pattern.callback = login_not_required(never_cache(_commits_at_once(pattern.callback)))

urlpatterns = [
    *inbox_urlpatterns,
    path("preferences/", include(preferences_urlpatterns)),
    path("api/", api_urls),
]
