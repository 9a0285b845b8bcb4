"""URLs of the web service. nginx sends /ws/ elsewhere and serves /static/ itself."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView
from django.views.i18n import set_language

from bellhop.http import views
from bellhop.urls import api_urls, preferences_urlpatterns
from core.accounts import adapter, security_events
from core.accounts.signed_in_devices_page import DevicesView
from core.pages import errors, home

# The admin logs in through allauth: same throttles, same notification.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

_bellhop: list[URLPattern | URLResolver] = [
    path("", home.home, name="inbox"),
    path("notifications/mark/", views.mark_notifications, name="mark"),
    path("notifications/seen/", views.seen, name="seen"),
    path("notifications/<uuid:pk>/", views.notification, name="notification"),
    path("notifications/preferences/", include(preferences_urlpatterns)),
    path("api/notifications/", api_urls),
]
urlpatterns = [
    path("", home.home, name="home"),
    # What bellhop.urls has, at the addresses of this stack: the first page is the inbox.
    path("", include((_bellhop, "bellhop"))),
    # JSON in development, too, where Django would answer with its own page. The one exception still gets its
    # slash appended.
    re_path(r"^api/(?!notifications$)", csrf_exempt(errors.not_found)),
    path("accounts/login/", adapter.LoginView.as_view()),
    path("accounts/signup/", adapter.SignupView.as_view()),
    path("accounts/email/", adapter.EmailView.as_view()),
    path("accounts/password/reset/", adapter.PasswordResetView.as_view()),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/sessions/", DevicesView.as_view(), name="usersessions_list"),
    path("language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    # For clients that do not read the page's own <link>.
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}site/favicon.ico")),
]
if settings.DEBUG:
    # In development nginx finds no collected files and asks here.
    urlpatterns += staticfiles_urlpatterns()

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = security_events.too_many_requests
handler500 = errors.server_error
