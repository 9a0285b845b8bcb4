"""Numbers after a restore: above all that was ever given, whatever was restored how often."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from bellhop.contract import SEQ_MAX
from bellhop.models import Inbox, InboxState
from bellhop.notify import notify

pytestmark = pytest.mark.django_db(transaction=True)


def inbox(user: User) -> Inbox:
    return Inbox.objects.get(pk=user.pk)


def test_it_says_how_many_inboxes_go_on_and_nothing_else_changes(
    user: User, other: User, capsys: pytest.CaptureFixture[str]
) -> None:
    notify(user, "one")
    notify(user, "two")
    call_command("bellhop_restored")
    assert f"\n{User.objects.count()} inboxes go on" in capsys.readouterr().out
    assert Inbox.state_of(user.pk).unread == 2
    assert (inbox(user).restored_seq, inbox(user).restored_rev) == (2, 0)
    assert (inbox(other).restored_seq, inbox(other).restored_rev) == (0, 0)


def test_it_costs_one_query(user: User, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        Inbox.go_on_after_restore()


def test_the_same_backup_restored_twice_goes_on_above_what_came_in_between(user: User) -> None:
    Inbox.go_on_after_restore()
    first = notify(user, "of the history after the first restore")
    Inbox.objects.filter(pk=user.pk).update(last_seq=0, rev=0, restored_until=0)
    Inbox.go_on_after_restore()
    second = notify(user, "of the history after the second one")
    assert first.seq is not None
    assert second.seq is not None
    assert first.seq < second.seq <= SEQ_MAX


def test_a_backup_of_a_database_that_was_just_restored_is_restored_twice_with_other_numbers(
    user: User,
) -> None:
    Inbox.go_on_after_restore()
    (held,) = Inbox.objects.filter(pk=user.pk).values()
    given = []
    for _ in range(2):
        Inbox.objects.filter(pk=user.pk).update(**held)
        Inbox.go_on_after_restore()
        given.append(notify(user, "of this history").seq or 0)
    assert given[0] < given[1]


def test_a_clock_that_was_put_back_does_not_give_a_number_again(user: User) -> None:
    ahead = 2**42
    Inbox.objects.create(user=user, last_seq=ahead, rev=ahead + 5)
    Inbox.go_on_after_restore()
    assert inbox(user).last_seq > ahead + 5
    assert inbox(user).rev > ahead + 5
    assert inbox(user).restored_until == inbox(user).last_seq


def test_once_more_forgets_nothing(user: User) -> None:
    notify(user, "one")
    Inbox.go_on_after_restore()
    Inbox.go_on_after_restore()
    assert (inbox(user).restored_seq, inbox(user).restored_rev) == (1, 0)


def test_numbers_and_counts_stay_right_afterwards(user: User) -> None:
    for number in range(3):
        notify(user, str(number))
    Inbox.count_unread(user.pk, Inbox.state_of(user.pk))
    Inbox.go_on_after_restore()
    after = notify(user, "new")
    state = Inbox.state_of(user.pk)
    assert state == InboxState(after.seq or 0, inbox(user).rev, 4)
    assert after.seq == inbox(user).restored_until + 1


def test_the_clock_is_that_of_the_database_in_milliseconds(user: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp()) * 1000")
        (now,) = cursor.fetchone()
    Inbox.go_on_after_restore()
    assert 0 <= inbox(user).last_seq - int(now) < 60_000
