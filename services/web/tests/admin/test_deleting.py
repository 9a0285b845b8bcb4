"""The admin, by its own forms: what can be deleted, by whom, and what goes with it."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.utils import timezone

from bellhop.models import Inbox, Notification, Preferences, Refusal
from bellhop.models.deleting.removal import Removal
from bellhop.ring import publish_thread
from tests.rows import add

pytestmark = pytest.mark.django_db
USERS = "/admin/auth/user/"


def hanging_on_users() -> list[Any]:
    """Every model of this project that has a user."""
    return [
        model
        for model in apps.get_models()
        if any(
            field.is_relation and field.related_model is User and not field.many_to_many
            for field in model._meta.get_fields()
            if getattr(field, "concrete", False)
        )
    ]


def left_of(user_id: int) -> dict[str, int]:
    return {
        f"{model.__name__}.{field.name}": model._default_manager.filter(
            **{field.name: user_id}
        ).count()
        for model in hanging_on_users()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is User
    }


@pytest.fixture
def signed_in(user: User) -> User:
    """Ada as a life of hers leaves her: a row in every table that has a user."""
    client = Client()
    assert client.post("/accounts/login/", {"login": "ada", "password": "pw"}).status_code == 302
    add(user, 3)
    Notification.objects.filter(recipient=user, seq=2).delete()
    address, _ = EmailAddress.objects.get_or_create(user=user, email="ada@example.com")
    EmailConfirmation.create(address)
    content_type = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=user, content_type=content_type, object_id="1", object_repr="x", action_flag=ADDITION
    )
    Preferences.objects.create(user=user)
    Refusal.objects.create(user=user, kind="order", latest=timezone.now())
    with connection.cursor() as cursor:
        # As a search leaves it.
        cursor.execute(
            "INSERT INTO bellhop_searchchunk (recipient_id, start, seqs, documents)"
            " VALUES (%s, 1, '{1}', ARRAY[''::tsvector])",
            [user.pk],
        )
    assert all(left_of(user.pk).values()), left_of(user.pk)
    return user


def staff(kind: str) -> Client:
    """An administrator, or somebody who may delete (and so see) users and nothing else."""
    person = User.objects.create_user("boss", password="pw", is_staff=True)
    if kind == "superuser":
        User.objects.filter(pk=person.pk).update(is_superuser=True)
    else:
        person.user_permissions.set(
            Permission.objects.filter(codename__in=["delete_user", "view_user"])
        )
    client = Client()
    client.force_login(person, settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.mark.parametrize("kind", ["superuser", "may delete users only"])
@pytest.mark.parametrize("way", ["one", "bulk"])
def test_a_user_who_has_signed_in_is_deleted_with_all_that_hangs_on_them(
    signed_in: User, other: User, kind: str, way: str
) -> None:
    add(other)
    client, key = staff(kind), signed_in.pk
    if way == "one":
        url, form = f"{USERS}{key}/delete/", {}
        asked = client.get(url)
    else:
        url, form = USERS, {"action": "delete_selected", "_selected_action": [str(key)]}
        asked = client.post(url, form)
    page = asked.content.decode()
    assert 'type="submit"' in page
    assert 'name="post" value="yes"' in page
    assert "permission to delete" not in page
    answer = client.post(url, {**form, "post": "yes"})
    assert answer.status_code == 302
    assert not User.objects.filter(pk=key).exists()
    assert not any(left_of(key).values()), left_of(key)
    assert Inbox.objects.filter(pk=other.pk).exists()
    assert Notification.objects.filter(recipient=other).count() == 1


@pytest.mark.parametrize("codename", ["view_user", "change_user", "delete_inbox"])
def test_who_may_not_delete_users_deletes_none(signed_in: User, codename: str) -> None:
    person = User.objects.create_user("clerk", password="pw", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=[codename, "view_user"]))
    client = Client()
    client.force_login(person, settings.AUTHENTICATION_BACKENDS[0])
    assert client.post(f"{USERS}{signed_in.pk}/delete/", {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [str(signed_in.pk)], "post": "yes"}
    client.post(USERS, bulk)
    assert User.objects.filter(pk=signed_in.pk).exists()


@pytest.mark.parametrize("way", ["one", "bulk"])
def test_an_inbox_alone_cannot_be_deleted(signed_in: User, way: str) -> None:
    client, url = staff("superuser"), "/admin/bellhop/inbox/"
    if way == "one":
        assert client.post(f"{url}{signed_in.pk}/delete/", {"post": "yes"}).status_code == 403
    else:
        bulk = {"action": "delete_selected", "_selected_action": [str(signed_in.pk)], "post": "yes"}
        client.post(url, bulk)
    assert Inbox.objects.filter(pk=signed_in.pk).exists()


@pytest.mark.parametrize("way", ["one", "bulk"])
def test_a_notification_that_is_deleted_is_told_to_its_user(
    signed_in: User,
    way: str,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    rings: list[Any] = []
    monkeypatch.setattr(publish_thread, "ring_changes", lambda *ring: rings.append(ring))
    row = Notification.objects.get(recipient=signed_in, seq=3)
    before = Inbox.state_of(signed_in.pk)
    client, url = staff("superuser"), "/admin/bellhop/notification/"
    with django_capture_on_commit_callbacks(execute=True):
        if way == "one":
            answer = client.post(f"{url}{row.pk}/delete/", {"post": "yes"})
        else:
            bulk = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
            answer = client.post(url, bulk)
    assert answer.status_code == 302
    after = Inbox.state_of(signed_in.pk)
    assert (after.rev, after.unread) == (before.rev + 1, before.unread - 1)
    assert Removal.objects.filter(notification_id=row.pk, rev=after.rev).exists()
    assert rings == [(signed_in.pk, after.rev)]
