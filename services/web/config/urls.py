"""URLs of the web service. nginx sends /ws/ elsewhere and serves /static/ itself."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path

from core import views
from core.api import api

# The admin logs in through allauth: same throttles, same notification.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", views.home, name="home"),
    path("notifications/mark/", views.mark_notifications, name="notifications_mark"),
    path("api/", api.urls),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEBUG:
    # In development nginx finds no collected files and asks here.
    urlpatterns += staticfiles_urlpatterns()
