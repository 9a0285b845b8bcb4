"""The migration that builds indexes beside what is under way may be interrupted, and run again."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bellhop.inbox import search, views
from bellhop.models import Inbox, InboxState, SearchChunk

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = ("bellhop", "0005_who_receives")
LATEST = ("bellhop", "0010_restored")
NAMES = [
    "bellhop_archived",
    "bellhop_archived_kinds",
    "bellhop_expiring",
    "bellhop_keyed",
    "bellhop_listed",
    "bellhop_listed_kinds",
    "bellhop_summed_up",
    "bellhop_threads",
    "bellhop_to_sum_up",
    "bellhop_told",
    "bellhop_unread_kinds",
]


def migrate(to: tuple[str, str]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([to])


def valid() -> dict[str, bool]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
            " WHERE relname = ANY(%s) ORDER BY relname",
            [NAMES],
        )
        return dict(cursor.fetchall())


@pytest.fixture
def before() -> Iterator[None]:
    migrate(BEFORE)
    assert valid() == {}
    yield
    migrate(LATEST)


def test_what_was_built_before_it_was_interrupted_stays_and_what_is_invalid_is_built_anew(
    before: None,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX bellhop_told ON bellhop_notification (id)")
        cursor.execute("CREATE INDEX bellhop_keyed ON bellhop_notification (id)")
        cursor.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'bellhop_keyed'::regclass"
        )
        cursor.execute("SELECT 'bellhop_told'::regclass::oid")
        (kept,) = cursor.fetchone()
    migrate(LATEST)
    assert valid() == dict.fromkeys(NAMES, True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'bellhop_told'::regclass::oid, pg_get_indexdef('bellhop_keyed'::regclass)"
        )
        now, definition = cursor.fetchone()
    assert now == kept
    assert "(key) WHERE (key IS NOT NULL)" in definition


def test_it_goes_back_and_forth_and_the_models_say_nothing_else(before: None) -> None:
    migrate(LATEST)
    assert valid() == dict.fromkeys(NAMES, True)
    migrate(BEFORE)
    assert valid() == {}
    migrate(LATEST)
    call_command("makemigrations", "bellhop", "--check", "--dry-run", verbosity=0)


def test_a_program_of_the_release_before_goes_on_beside_the_new_columns(user: User) -> None:
    """It names neither the columns nor the words: it saves, and deletes people who have been searched for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bellhop_inbox (user_id, last_seq, rev) VALUES (%s, 100, 0)", [user.pk]
        )
        cursor.execute(
            "INSERT INTO bellhop_notification"
            " (id, recipient_id, seq, kind, message, body, url, data, created, rev, request_id)"
            " SELECT gen_random_uuid(), %s, n, 'message', 'Hello', '', '', '{}', now(), 0, ''"
            " FROM generate_series(1, 100) AS n",
            [user.pk],
        )
    assert Inbox.state_of(user.pk) == InboxState(100, 0, 100, 0)
    found = search.seqs(user.pk, views.rows(user.pk, views.Filters()), "hello", limit=1)
    assert found == [100]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM bellhop_notification WHERE recipient_id = %s", [user.pk])
        cursor.execute("DELETE FROM bellhop_inbox WHERE user_id = %s", [user.pk])
        cursor.execute("DELETE FROM auth_user WHERE id = %s", [user.pk])
    assert SearchChunk.of(user.pk).count() == 0
