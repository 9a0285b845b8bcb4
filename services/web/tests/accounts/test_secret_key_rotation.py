"""After a change of SECRET_KEY a session stays where it is, whoever asks first."""

from typing import Any

import pytest
from django.conf import settings as live_settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from core.accounts import secret_key_change_keeps_sessions

pytestmark = pytest.mark.django_db

SUMMARY = "/api/notifications/summary"
COOKIE = live_settings.SESSION_COOKIE_NAME


@pytest.fixture(autouse=True)
def long_after_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_key_change_keeps_sessions, "ROLLOUT", 0.0)


@pytest.fixture
def signed_in(user: User, client: Client) -> Client:
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def rotated(signed_in: Client, settings: Any) -> str:
    """A new key, which knows the old one; return the session's key from before."""
    # Its first page has been: nothing is left to be written into the session.
    signed_in.get(SUMMARY)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key of more than thirty-two characters"
    return signed_in.cookies[COOKIE].value


def test_a_session_is_signed_anew_under_the_key_it_has(
    signed_in: Client, rotated: str, user: User, settings: Any
) -> None:
    assert signed_in.get(SUMMARY).status_code == 200
    assert signed_in.cookies[COOKIE].value == rotated
    assert Session.objects.get().get_decoded()[HASH_SESSION_KEY] == user.get_session_auth_hash()
    settings.SECRET_KEY_FALLBACKS = []
    assert signed_in.get(SUMMARY).status_code == 200


def test_in_a_rollout_the_row_stays_readable_to_replicas_with_the_old_key(
    signed_in: Client, rotated: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secret_key_change_keeps_sessions, "ROLLOUT", 600.0)
    before = Session.objects.get().session_data
    for path in (SUMMARY, "/", SUMMARY):
        assert signed_in.get(path).status_code == 200
    assert Session.objects.get().session_data == before
    # As one of them does.
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = settings.SECRET_KEY_FALLBACKS[0], []
    assert signed_in.get(SUMMARY).status_code == 200


def test_whoever_comes_second_with_the_same_cookie_is_signed_in_as_well(
    signed_in: Client, rotated: str
) -> None:
    second = Client()
    second.cookies[COOKIE] = rotated
    for each in (signed_in, second, signed_in):
        answer = each.get(SUMMARY)
        assert answer.status_code == 200
        assert answer.cookies.get(COOKIE) is None or answer.cookies[COOKIE].value == rotated


def test_a_session_of_a_key_that_nobody_knows_is_none(signed_in: Client, settings: Any) -> None:
    settings.SECRET_KEY = "a new key of more than thirty-two characters"
    assert signed_in.get(SUMMARY).status_code == 401


def test_a_login_still_gets_a_session_key_of_its_own(user: User, client: Client) -> None:
    client.get("/")
    session = client.session
    session["from"] = "before"
    session.save()
    client.cookies[COOKIE] = str(session.session_key)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert client.cookies[COOKIE].value != session.session_key
