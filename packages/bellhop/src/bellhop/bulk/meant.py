"""Which notifications a command means: some by their ids, or all that were sent with a key; of one user, or of all."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from bellhop.bulk.people import find_user
from bellhop.models import Notification, write_database


class Meant(NamedTuple):
    """The notifications of a command line."""

    ids: Sequence[UUID]
    key: str | None
    user: Any

    def each(self) -> list[dict[str, Any]]:
        """Return the arguments of each call of recall.withdraw() or update() that it takes."""
        if self.key is not None:
            return [{"key": self.key, "recipient": self.user}]
        return [{"notification": id_, "recipient": self.user} for id_ in self.ids]

    def number(self) -> int:
        """Return how many there are now. One query."""
        rows = Notification.objects.using(write_database.alias())
        rows = rows.filter(pk__in=self.ids) if self.key is None else rows.filter(key=self.key)
        return (rows if self.user is None else rows.filter(recipient=self.user.pk)).count()


def meant(options: Mapping[str, Any]) -> Meant:
    """Return what the options name; one query for a user. ValueError or LookupError, in a sentence, for nonsense."""
    given = options["ids"]
    ids = [given] if isinstance(given, str) else list(given or ())
    if bool(ids) is (options["key"] is not None):
        raise ValueError("either an ID or --key")
    user = None if options["user"] is None else find_user(options["user"].strip())
    return Meant([_uuid(id_) for id_ in ids], options["key"], user)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is no id: it looks like 01234567-89ab-4cde-8f01-23456789abcd"
        ) from None
