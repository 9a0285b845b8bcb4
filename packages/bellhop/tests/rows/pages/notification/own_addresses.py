"""The addresses of a project that has written its own, before there was a page for each notification."""

from django.urls import include, path

from bellhop.http import views
from bellhop.urls import api_urls
from rows.pages.addresses import login

own = [
    path("", views.inbox, name="inbox"),
    path("mark/", views.mark_notifications, name="mark"),
    path("api/", api_urls),
]
urlpatterns = [
    path("login/", login, name="login"),
    path("notifications/", include((own, "bellhop"))),
]
