"""The addresses of the measurement's project: the package's own."""

from django.urls import include, path

urlpatterns = [path("notifications/", include("bellhop.urls"))]
