"""What makes a notification of a login through allauth: the address is the one that allauth's own limits go by."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from bellhop.contrib import login


def notify_of_login(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Notify the user of the login, as bellhop.contrib.login does. Never raises."""
    login.notify_of_login(request, user, get_adapter().get_client_ip(request))
