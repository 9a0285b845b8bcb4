"""What a page says about a form that was sent, on the page that comes after it."""

from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest
from django.utils.functional import Promise

_KEY: Final = "bellhop_said"


class Said(NamedTuple):
    """One sentence, and whether it tells of a failure."""

    text: str
    is_error: bool


def say(request: HttpRequest, text: str | Promise, *, is_error: bool = False) -> None:
    """Keep a sentence for the next page: as a message of Django's, or in the session where the project has none."""
    if _storage(request) is not None:
        messages.add_message(request, messages.ERROR if is_error else messages.SUCCESS, str(text))
    else:
        request.session[_KEY] = [*request.session.get(_KEY, []), [str(text), is_error]]


class Unsaid:
    """What is to be said in this page's own place: by then its base may have shown Django's messages, or may not."""

    def __init__(self, request: HttpRequest) -> None:
        self._storage = _storage(request)
        self._kept: list[Any] = [] if self._storage else request.session.pop(_KEY, [])

    def __iter__(self) -> Any:
        if self._storage is None:
            return (Said(*each) for each in self._kept)
        if self._storage.used:
            return iter(())
        return (Said(str(each), each.level >= messages.WARNING) for each in self._storage)


def _storage(request: HttpRequest) -> BaseStorage | None:
    found = messages.get_messages(request)
    return found if isinstance(found, BaseStorage) else None
