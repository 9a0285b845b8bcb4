"""The JSON API: who may ask, what a bad request is told, and that `next` leads through every row once."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from bellhop import frame_from_row
from bellhop.contract import SEQ_MAX, user_key
from bellhop.models import Inbox, InboxState, Notification
from tests.rows import add

pytestmark = pytest.mark.django_db
URL = "/api/notifications/"


def post(client: Client, action: str, body: Any, **extra: Any) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(f"{URL}{action}", text, content_type="application/json", **extra)


def seqs(answer: Any) -> list[int]:
    return [result["seq"] for result in answer.json()["results"]]


@pytest.mark.parametrize("path", ["", "summary"])
def test_without_a_session_it_is_401_in_json_never_a_redirect(path: str) -> None:
    answer = Client().get(URL + path)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "no_session"


@pytest.mark.parametrize("action", ["read", "unread", "archive"])
def test_401_comes_before_403_and_403_before_400(user: User, action: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert post(client, action, "nonsense").status_code == 401
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    refused = post(client, action, "nonsense")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")


def test_with_the_csrf_token_a_mark_works_and_without_it_nothing_changes(user: User) -> None:
    add(user)
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert post(client, "read", {"through": 1}).status_code == 403
    assert Inbox.state_of(user.pk).unread == 1
    client.get("/")
    token = client.cookies["csrftoken"].value
    assert post(client, "read", {"through": 1}, headers={"x-csrftoken": token}).json() == {
        "seq": 1, "rev": 1, "unread": 0, "seen": 0, "changed": 1,
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_answer_to_a_mark_carries_the_rev_of_that_very_mark(
    browser: Client, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The inbox stays locked until the answer is read: nobody's later change gets into it."""
    (row,) = add(user)
    state_of = Inbox.state_of

    def state_under_lock(user_id: int) -> InboxState:
        assert connection.in_atomic_block
        return state_of(user_id)

    monkeypatch.setattr(Inbox, "state_of", state_under_lock)
    answer = post(browser, "read", {"ids": [str(row.pk)]})
    assert (answer.status_code, answer.json()["rev"]) == (200, 1)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("after=x", "after"), ("after=-1", "after"), ("after=1.5", "after"), ("after=", "after"),
        (f"after={SEQ_MAX + 1}", "after"), ("before=x", "before"), ("before=-1", "before"),
        ("before=" + "9" * 5000, "before"), ("limit=0", "limit"), ("limit=201", "limit"),
        ("limit=-1", "limit"), ("limit=x", "limit"), ("unread=maybe", "unread"),
        ("archived=2", "archived"),
    ],
)  # fmt: skip
def test_a_bad_parameter_is_400_and_named(browser: Client, query: str, field: str) -> None:
    answer = browser.get(f"{URL}?{query}")
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["field"]) == ("invalid", field)
    assert error["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, None), ({"ids": None, "through": None}, None), ({"ids": [], "through": 1}, None),
        ({"ids": "x"}, "ids"), ({"ids": ["x"]}, "ids"), ({"ids": [1]}, "ids"),
        ({"ids": ["0" * 32] * 201}, "ids"), ({"through": "1"}, "through"),
        ({"through": -1}, "through"), ({"through": 1.5}, "through"), ({"through": True}, "through"),
        ({"through": SEQ_MAX + 1}, "through"), ({"through": 1, "user": 7}, "user"),
    ],
)  # fmt: skip
def test_a_bad_body_is_400_and_changes_nothing(
    browser: Client, user: User, body: Any, field: str | None
) -> None:
    add(user)
    answer = post(browser, "read", body)
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == field
    assert set(answer.json()["error"]) == {"code", "field", "message"}
    assert Inbox.state_of(user.pk).rev == 0


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "7", "NaN", '{"through": NaN}'])
def test_what_is_no_json_object_is_400(browser: Client, text: str) -> None:
    answer = post(browser, "read", text)
    assert answer.status_code == 400
    assert set(answer.json()["error"]) == {"code", "field", "message"}


def test_the_list_is_newest_first_and_ascending_with_after(browser: Client, user: User) -> None:
    add(user, 5)
    assert seqs(browser.get(URL)) == [5, 4, 3, 2, 1]
    assert seqs(browser.get(f"{URL}?after=0")) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("after=2", [3, 4, 5]), ("after=5", []), ("before=3", [2, 1]), ("before=1", []),
        ("before=0", []), ("after=1&before=4", [2, 3]), ("limit=2", [5, 4]),
        ("after=0&limit=1", [1]), (f"after={SEQ_MAX}", []), (f"before={SEQ_MAX}", [5, 4, 3, 2, 1]),
    ],
)  # fmt: skip
def test_bounds_are_exclusive(browser: Client, user: User, query: str, found: list[int]) -> None:
    add(user, 5)
    assert seqs(browser.get(f"{URL}?{query}")) == found


def test_a_list_holds_rows_of_its_user_only_as_frames_without_type(
    browser: Client, user: User, other: User
) -> None:
    add(other, 3)
    (row,) = add(user, data={"n": 1}, body="more", url="/x")  # type: ignore[arg-type]
    body = browser.get(URL).json()
    assert body == {
        "results": [frame_from_row.fields(row)], "seq": 1, "rev": 0, "unread": 1, "seen": 0, "next": None,
        "user_key": user_key(user),
    }  # fmt: skip


@pytest.mark.parametrize("query", ["limit=3", "after=0&limit=3", "limit=1", "after=0&limit=10"])
def test_next_followed_to_the_end_yields_each_row_once_in_order(
    browser: Client, user: User, query: str
) -> None:
    add(user, 10)
    url, found, asked = f"{URL}?{query}", [], 0
    while url:
        answer = browser.get(url)
        found += seqs(answer)
        url = answer.json()["next"]
        asked += 1
        assert asked < 20
        assert not url or url.startswith(URL)
    expected = list(range(1, 11))
    assert found == (expected if "after" in query else expected[::-1])


def test_next_keeps_the_filters(browser: Client, user: User) -> None:
    rows = add(user, 6)
    post(browser, "read", {"ids": [str(row.pk) for row in rows[::2]]})
    answer = browser.get(f"{URL}?unread=true&limit=2")
    assert seqs(answer) == [6, 4]
    assert seqs(browser.get(answer.json()["next"])) == [2]


def test_limit_goes_from_1_to_200(browser: Client, user: User) -> None:
    add(user, 201)
    assert len(seqs(browser.get(f"{URL}?limit=1"))) == 1
    assert len(seqs(browser.get(URL))) == 50
    assert len(seqs(browser.get(f"{URL}?limit=200"))) == 200


def test_archived_and_unread_choose(browser: Client, user: User) -> None:
    add(user, 4)
    post(browser, "read", {"through": 2})
    archived = Notification.objects.get(seq=4)
    post(browser, "archive", {"ids": [str(archived.pk)]})
    assert seqs(browser.get(URL)) == [3, 2, 1]
    assert seqs(browser.get(f"{URL}?unread=true")) == [3]
    assert seqs(browser.get(f"{URL}?archived=true")) == [4]


@pytest.mark.parametrize("action", ["read", "unread", "archive"])
def test_ids_of_others_and_of_nobody_are_ignored(browser: Client, other: User, action: str) -> None:
    (foreign,) = add(other)
    answer = post(browser, action, {"ids": [str(foreign.pk), "0" * 32]})
    assert (answer.status_code, answer.json()["changed"]) == (200, 0)
    assert (Inbox.state_of(other.pk).rev, Inbox.state_of(other.pk).unread) == (0, 1)


def test_the_summary_says_where_the_user_stands_and_who_that_is(
    browser: Client, user: User
) -> None:
    add(user, 3)
    post(browser, "read", {"through": 1})
    answer = browser.get(f"{URL}summary").json()
    assert len(answer.pop("csrf_token")) == 64
    assert answer == {
        "seq": 3, "rev": 1, "unread": 2, "seen": 0, "since": 3, "user_key": user_key(user),
    }  # fmt: skip


@pytest.mark.parametrize("count", [1, 50])
def test_a_list_costs_the_same_queries_however_long(
    browser: Client, user: User, count: int, django_assert_num_queries: Any
) -> None:
    add(user, count)
    with django_assert_num_queries(4):  # session, user, the standing, rows
        browser.get(URL)
