from django.urls import include, path

from pages import views

urlpatterns = [
    path("accounts/", include("django.contrib.auth.urls")),
    path("notifications/", include("bellhop.urls")),
    path("", views.home, name="home"),
    path("tell/", views.tell, name="tell"),
    path("recall/", views.recall, name="recall"),
    path("past/", views.past, name="past"),
    path("form/", views.form),
    path("two-bells/", views.page, {"name": "two_bells"}),
    path("loaded-twice/", views.page, {"name": "loaded_twice"}),
    path("cached-part/", views.page, {"name": "cached_part"}),
    path("react/", views.page, {"name": "react"}),
    path("cached/", views.cached),
    path("without-request/", views.without_request),
    path("jinja/", views.jinja),
    path("htmx-<int:version>/<slug:place>/", views.swapped, {"name": "htmx"}),
    path("turbo/<slug:place>/", views.swapped, {"name": "turbo"}),
]
