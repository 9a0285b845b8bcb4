"""The list of notifications in the admin: what it shows of each, what it can be narrowed to, and its queries."""

from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bellhop.kinds import registry
from bellhop.kinds.kind import Kind
from bellhop.models import Notification
from tests.admin.people import URL, staff
from tests.rows import add

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(user: User) -> Notification:
    add(user, 1)
    return Notification.objects.get(recipient=user)


def test_a_row_without_words_of_its_own_shows_those_of_its_kind_in_its_language(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = Kind("parcel", label="Parcels", message="Parcel {{ number }} is here")
    monkeypatch.setitem(registry._kinds, "parcel", registry._Declared(kind, __name__))
    add(user, 1, kind="parcel", message="")
    Notification.objects.update(data={"number": 7})
    page = staff().get(URL).content.decode()
    assert "Parcel 7 is here" in page
    assert ">Parcels<" in page


def test_the_link_stands_on_what_it_says_and_not_on_who_gets_it(
    row: Notification, user: User
) -> None:
    user.first_name, user.last_name = "Ada", "Lovelace"
    user.save()
    page = unescape(staff().get(URL).content.decode())
    link = page[page.index(f"{row.pk}/change") :].partition("</a>")[0]
    assert row.message in link
    assert "Ada Lovelace (ada)" in page
    assert "Ada" not in link


def test_what_a_message_says_is_never_markup(user: User) -> None:
    add(user, 1, message="<script>alert(1)</script>")
    page = staff().get(URL).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(
    ("columns", "word"),
    [
        ({}, "unread"),
        ({"read_at": timezone.now()}, "read"),
        ({"read_at": timezone.now(), "archived_at": timezone.now()}, "archived"),
        ({"archived_at": timezone.now()}, "archived"),
        ({"seq": None}, "not numbered yet"),
    ],
)
def test_its_state_is_told_in_words_and_found_by_the_filter(
    row: Notification, columns: dict[str, object], word: str
) -> None:
    Notification.objects.update(**columns)
    client = staff()
    assert f'<td class="field-state">{word}</td>' in client.get(URL).content.decode()
    names = {"not numbered yet": "waiting"}
    for state in ("unread", "read", "archived", "waiting"):
        is_there = f"{row.pk}/change" in client.get(f"{URL}?state={state}").content.decode()
        assert is_there is (state == names.get(word, word)), state


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("toast=1", {"toast": True}), ("toast=0", {"toast": False}),
        ("summary=1", {"sums_up": 3}), ("summary=0", {"sums_up": None}),
        ("storm=1", {"in_storm": True}), ("storm=0", {"in_storm": False}),
        ("expiring=1", {"expires_at": timezone.now() + timedelta(days=1)}),
        ("expiring=0", {"expires_at": None}),
        ("kind=other", {"kind": "other"}), ("key__exact=k", {"key": "k"}), ("q=ada", {}), ("q=number", {}),
    ],
)  # fmt: skip
def test_the_list_can_be_narrowed(
    row: Notification, other: User, query: str, columns: dict[str, object]
) -> None:
    """Of two rows the other one is in everything the opposite."""
    Notification.objects.update(**columns)
    add(other, 1, message="opposite")
    row.refresh_from_db()
    opposite = {
        "toast": not row.toast,
        "sums_up": None if row.sums_up else 3,
        "in_storm": not row.in_storm,
        "expires_at": None if row.expires_at else timezone.now(),
    }
    Notification.objects.filter(recipient=other).update(**opposite)
    page = staff().get(f"{URL}?{query}").content.decode()
    assert f"{row.pk}/change" in page
    assert "opposite" not in page


def test_counts_beside_the_filters_can_be_asked_for(row: Notification) -> None:
    page = " ".join(staff().get(f"{URL}?_facets=True").content.decode().split())
    for words in ("Unread (1)", "Archived (0)", "Messages (1)", "Only listed (0)"):
        assert words in page


def test_a_long_list_costs_no_more_queries_than_a_short_one(row: Notification) -> None:
    client = staff()
    client.get(URL)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    for number in range(5):
        add(User.objects.create_user(f"user{number}"), 10)
    with CaptureQueriesContext(connection) as many:
        client.get(URL)
    assert len(many) == len(few)


def test_who_may_only_look_is_offered_neither_sending_nor_withdrawing(row: Notification) -> None:
    page = staff("view_notification").get(f"{URL}?key__exact=k").content.decode()
    assert "Send a notification" not in page
    assert "Withdraw" not in page
    assert f"{URL}add/" not in page


def test_who_may_do_nothing_with_notifications_sees_none(row: Notification) -> None:
    assert staff("view_user").get(URL).status_code == 403
