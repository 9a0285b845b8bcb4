"""DATABASE_POOLER=transaction, against a real PgBouncer: no session outlives its transaction."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import OperationalError, connection, connections, transaction

from bellhop.database import timeouts
from bellhop.database.postgresql.base import DatabaseWrapper
from bellhop.models import Inbox, Notification
from bellhop.notify import notify, notify_many
from rows.database.pooler import PROGRAM, pgbouncer, refused

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        PROGRAM is None, reason="pgbouncer is not installed (Debian's package of that name)"
    ),
]


@pytest.fixture
def port() -> Iterator[int]:
    with pgbouncer(connection.settings_dict) as port:
        yield port


@contextmanager
def through(port: int, *, bounded: bool) -> Iterator[Any]:
    """This thread's connection is one through the pooler, as a service or a job has it."""
    direct = connections["default"]
    given = {
        **direct.settings_dict,
        "HOST": "127.0.0.1",
        "PORT": port,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": timeouts.options(bounded=bounded, pooler=True),
    }
    made = DatabaseWrapper(given, alias="default")
    connections["default"] = made
    try:
        yield made
    finally:
        connections["default"] = direct
        made.close()
        if bounded:
            made.close_pool()


def test_without_the_variable_a_pooler_refuses_our_startup_options(port: int) -> None:
    """What it is for: otherwise services never connect."""
    found = connection.get_connection_params()
    options = timeouts.options(bounded=True)
    options.pop("pool")
    address = {name: found[name] for name in ("dbname", "user", "password")}
    address |= {"host": "127.0.0.1", "port": port}
    assert "options" in refused({**options, **address})
    options = timeouts.options(bounded=False, pooler=True)
    options.pop("lifts_bounds")
    assert refused({**options, **address}) == ""


def test_migrations_notifications_and_reads_work_behind_it(port: int, user: User) -> None:
    with through(port, bounded=False):
        call_command("migrate", verbosity=0)
    with through(port, bounded=True) as service:
        # On a busy machine the first connection takes longer than a service waits for one.
        service.pool.open(wait=True, timeout=30)
        first = notify(user, message="one")
        again = notify(user, message="two", key="k")
        assert notify(user, message="three", key="k").pk == again.pk
        with transaction.atomic():
            notify(user, message="in a transaction")
        notify_many(User.objects.all(), message="to all")
        rows = list(Notification.objects.order_by("seq").iterator(chunk_size=1))
    assert [row.seq for row in rows] == [1, 2, 3, 4]
    assert rows[0].pk == first.pk


def test_more_clients_than_sessions_get_in_nobodys_way(port: int, user: User, other: User) -> None:
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            with through(port, bounded=False):
                for count in range(15):
                    notify(user if number % 2 else other, message=f"{number} {count}")
                    with transaction.atomic():
                        inbox = Inbox.locked(user.pk)
                        inbox.rev += 1
                        inbox.save()
        except BaseException as error:
            errors.append(error)

    run_all([lambda number=number: work(number) for number in range(6)])
    assert errors == []
    for person in (user, other):
        seqs = Notification.objects.filter(recipient=person).order_by("seq")
        assert list(seqs.values_list("seq", flat=True)) == list(range(1, 46))
    assert Inbox.objects.get(pk=user.pk).rev == 90


def run_all(work: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
        assert not thread.is_alive()


@pytest.fixture
def role_bounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What an operator gives the role, as the documentation says; shorter, to be soon over.

    Long enough for everything else that is asked meanwhile, and nobody gives up before the server does.
    """
    monkeypatch.setattr(timeouts, "ANSWER", 30.0)
    role = f'ROLE "{connection.settings_dict["USER"]}" IN DATABASE "{connection.settings_dict["NAME"]}"'
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as admin:
        admin.execute(f"ALTER {role} SET statement_timeout = 1000")  # type: ignore[arg-type]
        yield
        admin.execute(f"ALTER {role} RESET statement_timeout")  # type: ignore[arg-type]


@pytest.mark.usefixtures("role_bounds")
def test_the_roles_bounds_hold_for_services_and_not_for_the_transactions_of_a_job(
    port: int,
) -> None:
    with through(port, bounded=True) as service, service.cursor() as cursor:
        assert timeouts.missing_bounds(cursor) == [
            "lock_timeout",
            "idle_in_transaction_session_timeout",
        ]
        with pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(30)")
    with through(port, bounded=False) as job:
        with transaction.atomic(), job.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(1.2)")
        # The next one's session is as the role has it.
        with job.cursor() as cursor, pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(30)")
