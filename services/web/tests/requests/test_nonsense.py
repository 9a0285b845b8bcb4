"""What nobody sends by accident, and what must not become a 500 or reach the wrong person."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from redis import Redis

from bellhop.models import Notification
from tests.conftest import CACHE_URL

pytestmark = pytest.mark.django_db


def test_a_seq_of_5000_digits_is_no_seq(browser: Client) -> None:
    digits = "9" * 5000
    assert browser.get(f"/?before={digits}").status_code == 200
    marked = browser.post("/notifications/mark/", {"action": "read", "through": digits})
    assert marked.status_code == 400


def test_notify_without_a_name_reaches_nobody_who_has_no_address(user: User) -> None:
    User.objects.create_user("without-address")
    with pytest.raises(CommandError):
        call_command("notify", "", "for whom?")
    assert not Notification.objects.exists()


def test_notify_by_a_name_that_is_anothers_address_reaches_neither(db: None) -> None:
    User.objects.create_user("first@example.com", "x@example.com")
    User.objects.create_user("victim", "first@example.com")
    with pytest.raises(CommandError, match="more than one"):
        call_command("notify", "first@example.com", "for whom?")
    assert not Notification.objects.exists()


def test_rubbish_in_the_throttle_cache_costs_no_login(user: User) -> None:
    client, redis = Client(), Redis.from_url(CACHE_URL)
    client.post("/accounts/login/", {"login": "ada", "password": "wrong"})
    keys = redis.keys("*")
    assert isinstance(keys, list)
    assert keys
    for key in keys:
        redis.set(key, b"\x80rubbish", ex=60)
    answer = client.post("/accounts/login/", {"login": "ada", "password": "pw"})
    assert answer.status_code in (200, 302)
