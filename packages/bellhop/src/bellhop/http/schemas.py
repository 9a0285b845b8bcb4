"""The fields of the JSON API's requests and answers."""

from typing import Annotated, Self
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StrictInt, model_validator

from bellhop.contract import REPLAY_LIMIT, SEQ_MAX, NotificationFields
from bellhop.inbox.pages import PAGE_LIMIT, PAGE_SIZE

Seq = Annotated[int, Field(ge=0, le=SEQ_MAX)]


class ListQuery(Schema):
    after: Seq | None = None
    before: Seq | None = None
    unread: bool = False
    archived: bool = False
    limit: Annotated[int, Field(ge=1, le=PAGE_LIMIT)] = PAGE_SIZE


class Standing(Schema):
    seq: int
    rev: int
    unread: int


class Summary(Standing):
    since: int
    user_key: str
    csrf_token: str


class NotificationList(Standing):
    user_key: str
    results: list[NotificationFields]
    next: str | None


class MarkBody(Schema):
    """Single notifications, or all up to a seq: one of the two. `user_key` is that of the page that asks."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[UUID], Field(max_length=REPLAY_LIMIT)] | None = None
    through: Annotated[StrictInt, Field(ge=0, le=SEQ_MAX)] | None = None

    user_key: str | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        if (self.ids is None) == (self.through is None):
            raise ValueError("give either ids or through")
        return self


class Marked(Standing):
    changed: int
