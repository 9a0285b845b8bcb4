"""What ends a login session asks the user's sockets to look, after the request or the transaction has ended."""

import contextvars
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.signals import request_finished, request_started
from django.db import transaction
from django.test import Client
from django.utils import timezone

from bellhop.ring import publish_thread
from bellhop.sessions import logout_closes_sockets

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The ids of users whose sockets were asked, in order."""
    ids: list[Any] = []

    monkeypatch.setattr(publish_thread, "kick", ids.append)
    return ids


def test_a_logout_asks_the_users_sockets_and_nobody_elses(
    browser: Client, user: User, other: User, asked: list[Any]
) -> None:
    browser.post("/accounts/logout/")
    assert asked == [user.pk]


def test_signing_out_other_devices_asks_once(browser: Client, user: User, asked: list[Any]) -> None:
    for _ in range(2):
        Client().post("/accounts/login/", {"login": user.username, "password": "pw"})
    assert asked == []
    browser.post("/accounts/sessions/")
    assert asked == [user.pk]


def test_a_new_password_asks(browser: Client, user: User, asked: list[Any]) -> None:
    form = {"oldpassword": "pw", "password1": "a pass-phrase 7", "password2": "a pass-phrase 7"}
    assert browser.post("/accounts/password/change/", form).status_code == 302
    assert asked == [user.pk]


def test_a_new_password_in_the_shell_asks(user: User, asked: list[Any]) -> None:
    user.set_password("another")
    user.save(update_fields=["password"])
    assert asked == [user.pk]


def test_a_user_who_is_deactivated_or_deleted_is_asked_for(user: User, asked: list[Any]) -> None:
    user.is_active = False
    user.save()
    pk = user.pk
    user.delete()
    assert asked == [pk, pk]


def test_what_is_rolled_back_asks_nobody(browser: Client, asked: list[Any]) -> None:
    with transaction.atomic():
        Session.objects.get().delete()
        transaction.set_rollback(True)
    assert asked == []


def test_what_ends_no_session_asks_nobody(user: User, browser: Client, asked: list[Any]) -> None:
    user.first_name = "Ada"
    user.save(update_fields=["first_name"])
    user.save()
    loaded = User.objects.defer("password").get(pk=user.pk)
    loaded.last_name = "Lovelace"
    loaded.save()
    Client().post("/accounts/login/", {"login": user.username, "password": "pw"})
    User.objects.create_user("new")
    assert asked == []


def test_an_expired_session_or_one_of_nobody_asks_nobody(browser: Client, asked: list[Any]) -> None:
    expired = Session.objects.get()
    expired.expire_date = timezone.now()
    expired.delete()
    later = timezone.now() + timedelta(days=1)
    for data in ("", "nonsense"):
        Session.objects.create(pk="a" * 32, session_data=data, expire_date=later).delete()
    assert asked == []


def test_where_the_end_of_a_request_is_not_heard_of_they_are_asked_a_moment_after_the_commit(
    user: User, asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Django 5.2 under ASGI that signal comes in another context than the request's."""
    monkeypatch.setattr(logout_closes_sockets, "PATIENCE", 0.05)
    request = contextvars.copy_context()
    request.run(request_started.send, sender=None)

    def log_out() -> None:
        with transaction.atomic():
            user.set_password("another")
            user.save()
            assert asked == []

    request.run(log_out)
    request_finished.send(sender=None)
    deadline = time.monotonic() + 30
    while not asked:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert asked == [user.pk]
    request.run(request_finished.send, sender=None)
    assert asked == [user.pk]


def test_each_request_asks_for_its_own_users_whatever_thread_it_is_on(
    user: User, other: User, asked: list[Any]
) -> None:
    first, second = contextvars.copy_context(), contextvars.copy_context()
    for request in (first, second):
        request.run(request_started.send, sender=None)

    def deactivate(one: User) -> None:
        one.is_active = False
        one.save()

    first.run(deactivate, user)
    second.run(deactivate, other)
    second.run(request_finished.send, sender=None)
    assert asked == [other.pk]
    first.run(request_finished.send, sender=None)
    assert asked == [other.pk, user.pk]


def test_a_middleware_that_saves_the_user_at_each_request_asks_nobody(
    user: User, browser: Client, asked: list[Any]
) -> None:
    for _ in range(3):
        each = User.objects.get(pk=user.pk)
        each.last_login = timezone.now()
        each.save()
        each.save()
    assert asked == []
    found = User.objects.get(pk=user.pk)
    found.set_password("another")
    found.save()
    found.save()
    assert asked == [user.pk]


def test_with_a_hash_of_the_models_own_any_save_may_end_sessions(
    user: User, asked: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(User, "get_session_auth_hash", lambda self: self.last_name)
    user.last_name = "other"
    user.save()
    assert asked == [user.pk]
