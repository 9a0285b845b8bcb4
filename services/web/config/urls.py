"""URLs of the web service. nginx sends /ws/ elsewhere and serves /static/ itself."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView

from core import accounts, errors, views
from core.api import api
from core.usersessions import DevicesView

# The admin logs in through allauth: same throttles, same notification.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", views.home, name="home"),
    path("notifications/mark/", views.mark_notifications, name="notifications_mark"),
    path("api/", api.urls),
    # JSON in development, too, where Django would answer with its own page. The one exception still gets its
    # slash appended.
    re_path(r"^api/(?!notifications$)", csrf_exempt(errors.not_found)),
    path("accounts/login/", accounts.LoginView.as_view()),
    path("accounts/signup/", accounts.SignupView.as_view()),
    path("accounts/email/", accounts.EmailView.as_view()),
    path("accounts/password/reset/", accounts.PasswordResetView.as_view()),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/sessions/", DevicesView.as_view(), name="usersessions_list"),
    path("admin/", admin.site.urls),
    # For whoever does not read the page's own <link>.
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}bellhop/favicon.ico")),
]
if settings.DEBUG:
    # In development nginx finds no collected files and asks here.
    urlpatterns += staticfiles_urlpatterns()

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many_requests
handler500 = errors.server_error
