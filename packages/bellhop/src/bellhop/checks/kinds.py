"""Checks the kinds that are declared: each once, with templates that can be read, and an icon that is there."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import SuspiciousFileOperation
from django.template import TemplateSyntaxError
from django.utils import translation
from django.utils.functional import Promise

from bellhop.checks.carefully import registered
from bellhop.kinds import registry
from bellhop.kinds.kind import Kind
from bellhop.kinds.templates import compiled

FIELDS: Final = ("message", "body", "summary", "thread")


@registered()
def kinds_declared_twice(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield an error for each kind that was declared again, as something else."""
    for clash in registry.clashes():
        yield Error(
            f"The kind {clash.name!r} is declared by {clash.first}, and again, as something else, by {clash.second}:"
            " the first one counts.",
            hint="Take one of them away, or give it another name.",
            id="bellhop.E061",
        )


@registered()
def kinds_words(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield an error for each template that cannot be read, of lazy text in each of the project's languages."""
    for kind in registry.declared():
        for field in FIELDS:
            if problem := _problem(getattr(kind, field)):
                yield _unreadable(kind, field, problem)


@registered()
def kinds_icons(_: Sequence[str]) -> Iterator[CheckMessage]:
    """Yield a warning for each icon that is not among the static files, where Django's own app looks for those."""
    if not apps.is_installed("django.contrib.staticfiles"):
        return
    for kind in registry.declared():
        if kind.icon and not _is_found(kind.icon):
            yield Warning(
                f"The kind {kind.name!r} of {registry.module_of(kind)}: its icon {kind.icon!r} is not among the static"
                " files.",
                hint=f"Put it into the folder static/ of an app, as static/{kind.icon}, or correct icon=…",
                id="bellhop.W061",
            )


def _is_found(icon: str) -> bool:
    try:
        return finders.find(icon) is not None
    except SuspiciousFileOperation:
        # Such as "../icon.svg", or one that begins with a slash.
        return False


def _problem(words: Any) -> str:
    """Return what is wrong with it; empty: nothing, or it is no template."""
    if isinstance(words, Promise):
        for language, _ in settings.LANGUAGES:
            with translation.override(language):
                if problem := _problem(str(words)):
                    return f"in {language}: {problem}"
    elif isinstance(words, str):
        try:
            compiled(words)
        except TemplateSyntaxError as error:
            return str(error)
    elif words is not None and not callable(words):
        return f"neither text nor a function, but of type {type(words).__name__}"
    return ""


def _unreadable(kind: Kind, field: str, problem: str) -> Error:
    return Error(
        f"The kind {kind.name!r} of {registry.module_of(kind)} has a {field} that cannot be read:"
        # Some of Django's messages end with a full stop.
        f" {problem.rstrip('.')}.",
        hint=f"Write a Django template in which each fact has its name, or a function of the facts: {field}=…",
        id="bellhop.E062",
    )
