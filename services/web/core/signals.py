"""A login becomes a notification: this stack's receiver of allauth's signal. core.apps connects it by importing it."""

from typing import Any

from allauth.account.signals import user_logged_in
from django.contrib.auth.models import AbstractUser
from django.dispatch import receiver
from django.http import HttpRequest

from bellhop.contrib.allauth.logins import notify_of_login


# allauth's signal, not Django's of the same name: an allauth login sends both.
@receiver(user_logged_in)
def user_logged_in_receiver(request: HttpRequest, user: AbstractUser, **_: Any) -> None:
    """Save a notification of the login, and ring once it is committed. Never raises: that would be a 500."""
    notify_of_login(request, user)
