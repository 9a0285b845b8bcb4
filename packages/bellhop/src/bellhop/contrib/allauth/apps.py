"""Connects the receiver of allauth's signal of a login."""

from typing import Any

from django.apps import AppConfig


class BellhopAllauthConfig(AppConfig):
    """Notifies of each login through allauth, a sign-up included."""

    name = "bellhop.contrib.allauth"
    label = "bellhop_allauth"
    verbose_name = "Notifications of logins"

    def ready(self) -> None:
        try:
            from allauth.account.signals import user_logged_in
        except ImportError:
            # A system check says so (bellhop.E052), with what to write.
            return
        user_logged_in.connect(_receive, dispatch_uid="bellhop.contrib.allauth")


def _receive(request: Any, user: Any, **_: Any) -> None:
    from bellhop.contrib.allauth.logins import notify_of_login

    notify_of_login(request, user)
