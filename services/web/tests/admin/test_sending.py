"""Sending in the admin: who may, to whom it goes, what is refused, and that it goes once."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bellhop.admin.sending import whom
from bellhop.models import Notification, Preferences
from tests.admin.people import URL, staff
from tests.forms import forms_of

pytestmark = pytest.mark.django_db
ADD = f"{URL}add/"
FOR_LONG = "9000-01-01T00:00:00+00:00"
MAY = ("add_notification", "view_notification")


def form(**changed: Any) -> dict[str, Any]:
    given = {"people": "ada", "kind": "message", "message": "Lunch is here", "key": "k"}
    return {**given, **changed}


def test_a_preview_says_to_how_many_and_sends_nothing(user: User, other: User) -> None:
    Preferences.objects.create(user=other, muted={"message": FOR_LONG})
    client = staff(*MAY)
    given = form(people="ada\neve@example.com", body="Downstairs", url="/menu")
    page = client.post(ADD, given).content.decode()
    assert "To <strong>2</strong> people" in page
    assert "1 has muted it" in page
    assert 'value="Send to 1 person"' in page
    for text in ("Lunch is here", "Downstairs", "/menu", "Messages"):
        assert text in page
    assert not Notification.objects.exists()
    assert not LogEntry.objects.exists()


def test_the_previews_own_form_sends_what_was_seen_and_lands_on_the_list_of_it(
    user: User, other: User
) -> None:
    Preferences.objects.create(user=other, muted={"message": FOR_LONG})
    client = staff(*MAY)
    page = client.post(ADD, form(people="ada\neve")).content.decode()
    (sends,) = [
        each for each in forms_of(page, ADD) if {"_send": "Send to 1 person"} in each.buttons
    ]
    answer = client.post(ADD, {**sends.fields, "people": "ada\neve", "_send": "1"})
    row = Notification.objects.get()
    assert (row.recipient_id, row.message, row.key) == (user.pk, "Lunch is here", "k")
    assert answer.headers["Location"] == f"{URL}?key__exact=k"
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert told == ["Sent to 1 person. 1 has muted it."]
    entry = LogEntry.objects.get()
    assert (entry.action_flag, entry.object_repr) == (ADDITION, "Lunch is here")
    assert entry.user.username == "boss"


def test_the_same_form_sent_twice_sends_once(user: User) -> None:
    client = staff(*MAY)
    client.post(ADD, form(_send="1"))
    answer = client.post(ADD, form(_send="1"))
    assert Notification.objects.count() == 1
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert told[-1] == "Sent to 0 people. 1 had it already."
    assert LogEntry.objects.count() == 1
    assert "will not get it again" in client.post(ADD, form()).content.decode()


def test_each_new_form_has_a_key_of_its_own(client: Client) -> None:
    client = staff(*MAY)
    keys = {
        each.fields["key"]
        for _ in range(2)
        for each in forms_of(client.get(ADD).content.decode(), ADD)
        if "key" in each.fields
    }
    assert len(keys) == 2


def test_the_members_of_groups_get_it_once_each_and_nobody_else(user: User, other: User) -> None:
    groups = [Group.objects.create(name=name) for name in ("cooks", "waiters")]
    user.groups.set(groups)
    gone = User.objects.create_user("gone", is_active=False)
    gone.groups.set(groups)
    client = staff(*MAY)
    client.post(ADD, form(people="", groups=[group.pk for group in groups], _send="1"))
    assert [row.recipient_id for row in Notification.objects.all()] == [user.pk]


def test_where_users_have_no_groups_none_are_asked_for(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whom, "group_model", lambda: None)
    client = staff(*MAY)
    assert 'name="groups"' not in client.get(ADD).content.decode()
    client.post(ADD, form(groups=["1"], _send="1"))
    assert [row.recipient_id for row in Notification.objects.all()] == [user.pk]


def test_everybody_is_who_is_active(user: User, other: User) -> None:
    User.objects.create_user("gone", is_active=False)
    client = staff(*MAY)
    client.post(ADD, form(people="", everybody="on", _send="1"))
    names = {row.recipient.username for row in Notification.objects.all()}
    assert names == {"ada", "eve", "boss"}


def test_people_in_more_chunks_than_one_all_get_it_in_few_queries(user: User) -> None:
    User.objects.bulk_create(User(username=f"user{number}") for number in range(450))
    client = staff(*MAY)
    with CaptureQueriesContext(connection) as queries:
        client.post(ADD, form(people="", everybody="on", _send="1"))
    assert Notification.objects.count() == 452
    assert len(queries) < 60


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"people": ""}, "To whom?"),
        ({"everybody": "on"}, "Either people, or groups, or everybody"),
        ({"people": "ada\nnobody"}, "there is no user &#x27;nobody&#x27;"),
        ({"message": " "}, "This field is required"),
        ({"message": "\u200b"}, "nothing of it can be seen"),
        ({"url": "javascript:alert(1)"}, "a path of this site or an http(s) address"),
        ({"url": "//evil.example"}, "a path of this site or an http(s) address"),
        ({"body": "x" * 40_000}, "bytes as a frame"),
        ({"expires": "2020-01-01T12:00"}, "in the past"),
        ({"expires": "soon"}, "Enter a valid date/time"),
        ({"kind": "login"}, "Select a valid choice"),
        ({"kind": "no such"}, "Select a valid choice"),
        ({"groups": ["999"]}, "Select a valid choice"),
    ],
)
@pytest.mark.parametrize("button", ["_preview", "_send"])
def test_bad_input_is_refused_in_one_line_and_nothing_of_it_is_lost(
    user: User, changed: dict[str, Any], words: str, button: str
) -> None:
    given = {**form(body="kept text"), **changed, button: "1"}
    answer = staff(*MAY).post(ADD, given)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count(words) == 1
    assert given["body"] in page
    assert 'name="_preview"' in page
    assert not Notification.objects.exists()


def test_all_that_is_wrong_is_told_at_once(user: User) -> None:
    page = staff(*MAY).post(ADD, form(people="nobody", url="x")).content.decode()
    for words in ("there is no user", "a path of this site"):
        assert words in page


def test_change_leads_back_to_the_form_with_all_that_was_written(user: User) -> None:
    page = staff(*MAY).post(ADD, form(body="kept text", _change="1")).content.decode()
    assert "kept text" in page
    assert "Lunch is here" in page
    assert 'name="_preview"' in page
    assert not Notification.objects.exists()


def test_more_than_a_page_sends_to_are_left_to_a_shell_whose_command_is_said(
    user: User, other: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whom, "AT_MOST", 2)
    client = staff(*MAY)
    given = form(people="", everybody="on", message="it's here", url="/menu")
    for button in ({}, {"_send": "1"}):
        page = client.post(ADD, {**given, **button})
        (command,) = page.context["preview"].commands
        assert command.startswith("python manage.py bellhop_notify --kind=message --url=/menu")
        assert command.endswith("--key=k --all 'it'\"'\"'s here'")
        assert "To <strong>3</strong> people" in page.content.decode()
        assert "_send" not in page.content.decode()
    assert not Notification.objects.exists()
    too_many = client.post(ADD, form(people="ada\neve\nboss")).content.decode()
    assert "At most 2 people" in too_many


def test_an_expiry_is_a_moment_of_the_projects_zone(user: User) -> None:
    later = timezone.localtime().replace(microsecond=0, second=0) + timedelta(days=1)
    staff(*MAY).post(ADD, form(expires=f"{later:%Y-%m-%dT%H:%M}", _send="1"))
    assert Notification.objects.get().expires_at == later


@pytest.mark.parametrize(
    "permissions", [["view_notification"], ["change_notification"], ["delete_notification"]]
)
def test_staff_who_may_not_add_see_no_form_and_send_nothing(
    user: User, permissions: list[str]
) -> None:
    client = staff(*permissions)
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, form(_send="1")).status_code == 403
    assert client.post(ADD, form()).status_code == 403
    assert not Notification.objects.exists()


def test_who_is_no_staff_is_led_to_the_login_and_sends_nothing(user: User) -> None:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    for each in (client, Client()):
        assert each.get(ADD).status_code == 302
        assert each.post(ADD, form(_send="1")).status_code == 302
    assert not Notification.objects.exists()


def test_a_form_of_another_site_sends_nothing(user: User) -> None:
    client = staff(*MAY)
    client.handler.enforce_csrf_checks = True
    assert client.post(ADD, form(_send="1")).status_code == 403
    assert not Notification.objects.exists()


def test_who_may_send_and_not_look_lands_where_they_may_be(user: User) -> None:
    answer = staff("add_notification").post(ADD, form(_send="1"), follow=True)
    assert answer.redirect_chain == [(ADD, 302)]
    assert "Sent to 1 person." in answer.content.decode()


def test_what_staff_write_is_never_markup(user: User) -> None:
    given = form(message="<b>bold</b>", body="<script>alert(1)</script>")
    page = staff(*MAY).post(ADD, given).content.decode()
    assert "<b>bold" not in page
    assert "<script>alert" not in page
