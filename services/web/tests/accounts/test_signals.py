"""A login becomes a notification, and never an error or a wait."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.account.signals import user_logged_in
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, connections, transaction
from django.test import Client, RequestFactory

from bellhop.contract import SESSION_MARK
from bellhop.database.timeouts import LOCK
from bellhop.models import Inbox, Notification
from core.signals import user_logged_in_receiver
from tests.rows import add

pytestmark = pytest.mark.django_db(transaction=True)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def request(**headers: str) -> Any:
    made: Any = RequestFactory().post("/accounts/login/", headers=headers)
    made.META["HTTP_X_FORWARDED_FOR"] = "192.0.2.7"
    made.session = SessionStore()
    return made


def log_in(client: Client, name: str = "ada") -> Any:
    return client.post(
        "/accounts/login/",
        {"login": name, "password": "pw"},
        headers={"x-forwarded-for": "192.0.2.7", "user-agent": FIREFOX},
    )


def test_a_login_is_one_notification_with_its_facts(user: User, other: User) -> None:
    assert log_in(Client()).status_code == 302
    row = Notification.objects.get()
    assert (row.recipient, row.kind, row.message) == (user, "login", "")
    assert {name: row.data[name] for name in ("name", "address", "device")} == {
        "name": "ada", "address": "192.0.2.7", "device": "Firefox on Windows",
    }  # fmt: skip


def test_the_sessions_mark_is_the_seq_before_its_own_login(user: User) -> None:
    add(user, 4)
    client = Client()
    log_in(client)
    assert client.session[SESSION_MARK] == 4
    second_device = Client()
    log_in(second_device)
    assert (client.session[SESSION_MARK], second_device.session[SESSION_MARK]) == (4, 5)


def test_a_wrong_password_notifies_nobody(user: User) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "ada", "password": "wrong"})
    assert not Notification.objects.exists()
    assert SESSION_MARK not in client.session


def test_a_sign_up_counts_as_a_login() -> None:
    form = {"username": "new", "email": "new@example.com"}
    form |= {"password1": "a long pass-phrase 7", "password2": "a long pass-phrase 7"}
    assert Client().post("/accounts/signup/", form).status_code == 302
    assert Notification.objects.get().kind == "login"


def test_the_receiver_is_connected_once() -> None:
    receivers: Any = user_logged_in.receivers
    found = [one for one in receivers if one[1]() is user_logged_in_receiver]
    assert len(found) == 1


def test_what_cannot_be_stored_does_not_fail_the_login_and_starts_it_at_the_latest(
    user: User,
) -> None:
    add(user, 3)
    unstorable = request()
    user.first_name = "NUL\x00"
    user_logged_in_receiver(request=unstorable, user=user)
    assert unstorable.session[SESSION_MARK] == 3
    assert Notification.objects.count() == 3


def of_order(user: User) -> Any:
    return Notification.objects.filter(recipient=user).order_by("seq")


@contextmanager
def held_inbox(user: User, lock_timeout: float) -> Iterator[None]:
    """Somebody holds the user's inbox, for which this test's connection waits so many seconds."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Inbox.locked(user.pk)
            held.set()
            release.wait(60)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(30)
    with connection.cursor() as cursor:
        # As on every connection of a service (bellhop.database.timeouts.options); the tests' are without bounds.
        cursor.execute(f"SET lock_timeout = '{lock_timeout}s'")
    try:
        yield
    finally:
        release.set()
        holder.join()
        connection.close()


def test_a_held_inbox_delays_a_login_by_a_second_at_most_and_the_login_passes(user: User) -> None:
    add(user, 3)
    client = Client()
    with held_inbox(user, LOCK):
        started = time.monotonic()
        answer = log_in(client)
        took = time.monotonic() - started
    assert answer.status_code == 302
    # With the login itself, on a machine that does something else as well.
    assert 0.9 * LOCK < took < 4 * LOCK
    assert client.session[SESSION_MARK] == 3
    assert client.get("/api/notifications/summary").status_code == 200


def test_with_atomic_requests_a_login_waits_for_nobodys_inbox(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seqs(of: User) -> list[int | None]:
        return list(of_order(of).values_list("seq", flat=True))

    add(user, 3)
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", True)
    client = Client()
    with held_inbox(user, 0.05):
        answer = log_in(client)
    assert answer.status_code == 302
    # In a transaction nobody's inbox is waited for: it is numbered after the commit, or by the next one.
    assert client.session[SESSION_MARK] == 3
    assert client.get("/api/notifications/summary").json()["seq"] == 3
    phone = Client()
    assert log_in(phone).status_code == 302
    assert phone.session[SESSION_MARK] == 3
    assert seqs(user) == [1, 2, 3, 4, 5]


def test_even_a_mark_that_fails_leaves_the_callers_transaction_usable(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr("bellhop.contrib.login.notify", fails)
    monkeypatch.setattr(Inbox, "state_of", fails)
    with transaction.atomic():
        user_logged_in_receiver(request=request(), user=user)
        User.objects.create_user("made in the same transaction")
    assert User.objects.count() == 2
