"""The primary key of the project's user model, whatever its type: integer, UUID or text."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models

from bellhop.models.write_database import connection


@cache
def sql_type() -> str:
    """Return PostgreSQL's type of the key, for a cast: ``bigint``, ``uuid``, ``text``…"""
    field = _field()
    name = str(field.rel_db_type(connection()))
    # A cast to varchar(n) would cut off what is longer, and find somebody else's row.
    return "text" if "char" in name else name


def to_sql(keys: Iterable[Any]) -> list[Any]:
    """Return keys as the database has them, for a parameter that is cast to an array of `sql_type`."""
    if _is_plain():
        return list(keys)
    field = _field()
    return [field.get_db_prep_value(key, connection()) for key in keys]


def from_sql(key: Any) -> Any:
    """Return a key from the database as the user model has it."""
    if _is_plain():
        return key
    field = _field()
    for convert in field.get_db_converters(connection()):
        key = convert(key, None, connection())
    return field.to_python(key)


def to_key(value: object) -> Any:
    """Return a key from a session or a task's arguments as the user model has it; None where it is nonsense."""
    try:
        return _field().to_python(value)
    except (ValidationError, TypeError, ValueError):
        return None


def _field() -> "models.Field[Any, Any]":
    """Return the field that holds the key: of a model that inherits another's table, the parent's."""
    field: Any = get_user_model()._meta.pk
    while field.remote_field is not None:
        field = field.target_field
    return field


@cache
def _is_plain() -> bool:
    """Whether Python and the database have the same key: Django's own fields, with nothing of the project's around."""
    return type(_field()).__module__.startswith("django.db.models.")
