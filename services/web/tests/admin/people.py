"""Staff with browsers."""

from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.test import Client

URL = "/admin/bellhop/notification/"


def staff(*permissions: str) -> Client:
    """Return somebody who may do this; without anything named, an administrator."""
    person = User.objects.create_user("boss", is_staff=True, is_superuser=not permissions)
    person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(person, settings.AUTHENTICATION_BACKENDS[0])
    return client
