"""What staff do in the admin: change what a notification says, withdraw some, look at what people have chosen."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import User
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone

from bellhop.models import Inbox, Notification, Preferences, Refusal
from bellhop.ring import publish_thread
from tests.admin.people import URL, staff
from tests.rows import add

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(user: User) -> Notification:
    add(user, 1)
    return Notification.objects.get(recipient=user)


def form(row: Notification, **changed: str) -> dict[str, str]:
    filled = {"message": row.message, "body": row.body, "url": row.url, "data": "{}"}
    return {**filled, "expires_at_0": "", "expires_at_1": "", **changed}


def test_what_it_says_is_changed_as_an_update_and_told_to_its_user(
    row: Notification, user: User, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    rings: list[Any] = []
    monkeypatch.setattr(publish_thread, "ring_changes", lambda *ring: rings.append(ring))
    client = staff()
    assert client.get(f"{URL}{row.pk}/change/").status_code == 200
    moment = timezone.now() + timedelta(days=3)
    given = form(
        row, message="other words", data='{"a": 1}',
        expires_at_0=moment.strftime("%Y-%m-%d"), expires_at_1="12:00",
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{URL}{row.pk}/change/", given).status_code == 302
    row.refresh_from_db()
    assert (row.message, row.data) == ("other words", {"a": 1})
    assert row.expires_at is not None
    rev = Inbox.state_of(user.pk).rev
    assert (row.rev, row.updated_rev, rings) == (rev, rev, [(user.pk, rev)])


def test_nothing_else_can_be_changed_by_whoever_posts_it(row: Notification, other: User) -> None:
    before = Notification.objects.values().get()
    given = form(row, recipient=str(other.pk), seq="99", kind="other", key="k", toast="")
    assert staff().post(f"{URL}{row.pk}/change/", given).status_code == 302
    assert Notification.objects.values().get() == before


def test_a_form_that_changes_nothing_tells_nobody(row: Notification, user: User) -> None:
    staff().post(f"{URL}{row.pk}/change/", form(row))
    assert Inbox.state_of(user.pk).rev == 0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"message": "\u200b"}, "nothing of it can be seen"),
        ({"url": "javascript:alert(1)"}, "a path of this site or an http(s) address"),
        ({"data": "[1]"}, "a mapping"),
        ({"data": "{"}, "valid JSON"),
        ({"body": "x" * 40_000}, "take"),
        ({"expires_at_0": "2020-01-01", "expires_at_1": "12:00"}, "in the past"),
    ],
)
def test_what_notify_would_refuse_is_refused_in_the_form(
    row: Notification, changed: dict[str, str], words: str
) -> None:
    before = Notification.objects.values().get()
    answer = staff().post(f"{URL}{row.pk}/change/", form(row, **changed))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Notification.objects.values().get() == before


@pytest.mark.parametrize(
    "permissions", [["view_notification"], ["delete_notification"], ["add_notification"]]
)
def test_who_may_not_change_changes_nothing(row: Notification, permissions: list[str]) -> None:
    client = staff(*permissions)
    assert client.post(f"{URL}{row.pk}/change/", form(row, message="x")).status_code == 403
    row.refresh_from_db()
    assert row.message != "x"


@pytest.mark.parametrize("model", ["preferences", "refusal", "inbox"])
def test_what_is_peoples_own_can_only_be_looked_at(
    user: User, row: Notification, model: str
) -> None:
    Preferences.objects.create(user=user, time_zone="Europe/Rome")
    refusal = Refusal.objects.create(user=user, kind="order", count=3, latest=timezone.now())
    url, client = f"/admin/bellhop/{model}/", staff()
    key = refusal.pk if model == "refusal" else user.pk
    assert client.get(url).status_code == 200
    assert client.get(f"{url}{key}/change/").status_code == 200
    assert client.get(f"{url}add/").status_code == 403
    assert client.post(f"{url}{key}/change/", {"time_zone": "x"}).status_code == 403
    assert client.post(f"{url}{key}/delete/", {"post": "yes"}).status_code == 403
    given = {"action": "delete_selected", "_selected_action": [str(key)], "post": "yes"}
    client.post(url, given)
    assert Inbox.objects.exists()
    assert Refusal.objects.exists()
    assert Preferences.objects.get().time_zone == "Europe/Rome"


def test_in_djangos_own_admin_a_user_can_be_deleted_with_all_of_this(
    user: User, row: Notification, rf: RequestFactory
) -> None:
    """A project that leaves Django's page of users as it is."""
    Preferences.objects.create(user=user)
    Refusal.objects.create(user=user, kind="order", latest=timezone.now())
    request = rf.get(f"/admin/auth/user/{user.pk}/delete/")
    request.user = User.objects.create_user("boss", is_staff=True, is_superuser=True)
    request.resolver_match = resolve(request.path)
    page = DjangoUserAdmin(User, admin.site)
    _, _, needed, protected = page.get_deleted_objects([user], request)
    assert (set(needed), list(protected)) == (set(), [])
