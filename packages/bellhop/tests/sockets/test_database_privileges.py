"""A socket server's role needs what `bellhop_grants` prints, and nothing else: its questions asked as that role."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from psycopg import sql

from bellhop.database import missing_migrations
from bellhop.models import Inbox, Notification
from bellhop.saving import number
from bellhop.sessions.cookie_to_user import read_login
from bellhop.sockets import changes_since, find_behind_or_signed_out, missed_notifications
from bellhop.sockets.find_behind_or_signed_out import Known
from sockets.support import add, log_in, make_user, read

pytestmark = pytest.mark.django_db

ROLE = 'the "reader" of sockets'


@contextmanager
def as_reader() -> Iterator[None]:
    """Be a role that was made just now, with what the command prints."""
    printed = StringIO()
    call_command("bellhop_grants", ROLE, stdout=printed)
    role = sql.Identifier(ROLE).as_string()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role}")
        # As whoever sets up a database will have it: the function is not everybody's.
        cursor.execute("REVOKE EXECUTE ON FUNCTION bellhop_number(uuid[]) FROM PUBLIC")
        cursor.execute(printed.getvalue())
        cursor.execute(f"SET LOCAL ROLE {role}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.fixture
def user() -> User:
    return make_user()


def test_it_may_ask_all_that_a_socket_asks(user: User) -> None:
    add(user, 3)
    rev = read(user, 1)
    key = log_in(user)
    with as_reader():
        login = read_login(key)
        assert login is not None
        assert login.user_id == user.pk
        assert missed_notifications.first_looks([login])[login].state.seq == 3
        assert len(missed_notifications.missed(user.pk, 1).frames) == 2
        assert changes_since.changes(user.pk, 0)[0] == rev
        assert find_behind_or_signed_out.look([Known(login, 1, 0)]).behind
        assert find_behind_or_signed_out.standings([user.pk])
        assert Inbox.objects.exists()
        assert missing_migrations.unapplied() == []


def test_it_may_have_rows_numbered_that_a_process_left_behind(user: User) -> None:
    row = Notification.objects.create(recipient=user, seq=None, message="left behind")
    with as_reader():
        assert number.number_left_behind() == 1
    row.refresh_from_db()
    assert row.seq == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE bellhop_notification SET seq = 5",
        "DELETE FROM bellhop_inbox",
        "INSERT INTO bellhop_removal (recipient_id, notification_id, rev) VALUES (1, gen_random_uuid(), 1)",
        "UPDATE auth_user SET password = 'x'",
        "DELETE FROM django_session",
        "SELECT email FROM auth_user",
    ],
)
def test_it_may_neither_write_nor_read_what_is_none_of_its_business(
    user: User, statement: str
) -> None:
    with (
        as_reader(),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
