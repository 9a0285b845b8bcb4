"""What a notification of django-notifications-hq names: its actor, its action object and its target."""

from collections.abc import Collection
from contextlib import suppress
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import DataError, ProgrammingError

from bellhop.database.away import AWAY
from bellhop.importing.django_notifications_hq.table import Thing
from bellhop.saving.savepoint import shielded

Things = dict[Thing, Any]
"""Objects by what points at them."""


def find_things(things: Collection[Thing]) -> Things:
    """Return the objects that are still there. A query for each content type.

    Passed over: an object that was deleted, a model that is no longer installed or whose table is gone, and a key that
    is none of the model's. Raises where the database is away: then nothing is known of any of them.
    """
    keys: dict[int, set[str]] = {}
    for thing in things:
        keys.setdefault(thing.content_type, set()).add(thing.key)
    found: Things = {}
    for content_type, wanted in keys.items():
        with suppress(ContentType.DoesNotExist, DataError, ProgrammingError), shielded():
            model: Any = ContentType.objects.get_for_id(content_type).model_class()
            if model is not None:
                found |= _of_model(model, content_type, wanted)
    return found


def _of_model(model: Any, content_type: int, wanted: Collection[str]) -> Things:
    as_text: dict[Any, str] = {}
    for text in wanted:
        with suppress(ValidationError, TypeError, ValueError):
            as_text[model._meta.pk.to_python(text)] = text
    objects = model._base_manager.in_bulk(list(as_text))
    return {Thing(content_type, as_text[key]): thing for key, thing in objects.items()}


def text_of(thing: Any) -> str:
    """Return what an object calls itself; "" where that fails."""
    return _asked(lambda: str(thing))


def address_of(thing: Any) -> str:
    """Return the address of an object's page by its get_absolute_url(); "" where it has none, or that fails."""
    if not hasattr(thing, "get_absolute_url"):
        return ""
    return _asked(lambda: str(thing.get_absolute_url() or ""))


def _asked(question: Any) -> str:
    """Return the answer of code of the project's; "" where it raises. It may ask the database, which may be away."""
    try:
        with shielded():
            return str(question())
    except AWAY:
        raise
    except Exception:
        return ""
