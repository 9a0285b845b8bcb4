"""Connects the receiver of Django's own signal of a login."""

from typing import Any

from django.apps import AppConfig


class BellhopAuthConfig(AppConfig):
    """Notifies of each login that Django's `login()` makes, in a browser or in a program."""

    name = "bellhop.contrib.auth"
    label = "bellhop_auth"
    verbose_name = "Notifications of logins"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        user_logged_in.connect(_receive, dispatch_uid="bellhop.contrib.auth")


def _receive(request: Any, user: Any, **_: Any) -> None:
    from bellhop.contrib.login import notify_of_login

    # The address is that of whoever connects: behind a proxy, what the project has made of it.
    notify_of_login(request, user, request.META.get("REMOTE_ADDR") or "" if request else "")
