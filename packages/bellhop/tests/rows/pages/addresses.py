"""The addresses of a project with the package in it, and a page of its own that has a bell."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")


def login(request: HttpRequest) -> HttpResponse:
    return HttpResponse("who are you?")


urlpatterns = [
    path("", home),
    path("login/", login, name="login"),
    path("notifications/", include("bellhop.urls")),
]
