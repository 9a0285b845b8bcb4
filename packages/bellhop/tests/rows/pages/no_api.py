"""The addresses of a project that has forgotten half of it."""

from django.urls import include, path

from bellhop.urls import inbox_urlpatterns

urlpatterns = [path("notifications/", include((inbox_urlpatterns, "bellhop")))]
