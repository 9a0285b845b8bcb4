"""Checks the user model: whoever signs in by Django's sessions, with one column for a key."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db.models import CompositePrimaryKey

from bellhop.checks.carefully import SERVER, registered


@registered(SERVER)
def user_model(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield an error for a user model that cannot be a recipient."""
    try:
        model: type = get_user_model()
    except ImproperlyConfigured:
        # Django says itself that there is no such model.
        return
    if not issubclass(model, AbstractBaseUser):
        yield Error(
            f"The user model {settings.AUTH_USER_MODEL} is no AbstractBaseUser: its sessions are not signed.",
            hint=f"Write: class {model.__name__}(django.contrib.auth.models.AbstractBaseUser)",
            id="bellhop.E031",
        )
    if isinstance(model._meta.pk, CompositePrimaryKey):  # type: ignore[attr-defined]
        yield Error(
            f"The user model {settings.AUTH_USER_MODEL} has a primary key of several columns.",
            hint="Give it a primary key of one column, and a UniqueConstraint over those.",
            id="bellhop.E032",
        )
