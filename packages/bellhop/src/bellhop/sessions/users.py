"""The users that login sessions name: whoever the session's authentication backend would return, many at once.

Django asks a backend for one user at a time. Where backend and default manager do nothing of their own, all are read
in one query; any other backend is asked one by one.
"""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model, load_backend
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from bellhop.models import user_key
from bellhop.models.inbox_sql import user_table
from bellhop.models.write_database import alias, connection

AS_DJANGOS: Final = frozenset(
    {
        "django.contrib.auth.backends.ModelBackend",
        "allauth.account.auth_backends.AuthenticationBackend",
    }
)
"""Backends that are known to find a user as Django's own does, so that a socket server need not load them."""


def read(asked: Iterable[tuple[str, Any]]) -> dict[tuple[str, Any], Any]:
    """Return the users of (path of a backend, primary key) that the backend would return, each whole. Blocks.

    One query for all of them where backends and manager are Django's own. DatabaseError.
    """
    wanted = [each for each in set(asked) if each[0] in settings.AUTHENTICATION_BACKENDS]
    plain = {each for each in wanted if finds_as_djangos(each[0])}
    users = _read_rows({key for _, key in plain})
    found = {
        (path, key): users[key]
        for path, key in plain
        if key in users and _is_let_in(path, users[key])
    }
    for path, key in wanted:
        if (path, key) not in plain and (user := load_backend(path).get_user(key)) is not None:
            found[path, key] = user
    return found


@cache
def finds_as_djangos(path: str) -> bool:
    """Return whether the backend of that path finds a user as Django's ModelBackend does."""
    if path in AS_DJANGOS:
        return True
    get_user = getattr(type(load_backend(path)), "get_user", None)
    return get_user is ModelBackend.get_user


@cache
def asks_is_active(path: str) -> bool:
    """Return whether the backend of that path, which finds users as Django's, lets in the active ones alone."""
    if path in AS_DJANGOS:
        return True
    check: Any = getattr(type(load_backend(path)), "user_can_authenticate", None)
    return check is ModelBackend.user_can_authenticate


def _is_let_in(path: str, user: Any) -> bool:
    if asks_is_active(path):
        return bool(getattr(user, "is_active", True))
    check: Any = load_backend(path)
    return bool(check.user_can_authenticate(user))


@cache
def is_plain() -> bool:
    """Return whether a statement of ours can tell which users are let in, and with which sessions.

    Not so where a backend, the default manager or the session's hash is of the project's own, or `is_active` no column.
    """
    model: Any = get_user_model()
    return (
        all(
            finds_as_djangos(path) and asks_is_active(path)
            for path in settings.AUTHENTICATION_BACKENDS
        )
        and _has_plain_manager(model)
        and has_djangos_session_hash()
        and (has_column("is_active") or model.is_active is True)
    )


def has_djangos_session_hash() -> bool:
    """Return whether sessions are signed with the user's password alone; a hash of the project's own may hold more."""
    model: Any = get_user_model()
    return model.get_session_auth_hash is AbstractBaseUser.get_session_auth_hash


@cache
def has_column(name: str) -> bool:
    """Return whether the user's own table has a column of that name."""
    model = get_user_model()
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return field in model._meta.local_concrete_fields and getattr(field, "column", "") == name


def _has_plain_manager(model: Any) -> bool:
    manager: Any = type(model._default_manager)
    return manager.get_queryset is models.Manager.get_queryset and not model._meta.parents


@cache
def _is_read_as_it_is() -> bool:
    """Return whether the rows of users hold what Python shall have: no manager, parent or field changes them."""
    model: Any = get_user_model()
    fields = model._meta.concrete_fields
    return _has_plain_manager(model) and not any(
        field.get_db_converters(connection()) for field in fields
    )


def _read_rows(keys: Collection[Any]) -> dict[Any, Any]:
    """Return the users by key, whole, or with `needed_columns` alone: the rest is nobody's business here."""
    if not keys:
        return {}
    model: Any = get_user_model()
    if not _is_read_as_it_is():
        return {user.pk: user for user in model._default_manager.using(alias()).filter(pk__in=keys)}
    sql, columns = _users_query()
    with connection().cursor() as cursor:
        cursor.execute(sql, [user_key.to_sql(keys)])
        rows = cursor.fetchall()
    users = [model.from_db(alias(), columns, row) for row in rows]
    return {user.pk: user for user in users}


@cache
def needed_columns() -> list[str] | None:
    """Return the columns of the user's table that tell whose a session is, and whether it goes on.

    None: all of them, since which fields a session is signed with, or a user is let in by, is the project's business.
    """
    if not (is_plain() and _is_read_as_it_is()):
        return None
    # date_joined is in the user_key that pages compare.
    wanted = {"password", "is_active", "date_joined"}
    fields = get_user_model()._meta.concrete_fields
    return [str(one.column) for one in fields if one.primary_key or one.attname in wanted]


@cache
def _users_query() -> tuple[str, list[str]]:
    """Return a SELECT of users by key, and its fields. Django would take longer to compile it than to ask it."""
    table, pk = user_table()
    needed = needed_columns()
    fields = [
        field
        for field in get_user_model()._meta.concrete_fields
        if needed is None or field.column in needed
    ]
    columns = ", ".join(connection().ops.quote_name(str(field.column)) for field in fields)
    sql = f"SELECT {columns} FROM {table} WHERE {pk} = ANY(%s::{user_key.sql_type()}[])"  # noqa: S608
    return sql, [field.attname for field in fields]
