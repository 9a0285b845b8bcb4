"""Who was notified, of what: what a test asks, and what it gets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.test import override_settings

if TYPE_CHECKING:
    from bellhop.models import Notification


@dataclass(frozen=True)
class Notified:
    """One notification, as its recipient sees it: `message` and `body` are the words that are shown.

    `toast` is False where open pages only list it; `row` is the saved Notification.
    """

    seq: int
    kind: str
    message: str
    body: str
    url: str
    data: dict[str, Any]
    key: str | None
    created: datetime
    read: bool
    toast: bool
    row: "Notification"


class Notifications:
    """`notified(user)` lists a user's notifications, oldest first. A test's own: it asks the database each time.

    assert [each.message for each in notified(ada)] == ["Paid", "Sent"]
    """

    def __call__(self, user: Any) -> list[Notified]:
        """Return what the user was notified of, in order. What the test's transaction holds is numbered first."""
        from bellhop.models import Notification, write_database

        self.number()
        rows = Notification.objects.using(write_database.alias()).filter(recipient=user)
        return [_as_shown(row) for row in rows.order_by("seq")]

    def refused(self, user: Any) -> dict[str, int]:
        """Return how many of each kind the user's inbox has refused, what the test's transaction refused included.

        What is refused is in no list: assert_none() holds for it, and notify() returns it with `is_refused`.
        """
        from bellhop.preferences.refusals import refusals_of, uncounted

        found = uncounted(user.pk)
        for kind, (count, _) in refusals_of(user.pk).items():
            found[kind] = found.get(kind, 0) + count
        return found

    def number(self) -> None:
        """Number all that waits for the commit, as the commit would: for a test that asks a page or the API next."""
        from bellhop.saving.number import number_left_behind

        while number_left_behind():
            pass

    def assert_one(self, user: Any, **expected: Any) -> Notified:
        """Return the one notification of the user with these fields; AssertionError where there is none, or are more.

        notified.assert_one(ada, kind="order.paid", data={"order": 7})
        """
        found = self._like(user, expected)
        if len(found) != 1:
            many = f"{len(found)} notifications" if found else "no notification"
            raise AssertionError(f"{user} has {many} like {expected}. {self._all(user)}")
        return found[0]

    def assert_none(self, user: Any, **unexpected: Any) -> None:
        """AssertionError where the user has a notification with these fields; without any, any notification at all."""
        if found := self._like(user, unexpected):
            raise AssertionError(f"{user} has {len(found)} like {unexpected}. {self._all(user)}")

    def _like(self, user: Any, fields: dict[str, Any]) -> list[Notified]:
        if unknown := fields.keys() - Notified.__dataclass_fields__.keys():
            raise TypeError(f"a notification has no {', '.join(sorted(unknown))}")
        return [
            each
            for each in self(user)
            if all(getattr(each, name) == value for name, value in fields.items())
        ]

    def _all(self, user: Any) -> str:
        lines = [
            f"{each.seq}. {each.kind}: {each.message!r} {each.data or ''}".rstrip()
            for each in self(user)
        ]
        return "\n  ".join(["All of theirs:", *lines]) if lines else "They have none at all."


@contextmanager
def without_ringing() -> Iterator[Notifications]:
    """Yield what a test asks, with no process rung meanwhile."""
    with override_settings(BELLHOP={**getattr(settings, "BELLHOP", {}), "RING": "off"}):
        yield Notifications()


def _as_shown(row: "Notification") -> Notified:
    from bellhop.frame_from_row import fields

    shown = fields(row)
    return Notified(
        seq=shown["seq"],
        kind=shown["kind"],
        message=shown["message"],
        body=shown["body"],
        url=shown["url"],
        data=shown["data"],
        key=row.key,
        created=row.created,
        read=shown["read"],
        toast=row.toast,
        row=row,
    )
