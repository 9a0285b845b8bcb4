"""Checks that what Bellhop stands on is installed: apps, middleware, and its own pages."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core.checks import CheckMessage, Error, Warning
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from bellhop.checks.carefully import SERVER, registered
from bellhop.checks.sessions import session_store


@registered(SERVER)
def installed_apps(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield an error for each app of Django's that is needed and not installed."""
    for name in missing_apps():
        yield Error(
            f"{name} is not installed.",
            hint=f'Write into the settings: INSTALLED_APPS += ["{name}"]',
            id="bellhop.E011",
        )


def missing_apps() -> list[str]:
    """Return the apps of Django's that are needed and not installed."""
    needed = ["django.contrib.auth", "django.contrib.contenttypes"]
    store = session_store()
    if store is not None and issubclass(store, DatabaseStore):
        needed.append("django.contrib.sessions")
    return [name for name in needed if not apps.is_installed(name)]


def can_hear_of_logouts() -> bool:
    """Return whether there are sessions and users at all; where there are not, the checks say what to write."""
    return session_store() is not None and not missing_apps()


@registered()
def middleware(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield an error for each middleware that pages need and do not have. A process without pages needs none."""
    if not pages_urlconf():
        return
    for name, identity in (
        ("django.contrib.sessions.middleware.SessionMiddleware", "bellhop.E012"),
        ("django.contrib.auth.middleware.AuthenticationMiddleware", "bellhop.E013"),
    ):
        if not _has_middleware(name):
            yield Error(
                f"MIDDLEWARE has no {name}, and nothing made of it: nobody is signed in.",
                hint=f'Write into MIDDLEWARE: "{name}"',
                id=identity,
            )


@registered()
def urls(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield a warning where pages do not lead to the inbox."""
    urlconf = pages_urlconf()
    if not urlconf:
        return
    try:
        reverse("bellhop:inbox")
    except NoReverseMatch:
        yield Warning(
            "bellhop.urls is not included: there is no list of notifications, and nothing can be marked as read.",
            hint=f'Write into {urlconf}: path("notifications/", include("bellhop.urls"))',
            id="bellhop.W011",
        )
    except Exception:
        # A URLconf that cannot be loaded is Django's own check's business.
        return


def pages_urlconf() -> str:
    """Return the module of the project's pages, or the empty string in a process that has none."""
    return getattr(settings, "ROOT_URLCONF", None) or ""


def _has_middleware(name: str) -> bool:
    wanted = import_string(name)
    for path in settings.MIDDLEWARE or ():
        # One that cannot be imported stops the project by itself.
        with suppress(Exception):
            found = import_string(path)
            if isinstance(found, type) and issubclass(found, wanted):
                return True
    return False
