"""Each view holds what it says and no more: pages of it, marks of it, its counts and its kinds, one person's own."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bellhop.inbox import pages
from bellhop.inbox.counts import CAP, Counts, counts
from bellhop.inbox.kinds_present import kinds_present
from bellhop.inbox.marks import mark, marked
from bellhop.inbox.views import Filters, View
from bellhop.models import Inbox, Notification

pytestmark = pytest.mark.django_db


def fill(user: User, count: int, **columns: Any) -> None:
    first = Inbox.state_of(user.pk).seq + 1
    Notification.objects.bulk_create(
        Notification(recipient=user, seq=seq, **{"message": "x", **columns})
        for seq in range(first, first + count)
    )


def shown(user: User, filters: Filters, **bounds: Any) -> list[int | None]:
    return [row.seq for row in pages.page(user.pk, filters, **bounds).rows]


@pytest.fixture
def mixed(user: User, other: User) -> User:
    """1, 2 unread orders; 3, 4 read; 5, 6 archived, 6 of them unread; 7 unread of a thread. Somebody else has some."""
    now = timezone.now()
    fill(user, 2, kind="order")
    fill(user, 2, read_at=now)
    fill(user, 1, archived_at=now, read_at=now, kind="old")
    fill(user, 1, archived_at=now)
    fill(user, 1, thread="t")
    fill(other, 9, kind="foreign", thread="t")
    return user


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), [7, 4, 3, 2, 1]),
        (Filters(View.UNREAD), [7, 2, 1]),
        (Filters(View.ARCHIVED), [6, 5]),
        (Filters(View.ARCHIVED, unread=True), [6]),
        (Filters(kind="order"), [2, 1]),
        (Filters(View.ARCHIVED, kind="order"), []),
        (Filters(thread="t"), [7]),
        (Filters(kind="foreign"), []),
    ],
)
def test_a_view_holds_what_it_says(mixed: User, filters: Filters, found: list[int]) -> None:
    assert shown(mixed, filters) == found


def test_what_waits_for_its_number_is_in_no_view(user: User) -> None:
    Notification.objects.create(recipient=user, message="x")
    assert [shown(user, Filters(view)) for view in View] == [[], [], []]
    assert counts(user.pk) == Counts(0, 0, 0)


def test_pages_go_both_ways_and_say_what_is_beyond(user: User) -> None:
    fill(user, 7)
    newest = pages.page(user.pk, limit=3)
    assert ([row.seq for row in newest.rows], newest.has_older, newest.has_newer) == (
        [7, 6, 5], True, False,
    )  # fmt: skip
    middle = pages.page(user.pk, before=5, limit=3)
    assert ([row.seq for row in middle.rows], middle.has_older, middle.has_newer) == (
        [4, 3, 2], True, True,
    )  # fmt: skip
    oldest = pages.page(user.pk, before=2, limit=3)
    assert ([row.seq for row in oldest.rows], oldest.has_older, oldest.has_newer) == (
        [1], False, True,
    )  # fmt: skip
    up = pages.page(user.pk, after=1, limit=3)
    assert ([row.seq for row in up.rows], up.has_older, up.has_newer) == ([4, 3, 2], True, True)
    top = pages.page(user.pk, after=4, limit=3)
    assert ([row.seq for row in top.rows], top.has_older, top.has_newer) == (
        [7, 6, 5], True, False,
    )  # fmt: skip


def test_counts_are_of_each_view_and_end_at_the_cap(mixed: User) -> None:
    assert counts(mixed.pk) == Counts(inbox=5, unread=3, archived=2)
    fill(mixed, CAP)
    assert counts(mixed.pk) == Counts(inbox=CAP, unread=CAP, archived=2)


def test_kinds_are_those_of_the_view(mixed: User) -> None:
    assert kinds_present(mixed.pk) == ["message", "order"]
    assert kinds_present(mixed.pk, View.ARCHIVED) == ["message", "old"]
    mark(mixed.pk, "read", through=2)
    assert kinds_present(mixed.pk, View.UNREAD) == ["message"]


def test_kinds_cost_one_query_however_many(user: User) -> None:
    for number in range(60):
        fill(user, 1, kind=f"kind{number:02}")
    with CaptureQueriesContext(connection) as captured:
        assert kinds_present(user.pk) == [f"kind{number:02}" for number in range(50)]
    assert len(captured) == 1


@pytest.mark.parametrize(
    ("action", "filters", "changed"),
    [
        ("read", Filters(View.UNREAD), [1, 2, 7]),
        ("read", Filters(kind="order"), [1, 2]),
        ("read", Filters(View.ARCHIVED), [6]),
        ("unarchive", Filters(View.ARCHIVED), [5, 6]),
        ("archive", Filters(q="x", kind="order"), [1, 2]),
        ("archive", Filters(q="y"), []),
        ("read", None, [1, 2, 6, 7]),
    ],
)
def test_all_means_what_the_filters_hold(
    mixed: User, other: User, action: str, filters: Filters | None, changed: list[int]
) -> None:
    assert mark(mixed.pk, action, through=7, filters=filters) == len(changed)
    rows = Notification.objects.filter(recipient=mixed).exclude(rev=0).order_by("seq")
    assert [row.seq for row in rows] == changed
    assert not Notification.objects.filter(recipient=other).exclude(rev=0).exists()


def test_all_means_what_had_come_when_it_was_said(user: User) -> None:
    fill(user, 3)
    assert marked(user.pk, "read", through=2, filters=Filters(q="x")).changed == 2
    assert shown(user, Filters(View.UNREAD)) == [3]
