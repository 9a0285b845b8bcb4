"""Whom a command means: one user by name or address, all of them, or a group."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from bellhop.models.user_fields import email_field


def find_user(name: str) -> Any:
    """Return the user with that name or address. LookupError, in a sentence, where that is nobody, or more than one.

    One query.
    """
    model: Any = get_user_model()
    named = Q(**{model.USERNAME_FIELD: name})
    if (email := email_field()) is not None:
        named |= Q(**{f"{email}__iexact": name})
    return _only(name, _users().filter(named)[:2] if _can_be(name) else [])


def find_users(names: Sequence[str]) -> dict[str, Any]:
    """Return for each name its user, or the LookupError that find_user() would raise.

    Two queries, however many names. An address is looked for where there is an "@".
    """
    model: Any = get_user_model()
    asked = {name for name in names if _can_be(name)}
    spellings: dict[str, set[str]] = defaultdict(set)
    for name in asked:
        spellings[name.lower()].add(name)
    found: dict[str, dict[Any, Any]] = defaultdict(dict)
    for user in _users().filter(**{f"{model.USERNAME_FIELD}__in": asked}):
        called = user.get_username()
        # Written in another way only where that column's type takes both for the same.
        for name in {called} & asked or spellings[called.lower()]:
            found[name][user.pk] = user
    addresses = [lower for lower in spellings if "@" in lower]
    if addresses and (email := email_field()) is not None:
        addressed = _users().annotate(bellhop_address=Lower(email))
        for user in addressed.filter(bellhop_address__in=addresses):
            for name in spellings[user.bellhop_address]:
                found[name][user.pk] = user
    return {name: _answer(name, found[name].values()) for name in names}


def everybody() -> "QuerySet[Any]":
    """Return all users; without those who are not active, where the model tells."""
    users = _users()
    names = {field.name for field in get_user_model()._meta.get_fields()}
    return users.filter(is_active=True) if "is_active" in names else users


def members(group: str) -> "QuerySet[Any]":
    """Return the active users of one of Django's groups. LookupError, in a sentence, where there is no such group."""
    model: Any = get_user_model()
    if "groups" not in {field.name for field in model._meta.get_fields()}:
        raise LookupError(f"{model._meta.label} has no groups")
    groups = model._meta.get_field("groups").related_model._default_manager
    if not groups.filter(name=group).exists():
        raise LookupError(f"there is no group {group!r}")
    return everybody().filter(groups__name=group)


def in_chunks(users: "QuerySet[Any]", size: int) -> Iterator[list[Any]]:
    """Yield the users in ascending id, `size` at a time. One query for each; memory does not grow with their number."""
    after = None
    while True:
        rest = users if after is None else users.filter(pk__gt=after)
        # Not by a cursor on the server, which a pooler between two transactions does not keep.
        some = list(rest.order_by("pk")[:size])
        if some:
            yield some
        if len(some) < size:
            return
        after = some[-1].pk


def _users() -> "QuerySet[Any]":
    users: QuerySet[Any] = get_user_model()._default_manager.all()
    return users


def _can_be(name: str) -> bool:
    """Whether the database can have such a name."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return bool(name) and "\x00" not in name


def _answer(name: str, found: Any) -> Any:
    try:
        return _only(name, found)
    except LookupError as error:
        return error


def _only(name: str, found: Any) -> Any:
    users = list(found)
    if not users:
        raise LookupError(f"there is no user {name!r}")
    # One person's name may be another's address: then it is not certain who is meant.
    if len(users) > 1:
        raise LookupError(f"{name!r} is the name or address of more than one user")
    return users[0]
