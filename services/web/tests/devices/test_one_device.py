"""One device among a person's own is signed out: exactly that one, and by nobody else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from bellhop.ring import publish_thread
from tests.devices.test_device_list import FIREFOX, PAGE, SAFARI, log_in, names

pytestmark = pytest.mark.django_db


def device_of(client: Client) -> str:
    return str(UserSession.objects.get(session_key=client.session.session_key).pk)


def is_signed_in(client: Client) -> bool:
    return client.get("/api/notifications/summary").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_device_that_is_chosen_is_signed_out_and_its_sockets_are_asked(
    user: User, other: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which of the user's sockets close, each finds by its own session: tests/e2e/sessions."""
    here, phone, third, foreign = log_in(user), log_in(user, SAFARI), log_in(user), log_in(other)
    asked: list[Any] = []
    monkeypatch.setattr(publish_thread, "kick", asked.append)
    answer = here.post(PAGE, {"device": device_of(phone)}, follow=True)
    assert "Mobile Safari on iOS is signed out." in answer.content.decode()
    assert asked == [user.pk]
    assert [is_signed_in(each) for each in (here, phone, third, foreign)] == [
        True,
        False,
        True,
        True,
    ]
    assert len(names(here)) == 2


def test_another_persons_device_cannot_be_chosen_nor_told_from_one_that_is_over(
    user: User, other: User
) -> None:
    here, foreign = log_in(user), log_in(other)
    for chosen in (device_of(foreign), "0", "999999999", "9" * 30, "-1", "x", ""):
        answer = here.post(PAGE, {"device": chosen}, follow=True)
        assert "That device was signed out already." in answer.content.decode(), chosen
    assert is_signed_in(foreign)
    assert is_signed_in(here)


@pytest.mark.parametrize("chosen", ["", "x", "0"])
def test_nonsense_is_not_taken_for_all_others(user: User, chosen: str) -> None:
    here, there = log_in(user), log_in(user)
    here.post(PAGE, {"device": chosen})
    assert is_signed_in(there)


def test_this_device_is_not_signed_out_from_here(user: User) -> None:
    here = log_in(user)
    here.post(PAGE, {"device": device_of(here)})
    assert is_signed_in(here)
    assert 'name="device"' not in here.get(PAGE).content.decode()


def test_a_button_that_is_pressed_twice_does_no_harm(user: User) -> None:
    here, there = log_in(user), log_in(user)
    chosen = device_of(there)
    for _ in range(2):
        assert here.post(PAGE, {"device": chosen}).status_code == 302
    assert is_signed_in(here)


def test_a_stranger_and_another_site_sign_nobody_out(user: User, client: Client) -> None:
    here, there = log_in(user), log_in(user)
    chosen = {"device": device_of(there)}
    assert client.post(PAGE, chosen).headers["Location"].startswith("/accounts/login/")
    here.handler.enforce_csrf_checks = True
    assert here.post(PAGE, chosen).status_code == 403
    assert is_signed_in(there)


def test_no_session_key_stands_in_the_page(user: User) -> None:
    clients = [log_in(user) for _ in range(3)]
    page = clients[0].get(PAGE).content.decode()
    for client in clients:
        assert str(client.session.session_key) not in page


def test_devices_of_the_same_name_are_told_apart_by_their_times_and_addresses(user: User) -> None:
    here = log_in(user)
    now = timezone.now()
    for hours in (2, 30):
        pk = device_of(log_in(user, FIREFOX, f"192.0.2.{hours}"))
        seen = now - timedelta(hours=hours)
        UserSession.objects.filter(pk=pk).update(
            last_seen_at=seen, created_at=seen - timedelta(days=3)
        )
    page = here.get(PAGE).content.decode()
    # The one with the badge, then who was seen last.
    assert re.findall(r"192\.0\.2\.\d+", page) == ["192.0.2.7", "192.0.2.2", "192.0.2.30"]
    assert page.index("This device") < page.index("192.0.2.7")
    text = " ".join(re.sub("<[^>]+>", "", page).split()).replace("\N{NO-BREAK SPACE}", " ")
    for hours, ago in ((2, "2 hours ago"), (30, "1 day, 6 hours ago")):
        seen = now - timedelta(hours=hours)
        exact = f"{seen.day} {seen:%b %Y, %H:%M} UTC"
        assert f"Last seen {ago}, {exact}" in text
        since = seen - timedelta(days=3)
        assert f"Signed in {since.day} {since:%b %Y, %H:%M} UTC" in text


def test_each_button_is_named_with_its_device(user: User) -> None:
    here, there = log_in(user), log_in(user)
    page, pk = here.get(PAGE).content.decode(), device_of(there)
    assert f'aria-labelledby="device-{pk}-out device-{pk}"' in page
    assert f'id="device-{pk}-out"' in page
    assert f'id="device-{pk}"' in page


def test_a_session_that_ends_while_the_page_is_open_is_told_as_over(user: User) -> None:
    here, there = log_in(user), log_in(user)
    chosen = device_of(there)
    Session.objects.filter(pk=there.session.session_key).delete()
    assert here.post(PAGE, {"device": chosen}).status_code == 302
    assert len(names(here)) == 1
