"""Run within a project: `python prepare.py LOGIN…` migrates its database, collects its static files and makes people
with those logins.

It writes what Bellhop's channels there begin with on Redis.
"""

import sys

import django
from django.conf import settings
from django.core.management import call_command

PASSWORD = "correct horse battery staple"


def prepare(logins: list[str]) -> str:
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    if settings.STATIC_ROOT:
        call_command("collectstatic", verbosity=0, interactive=False)
    from django.contrib.auth import get_user_model

    from bellhop.conf import prefix

    model = get_user_model()
    for login in logins:
        address = login if "@" in login else f"{login}@example.com"
        columns = {model.USERNAME_FIELD: login, "email": address, "password": PASSWORD}
        model._default_manager.create_user(**columns)
    return prefix()


if __name__ == "__main__":
    sys.stdout.write(prepare(sys.argv[1:]))
