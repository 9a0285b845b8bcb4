from django.http import HttpResponse
from django.shortcuts import render
from django.urls import include, path

urlpatterns = [
    path("", lambda request: render(request, "home.html")),
    path("healthz", lambda request: HttpResponse("ok")),
    path("accounts/", include("allauth.urls")),
]
