"""The page of devices: its words, what it ends, and its queries however long the list is."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.signals import password_changed, password_set, user_logged_in
from allauth.usersessions import signals as allauths
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.accounts import secret_key_change_keeps_sessions
from core.accounts.signed_in_devices_page import living, remember

pytestmark = pytest.mark.django_db
PAGE = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


def log_in(user: User, user_agent: str = FIREFOX, address: str = "192.0.2.7") -> Client:
    client = Client(headers={"user-agent": user_agent, "x-forwarded-for": address})
    answer = client.post("/accounts/login/", {"login": user.username, "password": "pw"})
    assert answer.status_code == 302
    return client


def names(client: Client) -> list[tuple[str, str, bool]]:
    devices = client.get(PAGE).context["devices"]
    return [(device["name"], device["address"], device["is_here"]) for device in devices]


def test_a_person_sees_ones_devices_in_words_this_one_first_and_nobody_elses(
    user: User, other: User
) -> None:
    desk = log_in(user)
    phone = log_in(user, SAFARI, "2001:db8::7")
    log_in(other, address="198.51.100.1")
    assert names(phone) == [
        ("Mobile Safari on iOS", "2001:db8::7", True),
        ("Firefox on Windows", "192.0.2.7", False),
    ]
    assert names(desk) == [
        ("Firefox on Windows", "192.0.2.7", True),
        ("Mobile Safari on iOS", "2001:db8::7", False),
    ]
    page = desk.get(PAGE).content.decode()
    assert page.count("This device") == 1
    assert "Mozilla/5.0" not in page
    assert "198.51.100.1" not in page
    assert "Sign out all other devices" in page


def test_who_is_signed_in_nowhere_else_is_told_so_and_offered_nothing(user: User) -> None:
    page = log_in(user).get(PAGE).content.decode()
    assert "signed in nowhere else" in page
    assert "Sign out all other devices" not in page


def test_what_nobody_recognises_has_words_too(user: User) -> None:
    assert names(log_in(user, "x")) == [("A program without a name", "192.0.2.7", True)]


def test_a_stranger_is_led_to_the_login(client: Client) -> None:
    assert client.get(PAGE).headers["Location"].startswith("/accounts/login/")
    assert client.post(PAGE).headers["Location"].startswith("/accounts/login/")


def test_the_menu_leads_there(user: User) -> None:
    assert f'href="{PAGE}"' in log_in(user).get("/").content.decode()


def test_signing_out_other_devices_ends_theirs_and_nobody_elses(user: User, other: User) -> None:
    here, there, foreign = log_in(user), log_in(user), log_in(other)
    answer = here.post(PAGE, follow=True)
    assert "All other devices are signed out." in answer.content.decode()
    status = [client.get("/api/notifications/summary").status_code for client in (here, there)]
    assert status == [200, 401]
    assert foreign.get("/api/notifications/summary").status_code == 200
    assert len(names(here)) == 1


def test_a_session_that_is_over_is_not_listed(user: User) -> None:
    here = log_in(user)
    signed_out, deleted, expired = log_in(user), log_in(user), log_in(user)
    signed_out.post("/accounts/logout/")
    Session.objects.filter(pk=deleted.session.session_key).delete()
    Session.objects.filter(pk=expired.session.session_key).update(expire_date=timezone.now())
    assert len(names(here)) == 1


def test_a_session_from_before_a_new_password_is_not_listed(user: User) -> None:
    log_in(user)
    user.set_password("another")
    user.save()
    assert living(user) == []


def test_a_key_that_is_being_changed_hides_nobody_and_who_came_by_can_still_be_signed_out(
    user: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Long after the change: who comes by is signed anew.
    monkeypatch.setattr(secret_key_change_keeps_sessions, "ROLLOUT", 0.0)
    here, there = log_in(user), log_in(user)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key of more than thirty-two characters"
    assert len(names(here)) == 2
    there.get("/")
    assert [is_here for _, _, is_here in names(there)] == [True, False]
    assert UserSession.objects.count() == 2
    here.post(PAGE)
    assert there.get("/api/notifications/summary").status_code == 401
    settings.SECRET_KEY_FALLBACKS = []
    assert len(living(user)) == 1


def sign_in_often(user: User, count: int) -> None:
    """Rows as that many logins leave them."""
    log_in(user)
    one, session = UserSession.objects.get(), Session.objects.get()
    keys = [f"{number:032d}" for number in range(count)]
    Session.objects.bulk_create(
        Session(pk=key, session_data=session.session_data, expire_date=session.expire_date)
        for key in keys
    )
    UserSession.objects.bulk_create(
        UserSession(user=user, session_key=key, ip=one.ip, user_agent=one.user_agent)
        for key in keys
    )


def test_a_login_and_the_page_cost_the_same_queries_however_many_sessions_there_are(
    user: User,
) -> None:
    log_in(user)
    with CaptureQueriesContext(connection) as few:
        log_in(user).get(PAGE)
    UserSession.objects.all().delete()
    Session.objects.all().delete()
    sign_in_often(user, 300)
    with CaptureQueriesContext(connection) as many:
        assert len(names(log_in(user))) == 302
    assert len(many) == len(few)


@pytest.mark.django_db(transaction=True)
def test_a_login_costs_nine_queries(user: User) -> None:
    """The user; a free session key; the session; the login's time; what the user has chosen; the notification; devices
    that are over; this one; the session's mark.
    """
    client = Client(headers={"user-agent": FIREFOX})
    with CaptureQueriesContext(connection) as queries:
        client.post("/accounts/login/", {"login": user.username, "password": "pw"})
    asked = [
        query["sql"]
        for query in queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
    assert len(asked) == 9, asked


def test_who_signs_in_again_on_the_same_device_is_listed_once_with_the_latest_address(
    user: User,
) -> None:
    client = log_in(user)
    before = UserSession.objects.get()
    request = RequestFactory(headers={"user-agent": SAFARI, "x-forwarded-for": "192.0.2.8"}).get(
        "/"
    )
    request.session, request.user = client.session, user
    remember(request, user)
    after = UserSession.objects.get()
    assert (after.pk, after.created_at) == (before.pk, before.created_at)
    assert (after.ip, after.user_agent) == ("192.0.2.8", SAFARI)


def test_a_login_is_noted_with_its_time_and_nobody_elses_is(user: User, other: User) -> None:
    began = timezone.now()
    log_in(user)
    user.refresh_from_db()
    other.refresh_from_db()
    assert user.last_login is not None
    assert began <= user.last_login <= timezone.now()
    assert other.last_login is None


def test_a_login_ends_a_link_to_reset_the_password(user: User) -> None:
    link = default_token_generator.make_token(user)
    assert default_token_generator.check_token(user, link)
    log_in(user)
    user.refresh_from_db()
    assert not default_token_generator.check_token(user, link)


def test_a_login_forgets_sessions_that_are_over_and_no_others(user: User, other: User) -> None:
    sign_in_often(user, 20)
    log_in(other)
    UserSession.objects.filter(user=other).update(session_key="gone")
    over = Session.objects.filter(pk__startswith="0").order_by("pk")[:15]
    Session.objects.filter(pk__in=[row.pk for row in over]).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    log_in(user)
    assert UserSession.objects.filter(user=user).count() == 7
    assert UserSession.objects.filter(user=other).count() == 1


@pytest.mark.parametrize("signal", [user_logged_in, password_changed, password_set])
def test_ours_is_connected_once_and_allauths_own_receivers_are_not(signal: Any) -> None:
    connected = [one[1]() for one in signal.receivers]
    assert connected.count(remember) == 1
    assert not {allauths.on_user_logged_in, allauths.on_password_changed} & set(connected)


def test_who_changes_the_password_stays_listed(user: User) -> None:
    here, there = log_in(user), log_in(user)
    form = {
        "oldpassword": "pw",
        "password1": "a new pass-phrase 7",
        "password2": "a new pass-phrase 7",
    }
    assert here.post("/accounts/password/change/", form).status_code == 302
    assert names(here) == [("Firefox on Windows", "192.0.2.7", True)]
    assert there.get("/api/notifications/summary").status_code == 401
