"""What ends a login session asks the user's sockets to look, after the request or the transaction has ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.utils import timezone

from bellhop import contract
from bellhop.ring import publish_thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The ids of users whose sockets were asked, in order."""
    ids: list[Any] = []

    def kick(task: str, user_id: int) -> None:
        assert task == contract.CHECK_LOGINS
        ids.append(user_id)

    monkeypatch.setattr(publish_thread, "kick", kick)
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
