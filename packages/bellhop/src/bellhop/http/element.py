"""The bell as HTML: what `{% bellhop_bell %}` and its like in Jinja2 put into a page.

Made of addresses and the active language alone, so that it is right in a page that is cached for everybody who reads
that language: no query, no look at the session.
Who is signed in the element asks by itself (`summary`).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from bellhop.conf import conf

_CSRF_HEADER: Final = "HTTP_X_CSRFTOKEN"
"""Of Django's default settings; the element knows it."""


@dataclass(frozen=True)
class Addresses:
    """Where an element finds what it shows."""

    api: str
    socket: str
    inbox: str
    preferences: str
    """Of the page where people choose; the empty string where the project has none."""
    panel: str
    """Of the script loaded when somebody opens something: its name may have a hash, which no script can know."""
    csrf_header: str
    """In which the server expects the CSRF token; the empty string where that is Django's default."""


def addresses() -> Addresses:
    """Return the addresses of this project. ImproperlyConfigured where its urls.py lacks those of the package."""
    try:
        api, inbox = reverse("bellhop:api:api-root"), reverse("bellhop:inbox")
    except NoReverseMatch as error:
        urlconf = get_urlconf() or getattr(settings, "ROOT_URLCONF", "urls.py")
        raise ImproperlyConfigured(
            f'bellhop.urls is not included: write into {urlconf}: path("notifications/", include("bellhop.urls"))'
        ) from error
    panel = static("bellhop/panel.js")
    return Addresses(api, conf.SOCKET_URL, inbox, _preferences(), panel, _csrf_header())


def bell(context: Any, *, script: bool, title_count: bool, nonce: str | None) -> SafeString:
    """Return the element, with a link in it for pages without JavaScript, and its script unless that is unwanted.

    `context` is that of the template (a mapping); it need not hold the request.
    """
    found = addresses()
    attributes = [("api", found.api), ("socket", found.socket), ("href", found.inbox)]
    if found.preferences:
        attributes.append(("preferences", found.preferences))
    attributes.append(("panel", found.panel))
    if found.csrf_header:
        attributes.append(("csrf-header", found.csrf_header))
    if title_count:
        attributes.append(("title-count", ""))
    element = format_html(
        '<bellhop-bell{}><a href="{}">{}</a></bellhop-bell>',
        format_html_join("", ' {}="{}"', attributes),
        found.inbox,
        gettext("Notifications"),
    )
    return element + bell_script(context, nonce=nonce) if script else element


def bell_script(context: Any, *, nonce: str | None) -> SafeString:
    """Return the script that gives the elements life, and before it its words where the page is not in English.

    However often it is in a page, it runs once.
    """
    names = [f"words.{language}" for language in _language_of_words()] + ["bellhop"]
    scripts = [(static(f"bellhop/{name}.js"), _nonce(context, nonce)) for name in names]
    return format_html_join("", '<script defer src="{}"{}></script>', scripts)


def inbox_style(context: Any, *, nonce: str | None) -> SafeString:
    """Return the link to the style of the inbox page."""
    return format_html(
        '<link rel="stylesheet" href="{}"{}>', static("bellhop/inbox.css"), _nonce(context, nonce)
    )


def preferences_style(context: Any, *, nonce: str | None) -> SafeString:
    """Return the link to the style of the page of preferences, which comes after that of the inbox page."""
    return format_html(
        '<link rel="stylesheet" href="{}"{}>',
        static("bellhop/preferences.css"),
        _nonce(context, nonce),
    )


def _language_of_words() -> list[str]:
    """Return the language of the file of words that a page needs: none where it is in English, or in one that is not
    translated.
    """
    language = get_language() or ""
    there = _languages_of_words()
    return [each for each in (language, language.partition("-")[0]) if each in there][:1]


@cache
def _languages_of_words() -> frozenset[str]:
    files = Path(apps.get_app_config("bellhop").path, "static/bellhop").glob("words.*.js")
    return frozenset(path.name.split(".")[1] for path in files)


def _nonce(context: Any, given: str | None) -> SafeString:
    """Return the attribute: of what is given, of Django's context processor, or of django-csp's request."""
    # One that nobody has asked for yet is false, in Django and in django-csp: only None is none.
    for nonce in (
        given,
        context.get("csp_nonce"),
        getattr(context.get("request"), "csp_nonce", None),
    ):
        if nonce is not None:
            # Asked for in this moment; then the policy of the answer names it.
            text = str(nonce)
            return format_html(' nonce="{}"', text) if text else SafeString()
    return SafeString()


def _preferences() -> str:
    try:
        return reverse("bellhop:preferences")
    except NoReverseMatch:
        return ""


def _csrf_header() -> str:
    name: str = settings.CSRF_HEADER_NAME
    return "" if name == _CSRF_HEADER else name.removeprefix("HTTP_").replace("_", "-")
