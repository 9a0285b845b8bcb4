"""A project of the plainest kind: no context processor, a base.html with a block, the package's addresses."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.template import Context, Template
from django.test import Client

from bellhop.models import Inbox, Notification

DJANGO: dict[str, Any] = {
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [],
}
BASE = "<html><title>{% block title %}Shop{% endblock %}</title>{% block content %}{% endblock %}</html>"
TEMPLATES = {"base.html": BASE, "home.html": "{% load bellhop %}{% bellhop_bell %}"}


def engine(templates: Mapping[str, str], *processors: str, **options: Any) -> dict[str, Any]:
    """Return an entry of TEMPLATES: with these templates and the package's own."""
    loaders = [
        ("django.template.loaders.locmem.Loader", templates),
        "django.template.loaders.app_directories.Loader",
    ]
    return {
        **DJANGO,
        "OPTIONS": {"loaders": loaders, "context_processors": list(processors), **options},
    }


@pytest.fixture(autouse=True)
def project(settings: Any) -> Any:
    """The settings of that project, to be changed."""
    settings.ROOT_URLCONF = "rows.pages.addresses"
    settings.STATIC_URL = "/static/"
    settings.LOGIN_URL = "login"
    settings.TEMPLATES = [engine(TEMPLATES)]
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ]
    return settings


@pytest.fixture
def browser(user: User) -> Client:
    """Ada's browser, signed in."""
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def add(user: User, message: str, **columns: str) -> Notification:
    """Return a notification as notify() stores it; nothing rings."""
    inbox, _ = Inbox.objects.get_or_create(user=user)
    inbox.last_seq += 1
    inbox.save()
    return Notification.objects.create(
        recipient=user, seq=inbox.last_seq, message=message, **columns
    )


@pytest.fixture
def told(user: User) -> None:
    """Three notifications for Ada."""
    for number in (1, 2, 3):
        add(user, f"number {number}")


@pytest.fixture
def render() -> Callable[..., str]:
    """Renders a template's text in the context that is given."""

    def rendered(text: str, context: Mapping[str, Any] | None = None) -> str:
        return Template("{% load bellhop %}" + text).render(Context(dict(context or {})))

    return rendered
