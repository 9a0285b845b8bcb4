"""Sessions: Django's own store, whose keys the socket service takes, and which opens what an older release wrote."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as live_settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from bellhop.contract import SESSION_MARK

pytestmark = pytest.mark.django_db
COOKIE = live_settings.SESSION_COOKIE_NAME
OLD_KEY = "the key of an installation that was there before"
# As the session engine of an older release of this stack wrote {SESSION_MARK: 7} under OLD_KEY.
OLD_DATA = "eyJiZWxsaG9wX3NpbmNlIjo3fQ:1xWjew:bjn_jgvC-WeyOhu0r7TTrzfMgb_g0f-00ALdtRCPAJM"


def test_a_key_is_what_the_socket_service_takes(user: User, client: Client) -> None:
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert re.fullmatch("[a-z0-9]{32}", client.cookies[COOKIE].value)


def test_a_session_that_an_older_release_wrote_opens(client: Client, settings: Any) -> None:
    settings.SECRET_KEY = OLD_KEY
    expires = timezone.now() + timedelta(days=1)
    Session.objects.create(pk="0" * 32, session_data=OLD_DATA, expire_date=expires)
    client.cookies[COOKIE] = "0" * 32
    assert client.session[SESSION_MARK] == 7
    assert Session.objects.get().get_decoded() == {SESSION_MARK: 7}


@pytest.mark.parametrize(
    "value", ['"\\000\\000\\000\\000\\000\\000\\000\\000"', "A" * 32, "a" * 31, "a" * 33]
)
def test_a_key_that_django_never_made_is_not_asked_for_and_its_cookie_is_taken_away(
    value: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0, connection=connection):
        answer = Client(headers={"cookie": f"{COOKIE}={value}"}).get("/api/notifications/")
    assert answer.status_code == 401
    assert answer.cookies[COOKIE].value == ""
