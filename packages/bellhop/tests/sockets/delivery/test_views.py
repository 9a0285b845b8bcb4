"""What comes back from the archive, and what was seen, is told to the devices of that person."""

from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from bellhop.inbox import marks, seen
from bellhop.models import Inbox, Notification
from bellhop.sockets import changes_since
from bellhop.sockets.find_behind_or_signed_out import standings
from sockets.support import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(db: None) -> User:
    return make_user()


def fill(user: User, count: int, **columns: Any) -> list[str]:
    rows = Notification.objects.bulk_create(
        Notification(recipient=user, seq=seq, message="x", **columns) for seq in range(1, count + 1)
    )
    return [str(row.pk) for row in rows]


def told(user: User, since: int) -> dict[str, Any]:
    rev, frame = changes_since.changes(user.pk, since)
    assert rev == frame["rev"]
    return frame


def test_what_comes_back_is_unarchived_beside_being_read_or_unread(user: User) -> None:
    ids = fill(user, 3, archived_at=timezone.now())
    Notification.objects.filter(pk=ids[1]).update(read_at=timezone.now())
    marks.mark(user.pk, "unarchive", through=2)
    frame = told(user, 0)
    assert frame["unarchived"] == ids[:2]
    assert (frame["read"], frame["unread_ids"], frame["archived"]) == ([ids[1]], [ids[0]], [])
    # Only to whom it is news.
    marks.mark(user.pk, "read", ids=[UUID(ids[0])])
    assert told(user, 1)["unarchived"] == []


def test_what_was_put_away_again_is_not_unarchived(user: User) -> None:
    ids = fill(user, 1, archived_at=timezone.now())
    marks.mark(user.pk, "unarchive", through=1)
    marks.mark(user.pk, "archive", through=1)
    assert (told(user, 0)["unarchived"], told(user, 0)["archived"]) == ([], ids)


def test_what_was_seen_is_a_state_without_lists(user: User) -> None:
    fill(user, 3)
    seen.see(user.pk, 2)
    assert told(user, 0) == {
        "type": "state", "seq": 3, "rev": 1, "unread": 3, "seen": 2, "since": 0, "through": 0,
        "read": [], "unread_ids": [], "archived": [], "unarchived": [], "removed": [], "updated": [],
    }  # fmt: skip
    assert standings({user.pk}) == {user.pk: (3, 1, 3, 2)}


def test_over_200_back_at_once_the_client_fetches_its_list(user: User) -> None:
    fill(user, 201, archived_at=timezone.now())
    marks.mark(user.pk, "unarchive", through=201)
    frame = told(user, 0)
    assert (frame["reload"], frame["unread"], frame["seen"]) == (True, 201, 0)
    assert "unarchived" not in frame


def test_a_count_that_was_noted_is_told_as_if_all_were_counted(user: User) -> None:
    fill(user, 20)
    Inbox.count_unread(user.pk, Inbox.state_of(user.pk))
    Notification.objects.create(recipient=user, seq=21, message="x")
    marks.mark(user.pk, "read", through=1)
    Inbox.count_unread(user.pk, Inbox.state_of(user.pk))
    assert Inbox.look(user.pk)[1] == 0
    frame = told(user, 0)
    assert (frame["unread"], frame["through"]) == (20, 1)
    assert standings({user.pk})[user.pk].unread == 20
