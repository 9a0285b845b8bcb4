"""The JSON API of lists, marks and what was seen: filters, undo, refusals."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from bellhop.inbox.marks import mark
from bellhop.models import Inbox, Notification

pytestmark = pytest.mark.django_db

API = "/notifications/api/"


@pytest.fixture
def rows(user: User, other: User) -> list[Notification]:
    """Ten of ada's, of two kinds; as many of somebody else's."""
    for each in (other, user):
        Notification.objects.bulk_create(
            Notification(
                recipient=each,
                seq=seq,
                message=f"Parcel p{seq}",
                kind="order" if seq % 2 else "news",
                thread="t" if seq == 4 else "",
            )
            for seq in range(1, 11)
        )
    return list(Notification.objects.filter(recipient=user).order_by("seq"))


def get(client: Client, query: str) -> dict[str, Any]:
    answer = client.get(API + query)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def seqs(client: Client, query: str) -> list[int]:
    return [each["seq"] for each in get(client, query)["results"]]


def post(client: Client, action: str, body: Any) -> Any:
    return client.post(f"{API}{action}", body, content_type="application/json")


def test_filters_narrow_the_list(browser: Client, user: User, rows: list[Notification]) -> None:
    mark(user.pk, "archive", ids=[rows[8].pk])
    mark(user.pk, "read", through=5)
    assert seqs(browser, "?view=inbox") == [10, 8, 7, 6, 5, 4, 3, 2, 1]
    assert seqs(browser, "?view=unread") == [10, 8, 7, 6]
    assert seqs(browser, "?view=archived") == [9]
    assert seqs(browser, "?kind=order") == [7, 5, 3, 1]
    assert seqs(browser, "?thread=t") == [4]
    assert seqs(browser, "?q=PARCEL%20p1") == [10, 1]
    assert seqs(browser, "?view=unread&kind=news&q=parcel&after=6") == [8, 10]
    assert seqs(browser, "?unread=true") == [10, 8, 7, 6]
    assert seqs(browser, "?archived=true") == [9]


@pytest.mark.parametrize("query", ["?kind=order&q=parcel&limit=2", "?kind=order&limit=2&after=0"])
def test_next_keeps_the_filters(browser: Client, rows: list[Notification], query: str) -> None:
    found, url = [], API + query
    while url:
        answer = browser.get(url).json()
        found += [each["seq"] for each in answer["results"]]
        url = answer["next"]
    assert sorted(found) == [1, 3, 5, 7, 9]
    assert found == sorted(found, reverse="after" not in query)


def test_counts_come_where_they_are_asked_for(browser: Client, rows: list[Notification]) -> None:
    assert "counts" not in get(browser, "")
    answer = get(browser, "?counts=true&limit=1")
    assert answer["counts"] == {"inbox": 10, "unread": 10, "archived": 0}
    assert "counts=" not in answer["next"]


@pytest.mark.parametrize("field", ["view", "kind", "q", "thread", "counts"])
def test_a_filter_that_cannot_be_is_refused_by_its_name(browser: Client, field: str) -> None:
    value = "x" * 201 if field in ("kind", "q", "thread") else "everything"
    answer = browser.get(API, {field: value})
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)


def test_a_filter_with_a_nul_is_refused(browser: Client) -> None:
    assert browser.get(API, {"kind": "a\0b"}).status_code == 400


def test_marks_take_filters_and_are_undone_by_their_rev(
    browser: Client, user: User, rows: list[Notification]
) -> None:
    answer = post(browser, "archive", {"through": 10, "view": "unread", "kind": "order", "q": "p"})
    assert answer.json() == {"seq": 10, "rev": 1, "unread": 5, "seen": 0, "changed": 5}
    assert seqs(browser, "?view=archived") == [9, 7, 5, 3, 1]
    answer = post(browser, "unarchive", {"rev": 1})
    assert answer.json() == {"seq": 10, "rev": 2, "unread": 10, "seen": 0, "changed": 5}
    assert Inbox.state_of(user.pk).unread == 10


@pytest.mark.parametrize(
    "body",
    [
        {}, {"ids": [], "rev": 1}, {"through": 1, "rev": 1}, {"rev": -1}, {"rev": "1"}, {"rev": True},
        {"ids": [], "view": "unread"}, {"rev": 1, "q": "x"}, {"through": 1, "view": "all"},
        {"through": 1, "kind": 7}, {"through": 1, "thread": "t"}, {"rev": 2**63},
    ],
)  # fmt: skip
def test_a_mark_that_says_more_or_less_than_one_thing_changes_nothing(
    browser: Client, user: User, rows: list[Notification], body: Any
) -> None:
    assert post(browser, "archive", body).status_code == 400
    assert Inbox.state_of(user.pk).rev == 0


def test_seen_is_told_in_every_answer(browser: Client, rows: list[Notification]) -> None:
    standing = {"seq": 10, "rev": 1, "unread": 10, "seen": 7}
    assert post(browser, "seen", {"through": 7}).json() == {**standing, "changed": 1}
    assert post(browser, "seen", {"through": 3}).json() == {**standing, "changed": 0}
    for path in ("", "summary"):
        answer = get(browser, path)
        assert {name: answer[name] for name in standing} == standing


@pytest.mark.parametrize("action", ["seen", "unarchive"])
def test_a_page_of_somebody_else_changes_nothing(
    browser: Client, user: User, rows: list[Notification], action: str
) -> None:
    answer = post(browser, action, {"through": 3, "user_key": "7-7"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "other_user")
    assert Inbox.state_of(user.pk).rev == 0


@pytest.mark.parametrize("action", ["seen", "unarchive"])
def test_nobody_changes_anything_without_session_or_token(user: User, action: str) -> None:
    assert post(Client(), action, {"through": 1}).status_code == 401
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert post(client, action, {"through": 1}).status_code == 403


@pytest.mark.parametrize("body", [{}, {"through": -1}, {"through": "3"}, {"through": 1, "x": 1}])
def test_what_says_no_seq_was_not_seen(
    browser: Client, user: User, rows: list[Notification], body: Any
) -> None:
    assert post(browser, "seen", body).status_code == 400
    assert Inbox.state_of(user.pk).seen == 0
