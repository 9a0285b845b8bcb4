"""The forms of the inbox page: what each asks to be done, and with which notifications."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict

from bellhop.http.inbox.done import INVERSE
from bellhop.http.inbox.query import PageQuery, seq_of
from bellhop.inbox.views import Filters


class NonsenseError(ValueError):
    """No form of ours sends this."""


@dataclass(frozen=True, slots=True)
class Marking:
    """An action, and what it is done with: ids, or all that a filter holds up to a seq, or what a rev has changed."""

    action: str
    ids: tuple[UUID, ...] = ()
    through: int | None = None
    rev: int | None = None
    filters: Filters | None = None

    @property
    def which(self) -> dict[str, Any]:
        """What bellhop.inbox.marks takes."""
        return {
            "ids": self.ids,
            "through": self.through,
            "rev": self.rev,
            "filters": self.filters,
        }

    @property
    def is_empty(self) -> bool:
        """Whether nothing was chosen: the buttons of the bar above the list, and no row is ticked."""
        return not self.ids and self.through is None and self.rev is None


def marking_of(form: QueryDict) -> Marking:
    """Return what the form asks for. NonsenseError where that makes no sense.

    `one` is a row's own button ("read:<id>"), `bulk` one for the rows that are ticked. Else `action` with `id`, with
    `through` and a filter, or with `rev`.
    """
    one, bulk = form.get("one"), form.get("bulk")
    if one is not None:
        action, _, identity = one.partition(":")
        return Marking(_action(action), ids=(_id(identity),))
    if bulk is not None:
        return Marking(_action(bulk), ids=tuple(map(_id, form.getlist("id"))))
    action, ids = _action(form.get("action")), tuple(map(_id, form.getlist("id")))
    if ids:
        return Marking(action, ids=ids)
    rev, through = seq_of(form.get("rev")), seq_of(form.get("through"))
    if rev is not None:
        return Marking(action, rev=rev)
    if through is None:
        raise NonsenseError("action and id, through or rev are needed")
    is_filtered = bool(form.get("view") or form.get("kind") or form.get("q"))
    return Marking(
        action, through=through, filters=PageQuery.of(form).filters if is_filtered else None
    )


def _action(text: str | None) -> str:
    if text not in INVERSE:
        raise NonsenseError("no such action")
    return str(text)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NonsenseError("id is no UUID") from error
