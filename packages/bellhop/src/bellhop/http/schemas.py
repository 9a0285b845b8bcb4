"""The fields of the JSON API's requests and answers."""

from typing import Annotated, Self
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StrictInt, model_validator

from bellhop.contract import REPLAY_LIMIT, SEQ_MAX, NotificationFields
from bellhop.inbox.pages import PAGE_LIMIT, PAGE_SIZE
from bellhop.inbox.views import Filters, View

Seq = Annotated[int, Field(ge=0, le=SEQ_MAX)]
Number = Annotated[StrictInt, Field(ge=0, le=SEQ_MAX)]


Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
"""What is compared with texts of the database, which takes no NUL."""


class ListQuery(Schema):
    after: Seq | None = None
    before: Seq | None = None
    unread: bool = False
    archived: bool = False
    view: View | None = None
    kind: Text = ""
    q: Text = ""
    thread: Text = ""
    limit: Annotated[int, Field(ge=1, le=PAGE_LIMIT)] = PAGE_SIZE
    counts: bool = False

    @property
    def filters(self) -> Filters:
        """What the list shall hold; `unread` and `archived` are older than `view`, and go on meaning what they mean."""
        view = self.view or (View.ARCHIVED if self.archived else View.INBOX)
        return Filters(view, self.kind, self.q, self.thread, self.unread)


class Standing(Schema):
    seq: int
    rev: int
    unread: int
    seen: int


class Summary(Standing):
    since: int
    user_key: str
    csrf_token: str


class CountsOfViews(Schema):
    inbox: int
    unread: int
    archived: int


class NotificationList(Standing):
    user_key: str
    results: list[NotificationFields]
    next: str | None
    # Only where they were asked for.
    counts: CountsOfViews | None = None


class MarkBody(Schema):
    """Single notifications, all up to a seq, or those of the change `rev`: one of the three.

    Up to a seq: with `view`, `kind` or `q` only what that list holds. `user_key` is that of the page that asks.
    """

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[UUID], Field(max_length=REPLAY_LIMIT)] | None = None
    through: Number | None = None
    rev: Number | None = None

    view: View | None = None
    kind: Text = ""
    q: Text = ""

    user_key: str | None = None

    @model_validator(mode="after")
    def one_of_three(self) -> Self:
        if sum(each is not None for each in (self.ids, self.through, self.rev)) != 1:
            raise ValueError("give ids, through or rev, and only one of them")
        if self.through is None and self._narrows:
            raise ValueError("view, kind and q go with through")
        return self

    @property
    def _narrows(self) -> bool:
        return self.view is not None or bool(self.kind or self.q)

    @property
    def filters(self) -> Filters | None:
        """What `through` is narrowed to; None: to nothing, the archive is meant, too."""
        if not self._narrows:
            return None
        return Filters(self.view or View.INBOX, self.kind, self.q)


class Marked(Standing):
    changed: int


class SeenBody(Schema):
    """Up to which seq everything was seen. `user_key` is that of the page that asks."""

    model_config = ConfigDict(extra="forbid")

    through: Number

    user_key: str | None = None
