"""How this package's system checks are registered: under a tag of their own, and none of them ever raises."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register

TAG: Final = "bellhop"
"""`manage.py check --tag bellhop` runs these alone."""

SERVER: Final = "bellhop_ws"
"""Of those that `bellhop_ws` runs when it starts: without what they look at it can serve no socket, and they load no
pages."""

Look = Callable[[Sequence[str]], Iterable[CheckMessage]]
"""Looks at the project and yields what it finds, given the aliases of the databases that may be asked."""


def registered(*tags: str) -> Callable[[Look], Look]:
    """Register a function as a check. What it raises becomes a warning: a check that fails must not stop a project."""

    def register_one(look: Look) -> Look:
        def check(
            app_configs: Sequence[AppConfig] | None = None,
            databases: Sequence[str] | None = None,
            **_: Any,
        ) -> list[CheckMessage]:
            if app_configs is not None and not any(app.name == TAG for app in app_configs):
                return []
            return list(_never_raising(look, databases or ()))

        # Not functools.wraps: Django would read the signature of what is wrapped.
        check.__name__, check.__module__ = look.__name__, look.__module__
        register(check, TAG, *tags)
        return look

    return register_one


def _never_raising(look: Look, databases: Sequence[str]) -> Iterator[CheckMessage]:
    try:
        yield from look(databases)
    except Exception as error:
        yield Warning(
            f"Bellhop could not look at the project's {look.__name__.replace('_', ' ')}: {error!r}.",
            hint="Repair what the other checks name, and run them again.",
            id="bellhop.W001",
        )
