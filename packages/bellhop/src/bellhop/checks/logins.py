"""Checks what makes a notification of a login: one app at most, with what it needs."""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec

from django.apps import apps
from django.core.checks import CheckMessage, Error

from bellhop.checks.carefully import registered
from bellhop.checks.setting.bellhop_setting import chosen
from bellhop.checks.setting.functions import trouble_with
from bellhop.checks.setting.value_rules import RULES

BY_DJANGO = "bellhop.contrib.auth"
BY_ALLAUTH = "bellhop.contrib.allauth"


@registered()
def login_apps(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield an error where a login would be told of twice, or by an allauth that is not there."""
    if not apps.is_installed(BY_ALLAUTH):
        return
    if apps.is_installed(BY_DJANGO):
        yield Error(
            f"{BY_DJANGO} and {BY_ALLAUTH} are both installed: each login would become two notifications.",
            hint=f'Take "{BY_DJANGO}" out of INSTALLED_APPS, or "{BY_ALLAUTH}" where allauth signs nobody in.',
            id="bellhop.E051",
        )
    if find_spec("allauth") is None or not apps.is_installed("allauth.account"):
        yield Error(
            f"{BY_ALLAUTH} is installed, and allauth.account is not.",
            hint=f'pip install "django-bellhop[allauth]" and INSTALLED_APPS += ["allauth", "allauth.account"],'
            f' or "{BY_DJANGO}" in place of "{BY_ALLAUTH}"',
            id="bellhop.E052",
        )


@registered()
def login_predicate(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield an error for a function that is to judge logins and is not there."""
    path = chosen("LOGIN_NOTIFIES")
    if not isinstance(path, str) or not RULES["LOGIN_NOTIFIES"].allows(path):
        return
    if what := trouble_with(path):
        yield _no_predicate(path, what)


def _no_predicate(path: str, what: str) -> Error:
    return Error(
        f'BELLHOP["LOGIN_NOTIFIES"], {path!r}, {what}.',
        hint="Write the dotted path of a function: def notifies(request, user) -> bool",
        id="bellhop.E045",
    )
