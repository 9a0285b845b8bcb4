"""Refuses text that PostgreSQL cannot store, NUL and halves of surrogate pairs, with 400 before any view."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError


class StorableMiddleware:
    """Refuses such text in path, query and form, wherever a view would put it: in a lookup, a row, a cache key.

    Not in cookies and headers: a person could not get rid of one that another site has set. Code that reads those
    expects anything.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        try:
            texts = [request.path, *map(str, kwargs.values()), *_texts(request.GET)]
            texts += _texts(request.POST)
        except UnreadablePostError:
            return  # for CsrfViewMiddleware, which expects it
        if not all(map(is_storable, texts)):
            raise BadRequest("text that cannot be stored")


def is_storable(text: str) -> bool:
    """Return whether PostgreSQL can store the text."""
    return "\0" not in text and (text.isascii() or not _has_surrogates(text))


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _texts(data: QueryDict) -> Iterable[str]:
    for name, values in data.lists():
        yield name
        yield from map(str, values)
