"""Withdrawing many in the admin: it asks, goes on where a request was too short, and says how many."""

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client

from bellhop import recall
from bellhop.admin import withdrawing
from bellhop.models import Inbox, Notification
from tests.admin.people import URL, staff
from tests.rows import add

pytestmark = pytest.mark.django_db
MAY = ("delete_notification", "view_notification")


def chosen(*rows: Notification, **more: str) -> dict[str, object]:
    return {"action": "delete_selected", "_selected_action": [str(row.pk) for row in rows], **more}


@pytest.fixture
def row(user: User) -> Notification:
    add(user, 1)
    return Notification.objects.get()


def test_who_may_delete_withdraws_some_after_being_asked(
    row: Notification, user: User, other: User
) -> None:
    add(other, 1, message="stays")
    client = staff(*MAY)
    assert "Withdraw selected notifications" in client.get(URL).content.decode()
    asked = client.post(URL, chosen(row)).content.decode()
    assert "Withdraw <strong>1</strong> notification?" in asked
    assert "It cannot be brought back" in asked
    assert row.message in asked
    assert Notification.objects.count() == 2
    answer = client.post(URL, chosen(row, post="yes"), follow=True)
    assert "1 notification is withdrawn." in answer.content.decode()
    assert Notification.objects.get().message == "stays"
    assert (Inbox.state_of(user.pk).rev, Inbox.state_of(other.pk).rev) == (1, 0)
    entry = LogEntry.objects.get()
    assert (entry.action_flag, entry.object_repr) == (DELETION, "1 notification")


def test_who_may_only_look_withdraws_nothing(row: Notification) -> None:
    client = staff("view_notification")
    client.post(URL, chosen(row, post="yes"))
    assert client.post(f"{URL}withdraw/?key=k", {"post": "yes"}).status_code == 403
    assert Notification.objects.exists()


def test_what_a_request_has_no_time_for_is_left_to_the_next_one(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withdrawing, "SECONDS", 0.0)
    monkeypatch.setattr(recall, "BATCH", 2)
    rows = add(user, 5)
    client = staff(*MAY)
    given = chosen(rows[0], post="yes", select_across="1")
    answer = client.post(URL, given)
    assert Notification.objects.count() == 3
    page = answer.content.decode()
    assert "2 are withdrawn so far." in page
    assert "3 are left." in page
    assert "Go on" in page
    fields = {"withdrawn": "2", **given}
    fields["withdrawn"] = str(client.post(URL, fields).context["withdrawn"])
    assert fields["withdrawn"] == "4"
    answer = client.post(URL, fields)
    assert answer.status_code == 302
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    assert told[-1] == "5 notifications are withdrawn."
    assert not Notification.objects.exists()


def test_all_that_were_sent_with_a_key_are_withdrawn_from_the_list_of_them(
    user: User, other: User
) -> None:
    for person, key in ((user, "k&1"), (other, "k&1")):
        add(person, 1, key=key)
    add(user, 1, message="another")
    client = staff(*MAY)
    page = client.get(URL, {"key__exact": "k&1"}).content.decode()
    link = f"{URL}withdraw/?key=k%261"
    assert link in page
    asked = client.get(link).content.decode()
    assert "Withdraw <strong>2</strong> notifications?" in asked
    assert "They are for 2 people." in asked
    assert Notification.objects.count() == 3
    assert client.post(link, {"post": "yes"}).status_code == 302
    assert Notification.objects.get().message == "another"


def test_without_a_key_that_page_means_nothing(row: Notification) -> None:
    client = staff(*MAY)
    for query in ("", "?key=", "?key=nobody's"):
        assert "nothing to withdraw" in client.get(f"{URL}withdraw/{query}").content.decode()
        client.post(f"{URL}withdraw/{query}", {"post": "yes"})
    assert Notification.objects.exists()


def test_a_form_of_another_site_withdraws_nothing(row: Notification) -> None:
    client = staff(*MAY)
    client.handler.enforce_csrf_checks = True
    assert client.post(URL, chosen(row, post="yes")).status_code == 403
    assert client.post(f"{URL}withdraw/?key=k", {"post": "yes"}).status_code == 403
    assert Notification.objects.exists()


def test_a_stranger_is_led_to_the_login(row: Notification, client: Client) -> None:
    assert client.get(f"{URL}withdraw/").status_code == 302
    client.post(URL, chosen(row, post="yes"))
    assert Notification.objects.exists()
