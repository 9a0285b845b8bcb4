"""What the socket service asks the database: what was missed, what changed, who is behind."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone

from bellhop import frame_from_row
from bellhop.contract import REPLAY_LIMIT
from bellhop.models import Inbox, Notification
from bellhop.sessions.cookie_to_user import Login, read_login
from bellhop.sockets import changes_since, missed_notifications
from sockets.support import add, archive, change, log_in, make_user, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make_user()


def missed_seqs(user: User, cursor: int) -> list[int]:
    return [frame["seq"] for frame, _ in missed_notifications.missed(user.pk, cursor).frames]


def test_nothing_was_missed_by_someone_who_never_had_anything(user: User) -> None:
    assert missed_notifications.missed(user.pk, 0) == missed_notifications.Missed(
        [], 0, too_many=False
    )


@pytest.mark.parametrize(("cursor", "seqs"), [(0, [1, 2, 3]), (1, [2, 3]), (3, []), (9, [])])
def test_missed_is_what_lies_above_the_cursor_oldest_first(
    user: User, cursor: int, seqs: list[int]
) -> None:
    add(make_user("eve"), 5)
    add(user, 3)
    assert missed_seqs(user, cursor) == seqs
    assert missed_notifications.missed(user.pk, cursor).latest == 3


def test_a_missed_frame_is_the_composed_one_with_the_request_that_caused_it(user: User) -> None:
    (row,) = add(user)
    assert missed_notifications.missed(user.pk, 0).frames == [(frame_from_row.frame(row), "req-1")]


def test_holes_and_what_was_put_away_are_left_out_and_skipped(user: User) -> None:
    add(user, 5)
    Notification.objects.filter(seq=2).delete()
    archive(user, 4, 5)
    assert missed_seqs(user, 0) == [1, 3]
    assert missed_notifications.missed(user.pk, 3).latest == 5


def test_what_was_read_on_another_device_is_still_brought_as_read(user: User) -> None:
    add(user, 2)
    read(user, 1)
    assert [frame["read"] for frame, _ in missed_notifications.missed(user.pk, 0).frames] == [
        True,
        False,
    ]


def test_200_missed_are_sent_and_201_are_too_many(user: User) -> None:
    add(user, REPLAY_LIMIT + 1)
    exactly, beyond = (
        missed_notifications.missed(user.pk, 1),
        missed_notifications.missed(user.pk, 0),
    )
    assert (len(exactly.frames), exactly.too_many) == (REPLAY_LIMIT, False)
    assert (beyond.frames, beyond.latest, beyond.too_many) == ([], REPLAY_LIMIT + 1, True)


def test_a_row_above_the_counter_is_not_skipped_by_it(user: User) -> None:
    """Both are asked one after the other: what commits in between is in the rows only."""
    add(user, 2)
    Inbox.objects.filter(pk=user.pk).update(last_seq=1)
    assert missed_seqs(user, 0) == [1, 2]
    assert missed_notifications.missed(user.pk, 0).latest == 2


@pytest.mark.parametrize("count", [1, 50])
def test_missed_costs_three_queries_however_many(
    user: User, count: int, django_assert_num_queries: Any
) -> None:
    add(user, count)
    with django_assert_num_queries(3):
        missed_notifications.missed(user.pk, 0)


def test_nothing_missed_costs_two_queries(user: User, django_assert_num_queries: Any) -> None:
    add(user)
    with django_assert_num_queries(2):
        missed_notifications.missed(user.pk, 1)


def login_of(user: User) -> Login:
    login = read_login(log_in(user))
    assert login is not None
    return login


def test_the_first_look_costs_one_query_for_all_who_have_just_joined(
    user: User, django_assert_num_queries: Any
) -> None:
    eve = make_user("eve")
    add(eve, 5)
    add(user, 3)
    rev = read(user, 1)
    desk, phone, other = login_of(user), login_of(user), login_of(eve)
    with django_assert_num_queries(1):
        found = missed_notifications.first_looks([desk, other, phone, desk])
    states = {login: look.state for login, look in found.items()}
    assert states == {desk: (3, rev, 2, 0), phone: (3, rev, 2, 0), other: (5, 0, 5, 0)}
    assert states[desk] == Inbox.state_of(user.pk)


def test_the_first_look_at_someone_who_never_had_anything_finds_zeros(user: User) -> None:
    login = login_of(user)
    assert missed_notifications.first_looks([login]) == {login: ((0, 0, 0, 0), (0, 0, 0))}


ENDINGS: dict[str, Callable[[Login], object]] = {
    "signed out": lambda login: Session.objects.get(pk=login.session_key).delete(),
    "expired": lambda login: Session.objects.filter(pk=login.session_key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    ),
    "deactivated": lambda login: User.objects.filter(pk=login.user_id).update(is_active=False),
    "another password": lambda login: User.objects.filter(pk=login.user_id).update(password="x"),
    "deleted": lambda login: User.objects.filter(pk=login.user_id).delete(),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_first_look_sees_a_session_that_ended_since_the_login_was_read(
    user: User, ending: str
) -> None:
    login, outsider = login_of(user), login_of(make_user("eve"))
    ENDINGS[ending](login)
    assert set(missed_notifications.first_looks([login, outsider])) == {outsider}


def ids(user: User, *seqs: int) -> list[str]:
    rows = Notification.objects.filter(recipient=user, seq__in=seqs).order_by("seq")
    return [str(row.pk) for row in rows]


def test_changes_tell_what_was_read_unread_and_put_away(user: User) -> None:
    add(user, 4)
    read(user, 1, 2)
    change(user, 2, read_at=None)
    archive(user, 3)
    rev, frame = changes_since.changes(user.pk, 0)
    assert rev == 3
    assert frame == {
        "type": "state",
        "seq": 4,
        "rev": 3,
        "since": 0,
        "unread": 2,
        "seen": 0,
        "through": 1,
        "read": ids(user, 1),
        "unread_ids": ids(user, 2, 3),
        "archived": ids(user, 3),
        "unarchived": [],
        "removed": [],
        "updated": [],
    }


def test_changes_leave_out_what_was_known_and_what_is_others(user: User) -> None:
    eve = make_user("eve")
    add(user, 3)
    add(eve, 3)
    known = read(user, 1)
    read(eve, 1, 2, 3)
    read(user, 3)
    _, frame = changes_since.changes(user.pk, known)
    assert frame["since"] == known
    assert frame["read"] == ids(user, 3)
    assert (frame["unread_ids"], frame["archived"]) == ([], [])


@pytest.mark.parametrize("count", [0, 1, 50])
def test_changes_cost_one_query_however_many(
    user: User, count: int, django_assert_num_queries: Any
) -> None:
    add(user, 50)
    read(user, *range(1, count + 1))
    with django_assert_num_queries(1):
        assert len(changes_since.changes(user.pk, 0)[1]["read"]) == count


def test_changes_of_someone_without_an_inbox_are_none(user: User) -> None:
    rev, frame = changes_since.changes(user.pk, 0)
    assert rev == 0
    assert (frame["seq"], frame["unread"], frame["read"]) == (0, 0, [])


@pytest.mark.parametrize(
    ("seqs", "through"), [((), 0), ((1,), 1), ((1, 2), 2), ((2, 3), 0), ((1, 2, 3, 4), 4)]
)
def test_through_is_the_seq_up_to_which_nothing_is_unread(
    user: User, seqs: tuple[int, ...], through: int
) -> None:
    add(user, 4)
    read(user, *seqs)
    assert changes_since.changes(user.pk, 0)[1]["through"] == through


def test_what_is_put_away_unread_does_not_hold_through_back(user: User) -> None:
    add(user, 2)
    read(user, 2)
    archive(user, 1)
    assert changes_since.changes(user.pk, 0)[1]["through"] == 2


def test_over_200_changes_say_reload_instead(user: User) -> None:
    add(user, REPLAY_LIMIT + 1)
    read(user, *range(1, REPLAY_LIMIT + 1))
    _, exactly = changes_since.changes(user.pk, 0)
    assert len(exactly["read"]) == REPLAY_LIMIT
    assert "reload" not in exactly
    read(user, REPLAY_LIMIT + 1)
    rev, beyond = changes_since.changes(user.pk, 0)
    assert (rev, beyond["reload"], beyond["through"]) == (2, True, REPLAY_LIMIT + 1)
    assert not {"read", "unread_ids", "archived", "removed"} & set(beyond)


def test_changes_tell_what_was_deleted_to_who_has_not_heard_of_it_and_to_nobody_else(
    user: User,
) -> None:
    eve = make_user("eve")
    add(user, 4)
    add(eve, 1)
    first, second = ids(user, 2), ids(user, 4)
    Notification.objects.filter(recipient=user, seq=2).delete()
    Notification.objects.get(recipient=user, seq=4).delete()
    rev, frame = changes_since.changes(user.pk, 0)
    assert (rev, frame["removed"], frame["unread"]) == (2, first + second, 2)
    assert (frame["read"], frame["unread_ids"], frame["archived"]) == ([], [], [])
    assert changes_since.changes(user.pk, 1)[1]["removed"] == second
    assert changes_since.changes(user.pk, 2)[1]["removed"] == []
    assert changes_since.changes(eve.pk, 0)[1]["removed"] == []


def test_200_deleted_are_told_and_one_more_says_reload_also_with_other_changes(user: User) -> None:
    add(user, REPLAY_LIMIT + 2)
    Notification.objects.filter(seq__lte=REPLAY_LIMIT).delete()
    _, exactly = changes_since.changes(user.pk, 0)
    assert len(exactly["removed"]) == REPLAY_LIMIT
    assert "reload" not in exactly
    read(user, REPLAY_LIMIT + 1)
    assert changes_since.changes(user.pk, 0)[1]["reload"] is True
    assert "reload" not in changes_since.changes(user.pk, 1)[1]
    Notification.objects.filter(recipient=user).delete()
    assert changes_since.changes(user.pk, 0)[1]["reload"] is True


def test_what_changed_costs_as_many_queries_with_removals(
    user: User, django_assert_num_queries: Any
) -> None:
    add(user, 3)
    read(user, 1, 2)
    Notification.objects.get(seq=3).delete()
    with django_assert_num_queries(1):
        changes_since.changes(user.pk, 0)
