"""To whom the page sends: people by name, members of groups, or everybody who is active."""

import shlex
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from bellhop.bulk import people

AT_MOST: Final = 1000
"""People whom one request sends to: a second or two. For more there is bellhop_notify, whose work can be broken off."""


class Whom(NamedTuple):
    """The people, and how a command line names them: its arguments, once for each command."""

    users: "QuerySet[Any]"
    options: Sequence[Sequence[str]]


def everybody() -> Whom:
    return Whom(people.everybody(), [["--all"]])


def in_groups(groups: Sequence[Any]) -> Whom:
    """Return the active members of the groups, each once."""
    users = people.everybody().filter(groups__in=groups).distinct()
    return Whom(users, [["--group", group.name] for group in groups])


def named(users: Sequence[Any]) -> Whom:
    model: Any = get_user_model()
    found = model._default_manager.filter(pk__in=[user.pk for user in users])
    return Whom(found, [[user.get_username()] for user in users])


def group_model() -> Any:
    """Return the model of the groups that users are in; None where the user model has none."""
    model: Any = get_user_model()
    names = {field.name for field in model._meta.get_fields()}
    return model._meta.get_field("groups").related_model if "groups" in names else None


def commands(whom: Whom, given: Mapping[str, Any]) -> list[str]:
    """Return the command lines that send the same, under the same key: nobody gets it twice."""
    said = [f"--{name}={_text(value)}" for name, value in given.items() if name != "message"]
    return [
        shlex.join(["python", "manage.py", "bellhop_notify", *said, *options, given["message"]])
        for options in whom.options
    ]


def _text(value: Any) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
